"""Outlines in few letters: rounded once, then each point told from the one before, so that nothing adds up.

matplotlib writes `M`, `L`, `Q`, `C` and `z`, each with its coordinates in full and to a millionth of a point.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

_TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


@lru_cache(maxsize=2048)  # a letter is drawn in many charts of a chapter
def shorten(path: str) -> str:
    """Return a path's data relative and rounded: to a tenth of a unit, to a hundredth where it has curves.

    Raises `ValueError` for a command that matplotlib does not write.
    """
    digits = 2 if "Q" in path or "C" in path else 1
    out, last, at, start, step = [], "", (0, 0), (0, 0), ""
    tokens = _TOKEN.findall(path)
    place = 0
    while place < len(tokens):
        if tokens[place].isalpha():
            step = tokens[place]
            place += 1
            if step in "zZ":
                out.append("z")
                at, last = start, "z"
                continue
            if step not in _POINTS:
                raise ValueError(f"an SVG path has the command {step!r}, which this does not shorten")
        count = 2 * _POINTS[step]
        ends = _whole(tokens[place : place + count], digits)
        place += count
        out.append(_letter(step, last) + _pairs(ends, at, digits))
        last, at = step.lower(), ends[-1]
        start = at if step == "M" else start
    return "".join(out)


def _whole(numbers: list[str], digits: int) -> list[tuple[int, int]]:
    """Return points as whole numbers of tenths or hundredths."""
    values = [round(float(number) * 10**digits) for number in numbers]
    return list(zip(values[::2], values[1::2], strict=True))


def _letter(step: str, last: str) -> str:
    """Return the command's letter; a space where it goes on from the last."""
    return " " if step.lower() == last and last != "m" else step.lower()


def _pairs(ends: list[tuple[int, int]], at: tuple[int, int], digits: int) -> str:
    text = ""
    for x, y in ends:
        for value in (x - at[0], y - at[1]):
            number = decimal(value, digits)
            text += number if not text or number[0] == "-" else f" {number}"
    return text


@cache
def decimal(value: int, digits: int) -> str:
    """Return a whole number of tenths or hundredths as a decimal in the fewest letters: `-.5`, `12`."""
    sign, whole = ("-" if value < 0 else ""), abs(value)
    before, after = divmod(whole, 10**digits)
    rest = f"{after:0{digits}d}".rstrip("0")
    return f"{sign}{before or ''}.{rest}" if rest else f"{sign}{before}"
