"""Places for marks so that none covers another: round a point on the map, in rows above a line in the timeline."""

from __future__ import annotations

import math
from functools import cache

Point = tuple[float, float]
GAP = 19.0  # units between the middles of two marks


def round_points(wanted: list[Point], width: float, height: float) -> list[tuple[int, int]]:
    """Return for each point the nearest place to it, in order, that is free and lies in the frame."""
    taken: list[tuple[int, int]] = []
    for x, y in wanted:
        spots = ((round(x + dx), round(y + dy)) for dx, dy in _spots())
        taken.append(next(s for s in spots if _fits(s, width, height) and _free(s, taken)))
    return taken


def in_rows(wanted: list[float]) -> list[int]:
    """Return for each of these positions along a line, in order, the lowest row in which it covers no other."""
    rows: list[float] = []
    out = []
    for x in wanted:
        row = next((n for n, last in enumerate(rows) if x - last >= GAP), len(rows))
        rows[row : row + 1] = [x]
        out.append(row)
    return out


def _fits(spot: tuple[int, int], width: float, height: float) -> bool:
    return GAP / 2 <= spot[0] <= width - GAP / 2 and GAP / 2 <= spot[1] <= height - GAP / 2


def _free(spot: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return all((spot[0] - x) ** 2 + (spot[1] - y) ** 2 >= (GAP - 0.8) ** 2 for x, y in taken)


@cache
def _spots(reach: int = 9) -> tuple[Point, ...]:
    """Return a honeycomb round the origin, the nearest places first; places as near are taken clockwise from the right."""
    cells = ((q, r) for q in range(-reach, reach + 1) for r in range(-reach, reach + 1))
    points = [(round(GAP * (q + r / 2), 3), round(GAP * r * math.sqrt(3) / 2, 3)) for q, r in cells]
    return tuple(sorted(points, key=lambda p: (round(math.hypot(*p), 2), round(math.atan2(p[1], p[0]), 3))))
