"""Small words of the pages that the press writes: names of countries, lists, counts."""

from __future__ import annotations

from malibook.analysis.words import listed
from malibook.evidence.names import country_name, country_title

__all__ = ["counted", "country_name", "country_title", "listed"]


def counted(count: int, word: str) -> str:
    """Return a count with its word in the right number: `1 chapter`, `3 chapters`."""
    return f"{count:,} {word}{'s' * (count != 1)}"
