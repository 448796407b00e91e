"""The ground of the map: neighbours, regions and rivers as SVG paths on a grid, cut to the frame."""

from __future__ import annotations

import math
from collections.abc import Iterable

from malibook.evidence import geo
from malibook.house.palette import EXTENT

Point = tuple[float, float]
WIDTH = 960
WEST, EAST, SOUTH, NORTH = EXTENT
SCALE = WIDTH / (EAST - WEST)
STRETCH = 1 / math.cos(math.radians((SOUTH + NORTH) / 2))
GRAIN = 4  # units: corners are moved to a grid of this width, so that neighbours keep a common border in few figures
HEIGHT = round((NORTH - SOUTH) * SCALE * STRETCH)


def project(lon: float, lat: float) -> Point:
    """Return where a point of the earth lies in the drawing, in its units from the upper left corner."""
    return (lon - WEST) * SCALE, (NORTH - lat) * SCALE * STRETCH


def inside(lon: float, lat: float) -> bool:
    """Say whether a point lies in the frame."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def ground() -> str:
    """Return the paths of land, regions and rivers; what is not land needs no path."""
    land = "".join(_area(ring) for ring in _rings("neighbours"))
    regions = "".join(_area(ring) for ring in _rings("mali_regions_simplified"))
    rivers = "".join(
        path([project(*p[:2]) for p in part], close=False) for line in _lines("rivers") for part in _runs(line)
    )
    paths = f'<path class="land" d="{land}"/><path class="region" d="{regions}"/><path class="river" d="{rivers}"/>'
    return f'<g transform="scale({GRAIN})">{paths}</g>'


def path(points: Iterable[Point], *, close: bool = True) -> str:
    """Return a path on the grid, each step measured from the one before; points that fall together are one."""
    whole = [(round(x / GRAIN), round(y / GRAIN)) for x, y in points]
    steps: list[str] = []
    at = whole[0]
    for point in whole[1:]:
        if point != at:
            steps.append(f"{point[0] - at[0]} {point[1] - at[1]}")
            at = point
    joined = " ".join(steps).replace(" -", "-")
    return f"M{whole[0][0]} {whole[0][1]}l{joined}{'z' if close else ''}" if steps else ""


def cut(ring: list[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Return the part of a ring in a box (left, upper, right, lower): Sutherland and Hodgman, one side at a time."""
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        ring = _cut_side(ring, axis, limit, sign)
    return ring


def _cut_side(ring: list[Point], axis: int, limit: float, sign: int) -> list[Point]:
    out: list[Point] = []
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was, now = (sign * (p[axis] - limit) >= 0 for p in (before, here))
        if was != now:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            x, y = (b + share * (h - b) for b, h in zip(before, here, strict=True))
            out.append((x, y))
        if now:
            out.append(here)
    return out


def _area(ring: list) -> str:
    found = cut([project(*p[:2]) for p in ring], (-20, -20, WIDTH + 20, HEIGHT + 20))
    return path(found) if found else ""


def _rings(layer: str) -> list[list]:
    shapes = [f["geometry"] for f in geo(layer)["features"]]
    return [
        polygon[0]
        for shape in shapes
        for polygon in (shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]])
    ]


def _lines(layer: str) -> list[list]:
    shapes = [f["geometry"] for f in geo(layer)["features"]]
    return [
        line
        for shape in shapes
        for line in (shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]])
    ]


def _runs(line: list) -> list[list]:
    """Return the parts of a line that run within the frame."""
    out: list[list] = [[]]
    for point in line:
        if inside(*point[:2]):
            out[-1].append(point)
        elif out[-1]:
            out.append([])
    return [run for run in out if len(run) > 1]
