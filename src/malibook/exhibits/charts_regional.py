"""Charts of the region: deaths by country, absolute and per head, by type, on a map; thresholds, levels, coups, flight."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from malibook.evidence import geo
from malibook.exhibits.maps import base_map, name_place
from malibook.exhibits.style import COUNTRY_COLOURS, INK, TYPE_COLOURS, canvas, label_line

NAMES = {"MLI": "Mali", "BFA": "Burkina Faso", "NER": "Niger", "CAF": "Central African Republic", "LBY": "Libya"}
SHORT = NAMES | {"CAF": "Central Afr. Rep."}
SHADES = ("#F7F4EC", "#F6DCC4", "#EBAE9A", "#D07A78", "#A0435B")
ATTACKER_COLOURS = ("#117733", "#882255", "#CC6677", "#AA4499", "#888888")
STEPS = (0, 0.5, 2, 5, 10)
MIDDLES = {"Mali": (-1.9, 17.9), "Burkina Faso": (-1.6, 12.35), "Niger": (5.5, 15.2)}


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
        for iso3, at in apart(ends, top * 0.085, floor=0).items():
            label_line(ax, last + 1.2, at, SHORT[iso3], COUNTRY_COLOURS[iso3], fontsize=8.6)
        ax.set(xlim=(years["year"].min() - 0.2, last + 1.4), ylim=(0, top))
        ax.set_title(title, fontsize=9.2, color=INK, loc="left", pad=4)
        ax.yaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    axes[1].set_xticks([*range(years["year"].min(), last + 1, 2), last + 1])
    axes[1].set_xticklabels([*(str(y) for y in range(years["year"].min(), last + 1, 2)), part_label], fontsize=8.6)
    return fig


def apart(values: Mapping[str, float], gap: float, floor: float | None = None) -> dict[str, float]:
    """Return heights for labels, in the order of their values: at least `gap` apart, none below `floor`, moved little."""
    names = sorted(values, key=values.__getitem__)
    at = np.array([values[n] for n in names], dtype=float)
    for _ in range(200):
        if floor is not None:
            at[0] = max(at[0], floor)
        for i in range(len(at) - 1):
            short = gap - (at[i + 1] - at[i])
            if short > 0:
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
                              color="#997700" if kind == "non-state" else TYPE_COLOURS[kind], backgroundcolor="white")  # fmt: skip
    return fig


def attackers(table: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw deaths in attacks on civilians by attacker (columns), one bar a country (rows, by name), with the figures in it."""
    fig, ax = canvas(headline, subtitle, height=3.1)
    left, widest = pd.Series(0.0, index=table.index), table.sum(axis=1).max()
    for who, ink in zip(table, ATTACKER_COLOURS, strict=True):
        ax.barh(range(len(table)), table[who], left=left, color=ink, height=0.62, zorder=3, label=who)
        for y, value in enumerate(table[who]):
            if value > 0.045 * widest:
                ax.annotate(f"{value:,.0f}", (left.iloc[y] + value / 2, y), ha="center", va="center", fontsize=8.6,
                            color="white", fontweight="bold", zorder=4)  # fmt: skip
        left = left + table[who]
    ax.set_yticks(range(len(table)), table.index, fontsize=9)
    ax.invert_yaxis()
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x")
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:,.0f}")
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=3,
        fontsize=8.4,
        borderpad=0.1,
        handlelength=1.1,
        columnspacing=1.3,
    )
    return fig


def maps(periods: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Draw one map a column of `periods` (deaths per 100,000 a year, by country name), all in the same shades."""
    fig, axes = canvas(headline, subtitle, height=6.4, rows=2, cols=2)
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
    names = [*(f"{a:g}–{b:g}" for a, b in pairwise(STEPS)), f"over {STEPS[-1]:g}"]
    axes.flat[0].legend(handles, names, title="Per 100,000", title_fontsize=8.2, fontsize=8.2, loc="upper left",
                        bbox_to_anchor=(0, 0.99), borderpad=0.3, handlelength=1.2, handletextpad=0.5, alignment="left")  # fmt: skip
    return fig


def _regions() -> list[str]:
    return [f["properties"]["name"] for f in geo("mali_regions")["features"]]


def _parts(geometry: dict) -> list:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
