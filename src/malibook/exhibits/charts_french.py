"""Charts of the chapter on the French intervention: forces, deaths over time, strength, incidents, neighbours."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.style import COUNTRY_COLOURS, INK, QUIET, TYPE_COLOURS, canvas, colour, label_line, note

NAMES = {"MLI": "Mali", "BFA": "Burkina Faso", "NER": "Niger"}


def forces(bands: pd.DataFrame, moments: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one band for each force (`label`, `start`, `end`, `palette`) and a mark for each coup and accord.

    `moments` has `date`, `kind` (coup or agreement) and `label`.
    """
    fig, ax = canvas(headline, subtitle, height=4.3)
    last = bands["end"].max()
    ax.set(xlim=(pd.Timestamp("2012-01-01"), last), ylim=(len(bands) - 0.5, -2.3), yticks=[])
    ax.grid(visible=False)
    shade_phases(ax)
    for row, band in enumerate(bands.itertuples()):
        ax.barh(row, band.end - band.start, left=band.start, height=0.52, color=colour(band.palette), zorder=3)
        early = band.start < pd.Timestamp("2019-01-01")
        where, ha, dx = (band.end, "left", 4) if early and band.end < pd.Timestamp("2020-01-01") else (band.start, "right", -4)
        if ha == "right" and band.start < pd.Timestamp("2014-06-01"):
            where, ha, dx = band.start, "left", 6
        ink = "#FFFFFF" if ha == "left" and where == band.start else INK
        ax.annotate(
            band.label, (where, row), xytext=(dx, 0), textcoords="offset points", ha=ha, va="center", fontsize=8.6,
            color=ink, zorder=5,
        )  # fmt: skip
    _moments(ax, moments)
    return fig


def _moments(ax: Axes, moments: pd.DataFrame) -> None:
    marks = {"coup": ("v", "#AA3377", -1.75), "agreement": ("D", "#117733", -1.0)}
    for kind, (marker, ink, height) in marks.items():
        rows = moments[moments["kind"] == kind]
        ax.scatter(rows["date"], [height] * len(rows), marker=marker, s=34, color=ink, zorder=4)
        for one in rows.itertuples():
            ax.annotate(one.label, (one.date, height), xytext=(6, 0), textcoords="offset points", va="center",
                        fontsize=8.3, color=ink, zorder=5)  # fmt: skip


def months(series: pd.DataFrame, column: str, rolled: pd.Series, headline: str, subtitle: str) -> Figure:
    """Draw deaths by month with the high estimate in pale, and the mean of the twelve months that end with each."""
    fig, ax = canvas(headline, subtitle, height=3.9)
    x, y = series["month"], series[column].astype(float)
    ax.set(xlim=(x.min(), x.max() + pd.DateOffset(months=1)), ylim=(0, y.max() * 1.2))
    shade_phases(ax)
    if column == "deaths_best" and series["deaths_high"].notna().any():
        ax.bar(x, series["deaths_high"].astype(float), width=31, align="edge", color="#BBCCDD", zorder=2)
    ax.bar(x, y, width=31, align="edge", color=TYPE_COLOURS["state-based"], zorder=3)
    ax.plot(x + pd.DateOffset(months=1), rolled, color="#DDAA33", lw=2.2, zorder=4)
    at = rolled.last_valid_index()
    label_line(ax, x[at], rolled[at], "mean of 12 months", "#997700", dx=0, dy=34, ha="right")
    top = y.idxmax()
    note(ax, x[top], y[top], f"{x[top]:%B %Y}: {y[top]:,.0f}", dx=-16, dy=4, ha="right")
    return fig


