"""Contested figures as charts: every claimant's count side by side, and the range that can be defended."""

from __future__ import annotations

import re

import matplotlib.patheffects as effects
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from malibook.exhibits.style import FAINT, INK, PAPER, QUIET, canvas

EVIDENCE_STYLE = {
    "inquiry or footage": ("#004488", "o"),
    "party or government": ("#BB5566", "s"),
    "witness or local official": ("#997700", "^"),
    "press or analyst": ("#3A8FB7", "D"),
    "compilation": ("#888888", "v"),
}
_ROW, _BAND = 0.215, "#E8EDF3"


def claims_panel(rows: pd.DataFrame, limits: pd.DataFrame, *, headline: str, subtitle: str, top: float) -> Figure:
    """Return a chart with one row a claim, grouped by category, from `contested.panel` and `contested.bounds`.

    Colour and shape give the kind of evidence, a hollow mark a claim that was superseded or contradicted, an arrow
    an "at least"; the band runs from the floor to the highest claim that stands. `top` is the end of the scale.
    """
    lines = len(rows) + rows["category"].nunique() * 1.6
    fig, ax = canvas(headline, subtitle, height=1.75 + lines * _ROW)
    y, names = 0.0, {}
    by_category = limits.set_index("category")
    for category, group in rows.groupby("category", sort=False):
        ax.axhline(y + 0.62, color=FAINT, lw=0.8, zorder=0)
        if category in by_category.index:
            _draw_band(ax, by_category.loc[category], y, len(group), top)
        ax.text(0, y, f" {category}", fontsize=9.5, fontweight="bold", va="center", ha="left", zorder=6)
        for row in group.itertuples():
            y -= 1
            names[y] = getattr(row, "label", "") or short_claimant(row.claimant)
            _draw_claim(ax, row, y, top)
        y -= 1.6
    ax.set(xlim=(0, top * 1.3), ylim=(y + 0.9, 0.8), yticks=list(names), yticklabels=list(names.values()))
    ax.set_xticks([x for x in ax.get_xticks() if x <= top])
    ax.tick_params(axis="y", labelsize=9, length=0, labelcolor=INK)
    ax.tick_params(axis="x", labelsize=9)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    _explain_marks(fig, list(dict.fromkeys(rows["evidence"])))
    return fig


def gather_single(rows: pd.DataFrame, heading: str, names: dict[str, str]) -> pd.DataFrame:
    """Return a panel whose categories with one claim only stand last, under one heading; `label` names them there.

    `names` gives short names of claimants for these labels.
    """
    alone = rows.groupby("category")["claim"].transform("size") == 1
    label = (
        rows["claimant"]
        .map(short_claimant)
        .mask(alone, rows["claimant"].replace(names) + ": " + rows["category"].str.lower())
    )
    rows = rows.assign(label=label)
    return pd.concat([rows[~alone], rows[alone].assign(category=heading)], ignore_index=True)


def short_claimant(name: str, room: int = 36) -> str:
    """Return a claimant's name without its bracket where it would not fit the chart's margin."""
    return name if len(name) <= room else re.sub(r"\s*\([^)]*\)", "", name)


def said(day: pd.Timestamp, precision: str, *, full: bool = False) -> str:
    """Return a date as the charts print it: `1 Aug`, or `Nov 2024` where only the month is known; `full` spells it out."""
    name, year = day.strftime("%B" if full else "%b"), f" {day.year}" if full or precision != "day" else ""
    return f"{day.day} {name}{year}" if precision == "day" else f"{name}{year}"


def _draw_band(ax: Axes, limit: pd.Series, y: float, count: int, top: float) -> None:
    low, high = limit["at_least"], limit["at_most"]
    bottom = y - count - 0.45
    if pd.notna(low):
        ax.fill_between([low, high if pd.notna(high) else low], bottom, y - 0.5, color=_BAND, lw=0, zorder=1)
        ax.plot([low, low], [bottom, y - 0.5], color="#004488", lw=1.1, zorder=2)
    parts = [f"at least {low:,.0f}" if pd.notna(low) else "no floor"]
    parts += [_ceiling(low, high, bool(limit["at_most_open"]))] if pd.notna(high) else []
    ax.text(top * 1.3, y, " · ".join(parts), fontsize=9, ha="right", va="center", color="#004488", zorder=6)


def _ceiling(low: float, high: float, open_ended: bool) -> str:
    """Return the upper end of a band in words; a highest claim that is no more than the floor itself bounds nothing."""
    if open_ended and low == high:
        return "no upper bound"
    return f"highest claim {high:,.0f}" + (" or more" if open_ended else "")


def _draw_claim(ax: Axes, row: object, y: float, top: float) -> None:
    colour, shape = EVIDENCE_STYLE[row.evidence]
    when = said(row.date, row.date_precision)
    ax.text(top * 1.3, y, when, fontsize=9, color=QUIET, ha="right", va="center")
    if not row.figure:
        _halo(ax.annotate("no number given", (0, y), xytext=(4, 0), style="italic", zorder=7, **_beside(9, colour)))
        return
    ax.plot([row.low, row.high], [y, y], color=colour, lw=1.6, zorder=3)
    ends = [row.low] if row.low == row.high else [row.low, row.high]
    face = PAPER if row.fallen else colour
    ax.plot(ends, [y] * len(ends), shape, ms=6, mfc=face, mec=colour, mew=1.3, ls="none", zorder=4)
    text = f"{row.low:,.0f}" if len(ends) == 1 else f"{row.low:,.0f}–{row.high:,.0f}"
    text = f"{text} {row.unit}" if not row.bounding else text
    if row.open_ended:
        style = {"arrowstyle": "->", "color": colour, "lw": 1.3, "shrinkA": 4}
        ax.annotate(
            "", (row.high, y), xytext=(20, 0), textcoords="offset points", arrowprops=style | {"arrowstyle": "<-"}
        )
    shift = 24 if row.open_ended else 8
    _halo(ax.annotate(text, (row.high, y), xytext=(shift, 0), zorder=7, **_beside(9, INK)))


def _halo(text: Text) -> None:
    text.set_path_effects([effects.withStroke(linewidth=3.2, foreground=PAPER)])


def _explain_marks(fig: Figure, kinds: list[str]) -> None:
    handles = [
        Line2D([], [], ls="none", marker=EVIDENCE_STYLE[k][1], color=EVIDENCE_STYLE[k][0], ms=6, label=k)
        for k in EVIDENCE_STYLE
        if k in kinds
    ]
    handles.append(
        Line2D([], [], ls="none", marker="o", mfc=PAPER, mec=QUIET, ms=6, label="hollow: superseded or contradicted")
    )
    handles.append(Line2D([], [], ls="none", marker="$\\rightarrow$", color=QUIET, ms=11, label="at least"))
    fig.axes[0].legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(1.0, -0.03),
        ncols=3,
        fontsize=9,
        handletextpad=0.2,
        columnspacing=1.2,
    )


def _beside(size: float, colour: str) -> dict[str, object]:
    return {"textcoords": "offset points", "va": "center", "fontsize": size, "color": colour}
