"""A parameter that a chapter declares reaches it, by the same values that the schema allows."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest

from malibook.analysis.bounds import RULES
from malibook.analysis.contested import Category, bounds, panel, sides
from malibook.errors import BookError
from malibook.evidence import Parameters, load
from malibook.press.runner import check_parameters

COST = {"wagner": "state", "fama": "state", "rebel": "insurgent"}
DEAD = [Category(name, f"tinzaouatene-{name}-dead", cost_to=side) for name, side in COST.items()]


def test_every_allowed_counting_rule_is_a_rule():
    assert set(get_args(Parameters.model_fields["counting_rule"].annotation)) == set(RULES)


def floors(rule: str) -> pd.Series:
    rows = panel(load("claims"), DEAD, sides(load("actors")))
    return bounds(rows, **RULES[rule]).set_index("category")["at_least"]


def test_the_default_rule_is_the_published_one_and_weaker_evidence_raises_floors_only():
    rows = panel(load("claims"), DEAD, sides(load("actors")))
    published = bounds(rows).set_index("category")["at_least"]
    pd.testing.assert_series_equal(floors(Parameters().counting_rule), published)
    assert (floors("compilation") >= published).all()
    assert (floors("witness") >= floors("compilation")).all()
    assert (floors("witness") > published).any()


def test_a_counting_rule_is_refused_where_nothing_is_counted_and_where_it_is_misspelt():
    assert check_parameters("03-tinzaouatene", {"counting_rule": "witness"}) == {"counting_rule": "witness"}
    with pytest.raises(BookError, match="did you mean 'witness'"):
        check_parameters("03-tinzaouatene", {"counting_rule": "witnes"})
    with pytest.raises(BookError, match="unknown parameter 'counting_rule'"):
        check_parameters("01-french-intervention", {"counting_rule": "witness"})
