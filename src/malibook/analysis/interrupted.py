"""Interrupted time series: is there a step in a monthly count at a named date, beyond the trend that led to it?

A Poisson model of the count with a trend, a step and a change of trend at the date, and Newey–West errors, which allow
for overdispersion and for months that resemble their neighbours. The same model at dates at which nothing happened
(placebos) shows how often such a step comes by itself. A step is a date's, not a cause's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM  # not statsmodels.api, which takes seconds to import

from malibook.errors import BookError

LAGS = 3
FEWEST_A_SIDE = 8


@dataclass(frozen=True)
class Step:
    """What an interrupted time series finds at one date.

    `ratio` is the level just after the date over the level to which the earlier trend leads (1: no step), with a 95 %
    interval from `low` to `high`; `score` is its logarithm in standard errors; `trend_before` and `trend_after` are
    factors a year; the means are deaths a month.
    """

    day: pd.Timestamp
    months_before: int
    months_after: int
    mean_before: float
    mean_after: float
    ratio: float
    low: float
    high: float
    score: float
    trend_before: float
    trend_after: float


def step_at(
    months: pd.Series, values: pd.Series, day: object, window: int, *, skip: Iterable[object] = (), lags: int = LAGS
) -> Step:
    """Return the step in the series at one date, from `window` months on either side.

    The month that holds the day counts for neither side; months in `skip` are left out. Raises `BookError` where fewer
    than eight months are left on a side.
    """
    times, counts = _window(months, values, day, window, skip)
    after = times > 0
    sides = min(after.sum(), (~after).sum())
    if sides < FEWEST_A_SIDE:
        raise BookError(
            f"only {sides} months on one side of {pd.Timestamp(day):%B %Y}",
            where="analysis.interrupted",
            remedy="choose another break_date, a later end or an earlier start",
        )
    years = times / 12
    design = np.column_stack([np.ones_like(years), years, after, years * after])
    model = GLM(counts, design, family=Poisson())
    fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    low, high = np.exp(fit.conf_int()[2])
    trend, change = fit.params[1], fit.params[3]
    return Step(
        pd.Timestamp(day), int((~after).sum()), int(after.sum()), float(counts[~after].mean()),
        float(counts[after].mean()), float(np.exp(fit.params[2])), float(low), float(high), float(fit.tvalues[2]),
        float(np.exp(trend)), float(np.exp(trend + change)),
    )  # fmt: skip


def steps_at(
    months: pd.Series, values: pd.Series, days: dict[str, object], window: int, *, skip: Iterable[object] = ()
) -> pd.DataFrame:
    """Return `step_at` for several named dates, one row each; the column `name` holds the name."""
    return pd.DataFrame([{"name": n} | vars(step_at(months, values, d, window, skip=skip)) for n, d in days.items()])


def steps_everywhere(months: pd.Series, values: pd.Series, window: int, *, skip: Iterable[object] = ()) -> pd.DataFrame:
    """Return `step_at` for every month that has the whole window on both sides, one row each."""
    inside = months.iloc[window : len(months) - window]
    return pd.DataFrame([vars(step_at(months, values, month, window, skip=skip)) for month in inside])


def placebos(everywhere: pd.DataFrame, first_tested: object, window: int) -> pd.DataFrame:
    """Return the steps at months whose whole window ends before the first tested date."""
    return everywhere[everywhere["day"] + pd.DateOffset(months=window) < pd.Timestamp(first_tested)]


def placebo_share(quiet: pd.DataFrame, score: float) -> float:
    """Return the share of placebos with a step at least as clear, up or down; missing where there is none."""
    return float((quiet["score"].abs() >= abs(score)).mean())


def _window(
    months: pd.Series, values: pd.Series, day: object, window: int, skip: Iterable[object]
) -> tuple[np.ndarray, np.ndarray]:
    number = _month_number(months)
    distance = number - _month_number([day])[0]
    keep = (np.abs(distance) >= 1) & (np.abs(distance) <= window)
    keep &= values.notna().to_numpy() & ~np.isin(number, _month_number(list(skip)))
    return distance[keep].astype(float), values.to_numpy(dtype=float, na_value=np.nan)[keep]


def _month_number(days: Iterable[object]) -> np.ndarray:
    """Return each day's month as a count of months, so that distances in months are differences."""
    return pd.DatetimeIndex(days).to_numpy().astype("datetime64[M]").astype(int)
