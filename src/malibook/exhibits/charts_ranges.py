"""Ranges that can be defended, one row each: from a floor to the highest claim."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.figure import Figure

from malibook.analysis.bounds import claimed_range
from malibook.exhibits.style import FAINT, INK, PAPER, QUIET, canvas


def range_chart(frame: pd.DataFrame, *, headline: str, subtitle: str, colours: list[str], top: float) -> Figure:
    """Return a chart of ranges, one row each: `label`, `at_least`, `at_most`, `at_most_open`, `note`, `strong`.

    A filled mark is a floor, a hollow one the highest claim; either may be missing. Rows come in the order given, from
    the top; `colours` has one colour a row; the note stands at the right edge, a strong row's name in bold.
    """
    labels = [textwrap.fill(label, 34) for label in frame["label"]]
    fig, ax = canvas(headline, subtitle, height=1.35 + len(frame) * 0.33)
    for y, (row, colour) in enumerate(zip(frame.itertuples(), colours, strict=True)):
        low, high = row.at_least, row.at_most
        if pd.notna(low) and pd.notna(high):
            ax.plot([low, high], [y, y], color=colour, lw=3, alpha=0.35, solid_capstyle="butt", zorder=2)
        if pd.notna(high):
            ax.plot(high, y, "o", ms=6.5, mfc=PAPER, mec=colour, mew=1.5, zorder=3)
        if pd.notna(low):
            ax.plot(low, y, "o", ms=6.5, color=colour, zorder=4)
        end = max(x for x in (low, high, 0) if pd.notna(x))
        ax.annotate(
            claimed_range(low, high, bool(row.at_most_open)),
            (end, y),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight="bold",
            color=INK,
        )
        ax.text(top, y, row.note, fontsize=8.4, color=QUIET, ha="right", va="center")
    ax.set(xlim=(0, top), ylim=(len(frame) - 0.5, -0.6), yticks=range(len(frame)), yticklabels=labels)
    ax.tick_params(axis="y", labelsize=8.8, length=0, labelcolor=INK)
    for name, strong in zip(ax.get_yticklabels(), frame["strong"], strict=True):
        name.set_fontweight("bold" if strong else "normal")
    ax.set_xticks([x for x in ax.get_xticks() if x <= frame[["at_least", "at_most"]].max().max()])
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return fig
