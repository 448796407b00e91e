"""Grading: the points are right, nothing hostile gains or harms anything, and nothing of a check gets out."""

from __future__ import annotations

import contextlib
import csv
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from malibook.cli import app
from malibook.coursework.grade import box as boxes
from malibook.coursework.grade.classroom import Classroom
from malibook.coursework.grade.ledger import inert
from malibook.coursework.grade.level import best_level
from malibook.coursework.grade.marking import Result, grade
from malibook.coursework.grade.sandbox import Limits, Sandbox
from malibook.coursework.grade.submissions import Submission, left_out, students
from malibook.coursework.sheet import SOLUTION, read_sheet, stripped
from malibook.errors import BookError
from tests.coursework import hostile
from tests.coursework.wrong_answers import WRONG

ROOT = Path(__file__).resolve().parents[2]
REAL = "03-tinzaouatene"
SHORT = Limits(cell_seconds=1, seconds=12, memory=1536, files=32, processes=12)
CANARY = "malibook-canary"
pytestmark = pytest.mark.skipif(not hasattr(socket, "recv_fds"), reason="grading needs a system that forks")


@pytest.fixture(scope="module")
def level() -> str:
    return best_level(Limits())[0]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory):
    """A book with a sheet of two exercises and one real sheet."""
    top = tmp_path_factory.mktemp("un livre")
    shutil.copytree(ROOT / "data", top / "data")
    (top / "coursework").mkdir()
    shutil.copy(ROOT / "coursework" / f"{REAL}.ipynb", top / "coursework")
    nbformat.write(hostile.sheet(whole=True), top / "coursework" / "09-tiny.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALIBOOK_ROOT", str(top))
        yield top


@pytest.fixture(scope="module")
def box(book: Path, level: str):
    with Sandbox(Limits(cell_seconds=20), [], level) as made:
        yield made


def graded(nb: nbformat.NotebookNode, box: Sandbox) -> dict[str, tuple[float | None, str]]:
    result = grade(Submission("s", {"s.ipynb": nbformat.writes(nb).encode()}), box)
    return {row.id: (row.points, row.state) for row in result.sheets[0].rows}


def real(book: Path) -> nbformat.NotebookNode:
    nb = read_sheet(book / "coursework" / f"{REAL}.ipynb")
    for cell in nb.cells:
        cell.source = SOLUTION.sub(lambda m: m[1], cell.source)
    return nb


def test_a_solved_sheet_gets_all_and_a_blank_one_nothing(book: Path, box: Sandbox) -> None:
    full, of = graded(real(book), box), read_sheet(book / "coursework" / f"{REAL}.ipynb")
    points = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in of.cells if "nbgrader" in c.metadata}
    assert len(full) > 8
    for name, (got, state) in full.items():
        assert (got, state) in ((points[name], "passed"), (None, "to be marked")), name
    assert set(graded(stripped(of), box).values()) == {(0, "no answer")}


def test_each_planted_error_loses_its_points_and_no_others(book: Path, box: Sandbox) -> None:
    planted = {exercise: list(errors.values()) for exercise, errors in WRONG.items() if exercise.startswith("3.")}
    for turn in range(max(map(len, planted.values()))):
        wrong = {exercise: codes[turn] for exercise, codes in planted.items() if turn < len(codes)}
        nb = real(book)
        nb.cells += [nbformat.v4.new_code_cell("import pandas as pd\n" + code) for code in wrong.values()]
        lost = {name for name, (_, state) in graded(nb, box).items() if state not in ("passed", "to be marked")}
        assert {re.sub(r"ex-(\d+)-(\d+)-.*", r"\1.\2", name) for name in lost} == set(wrong)


