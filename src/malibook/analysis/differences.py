"""Differences in differences: the change in one country over the change in others, around one day.

It is an effect only if the countries would have moved in step without the event, and if the event left the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from malibook.errors import BookError

LAGS = 3
FEWEST, FEWEST_FOR_TREND = 4, 12


@dataclass(frozen=True)
class Difference:
    """The change in one country over the change in others, around one day.

    The two changes are means a month after over before; `ratio` divides them, which is what a Poisson model with
    effects of country and month gives, and `low` to `high` is its 95 % interval, allowing for months that resemble
    their neighbours. `log_ratio` and its bounds are the same from mean logs of deaths + 1, in which a single month weighs less.
    `trend` is the factor a year by which the countries drifted apart before the day (1: in step), with its p-value;
    both are missing where fewer than twelve months come before.
    """

    day: pd.Timestamp
    treated: str
    controls: str
    months_before: int
    months_after: int
    treated_change: float
    control_change: float
    ratio: float
    low: float
    high: float
    log_ratio: float
    log_low: float
    log_high: float
    trend: float
    trend_p: float


def gap(table: pd.DataFrame, treated: str, controls: Sequence[str]) -> pd.Series:
    """Return log(deaths + 1) of one country less the mean of the same in the others, for the months that all have."""
    logs = np.log1p(table[[treated, *controls]].dropna())
    return logs[treated] - logs[list(controls)].mean(axis=1)


def difference(
    table: pd.DataFrame, treated: str, controls: Sequence[str], day: object, window: int, *, skip: Iterable[object] = ()
) -> Difference:
    """Return the difference in differences around the month of `day`, which counts for neither side.

    Up to `window` months count on each side, less those in `skip`. Raises `BookError` where fewer than four are left.
    """
    rows, distance = _around(table, treated, controls, day, window, skip)
    after = distance > 0
    sides = int((~after).sum()), int(after.sum())
    if min(sides) < FEWEST:
        what = f"only {min(sides)} months on one side of {pd.Timestamp(day):%B %Y}"
        raise BookError(what, where="analysis.differences", remedy="choose another break_date, start or end")
    own, others = rows[treated].to_numpy(), rows[list(controls)].sum(axis=1).to_numpy()
    changes = [_change(values, after) for values in (own, others)]
    some = own + others > 0
    counts = np.column_stack([own, others])[some]
    fit = _fit(sm.GLM(counts, sm.add_constant(after[some].astype(float)), family=sm.families.Binomial()))
    logs = gap(rows, treated, controls).to_numpy()
    step = _fit(sm.OLS(logs, sm.add_constant(after.astype(float))))
    bounds = [*np.exp(fit.conf_int()[1]), np.exp(step.params[1]), *np.exp(step.conf_int()[1])]
    return Difference(
        pd.Timestamp(day), treated, "+".join(controls), *sides, *changes, changes[0] / changes[1],
        *map(float, bounds), *_drift(logs[~after], distance[~after] / 12),
    )  # fmt: skip


def differences_everywhere(
    table: pd.DataFrame, treated: str, controls: Sequence[str], window: int, least: float = 1.0
) -> pd.DataFrame:
    """Return `day` and `ratio`, the difference in differences, at every month with a whole window on both sides.

    A month is left out where either country group has fewer than `least` deaths a month on a side: a ratio to
    next to nothing says nothing.
    """
    rows = table[[treated, *controls]].dropna()
    sums = pd.DataFrame({"own": rows[treated], "others": rows[list(controls)].sum(axis=1)})
    before = sums.rolling(window).mean().shift(1)
    after = sums.rolling(window).mean().shift(-window)
    enough = (before.min(axis=1) >= least) & (after.min(axis=1) >= least)
    change = (after / before)[enough]
    return pd.DataFrame({"day": change.index, "ratio": (change["own"] / change["others"]).to_numpy()})


def placebos(everywhere: pd.DataFrame, day: object, window: int) -> pd.DataFrame:
    """Return the rows of `differences_everywhere` whose window ends before the month of `day`.

    Raises `BookError` where there is none.
    """
    rows = everywhere[everywhere["day"] < pd.Timestamp(day).replace(day=1) - pd.DateOffset(months=window)]
    if rows.empty:
        what = f"no month before {pd.Timestamp(day):%B %Y} has {window} months on either side with deaths, to serve as placebo"
        remedy = "choose an earlier start, a later break_date or a smaller window_months"
        raise BookError(what, where="analysis.differences", remedy=remedy)
    return rows


def _around(
    table: pd.DataFrame, treated: str, controls: Sequence[str], day: object, window: int, skip: Iterable[object]
) -> tuple[pd.DataFrame, np.ndarray]:
    rows, middle = table[[treated, *controls]].dropna(), pd.Timestamp(day)
    distance = (rows.index.year - middle.year) * 12 + rows.index.month - middle.month
    keep = (abs(distance) <= window) & (distance != 0) & ~rows.index.isin([pd.Timestamp(s) for s in skip])
    return rows[keep], distance[keep].to_numpy(float)


def _change(values: np.ndarray, after: np.ndarray) -> float:
    before = values[~after].mean()
    return float(values[after].mean() / before) if before > 0 else float("nan")


def _drift(logs: np.ndarray, years: np.ndarray) -> tuple[float, float]:
    """Return the trend of the gap as a factor a year, and its p-value."""
    if len(logs) < FEWEST_FOR_TREND:
        return float("nan"), float("nan")
    fit = _fit(sm.OLS(logs, sm.add_constant(years)))
    return float(np.exp(fit.params[1])), float(fit.pvalues[1])


def _fit(model: sm.GLM | sm.OLS) -> object:
    return model.fit(cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}, use_t=True)


def trend_line(table: pd.DataFrame, treated: str, controls: Sequence[str], day: object, window: int) -> pd.Series:
    """Return exp(gap) as its trend over the `window` months before `day` has it, for those months and all after."""
    values = gap(table, treated, controls)
    middle = pd.Timestamp(day).replace(day=1)
    months = values.index[values.index >= middle - pd.DateOffset(months=window)]
    years = (months - middle).days.to_numpy() / 365.2425
    before = years < 0
    slope, level = np.polyfit(years[before], values[months[before]], 1)
    return pd.Series(np.exp(level + slope * years), index=months)
