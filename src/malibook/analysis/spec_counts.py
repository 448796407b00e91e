"""Contested counts: the dead of one force at Tinzaouatene beside other losses, by every rule of counting."""

from __future__ import annotations

import numpy as np
import pandas as pd

from malibook.analysis.bounds import INQUIRY
from malibook.analysis.contested import EVIDENCE, Category, bounds, panel, sides
from malibook.analysis.specifications import Bench, Estimate, Spec

FLOOR, CEILING, MIDDLE = "floor", "highest claim", "middle of the two"
RULES = {
    "inquiry or footage": (INQUIRY,),
    "also press and analysts": (INQUIRY, EVIDENCE["press"]),
    "also witnesses": (INQUIRY, EVIDENCE["press"], EVIDENCE["witness"]),
}
OTHERS = {
    "Chad, Ifoghas 2013": "2013-02-22-ifoghas-battle",
    "UN, Aguelhok 2019": "2019-01-20-aguelhok-un-camp",
    "France, collision 2019": "2019-11-25-helicopter-collision",
}
WAGNER = Category("Wagner", "tinzaouatene-wagner-dead", cost_to="state")
HERE = Category("Tinzaouatene", "tinzaouatene-fama-dead", cost_to="state")
ARMY = tuple(
    Category(name, name, cost_to="state")
    for name in (
        "aguelhok-2012", "kidal-may-2014", "nampala-2016", "boulkessi-2019", "indelimane-2019", "tabankort-2019",
        "tessit-2022", "dioura-2023", "bamba-2023", "boulkessi-2025",
    )
)  # fmt: skip
ALL_FIGHTS, SINCE_2016, NO_EXECUTIONS = "all since 2012", "since 2016", "without Aguelhok 2012"


def times_other_loss(bench: Bench, spec: Spec) -> Estimate:
    """Return Wagner's dead at Tinzaouatene, by one rule, over the heaviest loss of another foreign force in one event."""
    limits = _limits(bench, spec)
    ours = _count(limits.loc["Wagner"], spec["count"])
    events = bench.table("events").set_index("id")
    other = float(events.loc[OTHERS[spec["other"]], "deaths_best"])
    if np.isnan(ours):
        return Estimate(float("nan"))
    return Estimate(ours / other, n=int(limits.loc["Wagner", "claims"]))


def army_losses_above(bench: Bench, spec: Spec) -> Estimate:
    """Return how many other engagements cost the Malian army more than Tinzaouatene by the same rule; n counts those compared."""
    limits = _limits(bench, spec)
    counts = limits.apply(_count, axis=1, how=spec["count"])
    others = counts[[c.label for c in ARMY if _in_set(c.label, spec["fights"])]].dropna()
    if np.isnan(counts["Tinzaouatene"]) or others.empty:
        return Estimate(float("nan"))
    return Estimate(float((others > counts["Tinzaouatene"]).sum()), n=len(others))


def _limits(bench: Bench, spec: Spec) -> pd.DataFrame:
    key = ("limits", spec["evidence"], spec["admissions"], spec["weak"])
    return bench.once(key, lambda: _bounds(bench, spec))


def _bounds(bench: Bench, spec: Spec) -> pd.DataFrame:
    claims, actors = bench.table("claims"), bench.table("actors")
    rows = bench.once("panel of claims", lambda: panel(claims, (WAGNER, HERE, *ARMY), sides(actors)))
    if spec["weak"] == "counted":
        rows = rows.assign(confidence=rows["confidence"].replace("low", "medium"))
    found = bounds(rows, accept=RULES[spec["evidence"]], admissions=spec["admissions"] == "counted")
    return found.set_index("category")


def _count(row: pd.Series, how: str) -> float:
    floor, top = float(row["at_least"]), float(row["at_most"])
    return {FLOOR: floor, CEILING: top, MIDDLE: (floor + top) / 2}[how]


def _in_set(label: str, fights: str) -> bool:
    year = int(label[-4:])
    return fights == ALL_FIGHTS or (year >= 2016 if fights == SINCE_2016 else label != "aguelhok-2012")
