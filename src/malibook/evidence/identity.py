"""Which book this is: the country that it is about, and what its files are called; its descriptor says so."""

from __future__ import annotations

import re

from malibook.errors import BookError, shown
from malibook.evidence.package import MARKER, descriptor

COUNTRY, FILES = "malibook:country", "malibook:files"
_CODE, _NAME = re.compile(r"[A-Z]{3}"), re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def home_country() -> str:
    """Return the ISO 3166-1 alpha-3 code of the book's country; Mali's where the descriptor names none."""
    return _said(COUNTRY, "MLI", _CODE, "three capital letters, such as NER")


def file_stem() -> str:
    """Return how the book's files are called (`mali` for `mali.pdf`); raise `BookError` for what no file can be called."""
    return _said(FILES, "mali", _NAME, "small letters, digits and dashes, such as niger")


def _said(field: str, otherwise: str, form: re.Pattern[str], meant: str) -> str:
    value = descriptor().get(field, otherwise)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise BookError(f"cannot be {shown(value)}", where=f"{MARKER}, {field}", remedy=f"write {meant}")
    return value
