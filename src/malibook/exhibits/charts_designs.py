"""Charts of the designs that compare countries: the gap between them, and differences in differences.

Synthetic controls are drawn in `charts_synthetic`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.style import INK, QUIET, canvas, label_line

MEANS, LOGS, ACCENT = "#004488", "#997700", "#BB5566"


def gaps(
    quarters: Mapping[str, pd.Series], trends: Mapping[str, pd.Series], days: Sequence[tuple[pd.Timestamp, str]], headline: str, subtitle: str
) -> Figure:  # fmt: skip
    """Draw how many times as many die in one country as in each comparison, by quarter, a panel a comparison.

    `quarters` holds the ratios; `trends` the line fitted before the first day and carried on, drawn dashed from there.
    """
    fig, axes = canvas(headline, subtitle, height=6.2, rows=len(quarters), sharex=True, sharey=True)
    for number, (ax, (title, values)) in enumerate(zip(axes, quarters.items(), strict=True)):
        ax.axhline(1, color=QUIET, lw=0.8)
        ax.plot(values.index + pd.Timedelta(days=45), values, color=MEANS, lw=1.2, marker="o", ms=4)
        line, first = trends[title], days[0][0]
        ax.plot(line[line.index <= first], color=ACCENT, lw=2.2)
        ax.plot(line[line.index >= first], color=ACCENT, lw=1.6, ls=(0, (3, 2)))
        for at, (day, words) in enumerate(days):
            ax.axvline(day, color=INK, lw=0.9, ls=(0, (4, 2)), zorder=1)
            if number == 0:
                ax.annotate(words, (mdates.date2num(day), 0.98), xycoords=ax.get_xaxis_transform(), xytext=(3 if at else -3, 0),
                            textcoords="offset points", ha="left" if at else "right", va="top", fontsize=8.2, color=QUIET)  # fmt: skip
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
    _times(axes[0], "y", 0.02, 100)
    axes[0].set_ylim(0.03, 90)
    axes[0].xaxis.set_major_locator(mdates.YearLocator())
    axes[0].xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    return fig


def differences(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one row a comparison: the ratio of means with its 95 % interval, and beneath it the same from logs.

    `rows` has `label`, `group`, `ratio`, `low`, `high`, `log_ratio`, `log_low`, `log_high`; groups are named and set apart.
    """
    starts = rows["group"].ne(rows["group"].shift())
    at = np.arange(len(rows)) + 1.0 * starts.cumsum().to_numpy()
    fig, ax = canvas(headline, subtitle, height=1.35 + 0.33 * at.max())
    for y, one in zip(at, rows.itertuples(), strict=True):
        for shift, ink, low, value, high in (
            (-0.16, MEANS, one.low, one.ratio, one.high),
            (0.16, LOGS, one.log_low, one.log_ratio, one.log_high),
        ):
            ax.plot([low, high], [y + shift] * 2, color=ink, lw=1.9, zorder=2)
            ax.scatter([value], [y + shift], s=26, color=ink, zorder=3)
        ax.annotate(
            f"×{one.ratio:.2f}",
            (1.01, y - 0.22),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=8.2,
            color=MEANS,
            annotation_clip=False,
        )
        ax.annotate(
            f"×{one.log_ratio:.2f}",
            (1.01, y + 0.22),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=8.2,
            color=LOGS,
            annotation_clip=False,
        )
    for y, name in zip(at[starts], rows.loc[starts, "group"], strict=True):
        ax.annotate(
            name,
            (0, y - 0.95),
            xycoords=("figure fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.8,
            fontweight="bold",
            color=INK,
        )
    ax.axvline(1, color=INK, lw=1, zorder=1)
    ax.set_yticks(at, rows["label"], fontsize=8.6)
    _times(ax, "x", 0.1, 12)
    ax.set(ylim=(at.max() + 0.6, -0.75))
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x")
    label_line(
        ax, 1.01, -0.45, "means", MEANS, xycoords=ax.get_yaxis_transform(), annotation_clip=False, dx=-62, fontsize=8.6
    )
    label_line(
        ax, 1.01, -0.45, "logs", LOGS, xycoords=ax.get_yaxis_transform(), annotation_clip=False, dx=-22, fontsize=8.6
    )
    return fig


def everywhere(
    ratios: Mapping[str, pd.DataFrame], tested: Mapping[str, pd.DataFrame], reach: pd.Timestamp, headline: str, subtitle: str
) -> Figure:  # fmt: skip
    """Draw the same comparison made at every month, a panel a comparison, with the tested days named by dots.

    Months from `reach` on have windows that reach into the tested period, and are drawn paler.
    """
    fig, axes = canvas(headline, subtitle, height=5.8, rows=len(ratios), sharex=True, sharey=True)
    for ax, (title, rows) in zip(axes, ratios.items(), strict=True):
        ax.axhline(1, color=QUIET, lw=0.8)
        clean = rows["day"] < reach
        ax.plot(rows.loc[clean, "day"], rows.loc[clean, "ratio"], color=MEANS, lw=2)
        ax.plot(rows.loc[~clean, "day"], rows.loc[~clean, "ratio"], color="#A9BBD6", lw=1.6)
        falling = rows["ratio"].iloc[-1] < tested[title]["ratio"].iloc[-1]
        heights = (12, 11 if falling else -11)
        for one, ha, dx, dy in zip(tested[title].itertuples(), ("right", "left"), (-7, 7), heights, strict=False):
            ax.scatter([one.day], [one.ratio], s=34, color=ACCENT, zorder=4)
            text = ax.annotate(f"{one.day:%b %Y}: ×{one.ratio:.1f}", (one.day, one.ratio), xytext=(dx, dy), ha=ha, va="center",
                               textcoords="offset points", fontsize=8.3, color=ACCENT, fontweight="bold")  # fmt: skip
            text.set_path_effects([effects.withStroke(linewidth=2.6, foreground="#FFFFFF")])
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
    _times(axes[0], "y", 0.02, 60)
    axes[0].set_ylim(0.012, 60)
    return fig


def _times(ax: Axes, axis: str, low: float, high: float) -> None:
    """Make an axis logarithmic with ticks that read as factors, within the given bounds."""
    scale, ticks = (ax.set_xscale, ax.set_xticks) if axis == "x" else (ax.set_yscale, ax.set_yticks)
    scale("log")
    at = [t for t in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low <= t <= high]
    if axis == "y":
        at = [t for t in at if t in (0.1, 1, 10)]
    ticks(at, [f"×{t:g}" for t in at])
    ax.minorticks_off()
