"""Countries side by side: deaths per head, and differences in differences around a day.

A difference in differences divides the change in one country by the change in others over the same months. It is an
effect only if the two would have moved in step without the event, and if the event left the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from malibook.analysis.series import estimate_column, monthly
from malibook.errors import BookError

PER = 100_000
LAGS = 3
FEWEST, FEWEST_FOR_TREND = 4, 12


def population_to(population: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return `iso3`, `year`, `population`, `assumed`, one row a country and year, up to the year `last`.

    After a country's last known year its population grows on at that year's rate; such rows are marked `assumed`.
    """
    out = []
    for iso3, rows in population.dropna(subset="population").groupby("iso3"):
        known = rows.set_index("year")["population"].astype(float)
        end = int(known.index.max())
        growth = known[end] / known[end - 1]
        later = pd.Series({year: known[end] * growth ** (year - end) for year in range(end + 1, last + 1)}, dtype=float)
        both = pd.concat([known[known.index <= last], later]).rename_axis("year").rename("population").reset_index()
        out.append(both.assign(iso3=iso3, assumed=both["year"] > end))
    return pd.concat(out, ignore_index=True)[["iso3", "year", "population", "assumed"]]


def yearly_totals(yearly: pd.DataFrame, estimate: str = "best") -> pd.DataFrame:
    """Return deaths of all types by country and year: `deaths` (the estimate asked for), `low`, `high`.

    UCDP gives a low and a high for some types only; where it gives none, the best estimate stands in for both.
    """
    best = yearly["deaths_best"].astype(float)
    bounds = {name: yearly[f"deaths_{name}"].astype(float).fillna(best) for name in ("low", "high")}
    frame = yearly[["iso3", "year"]].assign(deaths=bounds.get(estimate, best), **bounds)
    return frame.groupby(["iso3", "year"], as_index=False)[["deaths", "low", "high"]].sum()


def per_head(totals: pd.DataFrame, people: pd.DataFrame, columns: Sequence[str] = ("deaths",)) -> pd.DataFrame:
    """Return `totals` with `population`, `assumed` and, for each column, the same per 100,000 people (`…_rate`).

    `people` is from `population_to`. Raises `BookError` where a country and year has no population.
    """
    out = totals.merge(people, on=["iso3", "year"], how="left")
    if out["population"].isna().any():
        gap = out[out["population"].isna()].iloc[0]
        remedy = "call population_to with a later last year"
        raise BookError(f"no population of {gap['iso3']} in {gap['year']}", where="population", remedy=remedy)
    return out.assign(**{f"{c}_rate": out[c].astype(float) / out["population"] * PER for c in columns})


def panel(violence: pd.DataFrame, countries: Iterable[str], start: object, end: object, estimate: str) -> pd.DataFrame:
    """Return deaths by month (rows) and country (columns); a month that a country's series lacks is missing.

    Where the estimate asked for is not published, as for Niger and for 2025, the best one stands in for it.
    """
    columns = {}
    for iso3 in countries:
        rows = monthly(violence, iso3, start, end).set_index("month")
        best = rows["deaths_best"].astype(float)
        has = rows[f"deaths_{estimate}"].notna().any()
        columns[iso3] = rows[estimate_column(estimate, rows)].astype(float).fillna(best) if has else best
    return pd.DataFrame(columns).sort_index()


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
        raise BookError(what, where="analysis.comparison", remedy="choose another break_date, start or end")
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
