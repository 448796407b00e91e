"""The tests by name: strengths, tolls, opinion, money, flight and progress, read from single rows."""

from __future__ import annotations

from functools import partial as p

from malibook.analysis import verdict_counts as count
from malibook.analysis.verdict_kinds import Test, both, fall, least, most, never, premise, rise, says
from malibook.analysis.verdict_readers import cell, people

SPENDING_ROSE = p(
    rise,
    before=p(cell, table="economy", row="2012-french-spending"),
    after=p(cell, table="economy", row="2018-french-spending"),
)
FIGURES: dict[str, Test] = {
    "russians-grew": p(
        rise,
        before=p(cell, table="deployments", row="wagner-2022-02-01-strength"),
        after=p(cell, table="deployments", row="russia-2025-06-06-strength"),
    ),
    "russians-after-mutiny": p(
        least,
        value=p(cell, table="deployments", row="russia-2025-06-06-strength"),
        bar=p(cell, table="deployments", row="wagner-2022-04-22-strength"),
    ),
    "boulkessi-toll": p(least, value=p(count.lowest_toll, dispute="boulkessi-2025"), bar=30),
    "welcomed-in-2013": p(
        both,
        january=p(least, value=p(cell, table="findings", row="ifop-2013-january"), bar=50),
        february=p(least, value=p(cell, table="findings", row="ifop-2013-february"), bar=50),
    ),
    "opinion-fell": p(
        fall,
        before=p(cell, table="findings", row="ifop-2013-february"),
        after=p(cell, table="findings", row="ifop-2021"),
    ),
    "aid-fell-while-spending-rose": p(
        both,
        aid=p(
            fall,
            before=p(cell, table="economy", row="2012-french-aid"),
            after=p(cell, table="economy", row="2019-french-aid"),
        ),
        all=SPENDING_ROSE,
    ),
    "costs-rose": p(premise, of=SPENDING_ROSE),
    "aid-was-paid": p(never, late=p(cell, table="economy", row="2019-french-aid")),
    "refugees-grew": p(
        rise,
        before=p(people, country="MLI", year=2021, measure="refugees-abroad"),
        after=p(people, country="MLI", year=2025, measure="refugees-abroad"),
    ),
    "csp-count": p(
        says,
        wagner=(84, p(cell, table="claims", row="tinzaouatene-wagner-dead-csp-communique")),
        army=(47, p(cell, table="claims", row="tinzaouatene-fama-dead-csp-communique")),
    ),
    "accord-stalled": p(
        most, value=p(cell, table="findings", row="carter-2018-commitments", each=78), bar=0.5, soft=0.75
    ),
    "accord-almost-nothing": p(
        most, value=p(cell, table="findings", row="carter-2018-commitments", each=78), bar=0.1, soft=0.5
    ),
}
