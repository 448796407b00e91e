"""Charts of breaks in a series: levels and penalties, steps at named dates, the same test at every month."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.style import INK, QUIET, TYPE_COLOURS, canvas, label_line

LEVEL, WITHOUT = "#BB5566", "#997700"


def levels(
    series: pd.DataFrame, column: str, segments: pd.DataFrame, path: pd.DataFrame, chosen: float, headline: str, subtitle: str
) -> Figure:  # fmt: skip
    """Draw the series with the level of each segment above, and below it the breaks found at each strength."""
    fig, (above, below) = canvas(headline, subtitle, height=5.3, rows=2, sharex=True, height_ratios=(3, 2))
    x, last = series["month"], series["month"].max() + pd.DateOffset(months=1)
    for ax in (above, below):
        ax.set_xlim(x.min(), last)
    above.stairs(
        series[column].astype(float) + 1, mdates.date2num([*x, last]), baseline=1, fill=True, color="#BBCCDD", zorder=2
    )
    above.set_yscale("log")
    above.set_ylim(1, 3000)
    above.set_yticks([1, 11, 101, 1001], ["0", "10", "100", "1,000"])
    above.minorticks_off()
    shade_phases(above)
    starts = [*segments["start"], last]
    for (a, b), level in zip(pairwise(starts), segments["level"], strict=True):
        above.plot([a, b], [level + 1] * 2, color=LEVEL, lw=2.6, zorder=4, solid_capstyle="butt")
        text = above.annotate(f"{level:,.0f}", (a + (b - a) / 2, level + 1), xytext=(0, 4), textcoords="offset points",
                              ha="center", color=LEVEL, fontweight="bold", fontsize=9, zorder=5)  # fmt: skip
        text.set_path_effects([effects.withStroke(linewidth=2.2, foreground="#FFFFFF")])
    below.scatter(path["month"], path["strength"], s=15, color=LEVEL, zorder=3)
    below.axhline(chosen, color=QUIET, lw=1, ls=(0, (4, 2)))
    below.annotate("used here", (1, chosen), xycoords=below.get_yaxis_transform(), xytext=(-2, 3),
                   textcoords="offset points", ha="right", fontsize=8.3, color=QUIET)  # fmt: skip
    shade_phases(below, labels=False)
    below.set_ylim(0, path["strength"].max() * 1.08)
    below.set_title("Breaks found, by strength of the penalty", fontsize=8.8, color=QUIET, loc="left", pad=3)
    return fig


def steps(full: pd.DataFrame, without: pd.DataFrame, left_out: str, headline: str, subtitle: str) -> Figure:
    """Draw the step at each named date with its 95 % interval, with all months and with one month left out.

    Both frames hold `label`, `ratio`, `low`, `high`, in the order drawn from the top.
    """
    fig, ax = canvas(headline, subtitle, height=4.1)
    for shift, rows, ink in ((-0.17, full, TYPE_COLOURS["state-based"]), (0.17, without, WITHOUT)):
        for y, one in enumerate(rows.itertuples()):
            ax.plot([one.low, one.high], [y + shift] * 2, color=ink, lw=2.2, zorder=2)
            ax.scatter([one.ratio], [y + shift], s=40, color=ink, zorder=3)
            text = f"×{one.ratio:.1f}  ({one.low:.1f}–{one.high:.1f})"
            ax.annotate(text, (1.01, y + shift), xycoords=ax.get_yaxis_transform(), va="center", fontsize=8.4, color=ink,
                        annotation_clip=False)  # fmt: skip
    ax.axvline(1, color=INK, lw=1, zorder=1)
    ax.set_xscale("log")
    low = min(0.2, full["low"].min(), without["low"].min()) * 0.9
    ax.set(xlim=(low, max(12, full["high"].max(), without["high"].max()) * 1.1), ylim=(len(full) - 0.5, -0.75))
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= t <= ax.get_xlim()[1]]
    ax.set_xticks(ticks, [f"×{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set_yticks(range(len(full)), full["label"], fontsize=8.6)
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x")
    label_line(ax, 1, -0.58, "all months", TYPE_COLOURS["state-based"], dx=8, fontsize=8.6)
    label_line(ax, 1, -0.58, left_out, WITHOUT, dx=82, fontsize=8.6)
    return fig


def placebo(
    everywhere: pd.DataFrame, tested: pd.DataFrame, first: pd.Timestamp, headline: str, subtitle: str
) -> Figure:
    """Draw how clear a step is at every month, in standard errors, with the tested dates (`label`, `day`, `score`) named.

    Months from `first` on have windows that reach into the tested period, and are drawn paler.
    """
    fig, ax = canvas(headline, subtitle, height=3.8)
    clean = everywhere["day"] < first
    span = everywhere["day"].min(), everywhere["day"].max()
    ax.set(xlim=(span[0], span[1] + pd.DateOffset(months=3)), ylim=_limits(everywhere["score"], tested["score"]))
    ax.axhspan(-2, 2, color="#F1EFE8", zorder=0)
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.bar(everywhere["day"], everywhere["score"], width=24, zorder=2,
           color=np.where(clean, "#88A0C8", "#D5DCE8"))  # fmt: skip
    for one in tested.itertuples():
        ax.scatter([one.day], [one.score], s=42, color=LEVEL, zorder=4)
        _name_step(ax, one)
    mark_day(ax, first, "windows reach the tested dates from here", y=0.06, ha="left")
    ax.annotate("within two standard errors", (0.01, 2), xycoords=("axes fraction", "data"), xytext=(0, -3),
                textcoords="offset points", va="top", fontsize=8.2, color=QUIET)  # fmt: skip
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:+.0f}".replace("-", "−") if v else "0")
    return fig


def _name_step(ax: Axes, one: tuple) -> None:
    ax.annotate(one.label, (one.day, one.score), xytext=(one.dx, one.dy), textcoords="offset points", fontsize=8.4,
                ha=one.ha, va="center", color=LEVEL, fontweight="bold",
                arrowprops={"arrowstyle": "-", "lw": 0.7, "color": LEVEL})  # fmt: skip


def _limits(*scores: pd.Series) -> tuple[float, float]:
    every = pd.concat(scores)
    return min(-3.2, every.min() * 1.15), max(3.5, every.max() * 1.25)
