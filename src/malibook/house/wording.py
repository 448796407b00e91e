"""How the book writes values and text: thousands with commas, a true minus sign, Markdown that shows a text as it is."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~])")


def format_value(value: Any, fmt: str = "", join: str = "–") -> str:
    """Return a value as the book prints it: thousands with commas, a true minus sign, a pair with an en dash."""
    if isinstance(value, tuple):
        low, high = (format_value(v, fmt) for v in value)
        return low if low == high else f"{low}{join}{high}"
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp) or hasattr(value, "strftime"):
        text = pd.Timestamp(value).strftime(fmt or "%d %B %Y")
        return re.sub(r"(?<!\d)0(\d )", r"\1", text)
    if isinstance(value, bool):
        return "yes" if value else "no"
    whole = float(value).is_integer() if not pd.isna(value) else True
    return format(value, fmt or (",.0f" if whole else ",.1f")).replace("-", "−")


def escape(text: str) -> str:
    """Return text as Markdown that shows it as it is, on one line."""
    return escape_inline(" ".join(str(text).split()))


def escape_inline(text: str) -> str:
    """Return a piece of a line as Markdown that shows it as it is, blanks at its ends included."""
    return _MARKUP.sub(r"\\\1", text)
