"""Maps of single events: a point an event, its size by deaths, its colour by type of violence."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.errors import BookError
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.style import INK, TYPE_COLOURS, canvas

SIZES = {0: 2.4, 5: 4.4, 25: 7.6, 100: 12.5}  # from so many deaths on: the diameter of the point in printer's points
NAMED = {"Kidal": (1.41, 18.44), "Gao": (-0.04, 16.27), "Mopti": (-4.18, 14.49), "Bamako": (-8.0, 12.65)}
WORDS = {"state-based": "State-based", "non-state": "Non-state", "one-sided": "One-sided"}


def event_maps(panels: list[tuple[str, pd.DataFrame]], column: str, headline: str, subtitle: str) -> Figure:
    """Draw one map a panel (title, events), two to a row; `column` holds the deaths that the size of a point shows.

    An event has `lat`, `lon` and `type`. Small points lie over large ones, so that none is hidden. Raises `BookError`
    where there is no panel.
    """
    if not panels:
        raise BookError("no event to draw", where="event_maps", remedy="show a remark where there is none")
    rows, cols = (len(panels) + 1) // 2, min(len(panels), 2)
    height = 0.9 + (3.2 * rows if cols == 2 else 5.2)
    fig, axes = canvas(headline, subtitle, height=height, rows=rows, cols=cols, squeeze=False)
    for ax, (title, events) in zip(axes.flat, panels, strict=False):
        base_map(ax)
        ax.set_title(f"{title}: {len(events):,} events", fontsize=9.2, color=INK, loc="left", pad=3)
        _points(ax, events, column)
        for name, (lon, lat) in NAMED.items():
            name_place(ax, lon, lat, name, dx=0, dy=9, ha="center", fontsize=8, zorder=12)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    _key(axes.flat[0])
    return fig


def _points(ax: Axes, events: pd.DataFrame, column: str) -> None:
    """Draw one layer a size, the largest first; one call a layer and type keeps the drawing small."""
    steps = list(pairwise([*SIZES, float("inf")]))
    for low, high in reversed(steps):
        deaths = events[column].astype(float)
        layer = events[(deaths >= low) & (deaths < high)]
        for kind, ink in TYPE_COLOURS.items():
            part = layer[layer["type"] == kind]
            if len(part):
                ax.plot(part["lon"], part["lat"], "o", ms=SIZES[low], color=ink, alpha=0.5, mew=0, zorder=6)


def _key(ax: Axes) -> None:
    """Draw the key where Mauritania lies: the corner of the map without events."""
    names = [f"{a}–{b - 1}" for a, b in pairwise(SIZES)] + [f"{max(SIZES)} or more"]
    marks = [_mark("#777777", size, name) for size, name in zip(SIZES.values(), names, strict=True)]
    sizes = ax.legend(handles=marks, title="Deaths", loc="upper left", bbox_to_anchor=(0.0, 0.78), **_KEY)
    ax.add_artist(sizes)
    kinds = [_mark(ink, 6.5, WORDS[kind]) for kind, ink in TYPE_COLOURS.items()]
    ax.legend(handles=kinds, loc="upper left", bbox_to_anchor=(0.0, 1.0), **_KEY)


_KEY = {"fontsize": 8.6, "title_fontsize": 8.6, "handletextpad": 0.3, "alignment": "left", "borderpad": 0.2}


def _mark(ink: str, size: float, label: str) -> mpl.lines.Line2D:
    return mpl.lines.Line2D([], [], marker="o", ls="", ms=size, color=ink, alpha=0.8, mew=0, label=label)
