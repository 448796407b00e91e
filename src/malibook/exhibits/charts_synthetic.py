"""Charts of synthetic controls: one country beside a mix of others, placebo countries, and placebo dates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from malibook.exhibits.charts_designs import ACCENT, LOGS, MEANS
from malibook.exhibits.charts_regional import SHORT, apart
from malibook.exhibits.style import COUNTRY_COLOURS, INK, QUIET, canvas, label_line


def synthetic(
    actual: pd.Series, made: Mapping[str, pd.Series], paths: Mapping[str, pd.Series], day: pd.Timestamp, headline: str, subtitle: str
) -> Figure:  # fmt: skip
    """Draw one country and its synthetic controls (top), and its gap beside those of placebo countries (bottom).

    `actual` and `made` are logs of 1 + deaths per million; `paths` holds the gaps by country, the treated first.
    """
    fig, (above, below) = canvas(headline, subtitle, height=6.4, rows=2, sharex=True, height_ratios=(5, 4))
    styles = ["-", (0, (5, 1.5)), (0, (2, 1.5)), (0, (1, 1.2))]
    inks = [ACCENT, LOGS, "#117733", "#882255"]
    middle = actual.index + pd.Timedelta(days=45)
    above.plot(middle, actual, color=MEANS, lw=2.6)
    ends = {"Mali": float(actual.iloc[-1])} | {name: float(line.iloc[-1]) for name, line in made.items()}
    colours = {"Mali": MEANS} | dict(zip(made, inks, strict=False))
    for (name, line), style in zip(made.items(), styles, strict=False):
        above.plot(middle, line, color=colours[name], lw=1.6, ls=style)
    for name, at in apart(ends, 0.42).items():
        label_line(above, middle[-1], at, name, colours[name], dx=8, fontsize=8.4)
    ticks = [0, 1, 3, 10, 30, 100]
    above.set_yticks(np.log1p(ticks), [str(t) for t in ticks])
    above.set_title("Deaths per million people, by quarter (log scale)", fontsize=9.2, loc="left", pad=4)
    ends = {iso3: float(line.iloc[-1]) for iso3, line in paths.items()}
    below.axhline(0, color=QUIET, lw=0.8)
    for number, (iso3, line) in enumerate(paths.items()):
        below.plot(middle, line, color=COUNTRY_COLOURS[iso3], lw=1.3 if number else 2.6, zorder=2 if number else 3)
    for iso3, at in apart(ends, 0.75).items():
        label_line(
            below,
            middle[-1],
            at,
            SHORT[iso3],
            COUNTRY_COLOURS[iso3],
            dx=6,
            fontsize=8.4,
        )
    ticks = [0.02, 0.1, 0.5, 1, 2, 10, 50]
    below.set_yticks(np.log(ticks), [f"×{t:g}" for t in ticks])
    below.set_title("Each country over its own synthetic control: Mali, and placebos", fontsize=9.2, loc="left", pad=4)
    for ax in (above, below):
        ax.axvline(day, color=INK, lw=1, ls=(0, (4, 2)))
        ax.set_xlim(actual.index[0], middle[-1] + pd.Timedelta(days=30))
    return fig


def in_time(rows: pd.DataFrame, real: pd.Series, headline: str, subtitle: str) -> Figure:
    """Draw the effect that a synthetic control finds at earlier days (`day`, `effect`, in logs), and at the real one."""
    fig, ax = canvas(headline, subtitle, height=3.2)
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.scatter(rows["day"], rows["effect"], s=38, color="#88A0C8", zorder=3)
    ax.scatter([real["day"]], [real["effect"]], s=52, color=ACCENT, zorder=4)
    label_line(ax, real["day"], real["effect"], f"×{np.exp(real['effect']):.2f}", ACCENT, dx=8)
    for at in (rows["effect"].idxmax(), rows["effect"].idxmin()):
        one = rows.loc[at]
        label_line(ax, one["day"], one["effect"], f"×{np.exp(one['effect']):.2f}", "#5F7AA8", dx=0, dy=11, ha="center")
    ticks = [0.5, 1, 2, 4]
    ax.set_yticks(np.log(ticks), [f"×{t:g}" for t in ticks])
    ax.set_ylim(np.log(0.6), np.log(4))
    ax.set_xlim(rows["day"].min() - pd.DateOffset(months=3), real["day"] + pd.DateOffset(months=8))
    return fig
