"""One country in figures: its deaths by year, type and month, and its place among the others.

Everything here takes any country that the tables hold. Where a table has nothing on it the answer is empty, so that
a chapter can say what is missing instead of failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from malibook.analysis import breaks
from malibook.analysis.comparison import per_head, population_to, since_first_death, yearly_totals
from malibook.analysis.series import PREFERENCE
from malibook.errors import BookError

TYPES = ("state-based", "non-state", "one-sided")
LEAST_MONTHS = 24  # with fewer a level and a break cannot be told apart


def whole_years(yearly: pd.DataFrame, start: object, end: object) -> pd.DataFrame:
    """Return the rows of `violence_year` whose year lies wholly between two days; raise `BookError` where there is none."""
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    years = yearly["year"].astype(int)
    begins, ends = pd.to_datetime(years.astype(str) + "-01-01"), pd.to_datetime(years.astype(str) + "-12-31")
    rows = yearly[(begins >= first) & (ends <= last)]
    if rows.empty:
        what = f"no whole year of violence_year lies between {first.date()} and {last.date()}"
        raise BookError(what, where="parameters start, end", remedy=f"its years are {years.min()} to {years.max()}")
    return rows


def by_type(yearly: pd.DataFrame, country: str, estimate: str) -> pd.DataFrame:
    """Return deaths by year (rows, in order) and type of violence (columns of `TYPES`), persons.

    A low or high estimate that is not published is replaced by the best one. Raises `BookError` for a country
    without a row.
    """
    rows = yearly[yearly["iso3"] == country]
    if rows.empty:
        known = ", ".join(sorted(yearly["iso3"].unique()))
        raise BookError(f"no row of {country}", where="violence_year", remedy=f"choose one of {known}")
    deaths = rows[f"deaths_{estimate}"].astype(float).fillna(rows["deaths_best"].astype(float))
    wide = rows.assign(deaths=deaths).pivot_table(index="year", columns="type", values="deaths", aggfunc="sum")
    wide.index = wide.index.astype(int)
    return wide.reindex(columns=list(TYPES)).fillna(0.0).sort_index()


@dataclass(frozen=True)
class Years:
    """A country's years: first and last, deaths of all, of the deadliest and of the last, the parts of the types.

    `worst` is missing where nobody died; `low` and `high` are the bounds of `total`.
    """

    first: int
    last: int
    total: float
    low: float
    high: float
    worst: int | None
    worst_deaths: float
    last_deaths: float
    shares: Mapping[str, float]


def summary(yearly: pd.DataFrame, country: str, estimate: str) -> Years:
    """Return the summary of a country's rows of `violence_year` (see `Years`)."""
    wide = by_type(yearly, country, estimate)
    own = yearly_totals(yearly[yearly["iso3"] == country], estimate)
    sums = wide.sum(axis=1)
    total = float(sums.sum())
    shares = {kind: float(wide[kind].sum()) / total if total else 0.0 for kind in TYPES}
    worst = int(sums.idxmax()) if total else None
    first, last = int(wide.index.min()), int(wide.index.max())
    return Years(
        first, last, total, float(own["low"].sum()), float(own["high"].sum()), worst, float(sums.max()),
        float(sums[last]), shares,
    )  # fmt: skip


def rates(yearly: pd.DataFrame, population: pd.DataFrame, estimate: str) -> pd.DataFrame:
    """Return deaths by country and year with `…_rate` per 100,000 people, for the countries with a population.

    Columns: `iso3`, `year`, `deaths`, `low`, `high`, `population`, `assumed` (after the last known year) and the rates.
    Years before a country's first known population are left out.
    """
    totals = yearly_totals(yearly, estimate)
    known = population.dropna(subset="population")
    known = known[known["iso3"].isin(totals["iso3"].unique())]
    enough = known.groupby("iso3")["year"].transform("size") > 1  # growth needs two years
    if known[enough].empty:
        return pd.DataFrame(columns=[*totals.columns, "population", "assumed", "deaths_rate", "low_rate", "high_rate"])
    people = population_to(known[enough], int(totals["year"].max()))
    inside = totals.merge(people[["iso3", "year"]], on=["iso3", "year"])
    return per_head(inside, people, ("deaths", "low", "high"))


