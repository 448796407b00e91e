"""Charts of the forces in Mali: who was there when, and how many against how much violence."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.periods import shade_phases
from malibook.exhibits.style import INK, QUIET, TYPE_COLOURS, canvas, colour, label_line


def forces(bands: pd.DataFrame, moments: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one band for each force (`label`, `start`, `end`, `palette`) and a mark for each coup and accord.

    `moments` has `date`, `kind` (coup or agreement), `label` and `ha` (the side on which the label ends).
    """
    fig, ax = canvas(headline, subtitle, height=4.3)
    last = bands["end"].max()
    ax.set(xlim=(pd.Timestamp("2012-01-01"), last), ylim=(len(bands) - 0.5, -2.3), yticks=[])
    ax.grid(visible=False)
    shade_phases(ax)
    for row, band in enumerate(bands.itertuples()):
        ax.barh(row, band.end - band.start, left=band.start, height=0.52, color=colour(band.palette), zorder=3)
        short = band.end - band.start < pd.Timedelta(days=700) and band.start < pd.Timestamp("2016-01-01")
        at, ha, dx = (
            (band.end, "left", 4) if short else (band.start, "left", 6) if row < 4 else (band.start, "right", -4)
        )
        ink = INK if short or row >= 4 else "#FFFFFF"
        ax.annotate(band.label, (at, row), xytext=(dx, 0), textcoords="offset points", ha=ha, va="center",
                    fontsize=8.6, color=ink, zorder=5)  # fmt: skip
    _moments(ax, moments)
    return fig


def _moments(ax: Axes, moments: pd.DataFrame) -> None:
    marks = {"coup": ("v", "#AA3377", -1.75), "agreement": ("D", "#117733", -1.0)}
    for kind, (marker, ink, height) in marks.items():
        rows = moments[moments["kind"] == kind]
        ax.scatter(rows["date"], [height] * len(rows), marker=marker, s=34, color=ink, zorder=4)
        for one in rows.itertuples():
            dx = -7 if one.ha == "right" else 7
            ax.annotate(one.label, (one.date, height), xytext=(dx, 0), textcoords="offset points", ha=one.ha, va="center",
                        fontsize=8.3, color=ink, zorder=5)  # fmt: skip


def strength(points: pd.DataFrame, limit: pd.DataFrame, deaths: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw dated strengths above (`date`, `value`, `group`) and the twelve-month mean of deaths below.

    `limit` is the authorised strength of the UN mission as steps; `deaths` has `month` and `mean`.
    """
    fig, (above, below) = canvas(headline, subtitle, height=5.4, rows=2, sharex=True, height_ratios=(3, 2))
    span = (deaths["month"].min(), deaths["month"].max())
    for ax in (above, below):
        ax.set_xlim(*span)
    looks = {
        "French soldiers, in Mali": ("france", "o", True),
        "French soldiers, Mali and region": ("france", "o", False),
        "MINUSMA, uniformed": ("un", "s", True),
        "MINUSMA, all personnel": ("un", "s", False),
    }
    above.step(limit["date"], limit["value"], where="post", color=colour("un"), lw=1.1, ls=(0, (3, 2)))
    for group, (palette, marker, full) in looks.items():
        rows = points[points["group"] == group]
        face = colour(palette) if full else "#FFFFFF"
        above.scatter(
            rows["date"], rows["value"], marker=marker, s=34, color=face, edgecolors=colour(palette), lw=1.4, zorder=4
        )
    above.set_ylim(0, 18800)
    above.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    shade_phases(above)
    below.plot(deaths["month"], deaths["mean"], color=TYPE_COLOURS["state-based"], lw=2)
    below.set_ylim(0, None)
    shade_phases(below, labels=False)
    below.set_title("Deaths a month, mean of the last 12 months", fontsize=8.8, color=QUIET, loc="left", pad=3)
    _name_strengths(above, points, limit)
    return fig


def _name_strengths(ax: Axes, points: pd.DataFrame, limit: pd.DataFrame) -> None:
    label_line(ax, limit["date"].iloc[0], limit["value"].iloc[0], "MINUSMA’s ceiling", colour("un"), dx=0, dy=9)
    places = {
        "MINUSMA, uniformed": (1, 8, 0, "left"),
        "MINUSMA, all personnel": (0, -8, 6, "right"),
        "French soldiers, Mali and region": (-3, 10, 13, "center"),
        "French soldiers, in Mali": (4, 8, 0, "left"),
    }
    for group, (which, dx, dy, ha) in places.items():
        rows = points[points["group"] == group]
        if len(rows) > abs(which):
            one, ink = rows.iloc[which], colour("france" if "French" in group else "un")
            label_line(ax, one["date"], one["value"], group, ink, dx=dx, dy=dy, ha=ha, fontsize=8.6)
