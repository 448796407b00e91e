"""The level around Wagner's exit: ratios of short windows, set beside the same ratio at every earlier date.

With a handful of months no model of trends can be fitted. As in Chapter 4 the interval comes from placebo dates: a ratio is clear
where it lies outside the middle 90 per cent of those at the dates whose windows end before the exit.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from malibook.analysis.aftermath import BAND, rest_of_year
from malibook.analysis.series import monthly
from malibook.analysis.spec_steps import ACLED_DEATHS, BEST, EVENTS, LOGS, MEANS, REGIONAL, series_of
from malibook.analysis.specifications import Bench, Estimate, Spec

MEDIANS = "medians"
JUST_BEFORE, YEAR_BEFORE, TWO_YEARS, ADJUSTED = "just before", "a year before", "two years", "less the year before"
NEITHER, AFTER, BEFORE = "neither", "after", "before"
AS_CODED, LEFT_OUT = "as coded", "left out"
WHOLE = 14
FIRST_PLACEBO, FEWEST = pd.Timestamp("2018-01-01"), 10
DECEMBER = pd.Timestamp("2025-12-01")


def reasonable(spec: Spec) -> bool:
    """Return whether a combination can be told from others and rests on values that exist by month."""
    if spec["window"] == WHOLE:
        plain = spec["model"] == MEANS and spec["december"] == AS_CODED
        return plain and spec["series"] == BEST and spec["baseline"] in (JUST_BEFORE, TWO_YEARS)
    if spec["series"] in REGIONAL:
        return spec["window"] in (3, 6) and spec["december"] == AS_CODED and spec["model"] != MEDIANS
    return spec["december"] == AS_CODED or spec["window"] >= 6


def change_at_exit(bench: Bench, spec: Spec) -> Estimate:
    """Return the ratio at the day of one combination with its placebo interval; n of nought where a value is lacking."""
    values = _values(bench, spec)
    quarterly = spec["series"] in REGIONAL
    path = ratio_path(values, spec, 3 if quarterly else 1)
    here = values.index[values.index <= pd.Timestamp(spec["day"])].max()
    if pd.isna(here) or np.isnan(path.get(here, np.nan)):
        return Estimate(float("nan"))
    months = spec["window"] // (3 if quarterly else 1)
    reach = pd.DateOffset(months=spec["window"])
    fakes = path[(path.index - reach >= FIRST_PLACEBO) & (path.index + reach < here)].dropna()
    return beside_placebos(float(path[here]), fakes, 2 * months)


def beside_placebos(value: float, fakes: pd.Series, n: int) -> Estimate:
    """Return a ratio with the interval that leaves out 1 exactly where the ratio lies outside the middle 90 per cent of placebos.

    With fewer than ten placebos there is no interval.
    """
    if len(fakes) < FEWEST:
        return Estimate(value, n=n)
    low, high = fakes.quantile([(1 - BAND) / 2, (1 + BAND) / 2])
    return Estimate(value, value / high, value / low if low > 0 else float("inf"), n)


def ratio_path(values: pd.Series, spec: Spec, unit: int = 1) -> pd.Series:
    """Return after over before at every period, by one combination of window, baseline, model and side of the period itself."""
    width, year = spec["window"] // unit, 12 // unit
    logs, medians = spec["model"] == LOGS, spec["model"] == MEDIANS
    base = np.log1p(values) if logs else values
    missing = 1 if spec["december"] == LEFT_OUT else 0
    mean = _typical(base, width, missing, medians)
    after = mean.shift(1 - width) if spec["side"] == AFTER else mean.shift(-width)
    two_years = spec["baseline"] == TWO_YEARS
    earlier = _typical(base, 2 * year, missing, medians) if two_years else mean
    before = earlier if spec["side"] == BEFORE else earlier.shift(1)
    if spec["baseline"] == YEAR_BEFORE:
        before = after.shift(year)
    ratio = np.exp(after - before) if logs else after / before.where(before > 0)
    return ratio / ratio.shift(year) if spec["baseline"] == ADJUSTED else ratio


def _typical(values: pd.Series, width: int, missing: int, medians: bool) -> pd.Series:
    rolled = values.rolling(width, min_periods=width - missing)
    return rolled.median() if medians else rolled.mean()


def _values(bench: Bench, spec: Spec) -> pd.Series:
    values = series_of(bench, spec["series"])
    if spec["window"] == WHOLE:
        return bench.once("with the total of 2026", lambda: _with_total(bench, values))
    return values.mask(values.index == DECEMBER) if spec["december"] == LEFT_OUT else values


def _with_total(bench: Bench, values: pd.Series) -> pd.Series:
    """Return the series with the mean of the months of 2026 that are known by their total only."""
    totals = bench.table("violence_part_year")
    totals = totals[(totals["iso3"] == "MLI") & (totals["type"] == "all")]
    series = monthly(bench.table("violence_month"), "MLI", "2005-01-01", bench.end)
    return pd.concat([values, rest_of_year(series, totals, "deaths_best", bench.end)])


SERIES = (BEST, EVENTS, ACLED_DEATHS)
