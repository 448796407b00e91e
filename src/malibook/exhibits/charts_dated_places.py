"""A map of places with days: bases as they changed hands, events as they are reported."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.style import PAPER, canvas, colour

Extent = tuple[float, float, float, float]
Shifts = dict[str, tuple[float, float, str]]
Groups = dict[str, tuple[str, str]]


def dated_places(
    rows: pd.DataFrame, groups: Groups, shifts: Shifts, extent: Extent, *, height: float = 5.2, **head: str
) -> Figure:
    """Return a map with one mark and one label a row; a row of low confidence is drawn hollow.

    `rows` has `key`, `label`, `lat`, `lon`, `group` and `confidence`; `groups` maps a group to (colour's name, marker) in
    the order of the legend; `shifts` maps a key to (dx, dy, alignment) of its label, in points.
    """
    fig, ax = canvas(height=height, **head)
    base_map(ax, extent=extent)
    for row in rows.itertuples():
        ink, shape = colour(groups[row.group][0]), groups[row.group][1]
        face = PAPER if row.confidence == "low" else ink
        edge = ink if row.confidence == "low" else PAPER
        ax.plot(row.lon, row.lat, shape, color=ink, mfc=face, mec=edge, mew=1.2, ms=8.5, zorder=7)
        dx, dy, side = shifts.get(row.key, (8, 0, "left"))
        name_place(ax, row.lon, row.lat, row.label, dx=dx, dy=dy, ha=side, fontsize=9, linespacing=1.0)
    shown = [name for name in groups if name in set(rows["group"])]
    handles = [Line2D([], [], marker=groups[n][1], color=colour(groups[n][0]), ls="", ms=7, label=n) for n in shown]
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=len(handles),
        fontsize=9,
        handletextpad=0.2,
        columnspacing=1.0,
        borderaxespad=0.2,
    )
    return fig