def types_by_year(table: pd.DataFrame, bounds: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths a year stacked by type, the share of one-sided violence above each bar.

    `table` is indexed by year with one column a type; `bounds` holds `low` and `high` of state-based deaths.
    """
    fig, ax = canvas(headline, subtitle, height=3.9)
    base = pd.Series(0.0, index=table.index)
    for kind in ("state-based", "non-state", "one-sided"):
        ax.bar(table.index, table[kind], bottom=base, width=0.74, color=TYPE_COLOURS[kind], zorder=3)
        if table[kind].max() > 0:
            _name_type(ax, table, base, kind)
        base = base + table[kind]
    ax.vlines(table.index - 0.2, bounds["low"], bounds["high"], color="#8FB3D9", lw=2, zorder=4)
    for year, total in base.items():
        share = table.loc[year, "one-sided"] / total
        ax.annotate(f"{share:.0%}", (year, total), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom",
                    fontsize=8.4, color=TYPE_COLOURS["one-sided"], fontweight="bold")  # fmt: skip
    ax.set(xticks=table.index, xlim=(table.index.min() - 0.6, table.index.max() + 0.6), ylim=(0, base.max() * 1.1))
    ax.set_xticks(table.index, [str(y) if i % 2 == 0 else "" for i, y in enumerate(table.index)])
    return fig


def _name_type(ax: Axes, table: pd.DataFrame, base: pd.Series, kind: str) -> None:
    year = table.sum(axis=1).idxmax()
    words = {"state-based": "a state is a party", "non-state": "groups among themselves", "one-sided": "against civilians"}
    ax.annotate(
        f"{kind}: {words[kind]}", (year - 0.37, base[year] + table.loc[year, kind] / 2), xytext=(-74, 0),
        textcoords="offset points", ha="right", va="center", fontsize=8.6, fontweight="bold",
        color="#997700" if kind == "non-state" else TYPE_COLOURS[kind],
        arrowprops={"arrowstyle": "-", "lw": 0.7, "color": QUIET},
    )  # fmt: skip


def strength(points: pd.DataFrame, limit: pd.DataFrame, deaths: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw dated strengths above (`date`, `value`, `group`) and the twelve-month mean of deaths below.

    `limit` is the authorised strength of the UN mission as steps; `deaths` has `month` and `mean`.
    """
    fig, (above, below) = canvas(headline, subtitle, height=5.4, rows=2, sharex=True, height_ratios=(3, 2))
    span = (deaths["month"].min(), deaths["month"].max())
    for ax in (above, below):
        ax.set_xlim(*span)
    looks = {
        "French soldiers, in Mali": ("france", "o", True),
        "French soldiers, Mali and region": ("france", "o", False),
        "MINUSMA, uniformed": ("un", "s", True),
        "MINUSMA, all personnel": ("un", "s", False),
    }
    above.step(limit["date"], limit["value"], where="post", color=colour("un"), lw=1.1, ls=(0, (3, 2)))
    for group, (palette, marker, full) in looks.items():
        rows = points[points["group"] == group]
        face = colour(palette) if full else "#FFFFFF"
        above.scatter(rows["date"], rows["value"], marker=marker, s=34, color=face, edgecolors=colour(palette), lw=1.4, zorder=4)
        if palette == "france":
            above.plot(rows["date"], rows["value"], color=colour(palette), lw=1.1, ls="-" if full else ":", zorder=3)
    above.set_ylim(0, 18800)
    above.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    shade_phases(above)
    below.plot(deaths["month"], deaths["mean"], color=TYPE_COLOURS["state-based"], lw=2)
    below.set_ylim(0, None)
    shade_phases(below, labels=False)
    below.set_title("Deaths a month, mean of the last 12 months", fontsize=8.8, color=QUIET, loc="left", pad=3)
    _name_strengths(above, points, limit)
    return fig


def _name_strengths(ax: Axes, points: pd.DataFrame, limit: pd.DataFrame) -> None:
    label_line(ax, limit["date"].iloc[0], limit["value"].iloc[0], "MINUSMA’s ceiling", colour("un"), dx=0, dy=9)
    places = {
        "MINUSMA, uniformed": (0, 8, -14, "left"),
        "MINUSMA, all personnel": (0, -8, 10, "right"),
        "French soldiers, Mali and region": (-3, 0, 12, "center"),
        "French soldiers, in Mali": (4, 8, -10, "left"),
    }
    for group, (which, dx, dy, ha) in places.items():
        rows = points[points["group"] == group]
        if len(rows) > abs(which):
            one, ink = rows.iloc[which], colour("france" if "French" in group else "un")
            label_line(ax, one["date"], one["value"], group, ink, dx=dx, dy=dy, ha=ha, fontsize=8.6)


def incidents(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw the range of each incident's toll, lowest to highest claim, with the figure held best as a dot.

    `rows` has `label`, `killed_low`, `killed_best`, `killed_high` and `palette`, in the order drawn from the top.
    """
    fig, ax = canvas(headline, subtitle, height=0.9 + 0.285 * len(rows) + 0.5)
    for y, one in enumerate(rows.itertuples()):
        ink = colour(one.palette)
        ax.plot([one.killed_low, one.killed_high], [y, y], color=ink, lw=4, alpha=0.4, solid_capstyle="round", zorder=2)
        ax.scatter([one.killed_best], [y], s=34, color=ink, zorder=3)
        ends = sorted({int(one.killed_low), int(one.killed_best), int(one.killed_high)})
        ax.annotate(" / ".join(f"{v}" for v in ends), (one.killed_high, y), xytext=(7, 0), textcoords="offset points",
                    va="center", fontsize=8.3, color=INK)  # fmt: skip
    ax.set(yticks=range(len(rows)), ylim=(len(rows) - 0.4, -0.6), xlim=(0, rows["killed_high"].max() * 1.16))
    ax.set_yticklabels(rows["label"], fontsize=8.3)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    return fig


def neighbours(totals: pd.DataFrame, day: pd.Timestamp, words: str, headline: str, subtitle: str) -> Figure:
    """Draw the deaths of the last twelve months in Mali and its neighbours, one line each, with one day marked.

    `totals` has `iso3`, `month` and `year_to` (deaths in the twelve months that end with `month`).
    """
    fig, ax = canvas(headline, subtitle, height=3.8)
    for iso3, rows in totals.groupby("iso3"):
        rows = rows.dropna(subset="year_to")
        ax.plot(rows["month"], rows["year_to"], color=COUNTRY_COLOURS[iso3], lw=2.4 if iso3 == "MLI" else 1.9)
        label_line(ax, rows["month"].iloc[-1], rows["year_to"].iloc[-1], NAMES[iso3], COUNTRY_COLOURS[iso3], fontsize=8.8)
    first, last = totals["month"].min(), totals["month"].max()
    ax.set(xlim=(first, last + (last - first) * 0.16), ylim=(0, None))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    mark_day(ax, day, words, ha="right")
    return fig


def close(fig: Figure) -> None:
    """Close a figure that is not shown (for tests)."""
    plt.close(fig)
