"""Words that follow from numbers, so that a sentence stays true under other parameters."""

from __future__ import annotations

from collections.abc import Sequence

SAME = 0.05  # a change of less than a twentieth is none
NEARLY = 0.9


def listed(words: Sequence[str]) -> str:
    """Return words as prose lists them: `a, b and c`; empty for none."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def rise_or_fall(before: float, after: float) -> str:
    """Return what a comparison of two means says: `nothing` within a twentieth, else `a rise` or `a fall`."""
    if abs(after - before) <= SAME * before:
        return "nothing"
    return "a rise" if after > before else "a fall"


def more_or_fewer(value: float, other: float) -> str:
    """Return how a count stands to another: `more than`, `as many as` within a twentieth, `nearly as many as` or `fewer than`."""
    if abs(value - other) <= SAME * other:
        return "as many as"
    if value > other:
        return "more than"
    return "nearly as many as" if value >= NEARLY * other else "fewer than"
