"""Mali against other countries: differences in differences and synthetic controls under every choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from malibook.analysis import spec_models as models
from malibook.analysis.comparison import GROUPS, panel, population_to
from malibook.analysis.specifications import Bench, Estimate, Spec
from malibook.analysis.synthetic import quarterly_log_rates, synthetic_control
from malibook.errors import BookError

ALL = ("MLI", "BFA", "NER", "CAF", "LBY")
CONTROLS = {
    "Burkina Faso": ("BFA",), "Niger": ("NER",), "both neighbours": GROUPS["both-neighbours"].countries,
    "Central African Rep.": GROUPS["central-african-republic"].countries, "all four": GROUPS["all-four"].countries,
    "without Burkina Faso": GROUPS["without-burkina-faso"].countries,
}  # fmt: skip
MEANS, LOGS = "differences, means", "differences, logs"
MEANS_TREND, LOGS_TREND = "differences, means, own trend", "differences, logs, own trend"
SYNTHETIC, SHIFTED = "synthetic control", "synthetic control, shifted"
MODELS = {
    MEANS: (models.SHARE, models.FLAT), MEANS_TREND: (models.SHARE, models.ONE_TREND),
    LOGS: (models.LOGS, models.FLAT), LOGS_TREND: (models.LOGS, models.ONE_TREND),
}  # fmt: skip
WITHOUT_MARCH, LAGS = "without March 2022", 3
FIT_FROM = pd.Timestamp("2014-10-01")


def reasonable(spec: Spec) -> bool:
    """Return whether the method can use the group: a synthetic control needs several donors, and uses all months."""
    several = len(CONTROLS[spec["group"]]) > 1
    if spec["model"] in MODELS:
        return spec["group"] != "without Burkina Faso"
    return several and spec["march"] == "all months"


def against_others(bench: Bench, spec: Spec) -> Estimate:
    """Return Mali's change over that of the group; n of nought where the series do not cover the windows.

    A synthetic control has no interval: with four donors no test of it can reject anything.
    """
    table = _panel(bench, spec["estimate"])
    if spec["model"] not in MODELS:
        return _synthetic(bench, spec)
    found = _window(table, spec, [spec["day"]])
    own, others, columns = found
    if np.isnan(own).any() or np.isnan(others).any():
        return Estimate(float("nan"))
    made = _steps(own, others, columns, spec["model"])
    return Estimate(float(made.value[0]), float(made.low[0]), float(made.high[0]), own.shape[1])


def against_others_on(bench: Bench, spec: Spec, days: Sequence[object]) -> np.ndarray:
    """Return the same at each of several days, missing where the windows are not covered; no synthetic controls."""
    out = np.full(len(days), np.nan)
    if spec["model"] not in MODELS:
        return out
    own, others, columns = _window(_panel(bench, spec["estimate"]), {**spec, "march": "all months"}, days)
    whole = ~(np.isnan(own).any(axis=1) | np.isnan(others).any(axis=(1, 2)))
    if whole.any():
        out[whole] = _steps(own[whole], others[whole], columns[whole], spec["model"]).value
    return out


def _panel(bench: Bench, kind: str) -> pd.DataFrame:
    return bench.once(("panel", kind), lambda: panel(bench.table("violence_month"), ALL, "2005-01-01", bench.end, kind))


def _window(table: pd.DataFrame, spec: Spec, days: Sequence[object]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Mali's months (one row a day), those of the others (a layer a country) and the design."""
    width = spec["window"]
    distance = np.array([*range(-width, 0), *range(1, width + 1)])
    place = np.searchsorted(table.index.to_numpy(), pd.DatetimeIndex(days).to_numpy(), side="right") - 1
    rows = place[:, None] + distance[None, :]
    if spec["march"] == WITHOUT_MARCH:
        keep = rows[0] != table.index.searchsorted(pd.Timestamp("2022-03-01"))
        rows, distance = rows[:, keep], distance[keep]
    inside = (rows >= 0) & (rows < len(table))
    values = table[["MLI", *CONTROLS[spec["group"]]]].to_numpy()[np.clip(rows, 0, len(table) - 1)]
    values = np.where(inside[..., None], values, np.nan)
    columns = models.design(distance.astype(float), 12, MODELS[spec["model"]][1], False, np.zeros(len(days)))
    return values[..., 0], values[..., 1:], columns


def _steps(own: np.ndarray, others: np.ndarray, columns: np.ndarray, model: str) -> models.Steps:
    family = MODELS[model][0]
    if family == models.LOGS:  # the gap of logs stands in for log(count + 1), which the model takes again
        gap = np.log1p(own) - np.log1p(others).mean(axis=2)
        return models.steps(np.expm1(gap), columns, family, LAGS)
    rest = others.sum(axis=2)
    return models.steps(own, columns, family, LAGS, own + rest)


def _synthetic(bench: Bench, spec: Spec) -> Estimate:
    key = ("rates", spec["estimate"])
    people = bench.once("people", lambda: population_to(bench.table("population"), 2026))
    rates = bench.once(key, lambda: quarterly_log_rates(_panel(bench, spec["estimate"]).loc["2012":], people))
    here = rates.index[rates.index <= pd.Timestamp(spec["day"])].max()
    ahead = rates.index[rates.index > here]
    if len(ahead) < spec["window"] // 3:
        return Estimate(float("nan"))
    last = ahead[spec["window"] // 3 - 1]
    try:
        made = synthetic_control(
            rates,
            "MLI",
            CONTROLS[spec["group"]],
            spec["day"],
            first=FIT_FROM,
            last=last,
            shifted=spec["model"] == SHIFTED,
        )
    except BookError:
        return Estimate(float("nan"))
    return Estimate(float(np.exp(made.effect)), n=len(made.path))