@pytest.fixture(scope="module")
def klass(book: Path, level: str, tmp_path_factory: pytest.TempPathFactory):
    """Every hostile submission graded in one go, with a server, a process and files that some of them go for."""
    if level != "namespaces":
        pytest.skip("hostile code runs where it can be shut in only: Linux that grants namespaces")
    top = tmp_path_factory.mktemp("class")
    with socket.create_server(("127.0.0.1", 0)) as server:
        folders = ", ".join(repr(str(p)) for p in (top / "in", book / "coursework"))
        told = {"port": str(server.getsockname()[1]), "folders": folders, "data": repr(str(book / "data"))}
        victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        try:
            hostile.lay_out(top / "in", told | {"victim": str(victim.pid), "canary": CANARY})
            room = Classroom(top / "in", top / "out", SHORT, level, None)
            results = {r.student: r for r in room.run(2, lambda *_: None)}
            assert victim.poll() is None, "a submission ended a process outside"
        finally:
            victim.kill()
            victim.wait()
        yield top, results


def points(result: Result) -> float:
    return sum(row.points or 0 for sheet in result.sheets for row in sheet.rows)


@pytest.mark.parametrize("name", hostile.CODE)
def test_hostile_code_costs_its_own_points_only(name: str, klass: tuple[Path, dict[str, Result]]) -> None:
    result = klass[1][name]
    assert points(result) == hostile.CODE[name][1], (
        result.sheets[0].rows,
        result.sheets[0].errors,
        result.sheets[0].remarks,
    )


@pytest.mark.parametrize("name", hostile.FILES)
def test_odd_files_are_read_or_said_to_be_unreadable(name: str, klass: tuple[Path, dict[str, Result]]) -> None:
    result, wanted = klass[1][Path(name).parts[0].removesuffix(".ipynb").removesuffix(".zip")], hostile.FILES[name][1]
    assert (points(result) if result.sheets else None) == wanted, result.remarks
    assert result.sheets or result.remarks


def test_links_are_not_followed_and_nothing_is_harmed(klass: tuple[Path, dict[str, Result]], book: Path) -> None:
    top, results = klass
    assert not results["link.ipynb" if "link.ipynb" in results else "link"].sheets and not results["link inside"].sheets
    assert len(list((top / "in").iterdir())) == len(hostile.CODE) + len(hostile.FILES) + 2
    outside = [
        Path("/", CANARY),
        *(p / CANARY for p in (Path("/usr"), Path("/etc"), book / "data", book / "coursework", top / "in")),
    ]
    assert not [p for p in outside if p.exists()]
    assert not list(top.parent.rglob("slipped.ipynb")) and (book / "coursework" / "09-tiny.ipynb").is_file()


def test_no_page_tells_of_a_check_or_runs_anything(klass: tuple[Path, dict[str, Result]]) -> None:
    pages = list((klass[0] / "out" / "feedback").iterdir())
    assert len(pages) == len(klass[1])
    for path in [*pages, *(klass[0] / "out" / "results").iterdir()]:
        text = path.read_text(encoding="utf-8")
        assert "sesame" not in text and "BEGIN" not in text and "6 * 7" not in text
        assert path.suffix == ".json" or not re.search(r"<script|<b>|src=|href=|https?:", text)
    right = (klass[0] / "out" / "feedback" / "right.html").read_text(encoding="utf-8")
    assert "6 of 11 points; 5 of these are still to be marked by a person" in right
    form = (klass[0] / "out" / "feedback" / "not the form.html").read_text(encoding="utf-8")
    assert "a number above nought" in form


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_the_tables_hold_everybody_and_no_formula(klass: tuple[Path, dict[str, Result]]) -> None:
    for name in ("grades.csv", "checks.csv"):
        rows = _table(klass[0] / "out" / name)
        assert {r["student"].lstrip("'") for r in rows} == set(klass[1])
        assert not [c for r in rows for c in r.values() if c and c[0] in "=+@"]
    assert inert("=1+1") == "'=1+1" and inert("-3") == "-3" and inert(" -x\n") == "' -x " and inert("3.2") == "3.2"
    assert inert("-2+3+cmd|' /C calc'!A0")[0] == "'" and inert("a;=1+1") == "a;'=1+1" and inert("\uff1d1")[0] == "'"
    rows = {r["student"]: r for r in _table(klass[0] / "out" / "grades.csv")}
    assert len(rows) == len(klass[1])
    right = rows["right"]
    assert (right["09: 9.1 (of 2)"], right["09: 9.2 (of 4)"], right["09: 9.3 (of 5)"]) == ("2", "4", "")
    assert (right["total"], right["max"], right["to be marked by hand"]) == ("6", "11", "5")
    assert rows["empty"]["state"] == "nothing that can be graded" and "no readable notebook" in rows["empty"]["remarks"]
    assert (rows["wrong"]["09: 9.1 (of 2)"], rows["wrong"]["total"]) == ("0", "4")


