"""Charts of the verdicts. A verdict is told by colour, by pattern and by sign, so that no reader depends on colour."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED, UNTESTABLE, VERDICTS
from malibook.exhibits.style import INK, QUIET, canvas

COLOURS = {SUPPORTED: "#004488", CONTESTED: "#DDAA33", CONTRADICTED: "#BB5566", UNTESTABLE: "#D3D3D3"}
PATTERNS = {SUPPORTED: "", CONTESTED: "////", CONTRADICTED: "xxxx", UNTESTABLE: "...."}
SIGNS = {SUPPORTED: "✓", CONTESTED: "≈", CONTRADICTED: "✗", UNTESTABLE: "?"}
LETTERS = {SUPPORTED: "white", CONTESTED: INK, CONTRADICTED: "white", UNTESTABLE: INK}


def bars(counts: pd.DataFrame, headline: str, subtitle: str, *, height: float = 3.2) -> Figure:
    """Return stacked bars of verdicts, one bar a row of `counts`, each piece with its number."""
    fig, ax = canvas(headline, subtitle, height=height)
    _stack(ax, counts)
    _key(fig)
    return fig


def two_bars(top: pd.DataFrame, bottom: pd.DataFrame, names: tuple[str, str], headline: str, subtitle: str) -> Figure:
    """Return two groups of stacked bars, one above the other, on one scale."""
    fig, axes = canvas(
        headline, subtitle, height=4.9, rows=2, sharex=True, gridspec_kw={"height_ratios": [len(top), len(bottom)]}
    )
    for ax, counts, name in zip(axes, (top, bottom), names, strict=True):
        _stack(ax, counts)
        ax.set_title(name, fontsize=9.5, loc="left", color=QUIET, pad=2)
    _key(fig)
    return fig


def tiles(rows: pd.DataFrame, labels: dict[str, str], headline: str, subtitle: str, *, width: int = 20) -> Figure:
    """Return one tile a claim, article by article in the order of the text, `width` tiles to a line."""
    fig, ax = canvas(headline, subtitle, height=4.7)
    line, ticks = 0.0, []
    for article, part in rows.sort_values("id").groupby("article", sort=True):
        ticks.append((line + (len(part) - 1) // width / 2, labels[article]))
        for number, verdict in enumerate(part["verdict"]):
            _tile(ax, number % width, line + number // width, verdict)
        line += (len(part) - 1) // width + 1.6
    _plain(ax, ticks, (-0.6, width - 0.4), (line - 1.0, -0.7))
    _key(fig)
    return fig


def matrix(rows: pd.DataFrame, labels: dict[str, str], headline: str, subtitle: str) -> Figure:
    """Return subjects against articles, one tile for each claim, subjects in the order of `rows`."""
    subjects = list(dict.fromkeys(rows["thread"]))
    fig, ax = canvas(headline, subtitle, height=1.75 + 0.28 * len(subjects))
    most = rows.groupby(["article", "thread"]).size().groupby("article").max()
    starts, x = {}, 0.0
    for article in labels:
        starts[article], x = x, x + max(float(most.get(article, 0)), 4.0) + 0.8
    for y, subject in enumerate(subjects):
        ax.axhline(y + 0.5, color="#E6E3DC", lw=0.6, zorder=0)
        for article, part in rows[rows["thread"] == subject].groupby("article"):
            for number, verdict in enumerate(part.sort_values("id")["verdict"]):
                _tile(ax, starts[article] + number, y, verdict)
    names = ["\n".join(textwrap.wrap(subject, 30)) for subject in subjects]
    _plain(ax, list(enumerate(names)), (-0.7, x - 0.7), (len(subjects) - 0.45, -0.55), size=8.2)
    for article, label in labels.items():
        ax.annotate(label, (starts[article] - 0.45, 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                    textcoords="offset points", fontsize=8.2, color=QUIET, va="bottom", linespacing=1.1)  # fmt: skip
    _key(fig)
    return fig


def _stack(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw stacked bars; the number of a piece too thin to hold it stands above the bar, the next such one below."""
    left, thin = pd.Series(0, index=counts.index), 0.03 * counts.sum(axis=1).max()
    side = [-1] * len(counts)
    for verdict in VERDICTS:
        part = counts[verdict]
        ax.barh(range(len(counts)), part, left=left, height=0.62, color=COLOURS[verdict], hatch=PATTERNS[verdict],
                edgecolor="white", linewidth=0.6)  # fmt: skip
        for y, (value, start) in enumerate(zip(part, left, strict=True)):
            box = {"boxstyle": "round,pad=0.14", "facecolor": "white", "edgecolor": "none"} if value > thin else None
            place = y if value > thin else y + 0.44 * side[y]
            if value:
                ax.text(
                    start + value / 2, place, f"{value}", ha="center", va="center", fontsize=8.4, color=INK, bbox=box
                )
            if 0 < value <= thin:
                side[y] = -side[y]
        left = left + part
    ax.set_yticks(range(len(counts)), list(counts.index), fontsize=9, color=INK)
    ax.set_ylim(len(counts) - 0.4, -0.6)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")


def _tile(ax: Axes, x: float, y: float, verdict: str, size: float = 0.9) -> None:
    ax.add_patch(Rectangle((x - size / 2, y - 0.42), size, 0.84, facecolor=COLOURS[verdict], edgecolor="white", lw=0.5))
    ax.text(x, y, SIGNS[verdict], ha="center", va="center", fontsize=8.5, color=LETTERS[verdict], fontweight="bold")


def _plain(ax: Axes, ticks: list, xlim: tuple, ylim: tuple, size: float = 9) -> None:
    ax.set_yticks([place for place, _ in ticks], [text for _, text in ticks], fontsize=size, color=INK)
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    ax.set_xticks([])
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)


def _key(fig: Figure) -> None:
    patches = [
        Patch(facecolor=COLOURS[v], hatch=PATTERNS[v], edgecolor="white", label=f"{SIGNS[v]} {v}") for v in VERDICTS
    ]
    legend_below(fig, patches, rows=1, ncols=4, handlelength=1.6, fontsize=8.8)


def legend_below(fig: Figure, handles: list, rows: int, **options: Any) -> None:
    """Write a legend above the source line and keep the chart clear of it."""
    height, room = fig.get_figheight(), 0.1 + 0.19 * rows
    x, y, width, tall = fig.get_layout_engine().get()["rect"]
    fig.get_layout_engine().set(rect=(x, y + room / height, width, tall - room / height))
    fig.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, y - 0.02 / height), borderaxespad=0, **options)
