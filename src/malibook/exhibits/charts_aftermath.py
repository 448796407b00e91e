"""Charts of the aftermath: the level of violence at the exit, the placebo dates, the choices, and who kills whom."""

from __future__ import annotations

import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from malibook.analysis.aftermath import Placebo
from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.style import INK, QUIET, canvas, label_line

FINAL, CANDIDATE, ACCENT, APART = "#33608C", "#9DB8D2", "#BB5566", "#C9A227"
MONTH = pd.Timedelta(days=27)
HALF = pd.Timedelta(days=13)


def level(
    series: pd.DataFrame, rest: pd.Series, windows: pd.DataFrame, day: pd.Timestamp, column: str, **head
) -> Figure:
    """Return monthly deaths as bars, final and candidate, with the means of the compared windows drawn over them.

    `series` is a month's row each; `rest` the months known only by their sum; `windows` has `first`, `last`, `mean`. The
    month that holds `day` has a colour of its own, since it counts for neither mean.
    """
    fig, ax = canvas(height=3.9, **head)
    for dataset, tint in (("ucdp-ged", FINAL), ("ucdp-candidate", CANDIDATE)):
        rows = series[series["dataset"] == dataset]
        ax.bar(rows["month"] + HALF, rows[column].astype(float), width=MONTH, color=tint)
    apart = series[series["month"] == day.replace(day=1)]
    ax.bar(apart["month"] + HALF, apart[column].astype(float), width=MONTH, color=APART)
    for row in apart.itertuples():
        where = (row.month + 2 * HALF, float(getattr(row, column)))
        label_line(ax, *where, "exit month,\nin neither mean", "#7A6212", dx=4, dy=-8, fontsize=8.6)
    ranged = series.dropna(subset=["deaths_high"])
    middle = ranged["month"] + HALF
    ax.vlines(middle, ranged[column].astype(float), ranged["deaths_high"].astype(float), color=QUIET, lw=0.9)
    ax.bar(rest.index + HALF, rest, width=MONTH, color="white", edgecolor=CANDIDATE, hatch="////", lw=0.8)
    for row in windows.itertuples():
        ax.plot([row.first, row.last], [row.mean] * 2, color=ACCENT, lw=2.6, solid_capstyle="butt")
        middle = row.first + (row.last - row.first) / 2
        near = series.loc[abs(series["month"] + HALF - middle) < 2 * MONTH, column].astype(float)
        halo(ax, middle, max([row.mean, *near]), f"{row.mean:,.0f}", ACCENT, 10.5)
    if len(rest):
        halo(ax, rest.index[len(rest) // 2], rest.iloc[0], f"mean\n{rest.iloc[0]:,.0f}", QUIET, 9)
    ax.set_xlim(series["month"].min(), max([*series["month"], *rest.index]) + pd.Timedelta(days=45))
    ax.set_ylim(0, float(series[["deaths_high", column]].astype(float).max().max()) * 1.06)
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b\n%Y"))
    shade_phases(ax)
    mark_day(ax, day, "break date", ha="right")
    return fig


def halo(ax: Axes, x: object, y: float, text: str, tint: str, size: float) -> None:
    """Write a value above a line, with a white halo so that it reads on bars."""
    label = ax.annotate(text, (x, y), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", color=tint)
    label.set(fontsize=size, fontweight="bold", zorder=9, linespacing=0.95)
    label.set_path_effects([effects.withStroke(linewidth=2.6, foreground="white")])


def placebo_dots(rows: pd.DataFrame, found: Placebo, **head) -> Figure:
    """Return the ratio at every placebo date as a stacked dot, the tested one marked, the middle 90 per cent shaded."""
    fig, ax = canvas(height=2.9, **head)
    others = np.log2(rows.loc[rows["role"] == "placebo", "ratio"].to_numpy())
    cells = np.round(others / 0.12).astype(int)
    height = [int((cells[: i + 1] == c).sum()) for i, c in enumerate(cells)]
    ax.axvspan(np.log2(found.low), np.log2(found.high), color="#EEEBE2", lw=0, zorder=0)
    ax.scatter(cells * 0.12, height, s=24, color="#8E8A80", zorder=2)
    top = max(height)
    ax.plot([np.log2(found.ratio)] * 2, [0, top + 2.1], color=ACCENT, lw=2)
    label_line(ax, np.log2(found.ratio), top + 1.9, f"break date: × {found.ratio:.2f}", ACCENT, va="center")
    ax.annotate(
        "middle 90 % of placebo dates", (np.log2(found.high), top + 0.6), ha="right", fontsize=8.3, color=QUIET,
        xytext=(-4, 0), textcoords="offset points",
    )  # fmt: skip
    ax.set_ylim(0, top + 2.8)
    _ratio_axis(ax, [0.25, 0.5, 1, 2, 4, 8], float(min(others)), float(max(others)))
    ax.set_xlabel("deaths after ÷ deaths before", fontsize=9)
    ax.set_yticks([])
    ax.grid(False)
    return fig


def choices(frame: pd.DataFrame, **head) -> Figure:
    """Return one row a choice: the placebo band as a bar and the ratio at the break as a dot, on a log scale.

    `frame` has `label`, `group`, `ratio`, `low`, `high`; groups are set apart.
    """
    groups = frame["group"].ne(frame["group"].shift()).cumsum() - 1
    y = -(np.arange(len(frame)) + 0.6 * groups.to_numpy())
    fig, ax = canvas(height=0.95 + 0.235 * len(frame) + 0.14 * groups.max() + 0.5, **head)
    out = ~frame["ratio"].between(frame["low"], frame["high"])
    ax.hlines(y, np.log2(frame["low"]), np.log2(frame["high"]), color="#DDD8CA", lw=9)
    ax.axvline(0, color=QUIET, lw=0.8)
    ax.scatter(np.log2(frame["ratio"]), y, s=34, color=np.where(out, ACCENT, INK), zorder=3)
    right = ax.get_yaxis_transform()
    for where, ratio, outside in zip(y, frame["ratio"], out, strict=True):
        tint = ACCENT if outside else INK
        ax.text(
            1.0,
            where,
            f"{ratio:.2f}",
            transform=right,
            ha="right",
            va="center",
            fontsize=8.8,
            fontweight="bold",
            color=tint,
        )
    ax.set_yticks(y, frame["label"], fontsize=8.6, color=INK)
    _ratio_axis(ax, [0.25, 0.5, 1, 2, 4], float(np.log2(frame["low"].min())), float(np.log2(frame["high"].max())))
    ax.set_xlabel("after ÷ before (grey: middle 90 % of placebo dates)", fontsize=9)
    ax.grid(False)
    return fig


def panels(table: pd.DataFrame, day: pd.Timestamp, means: pd.DataFrame, colours: dict[str, str], **head) -> Figure:
    """Return one small bar chart a column of `table` (months), with the means before and after `day` as lines.

    `means` has the same columns and the rows `before` and `after`, each with the first and last month in its index name.
    """
    fig, axes = canvas(height=4.0, rows=2, cols=2, sharex=True, sharey=False, **head)
    for ax, name in zip(axes.flat, colours, strict=True):
        ax.bar(table.index + HALF, table[name], width=MONTH, color=colours[name], alpha=0.85)
        for row in means.itertuples():
            ax.plot([row.first, row.last], [row.means[name]] * 2, color=INK, lw=1.8)
            middle = row.first + (row.last - row.first) / 2
            near = table.loc[abs(table.index + HALF - middle) < 2 * MONTH, name]
            halo(ax, middle, max(row.means[name], near.max()), f"{row.means[name]:,.0f}", INK, 9)
        ax.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)))
        ax.set_title(name, fontsize=9.2, loc="left", color=colours[name], fontweight="bold")
        ax.set_ylim(0, table[name].max() * 1.2)
        _months(ax)
    return fig


def _ratio_axis(ax: Axes, ticks: list[float], low: float, high: float) -> None:
    at = [t for t in ticks if low - 0.6 <= np.log2(t) <= high + 0.6]
    ax.xaxis.set_major_locator(FixedLocator([float(np.log2(t)) for t in at]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"× {2**x:g}"))
    ax.set_xlim(low - 0.35, high + 0.45)


def _months(ax: Axes) -> None:
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 4, 7, 10)))
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(ax.xaxis.get_major_locator(), show_offset=False))
    ax.tick_params(labelsize=8.4)
