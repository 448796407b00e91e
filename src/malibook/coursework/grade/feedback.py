"""What a student gets back: one HTML page that needs nothing and runs nothing, without a word of a hidden check."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from malibook.coursework.grade.ledger import sums
from malibook.coursework.grade.marking import ABSENT, BY_HAND, FORM, NONE, PASSED, WRONG, Result, Row, Sheet
from malibook.errors import plain

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ccc;"
    "vertical-align:top;overflow-wrap:anywhere}td:nth-child(3){white-space:nowrap}code{font-size:.9em;overflow-wrap:anywhere}"
)
MEANS = {
    PASSED: "All checks hold.",
    WRONG: "The form is right, the value is not. Read the task and its hint again.",
    FORM: "The check that stands in your sheet fails: ",
    NONE: "There is nothing to check: ",
    ABSENT: "No notebook of this sheet was handed in.",
    BY_HAND: "Your instructor reads this answer.",
}


def page(result: Result) -> bytes:
    """Return a student's page; the same result gives the same bytes."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    name = _safe(result.student)
    body = "".join(map(_sheet, result.sheets)) or "<p>Nothing that can be graded was found.</p>"
    remarks = _list("Remarks on what was handed in", result.remarks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="{rules}">\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Feedback: {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Feedback: {name}</h1>\n"
        f"{body}{remarks}</main>\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _sheet(sheet: Sheet) -> str:
    got, most, by_hand, _ = sums(sheet)
    still = f", {by_hand} more to be marked by a person" if by_hand != "0" else ""
    rows = "".join(map(_row, sheet.rows))
    errors = [f"{e or 'a cell'}: {why}" for e, why in sheet.errors if not why.startswith("NotImplementedError")]
    head = "<tr><th>Exercise</th><th>State</th><th>Points</th><th>What it means</th></tr>"
    return (
        f"<h2>{_safe(sheet.chapter)}</h2>\n<p>{got} of {most} points{still}.</p>\n<table>\n<thead>{head}</thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n{_list('Errors of your cells', errors)}{_list('Remarks', sheet.remarks)}"
    )


def _row(row: Row) -> str:
    means = MEANS[row.state] + (row.why if row.state in (FORM, NONE) else "")
    points = "…" if row.points is None else f"{row.points:g}"
    title = f"{_safe(row.exercise)} {_safe(row.title)}<br><code>{_safe(row.id)}</code>"
    return f"<tr><td>{title}</td><td>{row.state}</td><td>{points} of {row.of:g}</td><td>{_safe(means.removesuffix(': '))}</td></tr>\n"


def _list(title: str, items: list[str]) -> str:
    if not items:
        return ""
    return f"<h3>{title}</h3>\n<ul>\n{''.join(f'<li>{_safe(item)}</li>' for item in items[:60])}\n</ul>\n"


def _safe(text: str) -> str:
    return escape(plain(text).replace("\n", " "))
