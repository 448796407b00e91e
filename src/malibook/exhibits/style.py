"""House style: one look for every chart and map.

Colours are those of `house.palette`. Charts are drawn
6.3 inches wide, the text block of the A4 page, with 10-point type, so that they stay readable at 390 px.
"""

from __future__ import annotations

import textwrap
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.house.palette import (
    ACTOR_COLOURS,
    COUNTRY_COLOURS,
    FAINT,
    INK,
    PAPER,
    QUIET,
    TYPE_COLOURS,
    colour,
)

__all__ = [
    "ACTOR_COLOURS",
    "COUNTRY_COLOURS",
    "FAINT",
    "INK",
    "PAPER",
    "PHASE_TINTS",
    "QUIET",
    "TYPE_COLOURS",
    "WIDTH",
    "canvas",
    "colour",
    "label_line",
    "note",
    "use_style",
]

WIDTH = 6.3
PHASE_TINTS = ("#F1EFE8", "#FFFFFF")
RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": QUIET,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.prop_cycle": mpl.cycler(color=list(TYPE_COLOURS.values())),
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "ytick.left": False,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",  # the same letters on every machine, whatever fonts it has
    "svg.hashsalt": "malibook",  # the same ids in every run
    "path.simplify": True,
}


def use_style() -> None:
    """Make the house style matplotlib's default for this process."""
    mpl.rcParams.update(mpl.rcParamsDefault | {"backend": mpl.rcParams["backend"]} | RC)


def canvas(
    headline: str, subtitle: str = "", *, height: float = 3.7, rows: int = 1, cols: int = 1, **grid: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes, with the message as headline and what is plotted beneath it.

    `height` is in inches; `grid` goes to `plt.subplots`. The foot is kept free for the source line that
    `figure` writes, so that a chart that travels alone still says where it comes from.
    """
    use_style()
    fig, axes = plt.subplots(rows, cols, figsize=(WIDTH, height), **grid)
    head = textwrap.wrap(headline, 62)
    sub = textwrap.wrap(subtitle, 92)
    fig.text(0.012, 1 - 0.09 / height, "\n".join(head), fontsize=12, fontweight="bold", va="top", linespacing=1.15)
    below = 0.09 + 0.21 * len(head)
    fig.text(0.012, 1 - (below + 0.03) / height, "\n".join(sub), fontsize=8.8, color=QUIET, va="top", linespacing=1.2)
    top = below + 0.09 + 0.165 * len(sub)
    foot = 0.26
    fig.set_layout_engine(
        "constrained", rect=(0.008, foot / height, 0.984, 1 - (top + foot) / height), h_pad=0.03, w_pad=0.03
    )
    return fig, axes


def label_line(ax: Axes, x: Any, y: float, text: str, colour: str, **keywords: Any) -> None:
    """Write a line's name beside its end, in the line's colour: a direct label instead of a legend."""
    options = {"dx": 5, "dy": 0, "ha": "left", "va": "center", "fontsize": 9} | keywords
    offset = (options.pop("dx"), options.pop("dy"))
    ax.annotate(text, (x, y), xytext=offset, textcoords="offset points", color=colour, fontweight="bold", **options)


def note(ax: Axes, x: Any, y: float, text: str, *, dx: float = 12, dy: float = 10, ha: str = "left") -> None:
    """Point at one datum and say what it is; `dx` and `dy` are in points."""
    ax.annotate(
        text,
        (x, y),
        xytext=(dx, dy),
        textcoords="offset points",
        ha=ha,
        va="center",
        fontsize=8.5,
        color=INK,
        arrowprops={"arrowstyle": "-", "lw": 0.7, "color": QUIET, "shrinkB": 2},
    )
