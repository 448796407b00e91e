"""Charts of chapter 3 that no other chapter needs: the days of the battle, the map, how data sets coded the month."""

from __future__ import annotations

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from malibook.analysis.bounds import claimed_range
from malibook.exhibits.charts_ranges import range_chart
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.style import FAINT, INK, PAPER, QUIET, canvas, colour

DEAD_STYLE = {"Wagner": (colour("russia"), "o"), "Malian soldiers": (colour("fama"), "s"), "rebels": ("#999933", "D")}
KM_PER_DEGREE = 111.2
_LANDS = (
    (3.6, 20.8, "ALGERIA", 0),
    (4.75, 17.4, "NIGER", 90),
    (-0.35, 17.9, "MALI", 0),
    (0.25, 20.75, "Kidal Region", 0),
    (2.6, 16.9, "Gao Region", 0),
)
_POINTS = {"textcoords": "offset points", "va": "center", "fontsize": 8.4}


def days_chart(
    days: pd.DataFrame, counts: pd.DataFrame, silent: pd.Series, *, headline: str, subtitle: str, top: float
) -> Figure:
    """Return a calendar down the page: what happened each day at the left, the dead announced that day at the right.

    `days` has `date`, `what` and `fighting`, one row a day; `counts` has `date`, `subject`, `low` and `offset`, the
    share of a row by which a mark is moved so that marks of one day do not hide each other; `silent` gives, by date, who
    admitted deaths without a number.
    """
    fig, ax = canvas(headline, subtitle, height=1.6 + len(days) * 0.33)
    place = {day: y for y, day in enumerate(days["date"])}
    for y in days.index[days["fighting"]]:
        ax.axhspan(y - 0.5, y + 0.5, color="#F6E9E6", lw=0, zorder=0)
    for row in counts.itertuples():
        ink, shape = DEAD_STYLE[row.subject]
        y, side = place[row.date] + row.offset, -1 if row.offset > 0 else 1
        ax.plot(row.low, y, shape, color=ink, ms=6.5, zorder=4)
        ha = "right" if side < 0 else "left"
        ax.annotate(f"{row.low:,.0f}", (row.low, y), xytext=(6 * side, 0), ha=ha, **_POINTS)
    for day, who in silent.items():
        ax.annotate(f"{who}: dead, no number", (30, place[day]), xytext=(0, 0), style="italic", color=QUIET, **_POINTS)
    ax.set(xlim=(-4, top), ylim=(len(days) - 0.4, -0.6), yticks=range(len(days)))
    ax.set_yticklabels([f"{row.what}   {row.date.day} {row.date:%b}" for row in days.itertuples()])
    ax.tick_params(axis="y", labelsize=8.8, length=0, labelcolor=INK)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    handles = [ax.plot([], [], s, color=c, ms=6.5, label=f"{k} killed")[0] for k, (c, s) in DEAD_STYLE.items()]
    ax.legend(handles=handles, loc="upper right", bbox_to_anchor=(1, -0.05), ncols=3, fontsize=8.6, handletextpad=0.2)
    return fig


def campaign_map(steps: pd.DataFrame, *, headline: str, subtitle: str) -> Figure:
    """Return a map of the dated steps of a campaign: `name`, `when`, `lat`, `lon`, `precision_km`, `dx`, `dy`, `ha`.

    `number` joins the steps of the column's advance; a step without number is a place for orientation. An ellipse shows a
    position known only roughly.
    """
    fig, ax = canvas(headline, subtitle, height=5.6)
    base_map(ax, extent=(-2.3, 5.3, 15.9, 21.3))
    advance = steps.dropna(subset=["number"]).sort_values("number")
    ax.plot(advance["lon"], advance["lat"], color=colour("russia"), lw=1.2, ls=(0, (4, 2)), zorder=5)
    for row in steps.itertuples():
        if row.precision_km > 15:
            across = 2 * row.precision_km / KM_PER_DEGREE
            ring = Ellipse((row.lon, row.lat), across / 0.945, across, fill=False, ec=QUIET, ls=":", lw=1, zorder=4)
            ax.add_patch(ring)
        moved = pd.notna(row.number)
        ax.plot(row.lon, row.lat, "o", ms=13 if moved else 5, color=colour("russia") if moved else QUIET, zorder=6)
        if moved:
            ax.text(
                row.lon, row.lat, f"{row.number:.0f}", color=PAPER, fontsize=8.5, ha="center", va="center", zorder=7
            )
        text = f"{row.name}\n{row.when}" if row.when else row.name
        name_place(ax, row.lon, row.lat, text, dx=row.dx, dy=row.dy, ha=row.ha, fontsize=8.6, linespacing=1.15)
    for lon, lat, text, turn in _LANDS:
        ax.text(lon, lat, text, fontsize=8.8, color=QUIET, ha="center", va="center", rotation=turn, zorder=4)
    return fig


