"""The conflict's periods as shaded bands, the same in every chart over time."""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes

from malibook.evidence import phases
from malibook.exhibits.ledger import chosen_phases
from malibook.exhibits.style import PHASE_TINTS, QUIET

SIZE = 8.0  # points


def shade_phases(ax: Axes, *, labels: bool = True, scheme: str = "") -> None:
    """Shade each period behind the data, within the axis's present limits, and name it along the top edge.

    Call it after `ax.set_xlim`. Without a `scheme` it is that of the open chapter's parameter `phases`. A name that
    does not fit its band gives way to the short one, one that would touch its neighbour moves up a row.
    """
    left, right = (pd.Timestamp(mdates.num2date(x)).tz_localize(None) for x in ax.get_xlim())
    taken: list[list[tuple[float, float]]] = [[], []]  # what is written in the lower and in the upper row of names
    for number, phase in enumerate(phases(scheme or chosen_phases())):
        start, end = max(phase.start, left), min(phase.end or right, right)
        if start >= end:
            continue
        ax.axvspan(start, end, color=PHASE_TINTS[number % 2], zorder=0, lw=0)
        if labels:
            middle = ((start - left) / (right - left) + (end - left) / (right - left)) / 2
            _name_band(ax, middle, (end - start) / (right - left), (phase.label, phase.short_label), taken)
    ax.set_xlim(left, right)


def mark_day(ax: Axes, day: pd.Timestamp, text: str, *, y: float = 0.97, ha: str = "left") -> None:
    """Draw a thin line at one day and name it; `y` is a share of the axis's height."""
    ax.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
    shift = 4 if ha == "left" else -4
    ax.annotate(
        text,
        (mdates.date2num(day), y),
        xycoords=ax.get_xaxis_transform(),
        xytext=(shift, 0),
        textcoords="offset points",
        ha=ha,
        va="top",
        fontsize=8.3,
        color=QUIET,
    )


def _name_band(ax: Axes, middle: float, share: float, names: tuple[str, str], taken: list) -> None:
    """Write a band's name above it: the full name where it fits, else the short one, one row up where it must be."""
    letter = _letter(ax)
    text = names[0] if len(names[0]) * letter <= share else names[1]
    half = len(text) * letter / 2
    place = min(max(middle, half), 1 - half)
    for row, others in enumerate(taken):
        if all(place + half + letter < a or place - half - letter > b for a, b in others):
            others.append((place - half, place + half))
            ax.annotate(
                text,
                (place, 1),
                xycoords="axes fraction",
                xytext=(0, 3 + 10 * row),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=SIZE,
                color=QUIET,
            )
            return


def _letter(ax: Axes) -> float:
    """Return the width of one letter of a band's name, as a share of the axis (DejaVu Sans: about 0.6 em)."""
    inches = ax.get_position().width * ax.figure.get_figwidth()
    return 0.6 * SIZE / 72 / inches
