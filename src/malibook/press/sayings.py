"""Small words of the pages that the press writes: names of countries, lists, counts."""

from __future__ import annotations

from collections.abc import Sequence

from malibook.evidence.names import country_name, country_title

__all__ = ["counted", "country_name", "country_title", "listed"]


def listed(words: Sequence[str]) -> str:
    """Return words as a list in prose: `a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def counted(count: int, word: str) -> str:
    """Return a count with its word in the right number: `1 chapter`, `3 chapters`."""
    return f"{count:,} {word}{'s' * (count != 1)}"
