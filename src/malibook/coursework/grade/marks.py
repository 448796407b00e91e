"""Points that a person gives: a table that grading lays out, that is filled in, and that the next run reads."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from malibook.coursework.grade.ledger import inert, table, write
from malibook.coursework.grade.marking import BY_HAND, MARKED, Result, Row, Sheet
from malibook.errors import BookError, shown

COLUMNS = ("student", "chapter", "exercise", "check", "points", "of", "remark")
Marks = dict[tuple[str, str], dict[str, str]]


def read(path: Path) -> Marks:
    """Return the rows of a marks table by student (as tables show the name) and check; {} where there is no table.

    Commas, semicolons and tabs part columns, as spreadsheets of any country write them. Raises `BookError` naming line and
    value where the table lacks a column, or where points are no number between nought and the most.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise BookError("is not UTF-8", where=str(path), remedy="save it as CSV UTF-8") from None
    head = text.partition("\n")[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    lacking = [c for c in ("student", "check", "points", "of") if c not in (lines.fieldnames or [])]
    if lacking:
        raise BookError(
            f"lacks the column {lacking[0]}", where=str(path), remedy="rename the file: a new one is written"
        )
    out: Marks = {}
    for number, line in enumerate(lines, 2):
        row = {c: (line.get(c) or "").strip() for c in COLUMNS}
        _points(row, f"{path}, line {number}")
        out[row["student"].lstrip("'"), row["check"]] = row
    return out


def _points(row: dict[str, str], where: str) -> float | None:
    """Return a row's points, None where none are given yet; raise `BookError` where they cannot be."""
    text = row["points"].replace(",", ".")
    if not text:
        return None
    try:
        points, most = float(text), float(row["of"].replace(",", "."))
    except ValueError:
        points, most = -1.0, 0.0
    if not 0 <= points <= most:
        remedy = f"give a number from 0 to {row['of'] or 'the most'}, or nothing"
        raise BookError(f"points {shown(row['points'])} of {shown(row['student'])}", where=where, remedy=remedy)
    return points


def applied(result: Result, marks: Marks) -> Result:
    """Return a result with the points that a person gave; itself where there are none."""
    return replace(result, sheets=[_sheet(result.student, s, marks) for s in result.sheets])


def _sheet(student: str, sheet: Sheet, marks: Marks) -> Sheet:
    return replace(sheet, rows=[_row(row, marks.get((_key(student), row.id))) for row in sheet.rows])


def _row(row: Row, mark: dict[str, str] | None) -> Row:
    points = _points(mark, "") if mark and row.state == BY_HAND else None
    if mark is None or points is None:
        return row
    return replace(row, points=min(points, row.of), state=MARKED, why=mark["remark"])


def lay_out(path: Path, results: list[Result], marks: Marks) -> None:
    """Write the table: a row for each answer that a person marks, with what was given; no row of before is lost."""
    rows: Marks = dict(marks)
    for result in results:
        for sheet in result.sheets:
            for row in sheet.rows:
                if row.state in (BY_HAND, MARKED):
                    known = {
                        "student": inert(result.student),
                        "chapter": sheet.chapter,
                        "exercise": f"ex. {row.exercise}",
                    }
                    known |= {"check": row.id, "of": f"{row.of:g}"}
                    key = (_key(result.student), row.id)
                    rows[key] = {"points": "", "remark": ""} | rows.get(key, {}) | known
    lines: list[list[Any]] = [[rows[key].get(c, "") for c in COLUMNS] for key in sorted(rows)]
    if lines:
        write(path, table(list(COLUMNS), lines))


def _key(student: str) -> str:
    return inert(student).lstrip("'").strip()
