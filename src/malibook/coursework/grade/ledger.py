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

from malibook.coursework.grade.marking import ABSENT, BY_HAND, Result, Sheet
from malibook.errors import BookError

GRADES = ("student", "chapter", "exercise", "check", "points", "of", "state")
SUMMARY = ("student", "chapter", "points", "of", "to be marked", "state", "remarks")
RUNS = re.compile(r"\s*[=+@\t\r\n|%]|\s*-(?!\d)")  # how a spreadsheet knows a formula


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
    """Write grades.csv and summary.csv; raise `BookError` where they cannot be (open in a spreadsheet, say)."""
    results = sorted(results, key=lambda r: r.student)
    lines = [line for r in results for line in _lines(r)]
    totals = [line for r in results for line in _totals(r)]
    try:
        write(out / "grades.csv", _csv(GRADES, lines))
        write(out / "summary.csv", _csv(SUMMARY, totals))
    except OSError as error:
        remedy = "close it where it is open, and give the command again: nothing is graded twice"
        raise BookError(f"cannot be written: {error.strerror}", where=str(out), remedy=remedy) from None


def _lines(result: Result) -> list[list[Any]]:
    rows = [
        [result.student, s.chapter, r.exercise, r.id, _points(r.points), _points(r.of), r.state]
        for s in result.sheets
        for r in s.rows
    ]
    return rows or [[result.student, "", "", "", "0", "", "nothing that can be graded"]]


def _totals(result: Result) -> list[list[Any]]:
    told = "; ".join(result.remarks)
    rows = [[result.student, s.chapter, *sums(s), "; ".join(filter(None, [*s.remarks, told]))] for s in result.sheets]
    return rows or [[result.student, "", "0", "", "", "nothing that can be graded", told]]


def sums(sheet: Sheet) -> tuple[str, str, str, str]:
    """Return a sheet's points so far, points that checks give at most, points still to be marked by hand, and state."""
    got = sum(r.points or 0 for r in sheet.rows)
    open_points = sum(r.of for r in sheet.rows if r.state == BY_HAND)
    absent = all(r.state == ABSENT for r in sheet.rows)
    state = ABSENT if absent else "partly, to be marked" if open_points else "graded"
    return _points(got), _points(sum(r.of for r in sheet.rows)), _points(open_points), state


def _points(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _csv(head: tuple[str, ...], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([inert(str(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def inert(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it stands: one that it would run gets an apostrophe before it."""
    flat = re.sub(r"[\x00-\x1f]", " ", cell)
    return f"'{flat}" if RUNS.match(cell) else flat
