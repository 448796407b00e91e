"""Levels: did violence fall and rise, how deadly are the neighbours per head, when had the war reached them?"""

from __future__ import annotations

import pandas as pd

from malibook.analysis.comparison import population_to, yearly_totals
from malibook.analysis.series import monthly
from malibook.analysis.shift import by_region
from malibook.analysis.spec_steps import ACLED_DEATHS, ACLED_EVENTS, EVENTS, REGIONAL
from malibook.analysis.specifications import Bench, Estimate, Spec

YEARLY = {"UCDP deaths, low": "low", "UCDP deaths, best": "best", "UCDP deaths, high": "high"}
ABSOLUTE, PER_HEAD = "absolute", "per head"
ALL_TYPES, BATTLES, NO_BATTLES = "all violence", "state-based only", "without state-based"
NONE_GIVEN = Estimate(float("nan"))
PART_OF_2026 = "January to August 2026"


def change_of_level(bench: Bench, spec: Spec) -> Estimate:
    """Return the mean of the later years over that of the earlier ones (spans as "2012–2013")."""
    years = yearly_series(bench, spec["series"], "MLI", spec.get("types", ALL_TYPES))
    if spec["level"] == PER_HEAD:
        years = years / _people(bench, "MLI").reindex(years.index)
    before, after = (_span(years, spec[name]) for name in ("before", "after"))
    if len(before) == 0 or len(after) == 0 or before.mean() == 0:
        return NONE_GIVEN
    return Estimate(float(after.mean() / before.mean()), n=len(before) + len(after))


def yearly_series(bench: Bench, outcome: str, country: str, types: str = ALL_TYPES) -> pd.Series:
    """Return one value a year: deaths by UCDP or ACLED, or events."""
    return bench.once(("yearly", outcome, country, types), lambda: _yearly(bench, outcome, country, types))


def _yearly(bench: Bench, outcome: str, country: str, types: str) -> pd.Series:
    if outcome in REGIONAL:
        regions = by_region(bench.table("violence_region_quarter"), end=bench.end)
        sums = regions.groupby("quarter")[REGIONAL[outcome]].sum().astype(float)
        return _whole_years(sums, 4)
    if outcome == EVENTS:
        rows = monthly(bench.table("violence_month"), country, end=bench.end).set_index("month")
        column = {ALL_TYPES: "events", BATTLES: "events_state_based"}[types]
        return _whole_years(rows[column].astype(float), 12)
    rows = bench.table("violence_year")
    rows = rows[(rows["iso3"] == country) & (rows["year"] <= bench.end.year)]
    if types != ALL_TYPES:
        rows = rows[(rows["type"] == "state-based") == (types == BATTLES)]
    return yearly_totals(rows, YEARLY[outcome]).set_index("year")["deaths"]


def _whole_years(values: pd.Series, size: int) -> pd.Series:
    years = values.groupby(values.index.year)
    return years.sum()[years.size() == size]


def _people(bench: Bench, country: str) -> pd.Series:
    people = bench.once("people", lambda: population_to(bench.table("population"), 2026))
    return people[people["iso3"] == country].set_index("year")["population"]


def _span(years: pd.Series, span: str) -> pd.Series:
    first, _, last = span.partition("–")
    return years[(years.index >= int(first)) & (years.index <= int(last or first))]


def over_mali(bench: Bench, spec: Spec) -> Estimate:
    """Return the deaths of Burkina Faso over those of Mali in one span of years, absolute or per head."""
    sides = [_one_side(bench, spec, country) for country in ("BFA", "MLI")]
    if any(side is None for side in sides):
        return NONE_GIVEN
    return Estimate(sides[0] / sides[1], n=2)


def _one_side(bench: Bench, spec: Spec, country: str) -> float | None:
    if spec["years"] == PART_OF_2026:
        rows = bench.table("violence_part_year")
        kind = {ALL_TYPES: ["all"], BATTLES: ["state-based"], NO_BATTLES: ["one-sided", "non-state"]}[spec["types"]]
        rows = rows[(rows["iso3"] == country) & rows["type"].isin(kind) & (rows["end"] <= bench.end)]
        if rows.empty or YEARLY[spec["series"]] != "best":
            return None
        heads = _people(bench, country)[2026] if spec["level"] == PER_HEAD else 1.0
        return float(rows["deaths_best"].sum() / heads)
    years = yearly_series(bench, spec["series"], country, spec["types"])
    values = _span(
        years / _people(bench, country).reindex(years.index) if spec["level"] == PER_HEAD else years, spec["years"]
    )
    return float(values.mean()) if len(values) else None


def lead_over_exit(bench: Bench, spec: Spec) -> Estimate:
    """Return how many months before the exit a neighbour's running deaths reached a rate; missing where they never did.

    The threshold is in deaths over twelve months; over six it is half of that.
    """
    key = ("neighbour", spec["country"], spec["source"])
    rows = bench.once(key, lambda: _neighbour(bench, spec))
    if rows is None:
        return NONE_GIVEN
    span = spec["months"]
    reached = rows.rolling(span, min_periods=span).sum() >= spec["threshold"] * span / 12
    if not reached.any():
        return Estimate(float("nan"), n=len(rows))
    first, exit_month = reached.index[reached.to_numpy()][0], pd.Timestamp(spec["exit"])
    return Estimate(float((exit_month.year - first.year) * 12 + exit_month.month - first.month), n=len(rows))


def _neighbour(bench: Bench, spec: Spec) -> pd.Series | None:
    rows = bench.table("violence_month")
    if spec["source"] == "conflictforecast":
        rows = rows[rows["dataset"] == "conflictforecast"]
    column = "deaths_high" if spec["source"] == "UCDP, high" else "deaths_best"
    series = monthly(rows, spec["country"], "2011-01-01", min(bench.end, pd.Timestamp("2024-12-31"))).set_index("month")
    values = series[column].astype(float)
    return None if values.isna().all() else values


LEVELS = (*YEARLY, EVENTS, ACLED_DEATHS, ACLED_EVENTS)
