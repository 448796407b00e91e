"""What a student gets back: one HTML page that needs nothing and runs nothing, without a word of a hidden check."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from malibook.coursework.grade.ledger import sums
from malibook.coursework.grade.marking import (
    ABSENT,
    BY_HAND,
    FORM,
    MARKED,
    NONE,
    PASSED,
    UNREAD,
    WRONG,
    Result,
    Row,
    Sheet,
)
from malibook.errors import plain

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff;"
    "overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.4rem 0}"
    "th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid #999;vertical-align:top;font-weight:400}"
    "thead th{font-weight:600}.n{overflow-wrap:normal}code{font-size:.85em;color:#444}"
    "@media(max-width:36rem){body{margin:1rem auto}th,td{padding:.4rem .25rem;font-size:.875rem}}"
)
MEANS = {
    PASSED: "All checks hold.",
    WRONG: "The form is right, the value is not. Read the task and its hint again.",
    FORM: "The check that stands in your sheet fails: ",
    NONE: "There is nothing to check: ",
    ABSENT: "No notebook of this sheet was handed in.",
    UNREAD: "Something was handed in, but no notebook of this sheet could be read from it: see the remarks.",
    BY_HAND: "Your instructor reads this answer.",
    MARKED: "Your instructor has read this answer: ",
}
HEAD = "".join(f'<th scope="col" class="n">{title}</th>' for title in ("Exercise", "Points", "State", "What it means"))


def page(result: Result) -> bytes:
    """Return a student's page; the same result gives the same bytes."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    name = _safe(result.student)
    body = "".join(map(_sheet, result.sheets)) or "<p>Nothing that can be graded was found.</p>\n"
    remarks = _list("h2", "Remarks on what was handed in", result.remarks)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Feedback: {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Feedback: {name}</h1>\n"
        f"{body}{remarks}</main>\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _sheet(sheet: Sheet) -> str:
    got, most, by_hand, _ = sums(sheet)
    still = f"; {by_hand} of these are still to be marked by a person" if by_hand != "0" else ""
    told = [f"{'Exercise ' + e if e else 'A cell'}: {why}" for e, why in sheet.errors if not _blank(why)]
    return (
        f"<h2>Sheet {_safe(sheet.chapter)}</h2>\n<p>{got} of {most} points{still}.</p>\n<table>\n"
        f"<caption>Each check, in the order of the sheet</caption>\n<thead><tr>{HEAD}</tr></thead>\n"
        f"<tbody>\n{''.join(map(_row, sheet.rows))}</tbody>\n</table>\n"
        f"{_list('h3', 'Errors of your own cells', told)}{_list('h3', 'Remarks', sheet.remarks)}"
    )


def _blank(error: str) -> bool:
    """Return whether an error is that of a place where no answer was written."""
    return error.startswith("NotImplementedError")


def _row(row: Row) -> str:
    means = MEANS[row.state] + (row.why if row.state in (FORM, NONE, MARKED) else "")
    points = "…" if row.points is None else f"{row.points:g}"
    title = f"{_safe(row.exercise)} {_safe(row.title)} <code>{_safe(row.id)}</code>"
    return (
        f'<tr><th scope="row">{title}</th><td class="n">{points} of {row.of:g}</td><td class="n">{row.state}</td>'
        f"<td>{_safe(means.removesuffix(': ') + ('.' if means.endswith(': ') else ''))}</td></tr>\n"
    )


def _list(level: str, title: str, items: list[str]) -> str:
    if not items:
        return ""
    return f"<{level}>{title}</{level}>\n<ul>\n{''.join(f'<li>{_safe(item)}</li>' for item in items[:60])}\n</ul>\n"


def _safe(text: str) -> str:
    return escape(plain(text).replace("\n", " "))
