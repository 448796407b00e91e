"""Charts of the region: deaths by country, absolute and per head, by type, on a map; thresholds, levels, coups, flight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from malibook.evidence import geo
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.style import COUNTRY_COLOURS, INK, QUIET, TYPE_COLOURS, canvas, label_line

NAMES = {"MLI": "Mali", "BFA": "Burkina Faso", "NER": "Niger", "CAF": "Central African Republic", "LBY": "Libya"}
SHORT = NAMES | {"CAF": "Central Afr. Rep."}
SHADES = ("#F7F4EC", "#F6DCC4", "#EBAE9A", "#D07A78", "#A0435B")
STEPS = (0, 0.5, 2, 5, 10)
MIDDLES = {"Mali": (-4.6, 17.3), "Burkina Faso": (-1.7, 12.3), "Niger": (4.4, 16.2)}


def rates(years: pd.DataFrame, part: pd.DataFrame, part_label: str, headline: str, subtitle: str) -> Figure:
    """Draw deaths a year (top) and per 100,000 people (bottom), one line a country, with the range as a pale band.

    `years` has `iso3`, `year`, `deaths`, `low`, `high` and the same with `_rate`; `assumed` marks rates on an assumed
    population (hollow). `part` has the totals of an unfinished year (`deaths`, `deaths_rate`), drawn as diamonds.
    """
    fig, axes = canvas(headline, subtitle, height=6.0, rows=2, sharex=True)
    last = years["year"].max()
    for ax, suffix, title in zip(
        axes, ("", "_rate"), ("Deaths a year", "Deaths a year per 100,000 people"), strict=True
    ):
        ends = {}
        for iso3, rows in years.groupby("iso3", sort=False):
            ink = COUNTRY_COLOURS[iso3]
            x, y = rows["year"], rows[f"deaths{suffix}"]
            ax.fill_between(x, rows[f"low{suffix}"], rows[f"high{suffix}"], color=ink, alpha=0.16, lw=0)
            ax.plot(x, y, color=ink, lw=2.4 if iso3 == "MLI" else 1.8)
            known = ~rows["assumed"] if suffix else rows["assumed"] | True
            ax.scatter(x[~known], y[~known], s=26, facecolors="white", edgecolors=ink, zorder=4)
            ends[iso3] = y.iloc[-1]
        for one in part.itertuples():
            ax.scatter([last + 1], [getattr(one, f"deaths{suffix}")], marker="D", s=26, facecolors="white",
                       edgecolors=COUNTRY_COLOURS[one.iso3], zorder=4)  # fmt: skip
        top = ax.get_ylim()[1]
        for iso3, at in apart(ends, top * 0.085).items():
            label_line(ax, last + 1.2, at, SHORT[iso3], COUNTRY_COLOURS[iso3], fontsize=8.6)
        ax.set(xlim=(years["year"].min() - 0.2, last + 1.4), ylim=(0, top))
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axes[1].set_xticks([*range(years["year"].min(), last + 1, 2), last + 1])
    axes[1].set_xticklabels([*(str(y) for y in range(years["year"].min(), last + 1, 2)), part_label], fontsize=8.6)
    return fig


def apart(values: Mapping[str, float], gap: float) -> dict[str, float]:
    """Return positions for labels, in the order of their values, at least `gap` from one another and none moved further than need be."""
    names = sorted(values, key=values.__getitem__)
    at = np.array([values[n] for n in names], dtype=float)
    for _ in range(60):
        for i in range(len(at) - 1):
            short = gap - (at[i + 1] - at[i])
            if short > 1e-9:
                at[i] -= short / 2
                at[i + 1] += short / 2
    return dict(zip(names, map(float, at), strict=True))


def types(years: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths a year stacked by type of violence, a panel a country, all on one scale (`iso3`, `year`, `type`, `deaths`)."""
    fig, axes = canvas(headline, subtitle, height=5.4, rows=2, cols=2, sharex=True, sharey=True)
    for ax, (iso3, rows) in zip(axes.flat, years.groupby("iso3", sort=False), strict=True):
        wide = rows.pivot(index="year", columns="type", values="deaths").astype(float)
        base = pd.Series(0.0, index=wide.index)
        for kind in ("state-based", "non-state", "one-sided"):
            ax.bar(wide.index, wide[kind], bottom=base, width=0.78, color=TYPE_COLOURS[kind], zorder=3)
            base = base + wide[kind]
        top = base.idxmax()
        ax.annotate(f"{top}: {base[top]:,.0f}", (top, base[top]), xytext=(0, 3), textcoords="offset points", ha="center",
                    fontsize=8.4, color=INK)  # fmt: skip
        ax.set_title(NAMES[iso3], fontsize=9.4, color=COUNTRY_COLOURS[iso3], fontweight="bold", loc="left", pad=4)
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
        ax.set_xticks(range(int(wide.index.min()), int(wide.index.max()) + 1, 4))
    axes.flat[0].set_ylim(0, axes.flat[0].get_ylim()[1] * 1.06)
    words = {
        "one-sided": "one-sided: civilians killed as such",
        "non-state": "non-state: between groups",
        "state-based": "state-based: a state is a party",
    }
    for line, (kind, text) in enumerate(words.items()):
        axes.flat[0].annotate(text, (0.02, 0.93 - 0.1 * line), xycoords="axes fraction", fontsize=8.2, fontweight="bold",
                              color="#997700" if kind == "non-state" else TYPE_COLOURS[kind])  # fmt: skip
    return fig


