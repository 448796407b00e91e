"""`number`: a value bound to code, rows and sources, for use in prose as {n}`key`."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.exhibits.ledger import record, resolve_sources, trace
from malibook.house.wording import format_value

_KEY = re.compile(r"[a-z][a-z0-9-]*")


def number(
    key: str,
    value: Any,
    *,
    unit: str = "",
    fmt: str = "",
    rows: pd.DataFrame | list[pd.DataFrame],
    sources: list[str] | None = None,
    how: str = "",
    join: str = "–",
) -> None:
    """Bind a value for use in prose and enter it in the ledger.

    `value` is a number, a date, a text computed from data, or a pair (low, high); `fmt` a format such as `",.0f"`,
    `".0%"` or `"%B %Y"`; `rows` the part of a loaded table (or several) that it rests on; `how` says in a few words
    how it was made; `join` stands between the two ends of a pair (" to ", " and "). Raises `BookError` for a missing value, a bad key, no rows or no source.
    """
    if not _KEY.fullmatch(key):
        raise BookError(
            "a number's key is lower-case letters, digits and hyphens", where=f"number {key}", remedy="rename it"
        )
    frames = rows if isinstance(rows, list) else [rows]
    ends = value if isinstance(value, tuple) else (value,)
    text = "" if any(map(pd.isna, ends)) else format_value(value, fmt, join)
    if not text:
        raise BookError("the value is missing", where=f"number {key}", remedy="check the rows it is computed from")
    traced = trace(frames, key)
    entry = {
        "kind": "number",
        "key": key,
        "text": text,
        "value": _plain(value),
        "unit": unit,
        "how": how,
        "rows": traced,
        "sources": resolve_sources(sources, frames, key),
    }
    record(entry, {"text/plain": f"{key} = {text} {unit}".rstrip()})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "strftime"):
        return pd.Timestamp(value).strftime("%Y-%m-%d")
    return value.item() if hasattr(value, "item") else value
