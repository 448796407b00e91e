"""Words that follow from numbers: a sentence stays true when a parameter changes what it speaks of."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest

from malibook.analysis.bounds import RULES, accepted, floor_words
from malibook.analysis.contested import EVIDENCE, INQUIRY, Category, bounds, panel, sides
from malibook.analysis.tinzaouatene import months_headline
from malibook.analysis.words import listed, more_or_fewer, rise_or_fall
from malibook.evidence import Parameters, load


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(177, 177, "nothing"), (100, 105, "nothing"), (100, 106, "a rise"), (100, 94, "a fall")],
)
def test_a_change_within_a_twentieth_is_none(before, after, said):
    assert rise_or_fall(before, after) == said


@pytest.mark.parametrize(
    ("value", "other", "said"),
    [(195, 177, "more than"), (230, 246, "nearly as many as"), (240, 246, "as many as"), (100, 246, "fewer than")],
)
def test_a_count_beside_another(value, other, said):
    assert more_or_fewer(value, other) == said


def test_lists_read_as_prose():
    assert [listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_what_a_floor_rests_on_is_said_by_the_rule():
    dead = panel(
        load("claims"), [Category("rebels", "tinzaouatene-rebel-dead", cost_to="insurgent")], sides(load("actors"))
    )
    said = {rule: floor_words(bounds(dead, **RULES[rule])["basis"].item(), "the rebels") for rule in RULES}
    assert said["admission"] == ("that the rebels admit", "on their own word")
    assert (
        said["compilation"] == ("that a compilation gives", "by a compilation") and said["witness"] != said["admission"]
    )
    assert len({accepted(rule) for rule in get_args(Parameters.model_fields["counting_rule"].annotation)}) == len(RULES)
    for basis in set(EVIDENCE.values()) - {"party or government"} | {INQUIRY}:
        assert all(floor_words(basis, "the rebels"))


def test_the_headline_over_the_months_follows_the_estimate():
    months = load("violence_month").query("iso3 == 'MLI' and dataset == 'ucdp-ged'")
    assert "hardly stands out" in months_headline(months, "deaths_best", "best")
    high = months.assign(deaths_high=months["deaths_high"].mask(months["month"] == pd.Timestamp("2024-07-01"), 10_000))
    assert months_headline(high, "deaths_high", "high").startswith("In UCDP’s high estimates the month of the battle")
    assert months_headline(months.head(3), "deaths_best", "best") == "Deaths in Mali by month, as coded by UCDP"