def test_what_is_no_submission_is_named_and_a_name_may_begin_with_anything(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("_Ada.ipynb", ".Bo.ipynb", "Cé.rar", "._Ada.ipynb", ".DS_Store", "desktop.ini"):
        nbformat.write(hostile.sheet(), folder / name)
    assert list(students(folder)) == ["_Ada"] and left_out(folder) == [".Bo.ipynb", "Cé.rar"]
    run = CliRunner().invoke(app, ["coursework", "grade", str(folder), "--jobs", "1", "--unsafe"])
    assert run.exit_code == 0 and "not looked at, neither folder, notebook nor zip: .Bo.ipynb, Cé.rar" in run.output


def test_what_was_graded_is_not_graded_again_and_a_crash_loses_none(book: Path, level: str, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in "abcd":
        nbformat.write(hostile.sheet(), folder / f"{name}.ipynb")

    def fail(number: int, *_: object) -> None:
        if number == 2:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        Classroom(folder, out, SHORT, level).run(1, fail)
    assert (out / "checks.csv").read_text(encoding="utf-8-sig").count("passed") == 6
    nbformat.write(hostile.sheet("answer_9_1 = 1"), folder / "a.ipynb")
    (out / "results" / "b.json").write_text('{"of": "')
    old: dict[str, bool] = {}
    Classroom(folder, out, SHORT, level).run(1, lambda n, of, result, known: old.update({result.student: known}))
    assert not old["a"] and not old["b"] and set(old) == set("abcd")
    Classroom(folder, out, SHORT, level).run(2, lambda n, of, result, known: old.update({result.student: known}))
    assert all(old.values())
    assert (out / "checks.csv").read_text(encoding="utf-8-sig").count("passed") == 11


def test_the_guard_refuses_sockets_processes_and_hidden_folders(book: Path) -> None:
    code = (
        "def tries(what):\n    try:\n        what()\n    except PermissionError:\n        return 0\n    return 1\n"
        "import os, socket, subprocess\n"
        f"answer_9_1 = 42 + sum(map(tries, (socket.socket, lambda: subprocess.run(['true']), os.fork, lambda: os.system('true'),"
        f" lambda: os.listdir({str(book / 'coursework')!r}), lambda: open({str(book / 'data' / 'x')!r}, 'w'))))"
    )
    with Sandbox(SHORT, [str(book / "coursework")], "guard") as weak:
        assert graded(hostile.sheet(code), weak)["ex-9-1-check"] == (2, "passed")


def test_the_command_line(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "la classe"
    folder.mkdir()
    nbformat.write(hostile.sheet(), folder / "Oumou Sangaré.ipynb")
    (folder / "Broken.ipynb").write_text("{", encoding="utf-8")
    run = CliRunner().invoke(app, ["coursework", "grade", str(folder), "--chapter", "03", "--chapter", "09"])
    assert run.exit_code == 0, run.output
    assert "Oumou Sangaré: 03 0/" in run.output and "09 6/11" in run.output
    broken, row = _table(tmp_path / "la classe-graded" / "grades.csv")
    assert (broken["student"], broken["total"], broken["state"]) == ("Broken", "0", "could not be read")
    assert (row["student"], row["total"], row["state"]) == ("Oumou Sangaré", "6", "partly, to be marked")
    assert "not handed in" in (tmp_path / "la classe-graded" / "checks.csv").read_text(encoding="utf-8-sig")
    for wrong in (tmp_path / "none", tmp_path / "la classe-graded" / "results"):
        assert isinstance(CliRunner().invoke(app, ["coursework", "grade", str(wrong)]).exception, BookError)


def test_it_refuses_where_nothing_can_be_isolated(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    nbformat.write(hostile.sheet(), folder / "a.ipynb")
    monkeypatch.setattr("malibook.coursework.grade.level.sys.platform", "darwin")
    refused = CliRunner().invoke(app, ["coursework", "grade", str(folder)])
    assert isinstance(refused.exception, BookError) and "cannot be isolated" in str(refused.exception)
    assert "--unsafe" in str(refused.exception) and not (tmp_path / "in-graded").exists()
    run = CliRunner().invoke(app, ["coursework", "grade", str(folder), "--unsafe", "--jobs", "1"])
    assert run.exit_code == 0 and "WEAK ISOLATION" in run.output and "09 6/11" in run.output


def test_a_folder_of_a_run_is_swept_away_only_where_nobody_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{boxes.PREFIX}left").mkdir()
    (tmp_path / f"{boxes.PREFIX}left" / "of a run").write_text("x")
    (tmp_path / "another's").mkdir()
    with boxes.box() as folder:
        boxes.sweep_left()
        assert {p.name for p in tmp_path.iterdir()} == {Path(folder).name, "another's"}
    assert [p.name for p in tmp_path.iterdir()] == ["another's"]


def test_a_grader_that_is_killed_leaves_what_it_knew_and_no_process(
    book: Path, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out, boxed = tmp_path / "in", tmp_path / "in-graded", tmp_path / "boxes"
    folder.mkdir()
    boxed.mkdir()
    monkeypatch.setenv("TMPDIR", str(boxed))
    monkeypatch.setattr(tempfile, "tempdir", str(boxed))
    for name in ("a", "b", "d"):
        nbformat.write(hostile.sheet(), folder / f"{name}.ipynb")
    nbformat.write(hostile.sheet("import time\ntime.sleep(50)"), folder / "c.ipynb")
    command = [sys.executable, "-m", "malibook", "coursework", "grade", str(folder), "--jobs", "1", "--unsafe"]
    others = _of_the_grader(str(book))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as grader:
        assert any("2/4 b" in line for line in grader.stdout)
        time.sleep(0.5)  # now it is at the cell that sleeps
        assert _of_the_grader(str(book)) - others
        grader.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while (left := _of_the_grader(str(book)) - others) and time.monotonic() < until:
        time.sleep(0.1)
    assert not left and len(list(boxed.glob(f"{boxes.PREFIX}*"))) == 1
    assert sorted(p.name for p in (out / "results").iterdir()) == ["a.json", "b.json"]
    assert (out / "checks.csv").read_text(encoding="utf-8-sig").count("passed") == 6
    nbformat.write(hostile.sheet(), folder / "c.ipynb")
    again = CliRunner().invoke(app, [*command[3:]])
    assert again.exit_code == 0 and again.output.count("(graded before)") == 2 and "4/4" in again.output
    assert not list(boxed.glob(f"{boxes.PREFIX}*"))
    assert (out / "checks.csv").read_text(encoding="utf-8-sig").count("passed") == 12


def _of_the_grader(book: str) -> set[str]:
    """The processes that this book's graders started and that still run."""
    out = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words, around = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            if b"grade.zygote" in words and b"MALIBOOK_ROOT=" + book.encode() in around:
                out.add(entry.name)
    return out


def test_a_class_with_two_sheets_each_and_one_that_nobody_knows(book: Path, level: str, tmp_path: Path) -> None:
    for number in range(12):
        home = tmp_path / "in" / f"Élève n° {number:02}"
        home.mkdir(parents=True)
        nbformat.write(hostile.sheet("answer_9_1 = 42" if number % 3 else "answer_9_1 = 41"), home / "09 rendu.ipynb")
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("answer = 1")]), home / "essai.ipynb")
    nbformat.write(hostile.sheet("answer_9_1 = 1"), tmp_path / "in" / "Élève n° 01" / "10 again.ipynb")
    nbformat.write(real(book), tmp_path / "in" / "Élève n° 02" / "trois.ipynb")
    seen: list[tuple[int, int]] = []
    room = Classroom(tmp_path / "in", tmp_path / "out", SHORT, level)
    results = {r.student: r for r in room.run(2, lambda n, of, *_: seen.append((n, of)))}
    assert seen == [(n, 12) for n in range(1, 13)]
    assert all("essai.ipynb holds nothing of any sheet" in r.remarks for r in results.values())
    for number in range(12):
        tiny = next(s for s in results[f"Élève n° {number:02}"].sheets if s.chapter == "09-tiny")
        assert sum(row.points or 0 for row in tiny.rows) == (6 if number % 3 else 4)
    assert "10 again.ipynb is left out" in " ".join(results["Élève n° 01"].remarks)
    assert [s.chapter for s in results["Élève n° 02"].sheets] == [REAL, "09-tiny"]


@pytest.mark.parametrize("kind", ["instructor", "student"])
def test_an_unpacked_pack_grades_if_it_is_the_instructors(
    kind: str, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack, folder = tmp_path / "pack", tmp_path / "in"
    shutil.copytree(book / "coursework", pack / "exercises")
    shutil.copytree(book / "data", pack / "data")
    (pack / "PACK.txt").write_text(f"malibook {kind} pack\n")
    folder.mkdir()
    nbformat.write(hostile.sheet(), folder / "a.ipynb")
    monkeypatch.setenv("MALIBOOK_ROOT", str(pack))
    run = CliRunner().invoke(app, ["coursework", "grade", str(folder), "--jobs", "1", "--unsafe"])
    if kind == "student":
        assert isinstance(run.exception, BookError) and "hidden checks" in str(run.exception)
    else:
        assert run.exit_code == 0 and "1/1 a: 09 6/11" in run.output


def test_points_by_hand_are_read_back_and_never_lost(book: Path, level: str, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("=Ève", "Bintou"):
        nbformat.write(hostile.sheet(), folder / f"{name}.ipynb")

    def again() -> dict[str, dict[str, str]]:
        Classroom(folder, out, SHORT, level).run(1, lambda *_: None)
        return {row["student"]: row for row in _table(out / "grades.csv")}

    assert again()["Bintou"]["state"] == "partly, to be marked"
    sheet = (out / "marks.csv").read_text(encoding="utf-8-sig")
    assert sheet.count("ex-9-3,,5,") == 2
    filled = sheet.replace("ex-9-3,,5,", 'ex-9-3,"3,5",5,<i>Which</i> source?').replace("'=Ève", "=Ève")
    filled += "Bintou,09-tiny,ex. 9.1,ex-9-1-check,0,2,what a check found stands\r\n"
    for text in (filled, filled.replace('"3,5"', "3.5").replace(",", ";")):  # as spreadsheets of two countries save it
        (out / "marks.csv").write_text(text, encoding="utf-8")
        rows = again()
        for student in ("'=Ève", "Bintou"):
            assert (rows[student]["total"], rows[student]["state"]) == ("9.5", "graded")
    pages = [p.read_text(encoding="utf-8") for p in (out / "feedback").iterdir()]
    assert all("3.5 of 5" in page and "&lt;i&gt;Which&lt;/i&gt; source?" in page for page in pages)
    (folder / "Bintou.ipynb").unlink()
    again()
    assert "Bintou" in (out / "marks.csv").read_text(encoding="utf-8-sig")
    for wrong in ("6", "-1", "good", "nan"):
        (out / "marks.csv").write_text(filled.replace('"3,5"', wrong), encoding="utf-8")
        with pytest.raises(BookError, match=r"marks\.csv, line 2"):
            again()
        assert wrong in (out / "marks.csv").read_text(encoding="utf-8")
    (out / "marks.csv").write_text("student,points\n", encoding="utf-8")
    with pytest.raises(BookError, match="lacks the column check"):
        again()