def standing(totals: pd.DataFrame, heads: pd.DataFrame) -> pd.DataFrame:
    """Return one row a country, the deadliest first: its total, its worst year, its mean rate, its places.

    Columns: `iso3`, `deaths`, `place`, `worst` (missing where nobody died), `worst_deaths`, `rate` (deaths a year per 100,000
    people, mean of the years), `place_rate`, `worst_rate`, `worst_rate_year`; the rates are missing without a population.
    """
    rows = []
    for iso3, own in totals.groupby("iso3"):
        top = own.loc[own["deaths"].idxmax()]
        rate = heads[heads["iso3"] == iso3]
        peak = rate.loc[rate["deaths_rate"].idxmax()] if len(rate) else None
        rows.append({
            "iso3": iso3, "deaths": float(own["deaths"].sum()), "worst_deaths": float(top["deaths"]),
            "worst": int(top["year"]) if top["deaths"] > 0 else pd.NA,
            "rate": float(rate["deaths_rate"].mean()) if len(rate) else np.nan,
            "worst_rate": float(peak["deaths_rate"]) if peak is not None else np.nan,
            "worst_rate_year": int(peak["year"]) if peak is not None and peak["deaths_rate"] > 0 else pd.NA,
        })  # fmt: skip
    out = pd.DataFrame(rows).astype({"worst": "Int64", "worst_rate_year": "Int64"})
    ranks = {"place": out["deaths"], "place_rate": out["rate"]}
    out = out.assign(
        **{name: column.rank(ascending=False, method="min").astype("Int64") for name, column in ranks.items()}
    )
    return out.sort_values(["deaths", "iso3"], ascending=[False, True], ignore_index=True)


def months(violence: pd.DataFrame, country: str, start: object, end: object, estimate: str) -> pd.DataFrame:
    """Return deaths by month, one row for each month from the first to the last that the tables have; empty for none.

    Columns: `month`, `deaths` (missing where no dataset has the month), `dataset`, `stand_in` (the best estimate stands
    for one that is not published). Of several datasets the most final one counts, as in `series.monthly`.
    """
    rows = violence[(violence["iso3"] == country) & (violence["month"] >= pd.Timestamp(start).replace(day=1))]
    rows = rows[rows["month"] <= pd.Timestamp(end)]
    order = rows["dataset"].map({name: rank for rank, name in enumerate(PREFERENCE)}).fillna(len(PREFERENCE))
    rows = rows.assign(order=order).sort_values(["month", "order"]).drop_duplicates("month").set_index("month")
    asked, best = rows[f"deaths_{estimate}"].astype(float), rows["deaths_best"].astype(float)
    out = pd.DataFrame({"deaths": asked.fillna(best), "dataset": rows["dataset"], "stand_in": asked.isna()})
    return out.asfreq("MS").rename_axis("month").reset_index() if len(out) else out.rename_axis("month").reset_index()


def levels(series: pd.DataFrame) -> pd.DataFrame:
    """Return the levels between the breaks of a series of `months`, from its first death on; empty where none can be sought.

    None can be sought in a series with a gap, with fewer than two years after its first death, or with so many quiet months
    that its noise is nought. Columns as of `breaks.change_points`.
    """
    nothing = pd.DataFrame(columns=["start", "end", "months", "level", "ratio"])
    if series.empty or series["deaths"].isna().any() or not (series["deaths"] > 0).any():
        return nothing
    values = since_first_death(series.set_index("month")["deaths"])
    if len(values) < LEAST_MONTHS or breaks.noise(values) == 0:
        return nothing
    return breaks.change_points(values.index.to_series(), values)
