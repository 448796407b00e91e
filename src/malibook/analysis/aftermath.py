"""Is there a break at a date? The change around it, set beside the change around every other date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from malibook.errors import BookError

Counted = Literal["neither", "before", "after"]
BAND = 0.9


@dataclass(frozen=True)
class Placebo:
    """A change at one date beside the changes at all others.

    `before` and `after` are means a period; `ratio` is after over before; `low` and `high` hold the middle 90 per cent
    of the placebo ratios; `share` is the part of them at least as far from 1 as `ratio`, up or down; `dates` counts
    them and `apart` how many pairs of windows fit side by side without overlap.
    """

    before: float
    after: float
    ratio: float
    low: float
    high: float
    share: float
    dates: int
    apart: int

    @property
    def stands_out(self) -> bool:
        """Whether the ratio lies outside the middle 90 per cent of the placebo ratios."""
        return not self.low <= self.ratio <= self.high


def window_ratios(values: pd.Series, width: int, counted: Counted = "neither", missing: int = 0) -> pd.DataFrame:
    """Return, for every period of `values`, the means of the `width` periods before and after it, and their ratio.

    `values` is indexed by the first day of each period, none left out. The period itself counts for neither side, or as
    the last one before, or as the first one after. Up to `missing` values may be absent from a window. A ratio over a
    mean of zero is missing.
    """
    mean = values.astype(float).rolling(width, min_periods=width - missing).mean()
    before = mean if counted == "before" else mean.shift(1)
    after = mean.shift(1 - width) if counted == "after" else mean.shift(-width)
    return pd.DataFrame({"before": before, "after": after, "ratio": after / before.where(before > 0)})


def placebo_ratios(
    values: pd.Series, day: object, width: int, *, start: object = None, counted: Counted = "neither", missing: int = 0
) -> pd.DataFrame:
    """Return `window_ratios` of the period that holds `day` (`role` break) and of all earlier ones (`role` placebo).

    A placebo's windows lie wholly between `start` and the break's own period, so that none contains the change tested.
    Raises `BookError` where the windows around `day` are not complete.
    """
    ratios = window_ratios(values, width, counted, missing)
    middle = values.index[values.index <= pd.Timestamp(day)].max()
    if pd.isna(middle) or pd.isna(ratios.loc[middle, "ratio"]):
        remedy = "choose a smaller window_months, an estimate that has values there, or another break_date"
        raise BookError(
            f"no {width} whole periods with values on both sides of {pd.Timestamp(day).date()}",
            where="aftermath",
            remedy=remedy,
        )
    place = pd.Series(range(len(values)), index=values.index)
    first = place[values.index >= pd.Timestamp(start if start is not None else values.index[0])].min()
    inside = (place - width >= first) & (place + width < place[middle])
    rows = ratios[inside | (ratios.index == middle)].dropna(subset="ratio")
    return rows.assign(role=np.where(rows.index == middle, "break", "placebo"))


def placebo(
    values: pd.Series, day: object, width: int, *, start: object = None, counted: Counted = "neither", missing: int = 0
) -> Placebo:
    """Return the change at `day` beside that at every earlier date; see `placebo_ratios`.

    Raises `BookError` where fewer than ten placebo dates are left.
    """
    rows = placebo_ratios(values, day, width, start=start, counted=counted, missing=missing)
    real, others = rows[rows["role"] == "break"].iloc[0], rows.loc[rows["role"] == "placebo", "ratio"]
    if len(others) < 10:
        remedy = "choose an earlier start or a smaller window_months"
        raise BookError(
            f"only {len(others)} placebo dates between {start} and {pd.Timestamp(day).date()}",
            where="aftermath",
            remedy=remedy,
        )
    with np.errstate(divide="ignore"):
        far = np.abs(np.log(others)) >= abs(np.log(real["ratio"]))
    low, high = others.quantile([(1 - BAND) / 2, (1 + BAND) / 2])
    apart = (len(others) + 2 * width) // (2 * width + 1)
    return Placebo(real["before"], real["after"], real["ratio"], low, high, far.mean(), len(others), apart)


@dataclass(frozen=True)
class Choice:
    """One reasonable way to make the comparison: a series, a width, and how the break's own period and gaps count."""

    group: str
    label: str
    values: pd.Series
    width: int
    counted: Counted = "neither"
    missing: int = 0


def compare_choices(choices: Iterable[Choice], day: object, start: object) -> pd.DataFrame:
    """Return one row a choice, in their order: `group`, `label`, and the fields of its `Placebo`."""
    rows = []
    for c in choices:
        found = placebo(c.values, day, c.width, start=start, counted=c.counted, missing=c.missing)
        rows.append({"group": c.group, "label": c.label, **asdict(found), "stands_out": found.stands_out})
    return pd.DataFrame(rows)


def rest_of_year(series: pd.DataFrame, totals: pd.DataFrame, column: str, end: object) -> pd.Series:
    """Return a mean a month for the months that a total covers and `series` does not, one value for each of them.

    `totals` is one row of `violence_part_year` (`start`, `end`, and `column`); `series` has a row a month. The result is
    indexed by the first day of each month. It is empty where the total has no such column, reaches beyond `end`, or
    does not join the series without a gap.
    """
    total = totals.iloc[0]
    months = pd.date_range(total["start"], total["end"], freq="MS")
    rest = months[months > series["month"].max()]
    joined = len(rest) and rest[0] == series["month"].max() + pd.DateOffset(months=1)
    if column not in totals or total["end"] > pd.Timestamp(end) or not joined:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([]), name=column)
    left = float(total[column]) - float(series.loc[series["month"].isin(months), column].sum())
    return pd.Series(left / len(rest), index=rest, name=column)


def permutation_share(before: list[float], after: list[float]) -> float:
    """Return the share of all ways to divide the months into two such groups whose means differ at least as much.

    Exact and two-sided: with five months on each side there are 252 ways, so that nothing below 2 in 252 can be found.
    """
    pool = np.array([*before, *after], dtype=float)
    first = np.array(list(combinations(range(len(pool)), len(before))))
    sums = pool[first].sum(axis=1)
    gaps = np.abs(sums / len(before) - (pool.sum() - sums) / len(after))
    real = abs(np.mean(before) - np.mean(after))
    return float(np.mean(gaps >= real - 1e-9))
