"""One number or one day out of the tables, for a test of a claim. Each raises `BookError` where a row is missing."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.analysis.series import monthly
from malibook.analysis.shares import SOUTH_AND_WEST
from malibook.analysis.shift import by_region
from malibook.analysis.spread import first_reached
from malibook.analysis.verdict_rules import Bench
from malibook.errors import BookError

TYPES = ("state-based", "non-state", "one-sided")


def deaths(
    bench: Bench, countries: Iterable[str], first: int, last: int, types: Iterable[str] = TYPES, each: float = 1
) -> float:
    """Return deaths a year from `first` to `last` in the countries together, UCDP's best estimate, over `each`."""
    countries, types = list(countries), list(types)
    need(each > 0, "number above zero to divide deaths by")
    rows = bench.table("violence_year")
    rows = rows[rows["iso3"].isin(countries) & rows["type"].isin(types) & rows["year"].between(first, last)]
    years = last - first + 1
    need(len(rows) == len(countries) * len(types) * years, f"deaths of {', '.join(countries)}, {first}–{last}")
    return float(rows["deaths_best"].sum()) / years / each


def deaths_by_year(bench: Bench, country: str, first: int, last: int, types: Iterable[str] = TYPES) -> pd.Series:
    """Return deaths by year, indexed by the year."""
    years = range(first, last + 1)
    return pd.Series([deaths(bench, (country,), year, year, types) for year in years], index=years)


def battle_deaths(bench: Bench, conflict: int, first: int, last: int) -> float:
    """Return battle deaths a year in one UCDP conflict."""
    rows = bench.table("conflict_year")
    rows = rows[(rows["conflict_id"] == conflict) & rows["year"].between(first, last)]
    need(rows["year"].nunique() == last - first + 1, f"battle deaths of conflict {conflict}, {first}–{last}")
    return float(rows["battle_deaths_best"].sum()) / (last - first + 1)


def cell(bench: Bench, table: str, row: str, column: str = "value", each: float = 1) -> float:
    """Return one number of one row, over `each`."""
    return float(_row(bench, table, row)[column]) / each


def day(bench: Bench, table: str, row: str, column: str = "date") -> pd.Timestamp:
    """Return one day of one row."""
    return pd.Timestamp(_row(bench, table, row)[column])


def people(bench: Bench, country: str, year: int, measure: str) -> float:
    """Return the people of one measure of displacement at the end of a year."""
    rows = bench.table("displacement")
    rows = rows[(rows["iso3"] == country) & (rows["year"] == year) & (rows["measure"] == measure)]
    need(len(rows) == 1, f"{measure} of {country} in {year}")
    return float(rows["value"].iloc[0])


def south_west(bench: Bench, year: int) -> float:
    """Return the share of a year's violent events, by ACLED, that lie in the south and west of Mali."""
    rows = _quarters(bench, f"{year}-01-01", f"{year}-12-31")
    need(bool(rows["events"].sum()), f"violent event in {year}")
    return float(rows.loc[rows["region"].isin(SOUTH_AND_WEST), "events"].sum() / rows["events"].sum())


def regions_over(bench: Bench, year: int, events: int) -> float:
    """Return how many regions of Mali have at least so many violent events in a year, by ACLED."""
    rows = _quarters(bench, f"{year}-01-01", f"{year}-12-31")
    return float((rows.groupby("region")["events"].sum() >= events).sum())


def region_deaths(bench: Bench, region: str, first: str, last: str) -> float:
    """Return deaths a quarter in a region from day `first` to day `last`, by ACLED."""
    rows = _quarters(bench, first, last)
    return float(rows.loc[rows["region"] == region, "deaths"].sum()) / rows["quarter"].nunique()


def region_quarters(bench: Bench, region: str, first: str, last: str) -> pd.Series:
    """Return deaths by quarter in a region, by ACLED."""
    rows = _quarters(bench, first, last)
    return rows[rows["region"] == region].set_index("quarter")["deaths"].astype(float)


def month_reached(bench: Bench, country: str, bar: float) -> pd.Timestamp:
    """Return the first month in which deaths of twelve months, by UCDP, reach `bar`."""
    rows = monthly(bench.table("violence_month"), country, "1989-01-01")
    totals = rows["deaths_best"].astype(float).rolling(12, min_periods=12).sum()
    month = first_reached(rows["month"], totals, [bar])["month"].iloc[0]
    need(pd.notna(month), f"month in which {country} reaches {bar:g} deaths in a year")
    return pd.Timestamp(month)


def year_reached(bench: Bench, country: str, bar: float) -> pd.Timestamp:
    """Return the first day of the first year with at least so many deaths, by UCDP."""
    rows = bench.table("violence_year")
    totals = rows[rows["iso3"] == country].groupby("year")["deaths_best"].sum()
    need(bool((totals >= bar).any()), f"year in which {country} reaches {bar:g} deaths")
    return pd.Timestamp(f"{totals.index[totals >= bar].min()}-01-01")


def _quarters(bench: Bench, first: str, last: str) -> pd.DataFrame:
    rows = by_region(bench.table("violence_region_quarter"), first, last)
    wanted = len(pd.period_range(first, last, freq="Q"))
    need(rows["quarter"].nunique() == wanted, f"quarter between {first} and {last}")
    return rows


def _row(bench: Bench, table: str, row: str) -> pd.Series:
    rows = bench.table(table)
    rows = rows[rows["id"] == row]
    need(len(rows) == 1, f"row {row!r} of {table}")
    return rows.iloc[0]


def need(found: bool, what: str) -> None:
    """Raise `BookError` where something was not found."""
    if not found:
        raise BookError(f"no {what}", where="verdicts", remedy="restore the rows, or move `end` later")
