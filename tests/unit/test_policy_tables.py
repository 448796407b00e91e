"""The tables of the page *Policy options*: all the articles' advice, and only figures that the tables hold."""

from __future__ import annotations

import pytest

from malibook.errors import BookError
from malibook.evidence import load
from malibook.press import policy


def test_every_piece_of_policy_advice_stands_under_one_option():
    claims = load("press_claims")
    advice = set(claims.loc[(claims["kind"] == "normative") & (claims["theme"] == "policy"), "id"])
    listed = policy.recommendations()
    assert set(listed["id"]) == advice
    assert listed["id"].is_unique
    assert [option for option in policy.OPTIONS if option not in set(listed["option"])] == []


def test_options_stand_in_their_order_and_general_advice_last():
    order = list(policy.recommendations()["option"].drop_duplicates())
    assert order == [*policy.OPTIONS, policy.GENERAL]


def test_a_premise_is_said_in_words_for_each_row():
    assert set(policy.recommendations()["premise"]) <= set(policy.PREMISE)
    table = policy.recommendation_table()
    assert table.count("\n") == len(policy.recommendations()) + 1
    assert "| nan |" not in table and "Advice;" not in table


def test_a_figure_is_printed_as_its_row_has_it():
    table = policy.cost_table()
    assert "| 1,350 million EUR per year | 2018 |" in table
    assert "| 20 commitments of 78 | 2018 |" in table
    assert table.count("{cite:p}") == sum(len(ids) for ids in policy.COUNTED.values())


def test_a_row_that_is_gone_is_named(monkeypatch):
    monkeypatch.setattr(policy, "COUNTED", {"A stronger army": ("no-such-row",)})
    with pytest.raises(BookError, match="no-such-row"):
        policy.cost_table()


def test_advice_that_is_no_advice_is_named(monkeypatch):
    monkeypatch.setattr(policy, "OPTIONS", {"A stronger army": ("s001",)})
    with pytest.raises(BookError, match="s001"):
        policy.recommendations()
