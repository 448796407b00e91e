"""`table`: a numbered, captioned table in HTML and PDF alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.exhibits.figure import to_csv
from malibook.exhibits.ledger import record, resolve_sources
from malibook.house.wording import escape, format_value

Formats = dict[str, str | Callable[[Any], str]]


def table(
    key: str,
    frame: pd.DataFrame,
    *,
    caption: str,
    sources: list[str],
    formats: Formats | None = None,
    labels: dict[str, str] | None = None,
    markup: tuple[str, ...] = (),
    note: str = "",
) -> None:
    """Show a table and enter it in the ledger.

    `formats` maps columns to a format (`",.0f"`, `"%d %B %Y"`) or a function; `labels` renames columns for the
    reader; columns in `markup` hold MyST (roles, links) and are not escaped; `note` is printed beneath. A missing
    value prints as an en dash. Raises `BookError` for an empty table, a missing caption or an unknown source.
    """
    if not key.startswith("tbl-"):
        raise BookError("a table's key begins with tbl-", where=f"table {key}", remedy=f"call it tbl-{key}")
    if frame.empty or len(caption.strip()) < 20:
        raise BookError("has no rows or no caption", where=f"table {key}", remedy="check the filter and the caption")
    found = resolve_sources(sources, [], key)
    shown = _as_text(frame, formats or {}, markup)
    heads = [(labels or {}).get(c, str(c).replace("_", " ").capitalize()) for c in frame.columns]
    right = [
        pd.api.types.is_numeric_dtype(frame[c]) and not pd.api.types.is_bool_dtype(frame[c]) for c in frame.columns
    ]
    entry = {
        "kind": "table",
        "key": key,
        "caption": caption,
        "note": note,
        "sources": found,
        "rows": len(frame),
        "csv": to_csv(frame),
        "markdown": pipe_table(heads, shown, right),
    }
    html = shown.set_axis(heads, axis=1).to_html(index=False)
    record(entry, {"text/html": html, "text/plain": f"Table {key}: {caption}"})


def pipe_table(heads: list[str], rows: pd.DataFrame, right: list[bool]) -> str:
    """Return a Markdown pipe table; `right` says which columns are set flush right."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "|".join("---:" if r else ":---" for r in right) + "|"]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows.itertuples(index=False, name=None)]
    return "\n".join(lines)


def _as_text(frame: pd.DataFrame, formats: Formats, markup: tuple[str, ...]) -> pd.DataFrame:
    columns = {c: [_cell(v, formats.get(c), c in markup) for v in frame[c]] for c in frame.columns}
    return pd.DataFrame(columns, index=frame.index)


def _cell(value: Any, how: str | Callable[[Any], str] | None, raw: bool) -> str:
    if not isinstance(value, (list, tuple)) and pd.isna(value):
        return "–"
    text = how(value) if callable(how) else format_value(value, how or "")
    return " ".join(text.split()).replace("|", "\\|") if raw else escape(text)
