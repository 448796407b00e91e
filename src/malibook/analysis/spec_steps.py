"""The step at a date, under every choice of series, window, baseline, months left out and model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from malibook.analysis import spec_models as models
from malibook.analysis.arrival import change
from malibook.analysis.series import monthly
from malibook.analysis.shift import by_region
from malibook.analysis.specifications import Bench, Estimate, Spec

LOW, BEST, HIGH, EVENTS = "UCDP deaths, low", "UCDP deaths, best", "UCDP deaths, high", "UCDP events"
ACLED_DEATHS, ACLED_EVENTS = "ACLED deaths", "ACLED events"
CIVILIANS, ATTACKS = "civilian deaths", "one-sided events"
COLUMNS = {
    LOW: "deaths_low", BEST: "deaths_best", HIGH: "deaths_high", EVENTS: "events",
    CIVILIANS: "deaths_civilians", ATTACKS: "events_one_sided",
}  # fmt: skip
REGIONAL = {ACLED_DEATHS: "deaths", ACLED_EVENTS: "events"}
WITH_MARCH, WITHOUT_MARCH = "all months", "without March 2022"
AS_LONG, FOUR_YEARS = "as long as after", "four years"
MEANS, LOGS = "means", "logs"
POISSON, NEGATIVE, LOG_TRENDS = "Poisson, trends", "neg. binomial, trends", "logs, trends"
MODELS = {
    MEANS: (models.POISSON, models.FLAT), LOGS: (models.LOGS, models.FLAT), POISSON: (models.POISSON, models.TWO_TRENDS),
    NEGATIVE: (models.NEGATIVE_BINOMIAL, models.TWO_TRENDS), LOG_TRENDS: (models.LOGS, models.TWO_TRENDS),
}  # fmt: skip
PLAIN, WAVE = "none", "yearly wave"
MARCH = np.datetime64("2022-03-01")
LONG, SHORTEST_FOR_TREND, SHORTEST_FOR_WAVE = 48, 12, 24


def series_of(bench: Bench, outcome: str) -> pd.Series:
    """Return one of the series for Mali by the first day of each month or, for ACLED, of each quarter."""
    return bench.once(("series", outcome), lambda: _series(bench, outcome))


def _series(bench: Bench, outcome: str) -> pd.Series:
    if outcome in REGIONAL:
        regions = by_region(bench.table("violence_region_quarter"), end=bench.end)
        return regions.groupby("quarter")[REGIONAL[outcome]].sum().astype(float)
    rows = monthly(bench.table("violence_month"), "MLI", "2005-01-01", bench.end)
    return rows.set_index("month")[COLUMNS[outcome]].astype(float)


def reasonable(spec: Spec) -> bool:
    """Return whether a trend and a yearly wave have the months they need, and a wave only beside no other novelty."""
    trend, wave = MODELS[spec["model"]][1] != models.FLAT, spec["season"] == WAVE
    if trend and spec["window"] < SHORTEST_FOR_TREND:
        return False
    return not wave or (spec["window"] >= SHORTEST_FOR_WAVE and spec["model"] != LOGS)


def step(bench: Bench, spec: Spec) -> Estimate:
    """Return the step at the day of one combination, with n of nought where the series does not cover the windows.

    Means without a wave carry the block bootstrap of Chapter 2, all others Newey–West or model errors.
    """
    found = _window(bench, spec, [spec["day"]])
    if found is None or np.isnan(found[0]).any():
        return Estimate(float("nan"))
    counts, distance, columns, lags = found
    if spec["model"] == MEANS and spec["season"] == PLAIN:
        both = change(counts[0, distance < 0], counts[0, distance > 0])
        return Estimate(both.ratio, both.ratio_low, both.ratio_high, counts.shape[1])
    made = models.steps(counts, columns, MODELS[spec["model"]][0], lags)
    return Estimate(float(made.value[0]), float(made.low[0]), float(made.high[0]), counts.shape[1])


def steps_on(bench: Bench, spec: Spec, days: Sequence[object]) -> np.ndarray:
    """Return the step of one combination at each of several days, missing where its windows are not covered.

    No month is left out: the days are meant to be placebo dates.
    """
    found = _window(bench, {**spec, "march": WITH_MARCH}, days)
    out = np.full(len(days), np.nan)
    if found is None:
        return out
    counts, _, columns, lags = found
    whole = ~np.isnan(counts).any(axis=1)
    if whole.any():
        out[whole] = models.steps(counts[whole], columns[whole], MODELS[spec["model"]][0], lags).value
    return out


def _window(bench: Bench, spec: Spec, days: Sequence[object]) -> tuple[np.ndarray, np.ndarray, np.ndarray, int] | None:
    """Return counts (one row a day), distances, the design and the lags; None where no value would be complete."""
    values = series_of(bench, spec["series"])
    quarterly = spec["series"] in REGIONAL
    unit = 3 if quarterly else 1
    after = spec["window"] // unit
    before = (LONG if spec["baseline"] == FOUR_YEARS else spec["window"]) // unit
    distance = np.array([*range(-before, 0), *range(1, after + 1)], dtype=float)
    times, numbers = bench.once(
        ("arrays", spec["series"]), lambda: (values.index.to_numpy("datetime64[D]"), values.to_numpy())
    )
    place = np.searchsorted(times, np.array(days, dtype="datetime64[D]"), side="right") - 1
    rows = place[:, None] + distance[None, :].astype(int)
    inside = (rows >= 0) & (rows < len(values))
    counts = np.where(inside, numbers[np.clip(rows, 0, len(numbers) - 1)], np.nan)
    if spec["march"] == WITHOUT_MARCH and len(days) == 1:
        left_out = np.searchsorted(times, MARCH, side="right") - 1
        keep = rows[0] != left_out
        counts, distance = counts[:, keep], distance[keep]
    family_trend = MODELS[spec["model"]][1]
    start = times[np.clip(place, 0, None)].astype("datetime64[M]").astype(int) % 12 / 12
    columns = models.design(distance, 12 / unit, family_trend, spec["season"] == WAVE, start)
    return counts, distance, columns, 1 if quarterly else 3
