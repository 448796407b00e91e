"""What surrounds a country's violence in the tables: its wars and pairs of parties, flight, hunger, coups, democracy."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.analysis.coups import around_dates
from malibook.analysis.words import listed
from malibook.evidence import country_title, home_country

SEASONS = {"Jan-May": 1, "Jun-Aug": 6, "Sep-Dec": 9}
MEASURES = {
    "refugees-abroad": "refugees abroad (UNHCR)",
    "asylum-seekers-abroad": "asylum seekers abroad (UNHCR)",
    "idps-unhcr": "displaced inside (UNHCR)",
    "idps-idmc": "displaced inside (IDMC)",
    "refugees-hosted": "refugees taken in (UNHCR)",
}
DIRECTION = {
    "refugees-abroad": "from",
    "asylum-seekers-abroad": "from",
    "idps-unhcr": "within",
    "idps-idmc": "within",
    "refugees-hosted": "to",
}


def pairs(dyads: pd.DataFrame, country: str, start: object, end: object) -> pd.DataFrame:
    """Return deaths by UCDP's conflict and type within the window, the deadliest first: `conflict`, `type`, `events`, `deaths`."""
    own = dyads[(dyads["iso3"] == country) & (dyads["month"] >= pd.Timestamp(start).replace(day=1))]
    own = own[own["month"] <= pd.Timestamp(end)]
    sums = own.groupby(["conflict", "type"], as_index=False).agg(
        events=("events", "sum"), deaths=("deaths_best", "sum")
    )
    return sums.sort_values(["deaths", "events", "conflict"], ascending=[False, False, True], ignore_index=True)


def wars(conflicts: pd.DataFrame, country: str, first: int, last: int) -> pd.DataFrame:
    """Return UCDP's state-based conflicts that bear the country's name, in the years from `first` to `last`.

    Columns: `conflict`, `from`, `to`, `years` (with a row), `deaths` (battle deaths, wherever they fell), the most first.
    """
    named = conflicts["conflict"].str.split(":").str[0] == country_title(country)
    own = conflicts[named & conflicts["year"].between(first, last)]
    out = own.groupby("conflict", as_index=False).agg(
        **{
            "from": ("year", "min"),
            "to": ("year", "max"),
            "years": ("year", "size"),
            "deaths": ("battle_deaths_best", "sum"),
        }
    )
    return out.sort_values(["deaths", "conflict"], ascending=[False, True], ignore_index=True)


def regions_of_events(events: pd.DataFrame, country: str, start: object, end: object) -> pd.DataFrame:
    """Return deaths by first administrative level within the window, the most first, from UCDP's events one by one.

    Columns: `region`, `events`, `deaths` (best estimate), `last_year` (deaths in the last year that the events reach), `share`.
    An event that UCDP places in no region stands under `nowhere in particular`.
    """
    own = events[(events["iso3"] == country) & (events["date"] >= pd.Timestamp(start))]
    own = own[own["date"] <= pd.Timestamp(end)]
    named = own["region"].fillna(own["adm_1"]).fillna("nowhere in particular")
    return _by_region(own.assign(region=named, events=1, deaths=own["deaths_best"], year=own["date"].dt.year))


def regions_of_quarters(quarters: pd.DataFrame, country: str, start: object, end: object) -> pd.DataFrame:
    """Return the same from ACLED's sums by quarter, which are those of the book's own country: empty for another."""
    own = quarters if country == home_country() else quarters.iloc[:0]
    own = own[(own["quarter"] >= pd.Timestamp(start)) & (own["quarter"] <= pd.Timestamp(end))]
    return _by_region(own.assign(year=own["quarter"].dt.year))


def last_months(quarters: pd.DataFrame) -> pd.Series:
    """Return the first day of the last month that each row of ACLED's sums covers: an unfinished quarter has fewer than three."""
    return (quarters["quarter"].dt.to_period("M") + (quarters["months"].astype(int) - 1)).dt.start_time


