"""Before and after a day: rates a month with bootstrap intervals, under several windows and break days.

A ratio here says that two periods differ. It does not say why: everything else that changed with the calendar is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from malibook.errors import BookError

SEED, DRAWS, BLOCK, LEAST = 20211224, 2000, 3, 3
LEVEL = 0.95


@dataclass(frozen=True)
class Change:
    """Two rates (per month) and their ratio, after over before, with a 95 per cent bootstrap interval each."""

    months_before: int
    months_after: int
    before: float
    before_low: float
    before_high: float
    after: float
    after_low: float
    after_high: float
    ratio: float
    ratio_low: float
    ratio_high: float


def sides(
    series: pd.DataFrame, column: str, day: object, months: int, without: Iterable[object] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of the whole months before and after the month of `day`, which counts for neither.

    `series` has one row a month; `without` lists months to leave out. Months without a value are left out too. Raises
    `BookError` where a side keeps fewer than three months, too few for any rate.
    """
    middle = month_of(day)
    rows = series[~series["month"].isin([month_of(d) for d in without])]
    before = rows["month"].between(middle - pd.DateOffset(months=months), middle, inclusive="left")
    after = rows["month"].between(middle, middle + pd.DateOffset(months=months), inclusive="right")
    found = tuple(rows.loc[side, column].dropna().to_numpy(float) for side in (before, after))
    if min(map(len, found)) < LEAST:
        raise BookError(
            f"only {len(found[0])} months before and {len(found[1])} after {middle:%B %Y} have {column}",
            where="before and after",
            remedy="choose a break_date further inside start and end",
        )
    return found[0], found[1]


def change(before: np.ndarray, after: np.ndarray, *, draws: int = DRAWS, seed: int = SEED) -> Change:
    """Return both means and their ratio with percentile intervals from a circular block bootstrap.

    Blocks of three months keep a campaign that spans months together. The draws are the same in every run. A mean of
    zero before gives a missing ratio.
    """
    rng = np.random.default_rng(seed)
    first, second = block_means(before, rng, draws), block_means(after, rng, draws)
    ratio = after.mean() / before.mean() if before.mean() > 0 else np.nan
    ratios = np.divide(second, first, out=np.full(draws, np.nan), where=first > 0)
    bounds = [
        np.nanpercentile(x, (50 * (1 - LEVEL), 50 * (1 + LEVEL))) if np.isfinite(x).any() else (np.nan, np.nan)
        for x in (first, second, ratios)
    ]
    (b_low, b_high), (a_low, a_high), (r_low, r_high) = bounds
    return Change(
        len(before), len(after), before.mean(), b_low, b_high, after.mean(), a_low, a_high, ratio, r_low, r_high
    )


def block_means(values: np.ndarray, rng: np.random.Generator, draws: int, block: int = BLOCK) -> np.ndarray:
    """Return `draws` means of resampled series, each put together from runs of `block` months (the end joins the start)."""
    length = len(values)
    starts = rng.integers(0, length, size=(draws, -(-length // block)))
    picked = (starts[:, :, None] + np.arange(block)) % length
    return values[picked.reshape(draws, -1)[:, :length]].mean(axis=1)


def poisson_interval(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Return the 95 per cent interval of the ratio of two rates by an overdispersed Poisson model, in closed form.

    The variance is the mean times Pearson's dispersion, the same on both sides: a second route to the interval of
    `change`, which takes months as independent and knows no blocks. Raises `BookError` where a side sums to zero.
    """
    if before.sum() <= 0 or after.sum() <= 0:
        raise BookError("a side without any count has no interval", where="poisson_interval", remedy="widen the window")
    residuals = [((side - side.mean()) ** 2 / side.mean()).sum() for side in (before, after)]
    dispersion = sum(residuals) / (len(before) + len(after) - 2)
    spread = 1.959964 * np.sqrt(dispersion * (1 / before.sum() + 1 / after.sum()))
    centre = np.log(after.mean() / before.mean())
    return float(np.exp(centre - spread)), float(np.exp(centre + spread))


def compare(
    series: pd.DataFrame, measures: dict[str, str], day: object, months: int, without: Iterable[object] = ()
) -> pd.DataFrame:
    """Return one row a measure (`measures` maps columns to labels) with both rates, the ratio and the intervals."""
    rows = []
    for column, label in measures.items():
        found = change(*sides(series, column, day, months, without))
        rows.append({"measure": column, "label": label, **found.__dict__})
    return pd.DataFrame(rows)


def choices(
    series: pd.DataFrame,
    measures: dict[str, str],
    days: dict[str, object],
    windows: Iterable[int],
    left_out: dict[str, list[object]],
) -> pd.DataFrame:
    """Return the ratio under every combination of measure, break day, window and months left out.

    `days` and `left_out` map a label to the break day and to the months left out. A window that the series does not
    cover in full on both sides is skipped, so that a longer window never silently means a shorter one.
    """
    parts = []
    for name, day in days.items():
        for months in windows:
            if not covered(series, day, months):
                continue
            for rule, without in left_out.items():
                part = compare(series, measures, day, months, without)
                parts.append(part.assign(break_at=name, window=months, rule=rule))
    if not parts:
        raise BookError("no window fits the series", where="choices", remedy="widen start and end")
    return pd.concat(parts, ignore_index=True)


def reach(series: pd.DataFrame, day: object) -> int:
    """Return how many whole months the series has on the shorter side of the month of `day`."""
    middle = month_of(day)
    return int(min((series["month"] < middle).sum(), (series["month"] > middle).sum()))


def covered(series: pd.DataFrame, day: object, months: int) -> bool:
    """Return whether the series reaches `months` whole months to both sides of the month of `day`."""
    reach, middle = pd.DateOffset(months=months), month_of(day)
    return series["month"].min() <= middle - reach and series["month"].max() >= middle + reach


def month_of(day: object) -> pd.Timestamp:
    """Return the first day of the month of `day`."""
    return pd.Timestamp(day).normalize().replace(day=1)
