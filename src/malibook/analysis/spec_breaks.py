"""When the level broke, under every choice of series, scale, penalty, shortest stretch, start and end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from malibook.analysis.breaks import change_points
from malibook.analysis.spec_steps import REGIONAL, series_of
from malibook.analysis.specifications import Bench, Estimate, Spec

LOG_SCALE, ROOT_SCALE = "logs", "square roots"
FIRST_RISE_FROM, RISE = pd.Timestamp("2014-01-01"), pd.Timestamp("2017-01-01")
SURGE_BETWEEN = (pd.Timestamp("2021-01-01"), pd.Timestamp("2023-12-31"))
EXIT = pd.Timestamp("2022-08-01")
CALM, WITH_MARCH = "without March 2022", "all months"


def first_rise(bench: Bench, spec: Spec) -> Estimate:
    """Return the first lasting rise of the level since 2014, in months after January 2017; missing where none is found."""
    found, months = breaks_of(bench, spec)
    upward = [start for start, ratio in found if ratio > 1 and start >= FIRST_RISE_FROM]
    return Estimate(_months(RISE, upward[0]) if upward else float("nan"), n=months)


def surge_lead(bench: Bench, spec: Spec) -> Estimate:
    """Return by how many months the largest upward break of 2021 to 2023 precedes August 2022; missing where none is found."""
    found, months = breaks_of(bench, spec)
    upward = [(ratio, start) for start, ratio in found if ratio > 1 and SURGE_BETWEEN[0] <= start <= SURGE_BETWEEN[1]]
    return Estimate(_months(max(upward)[1], EXIT) if upward else float("nan"), n=months)


def breaks_of(bench: Bench, spec: Spec) -> tuple[list[tuple[pd.Timestamp, float]], int]:
    """Return the breaks of one combination, each as its month and the level after over before, and the periods searched."""
    key = tuple(sorted((name, str(option)) for name, option in spec.items()))
    return bench.once(("breaks", key), lambda: _breaks(bench, spec))


def _breaks(bench: Bench, spec: Spec) -> tuple[list[tuple[pd.Timestamp, float]], int]:
    values = series_of(bench, spec["series"]).loc[spec["start"] : min(pd.Timestamp(spec["end"]), bench.end)].dropna()
    quarterly = spec["series"] in REGIONAL
    if spec.get("march") == CALM:
        values = values.drop(pd.Timestamp("2022-01-01" if quarterly else "2022-03-01"), errors="ignore")
    if spec["scale"] == ROOT_SCALE:  # the search takes log(values + 1), which undoes this exactly
        values = np.expm1(np.sqrt(values))
    shortest = max(2, spec["shortest"] // (3 if quarterly else 1))
    months = pd.Series(values.index)
    found = change_points(months, values.reset_index(drop=True), strength=spec["penalty"], min_months=shortest)
    return list(zip(found["start"], found["ratio"], strict=True))[1:], len(values)


def _months(first: pd.Timestamp, last: pd.Timestamp) -> float:
    return float((last.year - first.year) * 12 + last.month - first.month)
