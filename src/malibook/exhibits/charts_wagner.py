"""Charts of Wagner's arrival: violence before and after, the choice of window, regions, findings computed again."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malibook.exhibits.periods import mark_day
from malibook.exhibits.style import FAINT, INK, PAPER, QUIET, TYPE_COLOURS, canvas, colour, label_line

ALL, WITHOUT = TYPE_COLOURS["one-sided"], "#004488"
OUTCOME_COLOURS = {
    "agrees": "#117733",
    "direction only": "#997700",
    "disagrees": "#BB5566",
    "not contradicted": "#3A8FB7",
    "contradicted": "#BB5566",
}


def months(series: pd.DataFrame, means: pd.DataFrame, marked: tuple[pd.Timestamp, str], cut: float, **head) -> Figure:
    """Return civilian deaths a month above (bars higher than `cut` are cut and numbered) and one-sided events below.

    `means` has `start`, `end`, `deaths`, `events`: the spans compared and their rates, drawn as lines; `marked` is a day and its name.
    """
    day, name_of_day = marked
    fig, (top, low) = canvas(height=5.1, rows=2, sharex=True, height_ratios=(1.5, 1), **head)
    panels = (
        (top, "deaths_civilians", "deaths", "Civilian deaths"),
        (low, "events_one_sided", "events", "One-sided events"),
    )
    for ax, column, name, title in panels:
        y = series[column].astype(float)
        ax.bar(series["month"], y, width=27, align="edge", color="#D9A3AA", zorder=2)
        for span in means.itertuples():
            value = getattr(span, name)
            ax.plot([span.start, span.end], [value, value], color=INK, lw=1.8, zorder=4)
            inside = series[(series["month"] >= span.end - pd.DateOffset(months=5)) & (series["month"] < span.end)]
            clear = max(value, float(inside[column].astype(float).max())) if len(inside) else value
            label_line(ax, span.end, clear, f"mean {value:,.1f}", INK, dx=-2, dy=8, ha="right", fontsize=8.8, zorder=6)
            ax.texts[-1].set_path_effects([effects.withStroke(linewidth=2.4, foreground=PAPER)])
        ax.set_title(title, fontsize=9.4, loc="left", color=INK, pad=3)
    top.set_ylim(0, cut)
    for row in series[series["deaths_civilians"] > cut].itertuples():
        top.bar(row.month, cut, width=27, align="edge", color=ALL, zorder=3)
        text = f"{row.month:%B %Y}:\n{row.deaths_civilians:,.0f} (bar cut)"
        label_line(top, row.month, cut, text, ALL, dx=26, dy=-16, fontsize=8.6)
    mark_day(low, day, name_of_day, ha="right", y=0.95)
    top.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
    low.set_xlim(series["month"].min(), series["month"].max() + pd.DateOffset(months=1))
    return fig


def years(table: pd.DataFrame, bounds: pd.DataFrame, year: int, **head) -> Figure:
    """Return deaths a year, one panel a type of violence, on one scale, years from `year` on in full colour.

    `table` is indexed by year with a column a type; `bounds` has UCDP's `low` and `high` for state-based deaths.
    """
    fig, axes = canvas(height=3.3, cols=3, sharey=True, **head)
    for ax, kind in zip(axes, ("state-based", "non-state", "one-sided"), strict=True):
        late = table.index >= year
        bars = ax.bar(table.index, table[kind], width=0.78, color=TYPE_COLOURS[kind], zorder=2)
        for bar, full in zip(bars, late, strict=True):
            bar.set_alpha(1 if full else 0.45)
        if kind == "state-based":
            ax.vlines(table.index, bounds["low"], bounds["high"], color=INK, lw=1.4, zorder=3)
        shown = [y for y in table.index if y >= year - 1]
        for y in shown:
            top = max(table.loc[y, kind], bounds["high"].get(y, 0) if kind == "state-based" else 0)
            ax.annotate(f"{table.loc[y, kind]:,.0f}", (y, top), xytext=({year: -5, year + 1: 5}.get(y, 0), 2), textcoords="offset points",
                        ha="center", va="bottom", fontsize=8, color=INK)  # fmt: skip
        ax.set_title(kind, fontsize=9.4, loc="left", color=INK, pad=4)
        ticks = [y for y in table.index if y % 2 == year % 2]
        ax.set_xticks(ticks, [f"’{y % 100:02d}" for y in ticks])
    axes[0].set_ylim(0, max(table.max().max(), bounds["high"].max()) * 1.12)
    return fig


def ratios(full: pd.DataFrame, without: pd.DataFrame, left_out: str, **head) -> Figure:
    """Return one row a measure: after over before with its interval, for all months and with one left out.

    Both frames come from `arrival.compare`; the rates stand at the right.
    """
    fig, ax = canvas(height=1.5 + 0.52 * len(full), **head)
    for frame, shift, ink in ((full, -0.15, ALL), (without, 0.15, WITHOUT)):
        for y, row in enumerate(frame.itertuples()):
            ax.plot([row.ratio_low, row.ratio_high], [y + shift] * 2, color=ink, lw=2.4, alpha=0.45, zorder=2)
            ax.plot(row.ratio, y + shift, "o", color=ink, ms=6.5, zorder=3)
            text = f"{row.before:,.1f} → {row.after:,.1f}"
            ax.annotate(text, (1.01, y + shift), xycoords=("axes fraction", "data"), va="center", ha="left",
                        fontsize=8.4, color=ink)  # fmt: skip
    ax.set_yticks(range(len(full)), full["label"], fontsize=9, color=INK)
    ax.set_ylim(len(full) - 0.45, -0.95)
    _ratio_axis(ax, min(full["ratio_low"].min(), without["ratio_low"].min()), full["ratio_high"].max())
    left = ax.get_xlim()[0]
    label_line(ax, left, -0.72, "all months", ALL, dx=2, fontsize=8.8)
    label_line(ax, left, -0.72, left_out, WITHOUT, dx=72, fontsize=8.8)
    ax.annotate("a month", (1.01, -0.72), xycoords=("axes fraction", "data"), va="center", fontsize=8.4, color=QUIET)
    return fig


def choices(table: pd.DataFrame, titles: dict[str, str], **head) -> Figure:
    """Return the ratio under every choice of `arrival.choices`: a panel a measure, a column a window, a mark a rule.

    Full marks count every month, hollow ones leave one out; `break_at` moves the marks sideways in the order given.
    """
    fig, axes = canvas(height=4.0, cols=len(titles), sharey=True, **head)
    windows, days, rules = (list(dict.fromkeys(table[c])) for c in ("window", "break_at", "rule"))
    for ax, (measure, title) in zip(np.atleast_1d(axes), titles.items(), strict=True):
        for row in table[table["measure"] == measure].itertuples():
            place = days.index(row.break_at) * len(rules) + rules.index(row.rule)
            x = windows.index(row.window) + (place - (len(days) * len(rules) - 1) / 2) * 0.19
            ink = (WITHOUT, ALL)[days.index(row.break_at) % 2]
            ax.plot([x, x], [row.ratio_low, row.ratio_high], color=ink, lw=2, alpha=0.4)
            ax.plot(x, row.ratio, "o", ms=6, mec=ink, mew=1.4, mfc=ink if row.rule == rules[0] else PAPER)
        ax.set_title(title, fontsize=9.4, loc="left", color=INK, pad=4)
        ax.set_xticks(range(len(windows)), [f"{w}" for w in windows])
        ax.set_xlabel("months to each side", fontsize=8.8)
        ax.set_yscale("log", base=2)
        ax.axhline(1, color=INK, lw=1)
    ticks = [0.5, 1, 2, 4, 8, 16, 32]
    np.atleast_1d(axes)[0].set_yticks(ticks, [f"×{t:g}" for t in ticks])
    np.atleast_1d(axes)[0].set_ylim(0.4, 40)
    _explain_choices(np.atleast_1d(axes)[-1], days, rules)
    return fig


def sliding(lines: dict[str, pd.Series], day: pd.Timestamp, **head) -> Figure:
    """Return the ratio as if each month in turn were the break, one line a rule, with the tested month marked."""
    fig, ax = canvas(height=3.5, **head)
    month = pd.Timestamp(day).replace(day=1)
    for (label, values), ink in zip(lines.items(), (ALL, WITHOUT), strict=False):
        ax.plot(values.index, values, color=ink, lw=1.8)
        label_line(ax, values.index[-1], values.iloc[-1], label, ink, dy=17 if ink == WITHOUT else 0, fontsize=8.6)
        if month in values.index:
            ax.plot(month, values[month], "o", color=ink, ms=7, zorder=4)
            label_line(
                ax, month, values[month], f"×{values[month]:.1f}", ink, dx=0, dy=12 if ink == ALL else -22, ha="center"
            )
    ax.axhline(1, color=INK, lw=1)
    ax.set_yscale("log", base=2)
    ax.set_yticks([0.25, 0.5, 1, 2, 4, 8, 16], [f"×{t:g}" for t in (0.25, 0.5, 1, 2, 4, 8, 16)])
    first, last = next(iter(lines.values())).index[[0, -1]]
    ax.set_xlim(first, last + (last - first) * 0.2)
    return fig


def region_lines(panels: dict[str, pd.DataFrame], day: pd.Timestamp, column: str, **head) -> Figure:
    """Return one small bar chart a region by quarter, all on one scale, with the tested day marked."""
    fig, axes = canvas(height=4.3, rows=2, cols=3, sharex=True, sharey=True, **head)
    for ax, (name, rows) in zip(axes.flat, panels.items(), strict=True):
        late = rows["quarter"] >= pd.Timestamp(day).to_period("Q").end_time.normalize()
        tints = [ALL if x else "#D9A3AA" for x in late]
        ax.bar(rows["quarter"], rows[column].astype(float), width=78, align="edge", color=tints, zorder=2)
        ax.axvline(day, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
        ax.set_title(name, fontsize=9.2, loc="left", color=INK, pad=3)
        ax.xaxis.set_major_locator(mpl.dates.YearLocator())
        ax.xaxis.set_major_formatter(mpl.dates.DateFormatter("’%y"))
    return fig


def findings(table: pd.DataFrame, labels: dict[str, str], **head) -> Figure:
    """Return our figure over the published one, a row a finding, with the span of our readings and the outcome.

    `table` comes from `outcome.outcomes`, rows with a published figure only; `labels` names each finding in few words.
    """
    fig, ax = canvas(height=1.55 + 0.36 * len(table), **head)
    ax.axvspan(1 / 1.25, 1.25, color="#EEEBE2", lw=0, zorder=0)
    ax.axvline(1, color=INK, lw=1, zorder=1)
    for y, row in enumerate(table.itertuples()):
        ink = OUTCOME_COLOURS[row.outcome]
        ax.plot([row.low / row.published, row.high / row.published], [y, y], color=ink, lw=3, alpha=0.4, zorder=2)
        if row.kind in ("at least", "part"):
            style = {"arrowstyle": "->", "color": ink, "lw": 1.2, "ls": (0, (2, 2))}
            ax.annotate("", (1, y), xytext=(46, 0), textcoords="offset points", arrowprops=style | {"arrowstyle": "<-"})
        ax.plot(row.ours / row.published, y, "o", color=ink, ms=7, zorder=3)
        ax.annotate(row.outcome, (1.01, y), xycoords=("axes fraction", "data"), va="center", fontsize=8.6,
                    color=ink, fontweight="bold")  # fmt: skip
    ax.set_yticks(range(len(table)), [labels[f] for f in table["finding"]], fontsize=8.6, color=INK)
    ax.set_ylim(len(table) - 0.4, -0.6)
    _ratio_axis(ax, (table["low"] / table["published"]).min(), (table["high"] / table["published"]).max())
    ax.set_xlabel("our figure ÷ the published figure", fontsize=8.8)
    return fig


def _ratio_axis(ax: Axes, low: float, high: float) -> None:
    ax.set_xscale("log", base=2)
    ticks = [t for t in (0.25, 0.5, 1, 2, 4, 8, 16, 32) if low / 1.5 <= t <= high * 1.5]
    ax.set_xticks(ticks, [f"×{t:g}" for t in ticks])
    ax.set_xlim(min(low / 1.12, 0.8), high * 1.12)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", color=FAINT, lw=0.6)
    ax.axvline(1, color=INK, lw=1, zorder=1)


def _explain_choices(ax: Axes, days: list[str], rules: list[str]) -> None:
    for number, (name, ink) in enumerate(zip(days, (WITHOUT, ALL), strict=False)):
        ax.annotate(name, (0.98, 0.97 - 0.07 * number), xycoords="axes fraction", ha="right", va="top", fontsize=8.6,
                    color=ink, fontweight="bold")  # fmt: skip
    ax.annotate(f"full: {rules[0]}\nhollow: {rules[1]}", (0.98, 0.97 - 0.07 * len(days)), xycoords="axes fraction",
                ha="right", va="top", fontsize=8.4, color=QUIET)  # fmt: skip


def incident_colour(actors: str) -> str:
    """Return the colour of an incident by the actors it is attributed to (`civilian_harm.attributed_actors`)."""
    names = set(str(actors).split(";"))
    if {"wagner", "france"} <= names:
        return QUIET
    if "wagner" in names:
        return colour("russia")
    for actor, palette in (("fama", "fama"), ("issp", "is-sahel"), ("jnim", "jnim"), ("katiba-macina", "jnim")):
        if actor in names:
            return colour(palette)
    return QUIET
