"""The tests by name, second part: dates, order, counts of events, and the standing of contested claims."""

from __future__ import annotations

from functools import partial as p

import pandas as pd

from malibook.analysis import verdict_counts as count
from malibook.analysis.verdict_kinds import Test, both, least, premise, rise, standing, stated
from malibook.analysis.verdict_order import Day, between, dated, order, within
from malibook.analysis.verdict_readers import day as day_of
from malibook.analysis.verdict_readers import deaths, month_reached, need, year_reached
from malibook.analysis.verdict_rules import Bench

YEAR = 365.25


def _event(row: str) -> Day:
    return p(day_of, table="events", row=row)


def _politics(row: str) -> Day:
    return p(day_of, table="politics", row=row)


def _force(row: str) -> Day:
    return p(day_of, table="deployments", row=row)


def _base(row: str) -> Day:
    return p(day_of, table="handovers", row=row)


def _years(bench: Bench, first: Day, last: Day) -> float:
    """Return the years between two days."""
    return (last(bench) - first(bench)).days / YEAR


def _days(bench: Bench, first: Day, last: Day) -> float:
    """Return the days between two days."""
    return float((last(bench) - first(bench)).days)


def _named(bench: Bench) -> pd.Timestamp:
    """Return the day on which the timeline of Tinzaouatene has the last ambush."""
    rows = bench.table("battle_timeline")
    rows = rows[rows["what"].str.contains("ambush")]
    need(not rows.empty, "ambush in battle_timeline")
    return rows["date"].max()


SERVAL, REPORT = _event("2013-01-11-serval-begins"), _event("2021-09-13-wagner-talks-reported")
END_ANNOUNCED, EXIT_ANNOUNCED = _event("2021-06-10-macron-ends-barkhane"), _event("2022-02-17-withdrawal-announced")
LAST_UNIT, ARRIVAL = _event("2022-08-15-last-french-unit-leaves"), _force("wagner-2021-12-24-strength")
COUP_2020, COUP_2021 = _politics("2020-08-18-cnsp-coup"), _politics("2021-05-24-second-coup")
MUTINY, KIDAL_TAKEN = _event("2023-06-23-wagner-mutiny"), _event("2023-11-14-kidal-taken")

DATES: dict[str, Test] = {
    "wagner-since-late-2021": p(dated, on=_force("wagner-2021-12-start"), first="2021-10-01", last="2021-12-31"),
    "wagner-after-coup": p(order, first=COUP_2020, then=ARRIVAL),
    "almost-ten-years": p(stated, figure=10, found=p(_years, first=SERVAL, last=REPORT)),
    "french-from-2013": p(
        dated, on=_force("serval-2013-01-19-strength-inside-mali"), first="2013-01-01", last="2013-12-31"
    ),
    "neighbours-before-announcement": p(order, first=END_ANNOUNCED, then=p(month_reached, country="BFA", bar=1000)),
    "neighbours-before-exit": p(
        both,
        bolder=p(
            premise,
            of=p(
                rise,
                before=p(deaths, countries=("MLI",), first=2019, last=2021, types=("state-based",)),
                after=p(deaths, countries=("MLI",), first=2023, last=2025, types=("state-based",)),
            ),
        ),
        burkina=p(order, first=LAST_UNIT, then=p(year_reached, country="BFA", bar=100)),
        niger=p(order, first=LAST_UNIT, then=_event("2017-10-04-tongo-tongo")),
    ),
    "wagner-into-vacated-bases": p(between, first=_base("kidal-barkhane"), middle=ARRIVAL, last=EXIT_ANNOUNCED),
    "newcomer-after-announcement": p(order, first=END_ANNOUNCED, then=ARRIVAL),
    "last-ambush": p(dated, on=_named, first="2024-07-27", last="2024-07-27", slack=2),
    "rebellion-in-2012": p(dated, on=_event("2012-01-17-2012-rebellion-starts"), first="2012-01-01", last="2012-12-31"),
    "expelled-then-south": p(
        both,
        gao=p(order, first=_event("2012-06-27-mujao-takes-gao"), then=_event("2013-01-10-konna")),
        timbuktu=p(order, first=_event("2012-06-28-ansar-dine-takes-timbuktu"), then=_event("2013-01-10-konna")),
    ),
    "north-retaken-quickly": p(within, first=SERVAL, then=_event("2013-01-30-french-at-kidal"), days=60),
    "barkhane-in-2014": p(dated, on=_event("2014-08-01-barkhane-begins"), first="2014-01-01", last="2014-12-31"),
    "army-kept-from-kidal": p(
        least,
        value=p(_days, first=_event("2013-01-30-french-at-kidal"), last=_event("2013-07-05-army-returns-to-kidal")),
        bar=30,
    ),
    "accord-in-may-2015": p(dated, on=_event("2015-06-20-cma-signs-algiers"), first="2015-05-01", last="2015-05-31"),
    "coup-after-protests": p(within, first=_politics("2020-06-05-m5-rfp-protests-begin"), then=COUP_2020, days=92),
    "second-coup-in-a-year": p(within, first=COUP_2020, then=COUP_2021, days=365),
    "un-out-before-kidal": p(premise, of=p(order, first=_event("2023-10-31-minusma-leaves-kidal"), then=KIDAL_TAKEN)),
    "un-exit-days-before-mutiny": p(within, first=_event("2023-06-16-mali-demands-minusma-exit"), then=MUTINY, days=14),
    "crash-soon-after-mutiny": p(within, first=MUTINY, then=_event("2023-08-23-prigozhin-crash"), days=92),
    "march-in-october-2023": p(
        both,
        start=p(dated, on=_event("2023-10-02-column-leaves-gao"), first="2023-10-01", last="2023-10-31"),
        kidal=p(order, first=_event("2023-10-02-column-leaves-gao"), then=KIDAL_TAKEN),
    ),
}

COUNTS: dict[str, Test] = {
    "french-in-the-north": p(least, value=p(count.french_bases, after="2021-09-13", until="2022-08-15"), bar=1),
    "coups-under-france": p(least, value=p(count.coups, country="MLI", first="2013-01-11", last="2022-08-15"), bar=1),
    "jnim-took-part": p(
        standing,
        held=("tinzaouatene-jnim-role-jnim", "tinzaouatene-jnim-role-wassim-nasr"),
        against=("tinzaouatene-jnim-role-csp",),
    ),
    "realignments-after-2022": p(
        premise,
        of=p(least, value=p(count.share_after, kind="regional", first="2012-01-01", day="2022-02-17"), bar=0.75),
    ),
    "cycles-since-1960": p(
        count.cycles,
        uprisings=(
            _event("1963-05-14-first-tuareg-revolt"),
            _event("1990-06-28-second-rebellion-starts"),
            _event("2006-05-23-2006-rebellion"),
            _event("2012-01-17-2012-rebellion-starts"),
        ),
        accords=(
            _event("1991-01-06-tamanrasset-accord"),
            _event("1992-04-11-national-pact"),
            _event("2006-07-04-algiers-accord"),
            _event("2015-06-20-cma-signs-algiers"),
        ),
    ),
    "side-by-side-in-2012": p(least, value=p(count.side_by_side, first="2012-01-01", last="2012-04-30"), bar=3),
    "leaders-killed": p(least, value=p(count.leaders_killed, first="2014-08-01", last="2022-08-15"), bar=3),
}
