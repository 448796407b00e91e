"""Charts of Wagner's arrival by place and date: strength against price, bases in time and on the map, incidents."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from malibook.analysis.bases import FRENCH, RUSSIAN, UN
from malibook.exhibits.charts_wagner import incident_colour
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.periods import mark_day
from malibook.exhibits.style import INK, PAPER, QUIET, canvas, colour, label_line

KIND_STYLE = {FRENCH: (colour("france"), "^"), UN: (colour("un"), "o"), RUSSIAN: (colour("russia"), "s")}
EXTENT = (-9.4, 5.6, 11.6, 21.0)
MIDDLES = {
    "Gao": (1.5, 16.7),
    "Kayes": (-10.3, 14.2),
    "Kidal": (1.6, 19.4),
    "Koulikoro": (-7.5, 14.4),
    "Mopti": (-2.9, 15.0),
    "Sikasso": (-6.3, 11.3),
    "Ségou": (-5.7, 13.4),
    "Tombouctou": (-3.6, 19.4),
}
Shifts = dict[str, tuple[float, float, str]]
Labels = dict[str, tuple[str, float, float, str]]


def strength_and_price(men: pd.DataFrame, price: pd.DataFrame, labels: Labels, day: pd.Timestamp, **head) -> Figure:
    """Return men reported in Mali above, and the price in million US dollars a month below, over the same dates.

    Both frames have `id`, `date`, `low`, `value`, `high`, `actor`, `confidence`; a missing `high` is an "at least" (arrow), a
    hollow mark a weak or derived figure. `labels` maps ids to (text, dx, dy, side of alignment).
    """
    fig, axes = canvas(height=5.2, rows=2, sharex=True, height_ratios=(1.75, 1), **head)
    for ax, frame in zip(axes, (men, price), strict=True):
        for row in frame.itertuples():
            ink = colour("france") if row.actor == "barkhane" else colour("russia")
            face = PAPER if row.confidence == "low" else ink
            ax.plot([row.date] * 2, [row.low, row.value if pd.isna(row.high) else row.high], color=ink, lw=2)
            ax.plot(row.date, row.value, "o", ms=7, mec=ink, mfc=face, mew=1.5, zorder=4)
            if pd.isna(row.high):
                style = {"arrowstyle": "->", "color": ink, "lw": 1.4, "shrinkB": 3}
                ax.annotate("", (row.date, row.value), xytext=(0, 24), textcoords="offset points",
                            arrowprops=style | {"arrowstyle": "<-"})  # fmt: skip
            text, dx, dy, side = labels[row.id]
            label_line(ax, row.date, row.value, text, ink, dx=dx, dy=dy, ha=side, fontsize=8.4)
    axes[0].set(ylim=(-150, max(men["value"].max(), 1000) * 1.2))
    axes[0].yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axes[1].set(ylim=(0, price["value"].max() * 1.75))
    for ax, title in zip(axes, ("Men reported in Mali", "Price, million US$ a month"), strict=True):
        ax.set_title(title, fontsize=9.4, loc="left", color=INK, pad=4)
        ax.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
    first, last = men["date"].min(), max(men["date"].max(), price["date"].max())
    axes[1].set_xlim(first - pd.DateOffset(months=8), last + pd.DateOffset(months=3))
    mark_day(axes[1], day, "first men seen", y=0.2)
    axes[1].tick_params(axis="x", labelsize=9)
    return fig


def timeline(rows: pd.DataFrame, day: pd.Timestamp, **head) -> Figure:
    """Return one row a base in order of time: when it changed hands, from whom (colour), to whom (words).

    A date known to the month is drawn as a bar over the month.
    """
    fig, ax = canvas(height=1.4 + 0.235 * len(rows), **head)
    span = rows["date"].max() - rows["date"].min()
    middle = rows["date"].min() + span / 2
    for y, row in enumerate(rows.itertuples()):
        ink, shape = KIND_STYLE[row.kind]
        at, size = row.date, 7.0
        if y % 2:
            ax.axhspan(y - 0.5, y + 0.5, color="#F6F4EE", lw=0, zorder=0)
        if row.date_precision == "month":
            month_end = row.date + pd.offsets.MonthEnd(0)
            ax.plot([row.date, month_end], [y, y], color=ink, lw=6, alpha=0.35, solid_capstyle="butt", zorder=2)
            at, size = row.date + pd.Timedelta(days=14), 5.0
        ax.plot(at, y, shape, color=ink, ms=size, zorder=3)
        late = row.date > middle
        when = f"{row.date.day} {row.date:%b %Y}" if row.date_precision == "day" else f"{row.date:%b %Y}"
        text = f"{when} · to {row.to}" if row.kind != RUSSIAN else f"{when} · {row.to}"
        place = {"xytext": (-11 if late else 11, 0), "ha": "right" if late else "left"}
        words = text.partition(";")[0]
        said = ax.annotate(words, (at, y), textcoords="offset points", va="center", fontsize=8.8, color=ink, **place)
        said.set_path_effects([effects.withStroke(linewidth=2.4, foreground=PAPER)])
    ax.set_yticks(range(len(rows)), [name.partition(" (next")[0] for name in rows["base"]], fontsize=9, color=INK)
    ax.set_ylim(len(rows) - 0.4, -1.1)
    ax.set_xlim(rows["date"].min() - span * 0.05, rows["date"].max() + span * 0.05)
    mark_day(ax, day, "first men seen", y=0.045)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_locator(mdates.MonthLocator((1, 7)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y"))
    ax.tick_params(axis="x", labelsize=8.6)
    _legend(ax, -0.05, middle=0.3)
    return fig


def bases(places: pd.DataFrame, shifts: Shifts, **head) -> Figure:
    """Return the map of `bases.by_place`: one mark a handover, in order of time from left to right at each town.

    `shifts` maps a town's name to (dx, dy, alignment) of its label.
    """
    fig, ax = canvas(height=5.6, **head)
    base_map(ax, extent=EXTENT)
    for place in places.itertuples():
        for number, kind in enumerate(place.kinds):
            ink, shape = KIND_STYLE[kind]
            shift = 0.24 * (number - (len(place.kinds) - 1) / 2)
            ax.plot(place.lon + shift, place.lat, shape, color=ink, ms=8, mec=PAPER, mew=0.8, zorder=7)
        dx, dy, side = shifts.get(place.name, (7 + 8 * (len(place.kinds) - 1), 0, "left"))
        name_place(ax, place.lon, place.lat, place.label, dx=dx, dy=dy, ha=side, fontsize=9, linespacing=1.0)
    _legend(ax, 0.0)
    return fig


def incidents(rows: pd.DataFrame, shifts: Shifts, **head) -> Figure:
    """Return the map of incidents against civilians: the disc is the best figure, the rings the lowest and highest.

    Areas are in proportion to deaths. `rows` has `id`, `name`, `label`, `lat`, `lon`, `killed_low`, `killed_best`, `killed_high`,
    `attributed_actors`; `shifts` maps an id to (dx, dy, alignment) of its label.
    """
    fig, ax = canvas(height=5.35, **head)
    base_map(ax, extent=EXTENT)
    for row in rows.sort_values("killed_best", ascending=False).itertuples():
        ink = incident_colour(row.attributed_actors)
        ax.scatter(row.lon, row.lat, s=row.killed_best * 2.4, color=ink, alpha=0.55, lw=0, zorder=5)
        for bound in {row.killed_low, row.killed_high} - {row.killed_best}:
            if pd.notna(bound):
                ax.scatter(row.lon, row.lat, s=bound * 2.4, facecolor="none", edgecolor=ink, lw=1.1, zorder=6)
        dx, dy, side = shifts.get(row.id, (8, 0, "left"))
        name_place(ax, row.lon, row.lat, row.label, dx=dx, dy=dy, ha=side, fontsize=8.2, linespacing=1.0)
    groups = {
        "army and foreign personnel": "russia",
        "army": "fama",
        "JNIM": "jnim",
        "Islamic State": "is-sahel",
        "disputed": "other",
    }
    handles = [Line2D([], [], marker="o", ls="", ms=8, alpha=0.7, color=colour(c), label=k) for k, c in groups.items()]
    _place_legend(ax, handles, 0.0)
    return fig


def region_change(change: pd.DataFrame, posts: pd.DataFrame, shifts: Shifts, **head) -> Figure:
    """Return the map of `shift.region_shift`: darker for a larger rise (blue for a fall), means before and after written.

    `posts` has `name`, `lat`, `lon`; `shifts` maps a name to (dx, dy, alignment) of its label. Bamako has no room for figures.
    """
    fig, ax = canvas(height=5.5, **head)
    most = float(change["difference"].abs().max())
    tints = {r.region: mpl.colormaps["RdBu_r"](0.5 + 0.3 * r.difference / most) for r in change.itertuples()}
    base_map(ax, extent=(-12.5, 5.3, 10.0, 21.6), fill=tints)
    for row in change[change["region"].isin(MIDDLES)].itertuples():
        text = f"{row.region}\n{row.before:.0f} → {row.after:.0f}"
        name_place(ax, *MIDDLES[row.region], text, dx=0, dy=0, ha="center", fontsize=8.6, fontweight="bold")
    for post in posts.itertuples():
        ax.plot(post.lon, post.lat, "s", color=colour("russia"), ms=7, mec=PAPER, mew=0.8, zorder=7)
        dx, dy, side = shifts.get(post.name, (8, 0, "left"))
        name_place(ax, post.lon, post.lat, post.name, dx=dx, dy=dy, ha=side, fontsize=8.2)
    return fig


def _legend(ax: Axes, below: float, middle: float = 0.5) -> None:
    handles = [Line2D([], [], marker=m, color=c, ls="", ms=7, label=k) for k, (c, m) in KIND_STYLE.items()]
    _place_legend(ax, handles, below, middle)


def _place_legend(ax: Axes, handles: list[Line2D], below: float, middle: float = 0.5) -> None:
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(middle, below), ncols=len(handles), fontsize=9,
        handletextpad=0.2, columnspacing=1.0, borderaxespad=0.2,
    )  # fmt: skip
