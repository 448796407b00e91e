"""What grading leaves on disk: a file for each student as soon as it is known, and two tables made of these."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

from malibook.coursework.grade.marking import ABSENT, BY_HAND, UNREAD, Result, Sheet
from malibook.errors import BookError

CHECKS = ("student", "chapter", "exercise", "check", "points", "of", "state")
TOTALS = ("total", "max", "to be marked by hand", "state", "remarks")
NOTHING, TO_BE_MARKED = "nothing that can be graded", "partly, to be marked"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
RUNS = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")  # how a spreadsheet knows a formula
WITHIN = re.compile(r"([;,]\s*[\"']*)(?=[=+\-@|%])")  # where one that splits at semicolons would begin a cell


def file_names(students: list[str]) -> dict[str, str]:
    """Return a file name, without ending, for each student: letters and digits of any script, each name once."""
    out: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        base = re.sub(r"[^\w.() -]", "_", unicodedata.normalize("NFC", student)).strip(" .")[:80] or "student"
        name = base
        if name.casefold() in taken or base != student:
            name = f"{base} {hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"
        taken.add(name.casefold())
        out[student] = name
    return out


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def keep(path: Path, result: Result, mark: str) -> None:
    """Write one student's result; `mark` says of what (submission, sheets, limits)."""
    data = {"of": mark, "result": result.as_data()}
    write(path, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace") + b"\n")


def kept(path: Path, mark: str) -> Result | None:
    """Return the result that was written for the same mark, None where there is none or it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Result.from_data(data["result"]) if data["of"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def tables(out: Path, results: list[Result]) -> None:
    """Write grades.csv (a row for each student) and checks.csv (one for each student and check).

    Raises `BookError` where they cannot be written (open in a spreadsheet, say).
    """
    results = sorted(results, key=lambda r: r.student)
    asked = _exercises(results)
    head = ["student", *(f"{chapter[:2]}: {e} (of {most:g})" for (chapter, e), most in asked.items()), *TOTALS]
    try:
        write(out / "grades.csv", table(head, [_student(r, list(asked)) for r in results]))
        write(out / "checks.csv", table(list(CHECKS), [line for r in results for line in _lines(r)]))
    except OSError as error:
        remedy = "close it where it is open, and give the command again: nothing is graded twice"
        raise BookError(f"cannot be written: {error.strerror}", where=str(out), remedy=remedy) from None


def _exercises(results: list[Result]) -> dict[tuple[str, str], float]:
    """Return each exercise of each sheet that anybody handed in, in the sheets' order, with its points at most."""
    found: dict[str, Sheet] = {s.chapter: s for r in results for s in r.sheets}
    out: dict[tuple[str, str], float] = {}
    for chapter in sorted(found):
        for row in found[chapter].rows:
            out[chapter, row.exercise] = out.get((chapter, row.exercise), 0) + row.of
    return out


def _student(result: Result, asked: list[tuple[str, str]]) -> list[Any]:
    """Return a student's row: points an exercise (empty while a person has all of it to mark), sums, state, remarks."""
    got: dict[tuple[str, str], float] = {}
    for sheet in result.sheets:
        for row in sheet.rows:
            if row.points is not None:
                got[sheet.chapter, row.exercise] = got.get((sheet.chapter, row.exercise), 0) + row.points
    told = [f"{s.chapter[:2]}: {remark}" for s in result.sheets for remark in s.remarks] + result.remarks
    return [result.student, *(_points(got.get(key)) for key in asked), *sums(*result.sheets), "; ".join(told)]


def _lines(result: Result) -> list[list[Any]]:
    rows = [
        [result.student, s.chapter, r.exercise, r.id, _points(r.points), _points(r.of), r.state]
        for s in result.sheets
        for r in s.rows
    ]
    return rows or [[result.student, "", "", "", "0", "", NOTHING]]


def sums(*sheets: Sheet) -> tuple[str, str, str, str]:
    """Return of sheets the points so far, the most there are, those still to be marked by hand, and the state."""
    rows = [row for sheet in sheets for row in sheet.rows]
    open_points = sum(r.of for r in rows if r.state == BY_HAND)
    absent = all(r.state in (ABSENT, UNREAD) for r in rows)
    state = NOTHING if not rows else rows[0].state if absent else TO_BE_MARKED if open_points else "graded"
    return _points(sum(r.points or 0 for r in rows)), _points(sum(r.of for r in rows)), _points(open_points), state


def _points(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def table(head: list[str], rows: list[list[Any]]) -> bytes:
    """Return a CSV that any spreadsheet opens as UTF-8 and runs nothing of."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([inert(str(cell)) for cell in row] for row in [head, *rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def inert(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it stands: what it would run gets an apostrophe before it."""
    if NUMBER.fullmatch(cell):
        return cell
    flat = WITHIN.sub(r"\1'", re.sub(r"[\x00-\x1f\x7f]", " ", cell))
    return f"'{flat}" if RUNS.match(cell) else flat