def quarters_chart(quarters: pd.DataFrame, marks: dict[pd.Timestamp, str], *, headline: str, subtitle: str) -> Figure:
    """Return two panels over the same quarters, events above deaths; `marks` names single quarters in the lower one.

    `quarters` has `quarter`, `events`, `deaths`; every bar carries its value.
    """
    fig, axes = canvas(headline, subtitle, height=4.5, rows=2, sharex=True)
    middle = quarters["quarter"] + pd.Timedelta(days=45)
    for ax, column, ink in zip(axes, ("events", "deaths"), ("#8A8A8A", colour("one-sided")), strict=True):
        values = quarters[column].astype(float)
        ax.bar(middle, values, width=72, color=ink, lw=0)
        for x, value in zip(middle, values, strict=True):
            ax.text(x, value, f"{value:,.0f}", fontsize=8.6, ha="center", va="bottom", color=INK)
        ax.set_ylabel(column.capitalize(), rotation=0, ha="right", va="center", fontsize=9.5)
        ax.set_yticks([])
        ax.margins(y=0.18)
        ax.grid(False)
    for row in quarters[quarters["quarter"].isin(list(marks))].itertuples():
        left = row.quarter + pd.Timedelta(days=5)
        text = marks[row.quarter]
        axes[1].annotate(text, (left, row.deaths), xytext=(-6, 10), ha="right", color=QUIET, linespacing=1.2, **_POINTS)
    axes[1].xaxis.set_major_locator(mdates.YearLocator())
    axes[1].xaxis.set_major_formatter(mdates.DateFormatter("%Y"))
    return fig


def months_chart(months: pd.DataFrame, column: str, day: pd.Timestamp, *, headline: str, subtitle: str) -> Figure:
    """Return bars of one estimate a month, a line up to the high estimate where there is one, one month picked out."""
    fig, ax = canvas(headline, subtitle, height=3.4)
    middle = months["month"] + pd.Timedelta(days=15)
    picked = months["month"] == day.replace(day=1)
    inks = [colour("russia") if p else "#9DB4CC" for p in picked]
    ax.bar(middle, months[column].astype(float), width=24, color=inks, lw=0)
    if column != "deaths_high" and months["deaths_high"].notna().any():
        ax.vlines(middle, months[column].astype(float), months["deaths_high"].astype(float), color="#45607F", lw=1.4)
    for x, row in zip(middle[picked], months[picked].itertuples(), strict=True):
        high = row.deaths_high if pd.notna(row.deaths_high) else getattr(row, column)
        value = getattr(row, column)
        text = f"{row.month:%B %Y}: {value:,.0f}" + (f", high {high:,.0f}" if high > value else "")
        ax.annotate(
            text, (x, float(high)), xytext=(0, 6), textcoords="offset points", fontsize=8.8, ha="center", color=INK
        )
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    ax.set_ylabel("deaths a month")
    ax.margins(y=0.12)
    return fig


def scale_chart(counts: pd.DataFrame, *, headline: str, subtitle: str, inks: dict[str, str]) -> Figure:
    """Return counts of unlike things on one scale: `label`, `value`, `high`, `kind`; the kind gives the colour."""
    fig, ax = canvas(headline, subtitle, height=1.35 + len(counts) * 0.42)
    for y, row in enumerate(counts.itertuples()):
        ink = inks[row.kind]
        ax.barh(y, row.value, height=0.5, color=ink, lw=0)
        if pd.notna(row.high) and row.high > row.value:
            ax.plot([row.value, row.high], [y, y], color=ink, lw=2)
            ax.plot(row.high, y, "|", color=ink, ms=9, mew=2)
        end = row.high if pd.notna(row.high) else row.value
        text = f"{row.value:,.0f}" if end == row.value else f"{row.value:,.0f}, high {end:,.0f}"
        ax.annotate(
            text, (end, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9, fontweight="bold"
        )
    ax.set(ylim=(len(counts) - 0.4, -0.6), yticks=range(len(counts)), yticklabels=counts["label"])
    ax.set_xlim(0, counts[["value", "high"]].max().max() * 1.2)
    ax.tick_params(axis="y", labelsize=8.8, length=0, labelcolor=INK)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    return fig


def compared_chart(frame: pd.DataFrame, *, headline: str, subtitle: str, colours: list[str], top: float) -> Figure:
    """Return the ranges of chapter 3's comparison; a figure without floor is printed as what it is, a claim."""
    fig = range_chart(frame, headline=headline, subtitle=subtitle, colours=colours, top=top)
    printed = [text for text in fig.axes[0].texts if text.get_fontweight() == "bold"]
    for row, text in zip(frame.itertuples(), printed, strict=True):
        text.set_text(claimed_range(row.at_least, row.at_most, bool(row.at_most_open)))
    return fig
