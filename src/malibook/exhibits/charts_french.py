"""Charts of the chapter on the French intervention: deaths by month and by type, incidents, neighbours."""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.figure import Figure

from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.style import COUNTRY_COLOURS, INK, TYPE_COLOURS, canvas, colour, label_line, note

NAMES = {"MLI": "Mali", "BFA": "Burkina Faso", "NER": "Niger"}


def months(series: pd.DataFrame, column: str, rolled: pd.Series, headline: str, subtitle: str) -> Figure:
    """Draw deaths by month with the high estimate in pale, and the mean of the twelve months that end with each."""
    fig, ax = canvas(headline, subtitle, height=3.9)
    x, y = series["month"], series[column].astype(float)
    edges = mdates.date2num([*x, x.max() + pd.DateOffset(months=1)])
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0, y.max() * 1.2))
    ax.xaxis_date()
    shade_phases(ax)
    if column == "deaths_best" and series["deaths_high"].notna().any():
        ax.stairs(series["deaths_high"].astype(float), edges, fill=True, color="#BBCCDD", zorder=2)
    ax.stairs(y, edges, fill=True, color=TYPE_COLOURS["state-based"], zorder=3)
    ax.plot(x + pd.DateOffset(months=1), rolled, color="#DDAA33", lw=2.2, zorder=4)
    at = len(x) // 2
    ax.annotate("mean of the last 12 months", (x[at], rolled[at]), xytext=(-40, 58), textcoords="offset points", ha="center",
                color="#997700", fontweight="bold", fontsize=9, arrowprops={"arrowstyle": "-", "lw": 0.8, "color": "#997700"})  # fmt: skip
    top = y.idxmax()
    note(ax, x[top], y[top], f"{x[top]:%B %Y}: {y[top]:,.0f}", dx=-16, dy=4, ha="right")
    return fig


def types_by_year(table: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths a year stacked by type, the share of one-sided violence above each bar.

    `table` is indexed by year with one column a type.
    """
    fig, ax = canvas(headline, subtitle, height=3.9)
    base = pd.Series(0.0, index=table.index)
    for kind in ("state-based", "non-state", "one-sided"):
        ax.bar(table.index, table[kind], bottom=base, width=0.74, color=TYPE_COLOURS[kind], zorder=3)
        base = base + table[kind]
    for year, total in base.items():
        share = table.loc[year, "one-sided"] / total
        ax.annotate(f"{share:.0%}", (year, total), xytext=(0, 3), textcoords="offset points",
                    ha="center", va="bottom", fontsize=8.4, color=TYPE_COLOURS["one-sided"], fontweight="bold")  # fmt: skip
    words = {"one-sided": "one-sided: civilians killed as such", "non-state": "non-state: armed groups among themselves",
             "state-based": "state-based: a state is a party"}  # fmt: skip
    for line, (kind, text) in enumerate(words.items()):
        ax.annotate(text, (0.02, 0.93 - 0.085 * line), xycoords="axes fraction", fontsize=8.8, fontweight="bold",
                    color="#997700" if kind == "non-state" else TYPE_COLOURS[kind])  # fmt: skip
    ax.set(xticks=table.index, xlim=(table.index.min() - 0.6, table.index.max() + 0.6), ylim=(0, base.max() * 1.1))
    ax.set_xticks(table.index, [str(y) if i % 2 == 0 else "" for i, y in enumerate(table.index)])
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    return fig


def incidents(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw the range of each incident's toll, lowest to highest claim, with the figure held best as a dot.

    `rows` has `label`, `side`, `palette`, `killed_low`, `killed_best`, `killed_high` and `floor` (the highest figure is
    a minimum), in the order drawn from the top.
    """
    fig, ax = canvas(headline, subtitle, height=1.5 + 0.27 * len(rows))
    widest = rows["killed_high"].max()
    for y, one in enumerate(rows.itertuples()):
        ink = colour(one.palette)
        ax.plot([one.killed_low, one.killed_high], [y, y], color=ink, lw=4, alpha=0.4, solid_capstyle="round", zorder=2)
        ax.scatter([one.killed_best], [y], s=34, color=ink, zorder=3)
        far = one.killed_high > 0.7 * widest
        middle = (one.killed_low + one.killed_high) / 2
        at, dx, dy, ha = (middle, 0, 9, "center") if far else (one.killed_high, 8, 0, "left")
        ax.annotate(_toll(one), (at, y), xytext=(dx, dy), textcoords="offset points",
                    ha=ha, va="center", fontsize=8.4, color=INK)  # fmt: skip
        ax.annotate(one.side, (1.0, y), xycoords=ax.get_yaxis_transform(), xytext=(6, 0), textcoords="offset points",
                    va="center", fontsize=8.4, fontweight="bold", annotation_clip=False,
                    color="#997700" if one.palette == "militias" else ink)  # fmt: skip
    ax.set(yticks=range(len(rows)), ylim=(len(rows) - 0.4, -0.6), xlim=(-5, widest * 1.03))
    ax.set_yticklabels(rows["label"], fontsize=8.5)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    return fig


def _toll(one: tuple) -> str:
    """Return a toll as `157 (134–174)`, best and then lowest to highest, or `500 or more (lowest 203)` for a floor."""
    low, best, high = int(one.killed_low), int(one.killed_best), int(one.killed_high)
    if one.floor:
        return f"{best} or more" + (f" (lowest {low})" if low < best else "")
    return f"{best}" if low == high else f"{best} ({low}–{high})"


def neighbours(totals: pd.DataFrame, day: pd.Timestamp, words: str, headline: str, subtitle: str) -> Figure:
    """Draw the deaths of the last twelve months in Mali and its neighbours, one line each, with one day marked.

    `totals` has `iso3`, `month` and `year_to` (deaths in the twelve months that end with `month`).
    """
    fig, ax = canvas(headline, subtitle, height=3.8)
    for iso3, rows in totals.groupby("iso3"):
        rows = rows.dropna(subset="year_to")
        ax.plot(rows["month"], rows["year_to"], color=COUNTRY_COLOURS[iso3], lw=2.4 if iso3 == "MLI" else 1.9)
        label_line(
            ax, rows["month"].iloc[-1], rows["year_to"].iloc[-1], NAMES[iso3], COUNTRY_COLOURS[iso3], fontsize=8.8
        )
    first, last = totals["month"].min(), totals["month"].max()
    ax.set(xlim=(first, last), ylim=(0, None))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    mark_day(ax, day, words, ha="right")
    return fig
