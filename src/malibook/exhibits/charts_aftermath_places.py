"""Charts of the aftermath by place: the map of the shift, regions by quarter, shares over time, refugees by host."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from malibook.exhibits.charts_aftermath import halo
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.style import INK, PAPER, canvas, label_line

EXTENT = (-13.4, 5.0, 9.9, 21.4)
ANCHORS = {
    "Gao": (1.9, 16.3),
    "Kayes": (-10.5, 13.5),
    "Kidal": (2.1, 19.5),
    "Koulikoro": (-7.5, 14.1),
    "Mopti": (-3.1, 14.2),
    "Sikasso": (-6.3, 11.3),
    "Ségou": (-5.3, 13.4),
    "Tombouctou": (-3.9, 18.6),
}
Place = tuple[str, str, float, float]


def shift_map(change: pd.DataFrame, events: pd.DataFrame, named: list[Place], **head) -> Figure:
    """Return Mali with its regions coloured by the change of events a quarter, and named events as numbered points.

    `change` has `region`, `before`, `after`, `difference`; `named` lists, in the order of the numbers, an event's id, its
    text in the key, and how far to move its mark, in points. Bamako has no room for its figures.
    """
    fig, ax = canvas(height=5.0, **head)
    most = float(change["difference"].abs().max())
    ramp = mpl.colormaps["PuOr_r"]
    base_map(ax, extent=EXTENT, fill={r.region: ramp(0.5 + 0.33 * r.difference / most) for r in change.itertuples()})
    for row in change[change["region"].isin(ANCHORS)].itertuples():
        text = f"{row.region}\n{row.before:.0f} → {row.after:.0f}"
        name_place(
            ax, *ANCHORS[row.region], text, dx=0, dy=0, ha="center", fontsize=8.6, fontweight="bold", linespacing=1.1
        )
    found = events.set_index("id")
    for number, (event, _, dx, dy) in enumerate(named, 1):
        spot = (found.loc[event, "lon"], found.loc[event, "lat"])
        box = {"boxstyle": "circle,pad=0.18", "fc": INK, "ec": PAPER, "lw": 0.7}
        ax.annotate(
            str(number), spot, xytext=(dx, dy), textcoords="offset points", ha="center", va="center", fontsize=8,
            color=PAPER, fontweight="bold", bbox=box, zorder=9,
        )  # fmt: skip
    key = "\n".join(
        f"{number:>2}  {text}".replace(" ", "\u2007", number < 10) for number, (_, text, _, _) in enumerate(named, 1)
    )
    ax.text(0.015, 0.98, key, transform=ax.transAxes, va="top", fontsize=8.2, linespacing=1.35)
    return fig


def lines(frame: pd.DataFrame, day: pd.Timestamp, labels: dict[str, tuple[str, str]], **head) -> Figure:
    """Return shares by quarter as lines with direct labels; `labels` maps columns to (text, colour)."""
    fig, ax = canvas(height=3.2, **head)
    middle = frame.index + pd.Timedelta(days=45)
    ends = frame.iloc[-1].rank()
    for name, (text, tint) in labels.items():
        ax.plot(middle, frame[name] * 100, color=tint, lw=2)
        label_line(ax, middle[-1], frame[name].iloc[-1] * 100, text, tint, dy=7 if ends[name] > ends.mean() else -7)
    ax.set_xlim(frame.index[0], middle[-1] + pd.Timedelta(days=300))
    ax.set_ylim(0, 100 * float(frame.max().max()) * 1.12)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0f} %"))
    shade_phases(ax)
    mark_day(ax, day, "break date", ha="right")
    return fig


def heat(quarters: pd.DataFrame, day: pd.Timestamp, **head) -> Figure:
    """Return regions by quarters as tiles with their numbers, stronger for more; the quarter of `day` is framed."""
    fig, ax = canvas(height=3.6, **head)
    values = quarters.T
    most = float(values.max().max()) * 1.25
    edges = [np.arange(n + 1) - 0.5 for n in reversed(values.shape)]
    ax.pcolormesh(*edges, values, cmap="YlOrBr", vmin=0, vmax=most, edgecolor="white", lw=0.8)
    ax.invert_yaxis()
    for (row, col), value in np.ndenumerate(values.to_numpy()):
        ink = INK if value < 0.62 * most else PAPER
        ax.text(col, row, f"{value:.0f}", ha="center", va="center", fontsize=9.4, color=ink)
    ax.set_yticks(range(len(values)), values.index, color=INK, fontsize=9.6)
    names = [
        f"Q{q.quarter}\n{q.year}" if q.quarter == 1 or i == 0 else f"Q{q.quarter}\n"
        for i, q in enumerate(values.columns)
    ]
    ax.set_xticks(range(len(names)), names, fontsize=9)
    at = list(values.columns).index(day.to_period("Q").start_time)
    ax.add_patch(_frame(at, len(values)))
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return fig


def hosts(stock: pd.DataFrame, displaced: pd.Series, colours: dict[str, str], **head) -> Figure:
    """Return refugees by host as stacked bars by year, and the displaced within Mali as a line; both in thousands."""
    fig, ax = canvas(height=3.5, **head)
    floor = np.zeros(len(stock))
    for name, tint in colours.items():
        values = stock[name].to_numpy(float) / 1e3
        ax.bar(stock.index, values, bottom=floor, color=tint, width=0.72)
        ax.annotate(
            name, (stock.index[-1] + 0.42, floor[-1] + values[-1] / 2), xytext=(4, 0), textcoords="offset points",
            color=tint, fontsize=9, fontweight="bold", va="center",
        )  # fmt: skip
        floor += values
    ax.plot(displaced.index, displaced.to_numpy(float) / 1e3, color=INK, lw=1.8, marker="o", ms=3.4)
    where = displaced.index[len(displaced) // 2 + 1]
    label_line(ax, where, displaced.loc[where] / 1e3, "displaced within Mali", INK, ha="right", dx=-8, dy=6)
    halo(ax, stock.index[-1], floor[-1], f"{floor[-1]:,.0f}", INK, 9)
    ax.set_xlim(stock.index[0] - 0.6, stock.index[-1] + 2.6)
    ax.set_xticks(range(int(stock.index[0]), int(stock.index[-1]) + 1, 2))
    return fig


def _frame(column: int, rows: int) -> Rectangle:
    return Rectangle((column - 0.5, -0.5), 1, rows, fill=False, edgecolor=INK, lw=1.6, clip_on=False)
