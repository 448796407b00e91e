"""Charts of the region over time: thresholds, levels, coups, flight, civilians."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.charts_regional import NAMES, apart
from malibook.exhibits.style import COUNTRY_COLOURS, INK, QUIET, TYPE_COLOURS, canvas, label_line


def thresholds(
    reached: pd.DataFrame, exits: Mapping[str, pd.Timestamp], span: tuple[object, object], headline: str, subtitle: str
) -> Figure:
    """Draw when each country's deaths of twelve months first reached each threshold (`iso3`, `threshold`, `month`).

    `exits` maps a country to the day on which French troops left it, drawn as a dashed line in its colour.
    """
    fig, ax = canvas(headline, subtitle, height=4.0)
    steps = sorted(reached["threshold"].unique())
    for iso3, rows in reached.dropna(subset="month").groupby("iso3", sort=False):
        ink, low = COUNTRY_COLOURS[iso3], rows.iloc[0]
        ax.plot(rows["month"], rows["threshold"], color=ink, lw=2, marker="o", ms=6, drawstyle="steps-post")
        label_line(ax, low["month"], low["threshold"], NAMES[iso3], ink, dx=13, fontsize=9)
    for iso3, day in exits.items():
        ax.axvline(day, color=COUNTRY_COLOURS[iso3], lw=1.1, ls=(0, (4, 2)), zorder=1)
    first = mdates.date2num(min(exits.values()))
    ax.annotate("French troops leave (dashed)", (first, 0.95), xycoords=ax.get_xaxis_transform(), xytext=(-5, 0),
                textcoords="offset points", ha="right", fontsize=8.4, color=QUIET)  # fmt: skip
    ax.set_yscale("log")
    ax.set_yticks(steps, [f"{s:,.0f}" for s in steps])
    ax.minorticks_off()
    ax.set(xlim=span, ylim=(steps[0] * 0.7, steps[-1] * 1.9))
    return fig


def levels(
    panel: pd.DataFrame, segments: Mapping[str, pd.DataFrame], coups: pd.DataFrame, exits: Mapping[str, pd.Timestamp],
    headline: str, subtitle: str,
) -> Figure:  # fmt: skip
    """Draw monthly deaths on a log scale with the level of each stretch, a panel a country, its coups and French exit."""
    fig, axes = canvas(headline, subtitle, height=6.6, rows=len(segments), sharex=True, sharey=True)
    for ax, (iso3, parts) in zip(axes, segments.items(), strict=True):
        values = panel[iso3].dropna()
        ink, end = COUNTRY_COLOURS[iso3], values.index.max() + pd.DateOffset(months=1)
        ax.stairs(values + 1, mdates.date2num([*values.index, end]), baseline=1, fill=True, color=ink, alpha=0.28)
        for (a, b), level in zip(pairwise([*parts["start"], end]), parts["level"], strict=True):
            ax.plot([a, b], [level + 1] * 2, color=ink, lw=2.6, solid_capstyle="butt")
            _halo(ax, a + (b - a) / 2, level + 1, f"{level:,.0f}", ink)
        for coup in coups[coups["iso3"] == iso3].itertuples():
            ax.plot([coup.month], [1900], marker="v" if coup.successful else "x", color=INK, ms=6.5, clip_on=False)
        if iso3 in exits:
            ax.axvline(exits[iso3], color=QUIET, lw=1, ls=(0, (4, 2)))
        ax.set_title(NAMES[iso3], fontsize=9.4, color=ink, fontweight="bold", loc="left", pad=5)
    axes[0].set_yscale("log")
    axes[0].set_yticks([1, 11, 101, 1001], ["0", "10", "100", "1,000"])
    for ax in axes:
        ax.minorticks_off()
        ax.set(ylim=(1, 2600), xlim=(panel.index.min(), panel.index.max() + pd.DateOffset(months=2)))
    return fig


def coups(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths a month before and after each coup (`iso3`, `month`, `successful`, `before`, `after`), one row a coup."""
    fig, ax = canvas(headline, subtitle, height=1.2 + 0.31 * len(rows))
    for y, one in enumerate(rows.itertuples()):
        ink = COUNTRY_COLOURS[one.iso3]
        ax.annotate("", (one.after + 1, y), (one.before + 1, y), zorder=2,
                    arrowprops={"arrowstyle": "-|>", "color": ink, "lw": 1.8, "shrinkA": 0, "shrinkB": 3, "mutation_scale": 11})  # fmt: skip
        ax.scatter([one.before + 1], [y], s=34, facecolors="white", edgecolors=ink, zorder=3)
        ax.scatter([one.after + 1], [y], s=34, color=ink, zorder=3)
        text = f"{one.before:,.0f} → {one.after:,.0f}"
        ax.annotate(
            text,
            (1.01, y),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=8.4,
            color=ink,
            annotation_clip=False,
        )
    words = [f"{NAMES[r.iso3]}, {r.month:%b %Y}{'' if r.successful else ' (failed)'}" for r in rows.itertuples()]
    ax.set_yticks(range(len(rows)), words, fontsize=8.6)
    ax.set_xscale("log")
    ax.set_xticks([1, 11, 31, 101, 301, 1001], ["0", "10", "30", "100", "300", "1,000"])
    ax.minorticks_off()
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0.8, max(1001, rows[["before", "after"]].max().max() * 1.2)))
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x")
    return fig


