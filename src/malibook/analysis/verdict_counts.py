"""What a test of a claim counts in the hand-made tables: coups, bases, leaders, conflicts at once, cycles, tolls."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.analysis.shift import by_region
from malibook.analysis.verdict_order import Day
from malibook.analysis.verdict_readers import need
from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED, Bench, Finding
from malibook.evidence import split_list

JIHADISTS = {"ansar-dine", "aqim", "mujao"}
NORTH = ("Gao", "Kidal", "Tombouctou")


def coups(bench: Bench, country: str, first: str, last: str) -> float:
    """Return the successful coups of a country between two days."""
    bench.need_until(last)
    rows = bench.table("coups")
    rows = rows[(rows["iso3"] == country) & rows["month"].between(pd.Timestamp(first), pd.Timestamp(last))]
    return float(rows["successful"].sum())


def rows_known(bench: Bench, table: str, ids: Iterable[str]) -> float:
    """Return how many of the named rows the table holds."""
    return float(bench.table(table)["id"].isin(list(ids)).sum())


def french_bases(bench: Bench, after: str, until: str) -> float:
    """Return the French bases in the three northern regions handed over between two days: still held on the first."""
    bench.need_until(until)
    rows = bench.table("handovers")
    french = rows["from_to"].str.startswith("Barkhane") & rows["region"].isin(NORTH)
    return float((french & rows["date"].between(pd.Timestamp(after), pd.Timestamp(until))).sum())


def leaders_killed(bench: Bench, first: str, last: str) -> float:
    """Return the events in which French forces killed a leader or commander whom the title names as killed."""
    bench.need_until(last)
    rows = bench.table("events")
    named = rows["title"].str.contains(r"(?:leader|commander) .*killed", regex=True)
    french = rows["actors"].fillna("").map(lambda cell: "france" in split_list(cell))
    return float((named & french & rows["date"].between(pd.Timestamp(first), pd.Timestamp(last))).sum())


def side_by_side(bench: Bench, first: str, last: str) -> float:
    """Return the battles between two days that have the MNLA, a jihadist group and the army."""
    bench.need_until(last)
    rows = bench.table("events")
    rows = rows[(rows["category"] == "battle") & rows["date"].between(pd.Timestamp(first), pd.Timestamp(last))]
    sides = [set(split_list(cell)) for cell in rows["actors"]]
    return float(sum({"mnla", "fama"} <= s and bool(s & JIHADISTS) for s in sides))


def conflicts(bench: Bench, year: int) -> float:
    """Return the armed conflicts in Mali in which a state fought in a year, by UCDP."""
    rows = bench.table("conflict_year")
    need(bool((rows["year"] == year).any()), f"conflicts of {year}")
    hit = (rows["year"] == year) & rows["conflict"].str.startswith("Mali") & (rows["battle_deaths_best"] > 0)
    return float(rows.loc[hit, "conflict_id"].nunique())


def warring_groups(bench: Bench, year: int) -> float:
    """Return the pairs of armed groups in Mali that killed one another in a year, by UCDP."""
    rows = bench.table("violence_dyad_month")
    rows = rows[(rows["iso3"] == "MLI") & (rows["type"] == "non-state") & (rows["month"].dt.year == year)]
    need(not rows.empty, f"pairs of armed groups in {year}")
    return float((rows.groupby("conflict")["deaths_best"].sum() > 0).sum())


def lowest_toll(bench: Bench, dispute: str) -> float:
    """Return the lowest count of killed that any claimant in a dispute gives, claims of low confidence left out."""
    rows = bench.table("claims")
    rows = rows[(rows["dispute"] == dispute) & (rows["unit"] == "killed") & (rows["confidence"] != "low")]
    need(not rows.empty, f"toll in the dispute {dispute}")
    return float(rows["value_low"].min())


def share_after(bench: Bench, kind: str, first: str, day: str) -> float:
    """Return the share of the entries of one kind in `politics`, from `first` on, that fall after a day."""
    bench.need_until(day)
    rows = bench.table("politics")
    rows = rows[(rows["kind"] == kind) & (rows["date"] >= pd.Timestamp(first))]
    need(not rows.empty, f"entry of the kind {kind} in politics")
    return float((rows["date"] > pd.Timestamp(day)).mean())


def quiet_years(bench: Bench, first: int, last: int) -> Finding:
    """Judge "it was once at peace": years without an armed conflict in Mali, by UCDP.

    Supported from nine years in ten, contradicted below one in two. Values: `busy`, `years`.
    """
    bench.need_until(f"{last}-12-31")
    rows = bench.table("conflict_year")
    hit = rows["year"].between(first, last) & rows["conflict"].str.startswith("Mali") & (rows["battle_deaths_best"] > 0)
    busy, years = rows.loc[hit, "year"].nunique(), last - first + 1
    quiet = 1 - busy / years
    verdict = SUPPORTED if quiet >= 0.9 else CONTESTED if quiet >= 0.5 else CONTRADICTED
    return Finding(verdict, {"busy": busy, "years": years}, quiet / 0.9)


def cycles(bench: Bench, uprisings: Iterable[Day], accords: Iterable[Day]) -> Finding:
    """Judge "uprising and accord in turn": uprisings that an accord followed before the next one.

    Supported where at most one lacks it, contested where half do. Values: `uprisings`, `answered`.
    """
    begun = [one(bench) for one in uprisings]
    signed = [one(bench) for one in accords]
    ends = [*begun[1:], pd.Timestamp.max]
    answered = sum(any(a < s < b for s in signed) for a, b in zip(begun, ends, strict=True))
    lacking = len(begun) - answered
    verdict = SUPPORTED if lacking <= 1 else CONTESTED if 2 * answered >= len(begun) else CONTRADICTED
    return Finding(verdict, {"uprisings": len(begun), "answered": answered})


def hunger(bench: Bench) -> float:
    """Return how far, within regions and years, more deaths go with more people in food crisis in the lean season.

    Rank correlation of ACLED's deaths and the share in phase 3 or worse, both less their means by region and by year.
    """
    food = bench.table("food_insecurity")
    food = food[food["season"] == "Jun-Aug"].groupby(["region", "year"])[["phase3_plus", "population"]].sum()
    rows = by_region(bench.table("violence_region_quarter"))
    killed = rows.assign(year=rows["quarter"].dt.year).groupby(["region", "year"])["deaths"].sum()
    both = pd.DataFrame({"share": food["phase3_plus"] / food["population"], "deaths": killed}).dropna().astype(float)
    need(len(both) > 30, "regions and years with both food and deaths")
    for level in ("region", "year"):
        both -= both.groupby(level).transform("mean")
    return float(both["share"].corr(both["deaths"], method="spearman"))
