"""Packs: nothing of an answer in a student's, all of it in an instructor's, the same bytes each time."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from malibook.coursework.leaks import checked
from malibook.coursework.pack import STARTER, instructor_pack, student_pack, write_pack
from malibook.coursework.secret import secrets, short_lines
from malibook.coursework.sheet import MARKERS, read_sheet, sheets, stripped
from malibook.errors import BookError
from malibook.evidence import root

SHEET = sheets()[0]


@pytest.fixture(scope="module")
def student() -> dict[str, bytes]:
    return student_pack(sheets())


@pytest.fixture(scope="module")
def whole() -> nbformat.NotebookNode:
    return read_sheet(root() / "coursework" / f"{SHEET}.ipynb")


def zip_of(content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", content)
    return buffer.getvalue()


def output_of(text: str) -> bytes:
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text=text)])
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


PLANTED = {
    "plain": lambda t: t.encode(),
    "indented anew": lambda t: ("\t" + t.replace(" ", "  ")).encode(),
    "json": lambda t: json.dumps({"metadata": t}).encode(),
    "html": lambda t: f"<p>{html.escape(t)}</p>".encode(),
    "base64": lambda t: base64.b64encode(t.encode()),
    "utf-16": lambda t: t.encode("utf-16"),
    "zip": zip_of,
    "wheel in a zip": lambda t: zip_of(base64.b64encode(zip_of(t)).decode()),
    "output": output_of,
}


@pytest.mark.parametrize("way", PLANTED)
def test_a_planted_answer_is_refused(way: str, whole: nbformat.NotebookNode) -> None:
    found = list(secrets(whole))
    code = next(p for p in found if p.startswith("answer_") and '"' in p)
    prose = next(p for p in found if len(p) > 60 and "answer_" not in p and "é" not in p)
    for secret in (code, prose):
        with pytest.raises(BookError, match="not written"):
            checked({"README.md": b"harmless", "deep/file.bin": PLANTED[way](secret)})


SHORT = {
    "a note": lambda line: f"Try this:\n\n    {line}\n".encode(),
    "a list": lambda line: f'1. look\n"{line}",\n'.encode(),
    "a page": lambda line: f"<pre>x\n{html.escape(line)}\n</pre>".encode(),
    "zip": lambda line: zip_of(f"# help\n{line}\n"),
}


@pytest.mark.parametrize("way", SHORT)
def test_a_short_line_that_only_the_solution_has_is_refused(way: str, whole: nbformat.NotebookNode) -> None:
    assert "costs = {}" in short_lines(whole) and "answer" not in "".join(short_lines(whole))
    for line in ("costs = {}", "by_year = {}"):
        with pytest.raises(BookError, match=re.escape(line)):
            checked({"notes.txt": SHORT[way](line)})
    within = {"notes.txt": b"the costs = {} of it, and by_year = {} too"}
    assert checked(within) == within  # a part of a line tells nothing


def test_a_short_line_in_a_sheet_is_refused(whole: nbformat.NotebookNode) -> None:
    nb = stripped(whole)
    nb.cells[2].source += "\ncosts = {}\nx = 1"
    with pytest.raises(BookError, match=re.escape("costs = {}")):
        checked({"sheet.ipynb": nbformat.writes(nb).encode()})
    library = {"library/src/malibook/x.py": b"costs = {}\n", "sheet.ipynb": nbformat.writes(nb).encode()}
    assert checked(library) == library  # what the library shows anyway


@pytest.mark.parametrize("place", ["cell", "nbgrader", "malibook", "attachment"])
def test_metadata_that_students_do_not_get_is_taken_out_and_refused(place: str, whole: nbformat.NotebookNode) -> None:
    nb = nbformat.reads(nbformat.writes(whole), as_version=4)
    cell = next(c for c in nb.cells if c.metadata.get("malibook", {}).get("kind"))
    into = {
        "cell": cell.metadata,
        "nbgrader": cell.metadata.setdefault("nbgrader", {}),
        "malibook": cell.metadata["malibook"],
    }
    if place == "attachment":
        cell["attachments"] = {"key.txt": {"text/plain": "D"}}
    else:
        into[place]["key"] = {"right": "D"}
    assert not [c for c in stripped(nb).cells if '"D"' in json.dumps(c)]
    kept = stripped(whole)
    kept.cells[[c.id for c in kept.cells].index(cell.id)] = cell
    with pytest.raises(BookError, match="students do not get"):
        checked({"sheet.ipynb": nbformat.writes(kept).encode()})


def test_a_text_in_hidden_metadata_is_a_secret_elsewhere(whole: nbformat.NotebookNode) -> None:
    nb = nbformat.reads(nbformat.writes(whole), as_version=4)
    nb.cells[3].metadata["rubric"] = ["Award a point for the break in the right month."]
    assert "Award a point for the break in the right month." in secrets(nb)


def test_an_answer_in_a_name_is_refused(whole: nbformat.NotebookNode) -> None:
    with pytest.raises(BookError, match="not written"):
        checked({f"{next(iter(secrets(whole)))}.txt": b""})


def test_each_secret_is_found_and_a_student_sheet_is_not(whole: nbformat.NotebookNode) -> None:
    assert len(secrets(whole)) > 50
    with pytest.raises(BookError):
        checked({"sheet.ipynb": nbformat.writes(whole).encode()})
    files = {"sheet.ipynb": nbformat.writes(stripped(whole)).encode()}
    assert checked(files) == files


def test_a_student_pack_has_everything_but_answers(student: dict[str, bytes]) -> None:
    assert {"run.py", "README.md", "requirements.txt", "data/datapackage.json", "library/pyproject.toml"} <= set(
        student
    )
    assert not [n for n in student if n.startswith("library/") and "coursework/0" in n]
    for name in sheets():
        nb = nbformat.reads(student[f"exercises/{name}.ipynb"].decode(), as_version=4)
        nbformat.validate(nb)
        assert not any(m in c.source for c in nb.cells for m in MARKERS)
        assert not any("instructor" in c.metadata.get("tags", []) or c.get("outputs") for c in nb.cells)
        graded = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")]
        assert graded and all(c.source.strip() for c in graded)


def test_an_instructor_pack_has_the_answers_and_a_marking_sheet() -> None:
    files = instructor_pack([SHEET])
    assert files[f"exercises/{SHEET}.ipynb"].count(b"### BEGIN SOLUTION") > 3
    rows = files["marking-sheet.csv"].decode("utf-8-sig").splitlines()
    assert sum("by check" in r for r in rows) > 3 and any("by hand" in r for r in rows)
    assert b"Common errors" in files["marking-sheet.html"] and b"<script" not in files["marking-sheet.html"]


def test_what_other_graders_release_holds_nothing_of_the_teachers_cells(whole: nbformat.NotebookNode) -> None:
    files = instructor_pack([SHEET])
    theirs = [c.source for c in whole.cells if "instructor" in c.metadata.get("tags", [])]
    source = nbformat.reads(files[f"nbgrader/source/{SHEET[:2]}/{SHEET}.ipynb"].decode(), as_version=4)
    otter = nbformat.reads(files[f"otter/{SHEET}.ipynb"].decode(), as_version=4)
    for nb in (source, otter):
        nbformat.validate(nb)
        assert theirs and not [c for c in nb.cells if c.source in theirs]
    assert "### BEGIN HIDDEN TESTS" in files[f"nbgrader/source/{SHEET[:2]}/{SHEET}.ipynb"].decode()
    tests = [c.source for c in otter.cells if "BEGIN TEST CONFIG" in c.source]
    marked = [c for c in whole.cells if "### BEGIN HIDDEN TESTS" in c.source]
    worth = [float(re.search(r"points: (\S+)", t)[1]) for t in tests if "hidden: true" in t]
    assert worth == [c.metadata.nbgrader.points for c in marked]
    for check, hidden in zip(marked, (t for t in tests if "hidden: true" in t), strict=True):
        assert all(line in hidden for line in check.source.splitlines() if not line.startswith("###"))
    public = [t for t in tests if "hidden: false" in t]
    assert len(public) == len(marked) and not [t for t in public if "points: 0" not in t]
    marks = [c.source.split("\n")[0] for c in otter.cells if c.cell_type == "raw"]
    assert marks.count("# BEGIN QUESTION") == marks.count("# END QUESTION") == marks.count("# BEGIN SOLUTION") > 3
    assert not [c for c in otter.cells if "###  BEGIN" in c.source or "### BEGIN" in c.source]


def test_the_same_bytes_each_time(tmp_path: Path, student: dict[str, bytes]) -> None:
    few = {n: c for n, c in student.items() if not n.startswith(("library/", "data/"))}
    one, two = (write_pack(few, tmp_path / n, "p", True).read_bytes() for n in ("a", "b"))
    assert one == two


def test_a_folder_that_is_no_pack_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "thesis.txt").write_text("mine")
    with pytest.raises(BookError, match="no pack"):
        write_pack({"PACK.txt": b""}, tmp_path, "p", False)
    assert (tmp_path / "p" / "thesis.txt").read_text() == "mine"


def test_a_marker_without_partner_is_named(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nx = 1")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "s.ipynb")
    with pytest.raises(BookError, match="no partner"):
        read_sheet(tmp_path / "s.ipynb")


def test_a_pack_checks_what_runs_in_a_notebook(tmp_path: Path) -> None:
    """Magics, `display` and shell lines are no errors; one cell that ends Python costs no other."""
    cells = [
        "%matplotlib inline\nimport pandas as pd\ndisplay(pd.DataFrame({'n': [1]}))\n!echo\nanswer = 1",
        "assert answer == 1",
    ]
    cells += ["raise SystemExit", "assert answer == 2, 'two'", "raise NotImplementedError", "assert other"]
    marks = [{}, {"grade": True, "grade_id": "one"}, {}, {"grade": True, "grade_id": "two"}, {"grade_id": "three"}]
    marks += [{"grade": True, "grade_id": "four"}]
    pairs = zip(cells, marks, strict=True)
    path = tmp_path / "sheet.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c, metadata={"nbgrader": m}) for c, m in pairs]), path
    )
    starter = tmp_path / "starter.py"
    starter.write_bytes(STARTER.read_bytes())
    done = subprocess.run([sys.executable, str(starter), "check-one", str(path)], capture_output=True, text=True)
    said = [line.split()[:2] for line in done.stdout.splitlines() if line.strip()]
    assert done.returncode == 1, done.stderr
    assert said == [["passes", "one"], ["fails", "a"], ["fails", "two:"], ["to", "do"], ["no", "answer"]], done.stdout
