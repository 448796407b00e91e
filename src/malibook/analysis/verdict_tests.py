"""The tests by name: violence, around Wagner's exit and elsewhere. Others are in `verdict_figures` and `verdict_dates`.

A name is what the column `test` of `verdicts` says. Each test takes the bench and returns a `Finding`.
"""

from __future__ import annotations

from functools import partial as p

import pandas as pd

from malibook.analysis import verdict_counts as count
from malibook.analysis import verdict_exit as exit_of_wagner
from malibook.analysis.verdict_kinds import Test, both, least, peak, premise, rise, rising
from malibook.analysis.verdict_readers import (
    battle_deaths,
    cell,
    deaths,
    deaths_by_year,
    region_deaths,
    region_quarters,
    regions_over,
    south_west,
)

STATE, GROUPS = ("state-based",), ("non-state",)
THREE = ("MLI", "BFA", "NER")
JNIM = 11347
BEFORE, AFTER = {"first": 2019, "last": 2021}, {"first": 2023, "last": 2025}


def _around_french_exit(country: str, types: tuple[str, ...] | None = None) -> Test:
    """Return the test "it rose after the French left": whole years 2019–2021 against 2023–2025, 2022 on neither side."""
    kinds = {} if types is None else {"types": types}
    return p(
        rise,
        before=p(deaths, countries=(country,), **BEFORE, **kinds),
        after=p(deaths, countries=(country,), **AFTER, **kinds),
    )


AT_THE_EXIT: dict[str, Test] = {
    "neighbours-after-exit": exit_of_wagner.neighbours,
    "reach-after-exit": exit_of_wagner.reach,
    "landscape-after-exit": exit_of_wagner.landscape,
    "factions-after-exit": exit_of_wagner.factions,
    "harm-after-exit": exit_of_wagner.harm,
    "base-attacks-before-exit": exit_of_wagner.base_attacks,
    "partners-after-exit": exit_of_wagner.beside_the_army,
}

VIOLENCE: dict[str, Test] = {
    "war-and-coups": p(
        both,
        deaths=p(least, value=p(deaths, countries=("MLI",), first=2024, last=2024, types=STATE), bar=25),
        coups=p(least, value=p(count.coups, country="MLI", first="2020-01-01", last="2025-06-06"), bar=1),
    ),
    "violence-under-france": p(
        premise,
        of=p(
            rise,
            before=p(deaths, countries=("MLI",), first=2014, last=2016),
            after=p(deaths, countries=("MLI",), first=2019, last=2021),
        ),
    ),
    "jnim-grew": p(
        rise,
        before=p(battle_deaths, conflict=JNIM, first=2017, last=2018),
        after=p(battle_deaths, conflict=JNIM, first=2024, last=2025),
    ),
    "once-peaceful": p(count.quiet_years, first=1990, last=2011),
    "neighbours-after-french-exit": p(
        premise,
        of=p(
            rise,
            before=p(deaths, countries=("BFA", "NER"), first=2021, last=2021),
            after=p(deaths, countries=("BFA", "NER"), first=2024, last=2024),
        ),
    ),
    "deaths-per-soldier": p(
        premise,
        of=p(
            rise,
            before=lambda b: deaths(
                b, THREE, 2014, 2014, each=cell(b, "deployments", "barkhane-2014-strength", each=1000)
            ),
            after=lambda b: deaths(
                b, THREE, 2020, 2020, each=cell(b, "deployments", "barkhane-2020-02-strength", each=1000)
            ),
        ),
    ),
    "regions-with-violence": p(
        rise, before=p(regions_over, year=2013, events=20), after=p(regions_over, year=2022, events=20)
    ),
    "state-war-after-french-exit": p(premise, of=_around_french_exit("MLI", STATE)),
    "communal-around-french-exit": p(
        premise,
        of=p(
            both,
            year=p(
                rise,
                before=p(deaths, countries=("MLI",), first=2021, last=2021, types=GROUPS),
                after=p(deaths, countries=("MLI",), first=2022, last=2022, types=GROUPS),
            ),
            years=_around_french_exit("MLI", GROUPS),
        ),
    ),
    "mali-after-french-exit": p(premise, of=_around_french_exit("MLI")),
    "burkina-after-french-exit": p(premise, of=_around_french_exit("BFA", GROUPS)),
    "niger-after-french-exit": p(premise, of=_around_french_exit("NER")),
    "reach-since-2021": p(premise, of=p(rise, before=p(south_west, year=2021), after=p(south_west, year=2025))),
    "instability-since-2013": p(
        both,
        deaths=p(
            rise,
            before=p(deaths, countries=("MLI",), first=2012, last=2012),
            after=p(deaths, countries=("MLI",), first=2020, last=2022),
        ),
        alliances=p(
            least,
            value=p(
                count.rows_known,
                table="events",
                ids=(
                    "2022-05-15-mali-leaves-g5",
                    "2022-06-30-takuba-ends",
                    "2023-12-31-end-of-minusma",
                    "2025-01-29-ecowas-exit-effective",
                ),
            ),
            bar=3,
        ),
    ),
    "wars-at-once": p(
        both,
        state=p(least, value=p(count.conflicts, year=2024), bar=2),
        groups=p(least, value=p(count.warring_groups, year=2025), bar=2),
    ),
    "kidal-after-capture": p(
        premise,
        of=p(
            rise,
            before=p(region_deaths, region="Kidal", first="2022-10-01", last="2023-09-30"),
            after=p(region_deaths, region="Kidal", first="2024-01-01", last="2024-12-31"),
        ),
    ),
    "kidal-peak": p(
        peak,
        series=p(region_quarters, region="Kidal", first="2023-10-01", last="2025-06-30"),
        at=pd.Timestamp("2024-07-01"),
        reach=0,
    ),
    "worse-after-2015": p(rising, series=p(deaths_by_year, country="MLI", first=2015, last=2022)),
    "communal-peak-2020": p(
        peak, series=p(deaths_by_year, country="MLI", first=2012, last=2025, types=GROUPS), at=2020
    ),
    "hunger-with-violence": p(premise, of=p(least, value=count.hunger, bar=0.2)),
}