def displaced(inside: pd.DataFrame, abroad: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw people displaced within each country (top) and its refugees abroad (bottom), by year; columns are countries."""
    fig, axes = canvas(headline, subtitle, height=5.2, rows=2, sharex=True)
    titles = ("Displaced within the country, millions", "Refugees from the country, thousands")
    for ax, table, unit, title in zip(axes, (inside, abroad), (1e6, 1e3), titles, strict=True):
        for iso3 in table:
            rows = table[iso3].dropna() / unit
            ax.plot(rows.index, rows, color=COUNTRY_COLOURS[iso3], lw=2.4 if iso3 == "MLI" else 1.8, marker="o", ms=3.5)
        top = ax.get_ylim()[1]
        ends = {iso3: table[iso3].dropna().iloc[-1] / unit for iso3 in table}
        for iso3, at in apart(ends, top * 0.1).items():
            label_line(ax, table.index.max(), at, NAMES[iso3], COUNTRY_COLOURS[iso3], dx=7, fontsize=8.8)
        ax.set(ylim=(0, top), xlim=(table.index.min(), table.index.max()))
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
    return fig


def civilians(
    months: Mapping[str, pd.DataFrame], column: str, days: Mapping[str, Iterable[tuple[object, str]]], headline: str, subtitle: str
) -> Figure:  # fmt: skip
    """Draw monthly deaths (pale) and those of civilians (dark), a panel a country, each on its own scale, with named days."""
    fig, axes = canvas(headline, subtitle, height=5.2, rows=len(months), sharex=True)
    for ax, (iso3, rows) in zip(axes, months.items(), strict=True):
        edges = mdates.date2num([*rows["month"], rows["month"].max() + pd.DateOffset(months=1)])
        ax.stairs(rows[column].astype(float), edges, fill=True, color="#CFCABD", zorder=2)
        ax.stairs(rows["deaths_civilians"].astype(float), edges, fill=True, color=TYPE_COLOURS["one-sided"], zorder=3)
        top = float(rows[column].max()) * 1.3
        for day, words in days[iso3]:
            ax.axvline(pd.Timestamp(day), color=INK, lw=1, ls=(0, (4, 2)), zorder=4)
            ax.annotate(words, (mdates.date2num(pd.Timestamp(day)), top * 0.97), xytext=(4, 0), textcoords="offset points",
                        va="top", fontsize=8.4, color=QUIET)  # fmt: skip
        ax.xaxis_date()
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
        ax.set(xlim=(edges[0], edges[-1]), ylim=(0, top))
        ax.set_title(NAMES[iso3], fontsize=9.4, color=COUNTRY_COLOURS[iso3], fontweight="bold", loc="left", pad=4)
    for height, words, ink in ((0.9, "all deaths", "#8A8474"), (0.8, "of civilians", TYPE_COLOURS["one-sided"])):
        axes[-1].annotate(words, (0.015, height), xycoords="axes fraction", fontsize=8.6, color=ink, fontweight="bold")
    return fig


def _halo(ax: Axes, x: object, y: float, text: str, ink: str) -> None:
    where = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center", "zorder": 5}
    label = ax.annotate(text, (x, y), color=ink, fontsize=9, fontweight="bold", **where)
    label.set_path_effects([effects.withStroke(linewidth=2.4, foreground="#FFFFFF")])
