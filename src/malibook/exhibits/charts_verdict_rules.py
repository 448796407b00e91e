"""Charts of how firm the verdicts are: each article's score under each rule, each measured claim beside its line."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED
from malibook.exhibits.charts_verdicts import COLOURS, legend_below
from malibook.exhibits.style import INK, QUIET, canvas

BLUE = COLOURS[SUPPORTED]


def choices(scores: pd.DataFrame, labels: dict[str, str], headline: str, subtitle: str) -> Figure:
    """Return each article's share right under each rule as dots on a line; the book's own rule is the large one."""
    fig, ax = canvas(headline, subtitle, height=4.2)
    own = scores["rule"].iloc[0]
    marks = dict(zip(scores["rule"].unique(), "oD><vs^PX", strict=False))
    for y, article in enumerate(labels):
        _one_article(ax, y, scores[scores["group"] == article].dropna(subset="share"), own, marks)
    ax.set_yticks(range(len(labels)), list(labels.values()), fontsize=9, color=INK)
    ax.set_ylim(len(labels) - 0.5, -0.6)
    ax.set_xlim(0, 1.03)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    legend_below(fig, ax.get_legend_handles_labels()[0], rows=5, ncols=2, fontsize=8.2, handletextpad=0.3)
    return fig


def _one_article(ax: Axes, y: int, part: pd.DataFrame, own: str, marks: dict[str, str]) -> None:
    ends = [part["share"].min(), part["share"].max()]
    ax.plot(ends, [y, y], color="#C9C5BB", lw=5, solid_capstyle="round", zorder=1)
    for row in part.itertuples():
        big = row.rule == own
        look = (
            {"s": 90, "zorder": 4, "color": BLUE, "edgecolor": BLUE}
            if big
            else {"s": 34, "zorder": 3, "color": "white", "edgecolor": INK}
        )
        ax.scatter(row.share, y, marker=marks[row.rule], linewidth=0.9, label=row.rule if y == 0 else None, **look)
        if big:
            ax.annotate(f"{row.share:.0%}", (row.share, y), xytext=(0, 9), textcoords="offset points", ha="center",
                        fontsize=9, fontweight="bold", color=BLUE)  # fmt: skip


def room(rows: pd.DataFrame, headline: str, subtitle: str) -> Figure:
    """Return, for each claim that one number decides, how far that number lies beyond its line, on a ratio scale."""
    ordered = rows.sort_values("room", ascending=False)
    fig, ax = canvas(headline, subtitle, height=1.3 + 0.185 * len(ordered))
    shown = ordered["room"].clip(upper=8)
    ax.axvline(1, color=QUIET, lw=1.1)
    for y, (row, x) in enumerate(zip(ordered.itertuples(), shown, strict=True)):
        ax.plot([1, x], [y, y], color="#D9D6CE", lw=1.4, zorder=1)
        ax.scatter(x, y, s=46, color=COLOURS[row.verdict], edgecolor=INK, linewidth=0.5, zorder=3,
                   marker={SUPPORTED: "o", CONTESTED: "D", CONTRADICTED: "X"}[row.verdict])  # fmt: skip
    ax.set_yticks(range(len(ordered)), ordered["label"], fontsize=8)
    ax.set_ylim(len(ordered) - 0.4, -0.6)
    ax.set_xscale("log")
    ticks = [0.4, 0.6, 1, 2, 4, 8]
    ax.set_xticks(ticks, [f"{t:g}×" for t in ticks[:-1]] + ["8× or more"], fontsize=8.5)
    ax.minorticks_off()
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    return fig
