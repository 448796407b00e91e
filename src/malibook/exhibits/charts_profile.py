"""Charts of one country, whichever it is: deaths by year and type, by month, and beside the other countries."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.evidence import country_title
from malibook.exhibits.charts_regional import apart
from malibook.exhibits.periods import mark_day
from malibook.exhibits.style import INK, QUIET, TYPE_COLOURS, canvas, label_line

OWN, OTHER, LEVEL = "#004488", "#A9A59B", "#BB5566"
MOST_NAMED = 8  # with more lines than these only the country's own is named
SHORT = {"Central African Republic": "Central Afr. Rep.", "Democratic Republic of the Congo": "D. R. Congo"}


def short_name(code: str) -> str:
    """Return a country's name as it fits beside a line."""
    title = country_title(code)
    return SHORT.get(title, title)


def years(
    wide: pd.DataFrame, bounds: pd.DataFrame, part: float | None, part_label: str, headline: str, subtitle: str
) -> Figure:
    """Draw deaths a year stacked by type (columns of `wide`), with the range of the total as a line (`year`, `low`, `high`).

    `part` is the total of an unfinished year, drawn hollow after the last one under `part_label`.
    """
    fig, ax = canvas(headline, subtitle, height=4.2)
    base = pd.Series(0.0, index=wide.index)
    for kind in wide:
        ax.bar(
            wide.index,
            wide[kind],
            bottom=base,
            width=0.74,
            color=TYPE_COLOURS[kind],
            zorder=3,
            label=kind,
        )
        base = base + wide[kind]
    ax.vlines(bounds["year"].astype(int), bounds["low"], bounds["high"], color=INK, lw=1.1, zorder=4)
    ticks, names = _year_ticks(wide.index)
    if part is not None:
        at = int(wide.index.max()) + 1
        ax.bar([at], [part], width=0.74, facecolor="none", edgecolor=QUIET, ls="--", lw=1, zorder=3)
        ticks, names = (
            [t for t in ticks if t < at - 1] + [at],
            [n for t, n in zip(ticks, names, strict=True) if t < at - 1] + [part_label],
        )
    ax.set_xticks(ticks, names, fontsize=8.8)
    ax.set_ylim(0, max(1.0, ax.get_ylim()[1]))
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.01, 1),
        ncols=3,
        fontsize=8,
        handlelength=0.9,
        columnspacing=1.0,
        borderpad=0.1,
    )
    return fig


def months(series: pd.DataFrame, levels: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths a month (`month`, `deaths`, `dataset`) with the levels between breaks, where there are any.

    A change of the dataset is marked, for it can look like a change of the war.
    """
    fig, ax = canvas(headline, subtitle, height=3.9)
    last = series["month"].max() + pd.DateOffset(months=1)
    ax.set_xlim(series["month"].min(), last)
    ax.stairs(
        series["deaths"].fillna(0) + 1,
        mdates.date2num([*series["month"], last]),
        baseline=1,
        fill=True,
        color="#BBCCDD",
        zorder=2,
    )
    ax.set_yscale("log")
    top = max(12.0, float(series["deaths"].max()) + 1)
    ax.set_ylim(1, top * 2.6)
    ticks = [t for t in (0, 10, 100, 1000, 10_000) if t < top * 2]
    ax.set_yticks([t + 1 for t in ticks], [f"{t:,}" for t in ticks])
    ax.minorticks_off()
    starts = [*levels["start"], last]
    for (a, b), level in zip(pairwise(starts), levels["level"], strict=True):
        ax.plot([a, b], [level + 1] * 2, color=LEVEL, lw=2.4, zorder=4, solid_capstyle="butt")
        ax.annotate(f"{level:,.0f}", (a + (b - a) / 2, level + 1), xytext=(0, 4), textcoords="offset points", ha="center",
                    color=LEVEL, fontweight="bold", fontsize=8.6, zorder=5)  # fmt: skip
    for day, name in turns(series):
        mark_day(ax, day, name, y=0.985, ha="right")
    ax.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=4, maxticks=9))
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(ax.xaxis.get_major_locator(), show_offset=False))
    return fig


def turns(series: pd.DataFrame) -> list[tuple[pd.Timestamp, str]]:
    """Return the months from which another dataset is taken, with what is said of it."""
    names = {"ucdp-ged": "final events from here", "ucdp-candidate": "candidate events from here"}
    kept = series.dropna(subset="dataset")
    changed = kept[kept["dataset"] != kept["dataset"].shift()].iloc[1:]
    return [(row.month, names.get(row.dataset, f"{row.dataset} from here")) for row in changed.itertuples()]


def beside(totals: pd.DataFrame, heads: pd.DataFrame, country: str, headline: str, subtitle: str) -> Figure:
    """Draw deaths a year of a country among the others (`iso3`, `year`, `deaths`), and per 100,000 people where known.

    A rate on an assumed population is hollow.
    """
    with_rates = len(heads) > 0
    fig, axes = canvas(headline, subtitle, height=5.6 if with_rates else 3.4, rows=2 if with_rates else 1, sharex=True)
    panels = [(totals, "deaths", "Deaths a year"), (heads, "deaths_rate", "Deaths a year per 100,000 people")]
    drawn = zip(axes, panels, strict=True) if with_rates else [(axes, panels[0])]
    for ax, (frame, column, title) in drawn:
        lines(ax, frame.rename(columns={column: "value"}), country)
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
    return fig


def lines(ax: Axes, frame: pd.DataFrame, country: str) -> None:
    """Draw one line a country of `iso3`, `year`, `value`; the country's own is strong and drawn last."""
    ends = {}
    for iso3 in sorted(frame["iso3"].unique(), key=lambda code: code == country):
        rows = frame[frame["iso3"] == iso3].sort_values("year")
        ink, own = (OWN, True) if iso3 == country else (OTHER, False)
        x, y = rows["year"].astype(int), rows["value"].astype(float)
        ax.plot(x, y, color=ink, lw=2.4 if own else 1.5, zorder=4 if own else 2, marker="o" if len(rows) == 1 else None)
        if "assumed" in rows:
            hollow = rows["assumed"].astype(bool)
            ax.scatter(x[hollow], y[hollow], s=24, facecolors="white", edgecolors=ink, zorder=5)
        ends[iso3] = float(y.iloc[-1])
    first, last = int(frame["year"].min()), int(frame["year"].max())
    top = max(float(frame["value"].max()) * 1.06, 1e-9)
    ends = ends if len(ends) <= MOST_NAMED else {k: v for k, v in ends.items() if k == country}
    for iso3, at in apart(ends, top * 0.085, floor=0).items():
        label_line(ax, last + 0.15, at, short_name(iso3), OWN if iso3 == country else "#6F6B62", fontsize=8.6)
    ax.set(xlim=(first - 0.2, last + 0.2), ylim=(0, top))
    ax.set_xticks(*_year_ticks(range(first, last + 1)), fontsize=8.8)
    ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}" if top > 5 else f"{v:,.1f}")


def _year_ticks(index: pd.Index | range) -> tuple[list[int], list[str]]:
    first, last = int(min(index)), int(max(index))
    ticks = list(range(first, last + 1, max(1, round((last - first) / 7))))
    return ticks, [str(t) for t in ticks]
