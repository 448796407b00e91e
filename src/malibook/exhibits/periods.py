"""The conflict's periods as shaded bands, the same in every chart over time."""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from malibook.evidence import phases
from malibook.exhibits.style import PHASE_TINTS, QUIET


def shade_phases(ax: Axes, *, labels: bool = True, scheme: str = "main") -> None:
    """Shade each period behind the data, within the axis's present limits, and name it along the top edge.

    Call it after `ax.set_xlim`. A name that does not fit its band gives way to the short one, then to none.
    """
    left, right = (pd.Timestamp(mdates.num2date(x)).tz_localize(None) for x in ax.get_xlim())
    for number, phase in enumerate(phases(scheme)):
        start, end = max(phase.start, left), min(phase.end or right, right)
        if start >= end:
            continue
        ax.axvspan(start, end, color=PHASE_TINTS[number % 2], zorder=0, lw=0)
        share = (end - start) / (right - left)
        text = _fitting(phase.label, phase.short_label, share)
        if labels and text:
            _name_band(ax, start + (end - start) / 2, text)
    ax.set_xlim(left, right)


def mark_day(ax: Axes, day: pd.Timestamp, text: str, *, y: float = 0.97, ha: str = "left") -> None:
    """Draw a thin line at one day and name it; `y` is a share of the axis's height."""
    ax.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
    shift = 4 if ha == "left" else -4
    ax.annotate(
        text,
        (day, y),
        xycoords=ax.get_xaxis_transform(),
        xytext=(shift, 0),
        textcoords="offset points",
        ha=ha,
        va="top",
        fontsize=8.3,
        color=QUIET,
    )


def _name_band(ax: Axes, middle: pd.Timestamp, text: str) -> None:
    ax.annotate(
        text,
        (middle, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=7.8,
        color=QUIET,
        linespacing=1.05,
    )


def _fitting(label: str, short: str, share: float) -> str:
    """Return the longest name that fits a band of this share of the axis (about 84 letters across, two lines)."""
    room = share * 84
    for text in (label, label.replace(" ", "\n"), label.replace("-", "-\n"), short, short.replace(" ", "\n")):
        if max(map(len, text.split("\n"))) <= room and text.count("\n") < 3:
            return text
    return ""
