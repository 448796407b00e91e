"""Packs for a class: sheets, data, library, lock and a starter in one folder or zip that runs by itself."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from malibook.coursework.courses import NBGRADER, for_nbgrader, for_otter
from malibook.coursework.leaks import checked
from malibook.coursework.sheet import INSTRUCTOR, path_of, read_sheet, stripped
from malibook.errors import BookError
from malibook.evidence import resources, root

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: the clock must not show in its bytes
STARTER = Path(__file__).with_name("starter.py.txt")
NEVER = ("__pycache__", "coursework-answers")


def student_pack(names: list[str]) -> dict[str, bytes]:
    """Return a student pack's files by path; raise `BookError` where the search finds anything of a solution."""
    read = {name: read_sheet(path_of(name)) for name in names}
    files = _common("student") | {f"exercises/{n}.ipynb": _dumps(stripped(nb)) for n, nb in read.items()}
    return checked(files)


def instructor_pack(names: list[str]) -> dict[str, bytes]:
    """Return an instructor pack's files by path: whole sheets, students', nbgrader's, Otter's, marking sheets."""
    read = {name: read_sheet(path_of(name)) for name in names}
    files = _common("instructor") | {f"exercises/{n}.ipynb": _dumps(nb) for n, nb in read.items()}
    files |= {f"student/{n}.ipynb": _dumps(stripped(nb)) for n, nb in read.items()}
    files |= {f"nbgrader/source/{n[:2]}/{n}.ipynb": _dumps(for_nbgrader(nb)) for n, nb in read.items()}
    files |= {f"otter/{n}.ipynb": _dumps(for_otter(nb, n)) for n, nb in read.items()}
    files["nbgrader/nbgrader_config.py"] = NBGRADER.encode()
    rows = [row for name, nb in read.items() for row in _marking(name, nb)]
    return files | {"marking-sheet.csv": _csv(rows), "marking-sheet.html": _table(rows, read)}


def write_pack(files: dict[str, bytes], out: Path, name: str, zipped: bool) -> Path:
    """Write a pack beneath `out` as a folder or a zip and return where it is; an older one of the same name is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    target = out / (f"{name}.zip" if zipped else name)
    if not zipped:
        if target.exists() and not (target / "PACK.txt").is_file():
            raise BookError("is there and is no pack", where=str(target), remedy="choose another --out")
        shutil.rmtree(target, ignore_errors=True)
        for path, content in files.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
        return target
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{name}/{path}", STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[path])
    target.write_bytes(buffer.getvalue())
    return target


def _common(kind: str) -> dict[str, bytes]:
    """Return what both packs hold: the data package, the library as source, the lock, the starter, the word on use."""
    top = root()
    library = Path(__file__).resolve().parents[3]
    files = {f"library/{p.relative_to(library)}": p.read_bytes() for p in _library()}
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        files[f"library/{name}"] = (library / name).read_bytes()
    files |= {f"data/{r.path}": (top / "data" / r.path).read_bytes() for r in resources().values()}
    files["data/datapackage.json"] = (top / "data" / "datapackage.json").read_bytes()
    files["requirements.txt"] = (top / "requirements.txt").read_bytes()
    files["run.py"] = STARTER.read_bytes()
    files["README.md"] = STARTER.with_name(f"{kind}.md").read_bytes()
    files["PACK.txt"] = f"malibook {kind} pack\n".encode()
    return files


def _library() -> list[Path]:
    """Return the library's files, as a wheel would hold them; sheets lie outside of it."""
    home = Path(__file__).resolve().parents[1]
    return sorted(
        p
        for p in home.rglob("*")
        if p.is_file() and p.suffix != ".pyc" and not any(n in p.parts for n in NEVER) and _text(p)
    )


def _text(path: Path) -> bool:
    return path.suffix in (".py", ".txt", ".md", ".csv", ".json", ".typ", ".html", ".css", ".js", ".typed", "")


def _marking(name: str, nb: NotebookNode) -> list[dict[str, str]]:
    """Return one row for each thing that is marked: a check that runs, or an answer that a person reads."""
    out = []
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            exercise = str(cell.metadata.get("malibook", {}).get("exercise", ""))
            by = "by hand" if mark.get("solution") else "by check"
            row = {"chapter": name, "exercise": exercise, "id": mark["grade_id"], "of": str(mark["points"])}
            out.append(row | {"marked": by, "points": "", "remark": ""})
    return out


def _csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(
        text, ["chapter", "exercise", "id", "of", "marked", "points", "remark"], lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _table(rows: list[dict[str, str]], read: dict[str, NotebookNode]) -> bytes:
    """Return the marking sheet to print: the points, then rubrics, solutions and common errors as they are written."""
    body = "".join(
        f"<tr><td>{escape(r['exercise'])}</td><td>{escape(r['id'])}</td><td>{r['marked']}</td><td>… of {r['of']}</td></tr>"
        for r in rows
    )
    notes = "".join(
        f"<pre>{escape(c.source)}</pre>"
        for nb in read.values()
        for c in nb.cells
        if INSTRUCTOR in c.metadata.get("tags", []) or re.search("### BEGIN SOLUTION", c.source)
    )
    style = "body{font:1rem/1.5 serif;max-width:50rem;margin:auto}pre{white-space:pre-wrap}td,th{padding:.2rem .8rem;text-align:left}"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Marking sheet</title><style>{style}</style>'
    titles = "<tr><th>Exercise</th><th>Id</th><th>Marked</th><th>Points</th></tr>"
    return f"{head}<h1>Marking sheet</h1><table>{titles}{body}</table><h2>Answers and rubrics</h2>{notes}</html>\n".encode()


def _dumps(nb: NotebookNode) -> bytes:
    return (nbformat.writes(nb, version=4) + "\n").encode()
