"""A figure's data as an HTML table that a screen reader can walk through: heads, row heads, numbers set right."""

from __future__ import annotations

import csv
import re
from html import escape
from pathlib import Path

MOST_ROWS = 40  # a longer table says less than its file, and would weigh on every reader of the page
MOST_CELLS = 280
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00")


def data_table(path: Path, caption: str) -> str:
    """Return a CSV file as a table, or nothing where it is longer than a page should carry."""
    with path.open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    if not rows or len(rows) > MOST_ROWS or len(rows) * len(heads) > MOST_CELLS:
        return ""
    right = [all(_NUMBER.fullmatch(row[n]) or not row[n] for row in rows) for n in range(len(heads))]
    top = "".join(f'<th scope="col"{_side(r)}>{_head(head)}</th>' for head, r in zip(heads, right, strict=True))
    body = "\n".join(_row(row, right) for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
    )


def shown(cell: str) -> str:
    """Return a cell as a reader wants it: four digits after the point at most, a day without its midnight."""
    if "." in cell and _NUMBER.fullmatch(cell):
        return f"{float(cell):.4f}".rstrip("0").rstrip(".") if abs(float(cell)) >= 0.001 else f"{float(cell):.2g}"
    return _MIDNIGHT.sub(r"\1", cell) or "–"


def _row(row: list[str], right: list[bool]) -> str:
    first = f'<th scope="row"{_side(right[0])}>{escape(shown(row[0]))}</th>'
    rest = (f"<td{_side(r)}>{escape(shown(cell))}</td>" for cell, r in zip(row[1:], right[1:], strict=True))
    return f"<tr>{first}{''.join(rest)}</tr>"


def _head(name: str) -> str:
    return escape(name.replace("_", " ")) or "row"


def _side(right: bool) -> str:
    return ' class="text-right"' if right else ""