def maps(periods: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one map a column of `periods` (deaths per 100,000 a year, by country name), all in the same shades."""
    fig, axes = canvas(headline, subtitle, height=6.9, rows=2, cols=2)
    for ax, (title, values) in zip(axes.flat, periods.items(), strict=True):
        shade = {name: SHADES[max(i for i, low in enumerate(STEPS) if v >= low)] for name, v in values.items()}
        base_map(ax, extent=(-12.6, 7.0, 9.2, 25.3), fill=dict.fromkeys(_regions(), shade["Mali"]))
        for feature in geo("neighbours")["features"]:
            name = feature["properties"]["name"]
            if name in shade:
                rings = [np.array(part[0]) for part in _parts(feature["geometry"])]
                ax.add_collection(
                    PolyCollection(rings, facecolors=shade[name], edgecolors="#8F897C", linewidths=0.7, zorder=2.5)
                )
        for name, (lon, lat) in MIDDLES.items():
            name_place(
                ax, lon, lat, f"{name}\n{values[name]:.1f}", dx=0, dy=0, ha="center", fontsize=8.6, fontweight="bold"
            )
        ax.set_title(title, fontsize=9.4, color=INK, loc="left", pad=3)
    handles = [mpl.patches.Patch(facecolor=s, edgecolor="#B9B4A8") for s in SHADES]
    names = [*(f"{a:g}–{b:g}" for a, b in pairwise(STEPS)), f"{STEPS[-1]:g} and more"]
    axes.flat[0].legend(handles, names, title="Per 100,000 a year", title_fontsize=8.2, fontsize=8.2, loc="upper left",
                        bbox_to_anchor=(0, 0.99), borderpad=0.3, handlelength=1.2, handletextpad=0.5, alignment="left")  # fmt: skip
    return fig


def thresholds(
    reached: pd.DataFrame, exits: Mapping[str, pd.Timestamp], span: tuple[object, object], headline: str, subtitle: str
) -> Figure:
    """Draw when each country's deaths of twelve months first reached each threshold (`iso3`, `threshold`, `month`).

    `exits` maps a country to the day on which French troops left it, drawn as a dashed line in its colour.
    """
    fig, ax = canvas(headline, subtitle, height=4.0)
    steps = sorted(reached["threshold"].unique())
    for iso3, rows in reached.dropna(subset="month").groupby("iso3", sort=False):
        ink = COUNTRY_COLOURS[iso3]
        ax.plot(rows["month"], rows["threshold"], color=ink, lw=2, marker="o", ms=6, drawstyle="steps-post")
        top = rows.iloc[-1]
        label_line(ax, top["month"], top["threshold"] * 1.17, NAMES[iso3], ink, dx=-4, ha="right", fontsize=9)
    for iso3, day in exits.items():
        ax.axvline(day, color=COUNTRY_COLOURS[iso3], lw=1.1, ls=(0, (4, 2)), zorder=1)
    ax.annotate("French troops leave (dashed)", (mdates.date2num(min(exits.values())), 0.03), xycoords=ax.get_xaxis_transform(),
                xytext=(-5, 0), textcoords="offset points", ha="right", fontsize=8.4, color=QUIET)  # fmt: skip
    ax.set_yscale("log")
    ax.set_yticks(steps, [f"{s:,.0f}" for s in steps])
    ax.minorticks_off()
    ax.set(xlim=span, ylim=(steps[0] * 0.7, steps[-1] * 1.6))
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
        for row, (day, words) in enumerate(days[iso3]):
            ax.axvline(pd.Timestamp(day), color=INK, lw=1, ls=(0, (4, 2)), zorder=4)
            ax.annotate(words, (mdates.date2num(pd.Timestamp(day)), top * (0.97 - 0.0 * row)), xytext=(4, 0), textcoords="offset points",
                        va="top", fontsize=8.4, color=QUIET)  # fmt: skip
        ax.xaxis_date()
        ax.set(xlim=(edges[0], edges[-1]), ylim=(0, top))
        ax.set_title(NAMES[iso3], fontsize=9.4, color=COUNTRY_COLOURS[iso3], fontweight="bold", loc="left", pad=4)
    axes[0].annotate(
        "all deaths",
        (0.985, 0.9),
        xycoords="axes fraction",
        ha="right",
        fontsize=8.6,
        color="#8A8474",
        fontweight="bold",
    )
    axes[0].annotate("of civilians", (0.985, 0.8), xycoords="axes fraction", ha="right", fontsize=8.6, fontweight="bold",
                     color=TYPE_COLOURS["one-sided"])  # fmt: skip
    return fig


def _halo(ax: Axes, x: object, y: float, text: str, ink: str) -> None:
    label = ax.annotate(
        text,
        (x, y),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color=ink,
        fontsize=9,
        fontweight="bold",
        zorder=5,
    )
    label.set_path_effects([mpl.patheffects.withStroke(linewidth=2.4, foreground="#FFFFFF")])


def _regions() -> list[str]:
    return [f["properties"]["name"] for f in geo("mali_regions")["features"]]


def _parts(geometry: dict) -> list:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
