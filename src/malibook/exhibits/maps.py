"""A base map of Mali: regions, neighbours, rivers. Plain longitude and latitude, scaled for the latitude.

The boundaries are Natural Earth's (public domain). Its regions are those from before 2016: Ménaka lies within Gao and
Taoudénit within Tombouctou. No boundary shown is a judgement on its status.
"""

from __future__ import annotations

import math
from typing import Any

import matplotlib.patheffects as effects
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from malibook.evidence import geo
from malibook.house.palette import EXTENT, FAINT, INK, PAPER, QUIET

COARSE = 9.0  # degrees: from this width on, simplified boundaries look the same and weigh a tenth
DISCLAIMER = (
    "Boundaries: Natural Earth, with the regions from before 2016 (Ménaka within Gao, Taoudénit within Tombouctou); "
    "they imply no judgement on the status of any territory."
)


def base_map(
    ax: Axes, *, extent: tuple[float, float, float, float] = EXTENT, fill: dict[str, Any] | None = None
) -> None:
    """Draw the land, the regions and the rivers; `fill` maps a region's name to a colour.

    `extent` is west, east, south, north in degrees.
    """
    west, east, south, north = extent
    _polygons(ax, geo("neighbours"), lambda _: "#F3F1EB", edge=FAINT, width=0.6, z=1)
    regions = geo("mali_regions")
    if east - west > COARSE:
        regions = geo("mali_regions_simplified")
    _polygons(ax, regions, lambda p: (fill or {}).get(p["name"], "#FFFFFF"), edge="#B9B4A8", width=0.6, z=2)
    lines = [np.array(line) for f in geo("rivers")["features"] for line in _lines(f["geometry"])]
    ax.add_collection(LineCollection(lines, colors="#9EC3D6", linewidths=1.0, zorder=3))
    ax.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    ax.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    ax.grid(False)
    ax.spines[:].set_visible(False)
    ax.set_facecolor("#E9EEF1")


def name_place(ax: Axes, lon: float, lat: float, text: str, *, dx: float = 5, dy: float = 3, **style: Any) -> None:
    """Write a place's name beside its point, with a white halo so that it reads on any ground."""
    options = {"fontsize": 8.3, "color": INK, "ha": "left", "va": "center", "zorder": 8} | style
    text_artist = ax.annotate(text, (lon, lat), xytext=(dx, dy), textcoords="offset points", **options)
    text_artist.set_path_effects([effects.withStroke(linewidth=2.4, foreground=PAPER)])


def name_regions(ax: Axes, names: tuple[str, ...] = (), **style: Any) -> None:
    """Write the regions' names at their middle, in quiet type."""
    for feature in geo("mali_regions")["features"]:
        name = feature["properties"]["name"]
        if names and name not in names:
            continue
        ring = max(_rings(feature["geometry"]), key=len)
        x, y = np.mean(np.array(ring), axis=0)
        name_place(ax, x, y, name, dx=0, dy=0, ha="center", **({"color": QUIET, "fontsize": 7.8} | style))


def _polygons(ax: Axes, layer: dict[str, Any], paint: Any, *, edge: str, width: float, z: int) -> None:
    rings, colours = [], []
    for feature in layer["features"]:
        for ring in _rings(feature["geometry"]):
            rings.append(np.array(ring))
            colours.append(paint(feature["properties"]))
    ax.add_collection(PolyCollection(rings, facecolors=colours, edgecolors=edge, linewidths=width, zorder=z))


def _rings(geometry: dict[str, Any]) -> list[Any]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in parts]


def _lines(geometry: dict[str, Any]) -> list[Any]:
    return geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