def joined(quarters: pd.DataFrame) -> str:
    """Return in a sentence each which of ACLED's regions are counted within another, as `Ménaka is counted within Gao.`"""
    apart = quarters.loc[quarters["acled_admin1"] != quarters["region"], ["acled_admin1", "region"]].drop_duplicates()
    return "".join(f" {row.acled_admin1} is counted within {row.region}." for row in apart.itertuples())


def _by_region(rows: pd.DataFrame) -> pd.DataFrame:
    late = rows["deaths"].where(rows["year"] == rows["year"].max(), 0)
    sums = rows.assign(last_year=late).groupby("region", as_index=False)[["events", "deaths", "last_year"]].sum()
    total = float(sums["deaths"].sum())
    shares = sums["deaths"].astype(float) / total if total else 0.0
    return sums.assign(share=shares).sort_values(["deaths", "region"], ascending=[False, True], ignore_index=True)


def flight(displacement: pd.DataFrame, country: str, first: int, last: int) -> pd.DataFrame:
    """Return persons at the end of each year: one row a year and measure of `MEASURES` that the tables have."""
    own = displacement[(displacement["iso3"] == country) & displacement["year"].between(first, last)]
    own = own[own["measure"].isin(MEASURES)]
    return (
        own.assign(order=own["measure"].map(list(MEASURES).index)).sort_values(["order", "year"]).drop(columns="order")
    )


def directions(measures: Iterable[str]) -> str:
    """Return which ways of flight the measures count, as words before a country's name: `from, within and to`, `within`."""
    return listed(list(dict.fromkeys(DIRECTION[name] for name in MEASURES if name in set(measures))))


def hunger(food: pd.DataFrame, country: str, start: object, end: object) -> pd.DataFrame:
    """Return people in phase 3 or worse by season over all regions: `year`, `season`, `day`, `kind`, `people`, `share`.

    `share` is that of the people analysed; `day` is the season's first. The table names
    regions of the book's own country: it is empty for another.
    """
    own = food[food["phase3_plus"].notna()] if country == home_country() else food.iloc[:0]
    sums = own.groupby(["year", "season", "kind"], as_index=False)[["population", "phase3_plus"]].sum()
    month = sums["season"].map(SEASONS).astype("Int64").astype(str)
    sums = sums.assign(day=pd.to_datetime(sums["year"].astype(str) + "-" + month + "-01"))
    sums = sums[(sums["day"] >= pd.Timestamp(start)) & (sums["day"] <= pd.Timestamp(end))]
    share = sums["phase3_plus"].astype(float) / sums["population"].astype(float)
    out = sums.assign(people=sums["phase3_plus"].astype(float), share=share)
    return out.sort_values("day", ignore_index=True)[["year", "season", "day", "kind", "people", "share"]]


def coup_rows(coups: pd.DataFrame, series: pd.DataFrame, country: str, width: int = 12) -> pd.DataFrame:
    """Return a country's coups in order: `month`, `outcome`, deaths a month in the `width` months `before` and `after`.

    The means are missing where the months are not in `series` (of `profile.months`).
    """
    own = coups[coups["iso3"] == country].sort_values("month")
    outcome = own["successful"].gt(0).map({True: "succeeded", False: "failed"})
    out = own.assign(outcome=outcome)[["iso3", "month", "outcome"]]
    if series.empty or out.empty:
        return out.assign(before=float("nan"), after=float("nan")).drop(columns="iso3")
    panel = series.set_index("month")[["deaths"]].rename(columns={"deaths": country})
    found = around_dates(panel, out, width)
    means = found[["month", "before", "after"]] if len(found) else pd.DataFrame({"month": out["month"]})
    return (
        out.merge(means, on="month", how="left")
        .drop(columns="iso3")
        .reindex(columns=["month", "outcome", "before", "after"])
    )


def democracy(index: pd.DataFrame, country: str, first: int, last: int) -> pd.DataFrame:
    """Return V-Dem's liberal democracy index of every country of the table in these years; empty where the country is missing."""
    inside = index[index["year"].between(first, last) & index["liberal_democracy"].notna()]
    return inside if (inside["iso3"] == country).any() else inside.iloc[:0]
