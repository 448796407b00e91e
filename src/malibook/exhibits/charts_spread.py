"""Charts of where violence is: shares of the zones over time, maps of several periods, regions around a day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.periods import shade_phases
from malibook.exhibits.style import INK, QUIET, canvas, label_line

ZONE_COLOURS = {"North": "#DDAA33", "Centre": "#BB5566", "South and west": "#004488"}
STEPS = (0, 1, 5, 20, 60, 200)
BEFORE, AFTER = "#332288", "#A9A39A"
SHADES = ("#F7F4EC", "#F6DCC4", "#EBAE9A", "#D07A78", "#A0435B")


def zones(shares: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw each zone's share of deaths over time (`quarter`, `zone`, `share`), one line a zone."""
    fig, ax = canvas(headline, subtitle, height=3.6)
    shares = shares.dropna(subset="share")
    first, last = shares["quarter"].min(), shares["quarter"].max()
    ax.set(xlim=(first, last), ylim=(0, 1))
    shade_phases(ax)
    for zone, rows in shares.groupby("zone"):
        ink = ZONE_COLOURS[zone]
        ax.plot(rows["quarter"], rows["share"], color=ink, lw=2.2, zorder=3)
        text = zone.replace(" and ", "\nand ")
        label_line(
            ax,
            rows["quarter"].iloc[-1],
            rows["share"].iloc[-1],
            text,
            "#997700" if zone == "North" else ink,
            fontsize=8.8,
        )
    ax.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1, decimals=0))
    return fig


def maps(rates: pd.DataFrame, titles: Sequence[str], bases: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one map a column of `rates` (deaths a month by region), all in the same shades, two maps to a row.

    `bases` (`label`, `lon`, `lat`, `dx`, `dy`) is drawn on the last map but one: what the other maps are read against.
    """
    fig, axes = canvas(headline, subtitle, height=7.3, rows=2, cols=2)
    for number, (ax, column, title) in enumerate(zip(axes.flat, rates.columns, titles, strict=True)):
        shades = {region: SHADES[_step(value)] for region, value in rates[column].items()}
        base_map(ax, fill=shades)
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=3)
        for region, value in rates[column].items():
            _write_rate(ax, region, value)
        if number == len(rates.columns) - 2:
            for base in bases.itertuples():
                ax.scatter(base.lon, base.lat, marker="^", s=26, color="#332288", zorder=9, edgecolors="white", lw=0.6)
    _key(axes.flat[0])
    return fig


def _key(ax: Axes) -> None:
    """Draw the shades' key where Mauritania lies: the one corner that no region fills."""
    handles = [mpl.patches.Patch(facecolor=s, edgecolor="#B9B4A8") for s in SHADES]
    names = [f"{a}–{b}" if b < STEPS[-1] else f"over {a}" for a, b in pairwise(STEPS)]
    handles.append(mpl.lines.Line2D([], [], marker="^", color="#332288", ls="", ms=6))
    ax.legend(handles, [*names, "French base"], title="Deaths a month", title_fontsize=9, fontsize=9, loc="upper left",
              bbox_to_anchor=(0.0, 0.98), borderpad=0.3, handlelength=1.2, handletextpad=0.5, alignment="left")  # fmt: skip


def around_exit(
    quarters: pd.DataFrame, panels: Sequence[tuple[str, str, pd.Timestamp, str]], headline: str, subtitle: str
) -> Figure:
    """Draw deaths by quarter, one panel a region, with the day on which the French left it.

    `panels` holds (region, title, day, words); every panel has its own scale, since levels differ tenfold.
    """
    fig, axes = canvas(headline, subtitle, height=5.0, rows=2, cols=2, sharex=True)
    for ax, (region, title, day, words) in zip(axes.flat, panels, strict=True):
        rows = quarters[quarters["region"] == region].groupby("quarter", as_index=False)["deaths"].sum()
        after = rows["quarter"] >= day.to_period("Q").start_time
        ax.bar(rows["quarter"], rows["deaths"], width=80, align="edge", color=[AFTER if a else BEFORE for a in after])
        ax.axvline(day, color=INK, lw=1, ls=(0, (4, 2)))
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
        ax.annotate(words, (mpl.dates.date2num(day), 0.99), xycoords=ax.get_xaxis_transform(), xytext=(-4, 0),
                    textcoords="offset points", ha="right", va="top", fontsize=8.3, color=QUIET)  # fmt: skip
        ax.set_ylim(0, rows["deaths"].max() * 1.3)
        ax.xaxis.set_major_locator(mpl.dates.YearLocator())
        ax.xaxis.set_major_formatter(mpl.dates.DateFormatter("%Y"))
        ax.yaxis.set_major_locator(mpl.ticker.MaxNLocator(4, integer=True))
    return fig


def _step(value: float) -> int:
    return next(i for i, top in enumerate(STEPS[1:]) if value < top or top == STEPS[-1])


def _write_rate(ax: Axes, region: str, value: float) -> None:
    centres = {
        "Kayes": (-10.4, 14.0), "Koulikoro": (-7.4, 14.1), "Sikasso": (-6.3, 11.3), "Ségou": (-5.3, 13.4),
        "Mopti": (-3.6, 14.6), "Tombouctou": (-3.6, 19.6), "Kidal": (1.6, 19.2), "Gao": (0.6, 16.6),
    }  # fmt: skip
    if region in centres:
        lon, lat = centres[region]
        text = f"{value:.0f}" if value >= 1 else "<1"
        name_place(ax, lon, lat, text, dx=0, dy=0, ha="center", fontsize=9.2, fontweight="bold")
