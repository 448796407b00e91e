"""Quotation marks as the book prints them, for the texts that tables and code hold."""

from __future__ import annotations

import re


def curly(text: str) -> str:
    """Return a text with curly quotation marks and apostrophes, as the rest of the book has them."""
    text = re.sub(r"(^|[\s(\[–—])\"", "\\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[–—“])'", "\\1‘", text).replace("'", "’")
