"""Charts of what surrounds a country's violence: flight, hunger, democracy."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from malibook.exhibits.charts_profile import lines
from malibook.exhibits.charts_regional import apart
from malibook.exhibits.style import INK, QUIET, canvas, label_line

MEASURE_COLOURS = {
    "refugees-abroad": "#004488",
    "asylum-seekers-abroad": "#6699CC",
    "idps-unhcr": "#BB5566",
    "idps-idmc": "#997700",
    "refugees-hosted": "#117733",
}


def flight(rows: pd.DataFrame, names: dict[str, str], headline: str, subtitle: str) -> Figure:
    """Draw persons at the end of each year, one line a measure (`year`, `measure`, `value`), named at its end."""
    fig, ax = canvas(headline, subtitle, height=3.8)
    ends, last = {}, int(rows["year"].max())
    for measure, own in rows.groupby("measure", sort=False):
        values = own["value"].astype(float)
        ax.plot(own["year"].astype(int), values, color=MEASURE_COLOURS[measure], lw=2, marker="o", ms=3)
        ends[measure] = float(values.iloc[-1])
    top = float(rows["value"].astype(float).max()) * 1.06
    for measure, at in apart(ends, top * 0.075, floor=0).items():
        label_line(ax, last + 0.2, at, names[measure], MEASURE_COLOURS[measure], fontsize=8.2)
    ax.set(ylim=(0, top))
    ax.xaxis.set_major_locator(_whole())
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    return fig


def hunger(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw people in phase 3 or worse by season (`day`, `people`, `kind`): solid as analysed, hollow as projected."""
    fig, ax = canvas(headline, subtitle, height=3.3)
    ax.vlines(rows["day"], 0, rows["people"], color="#D9D6CE", lw=2, zorder=1)
    for kind, face in (("current", "#997700"), ("projected", "white")):
        own = rows[rows["kind"] == kind]
        ax.scatter(own["day"], own["people"], s=30, facecolors=face, edgecolors="#997700", zorder=3, label=kind)
    ax.set_ylim(0, float(rows["people"].max()) * 1.1)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.legend(loc="upper left", fontsize=8.4, handlelength=0.8, borderpad=0.2)
    return fig


def democracy(rows: pd.DataFrame, coups: pd.DataFrame, country: str, headline: str, subtitle: str) -> Figure:
    """Draw the index of a country among others, from 0 to 1, with its successful coups marked (`month`, `outcome`)."""
    fig, ax = canvas(headline, subtitle, height=3.9)
    lines(ax, rows.rename(columns={"liberal_democracy": "value"}), country)
    ax.set_ylim(0, max(0.6, float(rows["liberal_democracy"].max()) * 1.05))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:.1f}")
    first, last = int(rows["year"].min()), int(rows["year"].max())
    for one in coups[coups["outcome"] == "succeeded"].itertuples():
        at = one.month.year + (one.month.month - 0.5) / 12 - 0.5  # a year's value stands at its middle
        if first <= at <= last:
            ax.axvline(at, color=INK, lw=0.9, ls=(0, (4, 2)), zorder=1)
            ax.annotate("coup", (at, 0.985), xycoords=ax.get_xaxis_transform(), xytext=(3, 0), textcoords="offset points",
                        va="top", fontsize=8, color=QUIET)  # fmt: skip
    return fig


def _whole():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=8, integer=True)
