"""Synthetic control: a weighted mean of other countries that follows one country up to a day, and what comes after.

The weights are not negative and add up to one (Abadie, Diamond and Hainmueller 2010), found by least squares over the
periods before the day. The same is done for every donor as if it had been treated, and for earlier days at which
nothing happened; with a handful of donors these placebos decide little, and they show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from malibook.errors import BookError

PER = 1_000_000
FIRM = 1e5  # how much heavier than the data the rule weighs that weights add up to one
FEWEST_BEFORE, FEWEST_AFTER = 8, 2


@dataclass(frozen=True)
class Synthetic:
    """One country and its synthetic control.

    `weights` by donor; `path` has the columns `actual`, `synthetic`, `gap` and `after`, a row a period; `fit_error` and
    `after_error` are root mean squares of the gap before and after; `error_ratio` is the second over the first; `effect`
    is the mean gap after. `spread` is the standard deviation of the actual series before: a fit error near it
    means that the control does no better than the country's own mean.
    """

    treated: str
    weights: dict[str, float]
    path: pd.DataFrame
    fit_error: float
    after_error: float
    effect: float
    spread: float

    @property
    def error_ratio(self) -> float:
        """How much worse the fit is after the day than before."""
        return self.after_error / self.fit_error


def quarterly_log_rates(panel: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return log(1 + deaths per million people) by quarter and country, for the quarters that all countries have whole.

    `panel` holds deaths by month and country; `people` has `iso3`, `year`, `population`.
    """
    population = people.pivot(index="year", columns="iso3", values="population").astype(float)
    sums = panel.resample("QS").sum(min_count=3).dropna()
    sums = sums[panel.notna().resample("QS").sum().reindex(sums.index).min(axis=1) == 3]
    heads = population.reindex(sums.index.year)[list(panel.columns)].set_index(sums.index)
    return np.log1p(sums / heads * PER)


def simplex_weights(target: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Return the weights, none negative and adding up to one, whose mean of the donors' columns is nearest to the target."""
    heavy = FIRM * max(1.0, float(np.abs(donors).max()))
    found, _ = nnls(np.vstack([donors, np.full(donors.shape[1], heavy)]), np.append(target, heavy))
    return found / found.sum()


def synthetic_control(
    table: pd.DataFrame, treated: str, donors: Sequence[str], day: object, *, first: object = None, last: object = None,
    shifted: bool = False,
) -> Synthetic:  # fmt: skip
    """Return the synthetic control of one country, fitted on the periods from `first` to before that of `day`.

    The period that holds the day belongs to neither side. With `shifted` the control may differ from the country by a
    constant (Ferman and Pinto 2021): it then follows changes and not levels. Raises `BookError` for too few periods.
    """
    rows = table.loc[first:last, [treated, *donors]].dropna()
    middle = rows.index[rows.index <= pd.Timestamp(day)].max() if len(rows) else pd.NaT
    before, after = rows.index < middle, rows.index > middle
    if before.sum() < FEWEST_BEFORE or after.sum() < FEWEST_AFTER:
        what = f"{before.sum()} periods before and {after.sum()} after {pd.Timestamp(day):%B %Y} are too few"
        raise BookError(what, where="analysis.synthetic", remedy="choose another break_date, start or end")
    own, others = rows[treated].to_numpy(), rows[list(donors)].to_numpy()
    level = own[before].mean() if shifted else 0.0
    means = others[before].mean(axis=0) if shifted else np.zeros(len(donors))
    weights = simplex_weights(own[before] - level, others[before] - means)
    made = (others - means) @ weights + level
    gap = own - made
    path = pd.DataFrame({"actual": own, "synthetic": made, "gap": gap, "after": after}, index=rows.index)
    errors = [float(np.sqrt((gap[side] ** 2).mean())) for side in (before, after)]
    held = dict(zip(donors, map(float, weights), strict=True))
    return Synthetic(treated, held, path, *errors, float(gap[after].mean()), float(own[before].std()))


def in_space(table: pd.DataFrame, treated: str, donors: Sequence[str], day: object, **choices: object) -> pd.DataFrame:
    """Return the synthetic control of every country in turn, all others being donors: one row each, the treated first.

    Columns `country`, `fit_error`, `after_error`, `error_ratio`, `effect`, `rank` (of the ratio, largest first). The
    rank over the number of rows is the smallest share at which the treated country can stand out.
    """
    every = [treated, *donors]
    made = [synthetic_control(table, c, [d for d in every if d != c], day, **choices) for c in every]
    rows = [(s.treated, s.fit_error, s.after_error, s.error_ratio, s.effect) for s in made]
    out = pd.DataFrame(rows, columns=["country", "fit_error", "after_error", "error_ratio", "effect"])
    return out.assign(rank=out["error_ratio"].rank(ascending=False, method="min").astype(int))


def in_time(
    table: pd.DataFrame, treated: str, donors: Sequence[str], days: Iterable[object], ahead: int, **choices: object
) -> pd.DataFrame:
    """Return the synthetic control at each of several days, judged on the `ahead` periods after that of the day.

    Columns `day`, `fit_error`, `after_error`, `error_ratio`, `effect`. Days without enough periods are left out;
    raises `BookError` where none is left.
    """
    rows = []
    for day in map(pd.Timestamp, days):
        here = table.index[table.index <= day].max()
        place = table.index.get_loc(here) + ahead
        if place >= len(table):
            continue
        try:
            made = synthetic_control(table, treated, donors, day, **(choices | {"last": table.index[place]}))
        except BookError:
            continue
        rows.append((here, made.fit_error, made.after_error, made.error_ratio, made.effect))
    if not rows:
        remedy = "choose a later break_date, an earlier start or a smaller window_months"
        raise BookError(f"no day leaves {ahead} periods after it", where="analysis.synthetic", remedy=remedy)
    return pd.DataFrame(rows, columns=["day", "fit_error", "after_error", "error_ratio", "effect"])
