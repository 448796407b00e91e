"""Specification curves: the sorted estimates over a dashboard of choices, all headlines at once, and placebo medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.style import INK, QUIET, canvas, label_line

STRONG, SOME, OFF, AGAINST = "#004488", "#86A6CF", "#C9B37A", "#BB5566"
CLASSES = {"agrees clearly": STRONG, "agrees": SOME, "differs": OFF, "clearly the opposite": AGAINST}  # fmt: skip
OPTION_NAMES = {
    "2022-02-17": "17 Feb 2022, announced",
    "2022-08-15": "15 Aug 2022, last unit",
    "2022-11-09": "9 Nov 2022, Barkhane ends",
    "2021-09-13": "13 Sep 2021, reported",
    "2021-12-24": "24 Dec 2021, first men",
    "2022-02-01": "1 Feb 2022, 300 men",
    "2012-01-01": "from 2012",
    "2014-01-01": "from 2014",
    "2019-12-31": "to 2019",
    "2024-12-31": "to 2024",
    "2026-02-28": "to February 2026",
    "2012–2012": "2012",
    "2016–2016": "2016",
    "2019–2019": "2019",
    "2022–2022": "2022",
    "BFA": "Burkina Faso",
    "NER": "Niger",
    "choice:march": "March 2022",
    "choice:side": "odd period",
    "choice:december": "Dec 2025",
    "choice:shortest": "shortest",
    "choice:weak": "weak claims",
    "choice:source": "data",
}
GROUPS, ROW, FIRM, FAINT = 110, 0.138, "#333333", "#BDB8AB"
TICKS = (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32)


def classes(rows: pd.DataFrame) -> pd.Series:
    """Return the class of each specification: one of `CLASSES`."""
    out = pd.Series("differs", index=rows.index)
    out[rows["direction"]] = "agrees"
    out[rows["direction"] & rows["strength"]] = "agrees clearly"
    out[rows["against"]] = "clearly the opposite"
    return out


def curve(
    rows: pd.DataFrame, choices: Sequence[str], names: Mapping[str, str], neutral: float, unit: str, **head
) -> Figure:
    """Return the curve with the choices beneath it.

    `rows` is from `specifications.curve`. More than 110 specifications are drawn in as many groups of equal size, in their
    order: a bar is then the group's median interval, and a mark beneath is dark where an option is over-represented in the group. `names`
    maps options to their labels.
    """
    shown = [(c, o) for c in choices if rows[c].nunique() > 1 for o in sorted(dict.fromkeys(rows[c]), key=_order)]
    upper, lower = 2.15, ROW * len(shown) + 0.1
    grid = {"sharex": True, "height_ratios": (upper, lower)}
    fig, (top, beneath) = canvas(height=upper + lower + 0.95, rows=2, **grid, **head)
    parts = np.array_split(np.arange(len(rows)), min(GROUPS, len(rows)))
    _estimates(top, rows, parts, neutral, unit)
    _dashboard(beneath, rows, parts, shown, names)
    return fig


def _estimates(ax: Axes, rows: pd.DataFrame, parts: list[np.ndarray], neutral: float, unit: str) -> None:
    kinds = classes(rows).to_numpy()
    numbers = rows[["value", "low", "high"]].to_numpy(float)
    medians = pd.DataFrame([_median(numbers[part]) for part in parts], columns=["value", "low", "high"])
    most = [max(CLASSES, key=list(kinds[part]).count) for part in parts]
    for kind, ink in CLASSES.items():
        at = [i for i, k in enumerate(most) if k == kind]
        ax.vlines(at, medians["low"].iloc[at], medians["high"].iloc[at], color=ink, lw=1.6, alpha=0.3)
        ax.plot(at, medians["value"].iloc[at], "o", color=ink, ms=3.4)
    ax.axhline(neutral, color=INK, lw=0.9)
    known = rows["value"].dropna()
    if neutral == 1:
        ax.set_yscale("log")
        low, high = min(0.5, known.min()) / 1.3, max(2.0, known.max()) * 1.3
        ticks = [t for t in TICKS if low <= t <= high]
        ax.set_yticks(ticks, [f"×{t:g}" for t in ticks])
        ax.minorticks_off()
        ax.set_ylim(low, high)
    else:
        room = 0.12 * max(known.max() - min(known.min(), 0), 1)
        ax.set_ylim(min(known.min(), 0) - room, known.max() + room)
    _published(ax, rows, parts)
    ax.set_ylabel(unit, fontsize=8.2)
    ax.tick_params(labelsize=8.4)
    for offset, (kind, ink) in zip((0, 94, 150, 204), CLASSES.items(), strict=True):
        ax.annotate(f"● {kind}", (0, 1.02), xycoords="axes fraction", xytext=(offset, 0), textcoords="offset points",
                    fontsize=8, color=ink, fontweight="bold", va="bottom")  # fmt: skip


def _median(numbers: np.ndarray) -> list[float]:
    """Return the median of each column, missing only where the whole column is."""
    return [
        float(np.median(column[~np.isnan(column)])) if (~np.isnan(column)).any() else np.nan for column in numbers.T
    ]


def _published(ax: Axes, rows: pd.DataFrame, parts: list[np.ndarray]) -> None:
    row = int(rows["published"].to_numpy().argmax())
    at = next(i for i, part in enumerate(parts) if row in part)
    value = float(rows["value"].iloc[row])
    ax.plot([at], [value], "D", color=INK, ms=6.5, zorder=5)
    right = at < len(parts) * 0.6
    below = np.mean(rows["value"].dropna() < value) > 0.5
    label = ax.annotate(
        "printed", (at, value), xytext=(6 if right else -6, -11 if below else 11), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=8.6, color=INK, fontweight="bold",
    )  # fmt: skip
    label.set(zorder=6, path_effects=[effects.withStroke(linewidth=2.4, foreground="white")])


def _dashboard(
    ax: Axes, rows: pd.DataFrame, parts: list[np.ndarray], shown: list[tuple[str, object]], names: Mapping[str, str]
) -> None:
    firm, faint, labels = [], [], []
    for y, (choice, option) in enumerate(shown):
        has = (rows[choice] == option).to_numpy(float)
        usual = has.mean()
        for x, part in enumerate(parts):
            share = has[part].mean()
            if share > 0:
                (firm if share >= min(1.25 * usual, 1) else faint if share > 0.5 * usual else []).append((x, y))
        labels.append(_told(option, names))
    for cells, ink in (
        (faint, FAINT),
        (firm, FIRM),
    ):  # one path each: a marker a cell would make the file ten times larger
        xs = np.array([[x - 0.5, x + 0.5, np.nan] for x, _ in cells]).ravel()
        ys = np.repeat([y for _, y in cells], 3).astype(float)
        ax.plot(xs, ys, color=ink, lw=4.6, solid_capstyle="butt")
    ax.set_yticks(range(len(shown)), labels, fontsize=8, color=INK)
    ax.set_ylim(len(shown) - 0.4, -0.7)
    ax.set_xlim(-1, len(parts))
    ax.set_xticks([])
    ax.grid(False)
    for y, (choice, _) in enumerate(shown):
        if y == 0 or shown[y - 1][0] != choice:
            ax.text(1.008, y, names.get(f"choice:{choice}", choice), transform=ax.get_yaxis_transform(), fontsize=8,
                    va="center", color=QUIET, style="italic")  # fmt: skip
            ax.axhline(y - 0.5, color="#D9D6CE", lw=0.7)


def _order(option: object) -> tuple[int, object]:
    return (0, float(option)) if isinstance(option, (int, float)) else (1, str(option))


def _told(option: object, names: Mapping[str, str]) -> str:
    return names.get(str(option), f"{option:g}" if isinstance(option, float) else str(option))


def overview(table: pd.DataFrame, **head) -> Figure:
    """Return a bar a headline: shares of the four classes. `table` has `title`, `specs`, `verdict` and one column a class."""
    fig, ax = canvas(height=0.9 + 0.31 * len(table), **head)
    left = np.zeros(len(table))
    y = np.arange(len(table))
    for kind, ink in CLASSES.items():
        ax.barh(y, table[kind], left=left, color=ink, height=0.66)
        left = left + table[kind].to_numpy()
    for at, row in enumerate(table.itertuples()):
        ax.text(1.012, at, f"{row.verdict} ({row.specs:,})", va="center", fontsize=8.2, color=INK)
    ax.set_yticks(y, table["title"], fontsize=8.4, color=INK)
    ax.set(xlim=(0, 1.36), ylim=(len(table) - 0.4, -1.5))
    ax.spines["bottom"].set_bounds(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"], fontsize=8.4)
    ax.grid(False)
    for i, (kind, ink) in enumerate(CLASSES.items()):
        where = (0.5 * (i % 2), -1.12 + 0.42 * (i // 2))
        ax.text(*where, f"● {kind}", fontsize=8.2, color=ink, fontweight="bold", va="center")
    return fig


def placebos(panels: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], **head) -> Figure:
    """Return the medians of the same curve at placebo dates, with the middle 80 per cent of its specifications, a panel a question.

    Each value holds the placebo dates (`day`, `median`, `low`, `high`) and the tested ones (`day`, `median`, `label`).
    """
    fig, axes = canvas(height=1.0 + 1.62 * len(panels), rows=len(panels), sharex=True, squeeze=False, **head)
    for ax, (title, (fakes, real)) in zip(axes[:, 0], panels.items(), strict=True):
        ax.fill_between(fakes["day"], fakes["low"], fakes["high"], color="#E4E8F0", lw=0)
        ax.plot(fakes["day"], fakes["median"], color="#6F87AF", lw=1.8)
        ax.axhline(1, color=INK, lw=0.8)
        ax.set_yscale("log")
        ax.set_yticks([0.25, 0.5, 1, 2, 4, 8], ["×0.25", "×0.5", "×1", "×2", "×4", "×8"], fontsize=8.2)
        ax.minorticks_off()
        ax.set_ylim(0.2, 11)
        for row in real.itertuples():
            ax.plot([row.day], [row.median], "o", color=AGAINST, ms=6, zorder=4)
            label_line(
                ax,
                row.day,
                row.median,
                f"{row.label} ×{row.median:.1f}",
                AGAINST,
                dx=row.dx,
                dy=row.dy,
                ha=row.ha,
                fontsize=8.2,
            )
        ax.set_title(title, fontsize=8.8, color=INK, loc="left", pad=3)
    ax.set_xlim(min(f["day"].min() for f, _ in panels.values()), pd.Timestamp("2024-06-01"))
    return fig


def groups(rows: pd.DataFrame, by: str, names: Mapping[str, str], **head) -> Figure:
    """Return the specifications of each option of one choice as a strip: middle 80 per cent, median, and clear ones counted."""
    fig, ax = canvas(height=1.1 + 0.4 * rows[by].nunique(), **head)
    order = rows.groupby(by)["value"].median().sort_values()
    for y, option in enumerate(order.index):
        part = rows[rows[by] == option]
        low, high = part["value"].quantile([0.1, 0.9])
        ax.plot([low, high], [y, y], color="#BFCBDD", lw=9, solid_capstyle="butt")
        ax.plot([order[option]], [y], "o", color=STRONG, ms=7)
        text = f"clearly more {(part['low'] > 1).mean():.0%}, clearly less {(part['high'] < 1).mean():.0%}"
        ax.annotate(f"×{order[option]:.1f}", (order[option], y), xytext=(0, 8), textcoords="offset points", ha="center",
                    fontsize=8.4, color=STRONG, fontweight="bold")  # fmt: skip
        ax.text(
            1.0,
            y,
            text.replace("%", " %"),
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=8.2,
            color=QUIET,
        )
    ax.axvline(1, color=INK, lw=0.9)
    ax.set_xscale("log")
    ax.set_xlim(0.2, 90)
    ax.set_xticks([0.25, 0.5, 1, 2, 4, 8], ["×0.25", "×0.5", "×1", "×2", "×4", "×8"])
    ax.minorticks_off()
    ax.set_yticks(range(len(order)), [_told(o, names) for o in order.index], fontsize=8.6, color=INK)
    ax.set_ylim(-0.6, len(order) - 0.3)
    ax.grid(False, axis="y")
    return fig
