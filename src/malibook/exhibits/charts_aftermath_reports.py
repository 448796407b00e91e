"""Charts of the aftermath from reports: who held the northern posts, and tankers burned by who counted them."""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from malibook.exhibits.periods import mark_day
from malibook.exhibits.style import INK, PAPER, QUIET, canvas, colour, label_line

HOLDERS = {
    "CSP or FLA": colour("separatists"),
    "army and Wagner": colour("russia"),
    "army and Africa Corps": "#C58AA6",
    "fought over or disputed": "#D9D6CE",
}


def tenure(spells: pd.DataFrame, day: pd.Timestamp, **head) -> Figure:
    """Return one bar a place, coloured by who held it; spells that rest on weak sources are hatched and pale."""
    places = list(dict.fromkeys(spells["place"]))
    fig, ax = canvas(height=2.2 + 0.36 * len(places), **head)
    for row in spells.itertuples():
        weak = row.sure == "low"
        ax.barh(
            places.index(row.place), row.end - row.start, left=row.start, height=0.56, color=HOLDERS[row.holder],
            alpha=0.45 if weak else 1, hatch="////" if weak else None, edgecolor=PAPER, lw=0.8,
        )  # fmt: skip
        if row.end == spells["end"].max() and row.end - row.start < pd.Timedelta(days=20):
            where = places.index(row.place) - 0.31
            ax.plot(row.start, where, "v", ms=6, color=HOLDERS[row.holder])
            label_line(
                ax, row.start, where, f"{row.holder}, {row.start:%-d %b}", INK, ha="right", dx=-6, dy=6, fontsize=8.3
            )
    ax.set_yticks(range(len(places)), places, color=INK)
    ax.set_ylim(len(places) - 0.45, -0.85)
    ax.set_xlim(spells["start"].min(), spells["end"].max() + pd.Timedelta(days=12))
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    mark_day(ax, day, "Wagner leaves", y=0.995, ha="right")
    keys = [Patch(color=tint, label=name) for name, tint in HOLDERS.items() if name in set(spells["holder"])]
    keys.append(Patch(facecolor="#E4E1D8", hatch="////", edgecolor=PAPER, label="one weak source"))
    ax.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.46, -0.14), ncols=3, fontsize=8.4, handlelength=1.4)
    ax.grid(False)
    return fig


def tankers(points: pd.DataFrame, marks: pd.DataFrame, closed: tuple[pd.Timestamp, pd.Timestamp], **head) -> Figure:
    """Return counts of burned tankers as points with their claimants: hollow where the source is weak, an arrow at "more than".

    `points` has `date`, `value`, `label`, `weak`, `dx`, `dy`, `ha`; `marks` has `date` and `title`; `closed` is shaded.
    """
    fig, ax = canvas(height=4.6, **head)
    ax.axvspan(*closed, color="#EFE3C8", lw=0)
    for row in points.itertuples():
        face = PAPER if row.weak else colour("jnim")
        ax.scatter(row.date, row.value, s=46, facecolor=face, edgecolor=colour("jnim"), lw=1.5, zorder=3)
        if row.label.startswith("more than"):
            style = {"arrowstyle": "->", "color": colour("jnim"), "lw": 1.4, "shrinkA": 4}
            ax.annotate(
                "",
                (row.date, row.value),
                xytext=(0, 22),
                textcoords="offset points",
                arrowprops=style | {"arrowstyle": "<-"},
            )
        tint = QUIET if row.weak else INK
        label_line(ax, row.date, row.value, row.label, tint, dx=row.dx, dy=row.dy, ha=row.ha, fontsize=8.4)
    ax.set_ylim(0, float(points["value"].max()) * 1.45)
    ax.set_xlim(marks["date"].min() - pd.Timedelta(days=12), points["date"].max() + pd.Timedelta(days=48))
    for row in marks.itertuples():
        mark_day(ax, row.date, row.title)
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 3, 5, 7, 9, 11)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b\n%Y"))
    return fig
