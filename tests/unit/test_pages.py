"""Pages that data write: figures of the evidence tables, the timeline, who is who."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from malibook.evidence import load
from malibook.press.actors import who_is_who
from malibook.press.chronicle import timeline, told_already
from malibook.press.lookup import range_cell

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "best", "high", "printed"),
    [
        (500, 500, NAN, "at least 500"),
        (30, NAN, NAN, "at least 30"),
        (1000, 1000, 1000, "1,000"),
        (79, NAN, 151, "79–151"),
        (NAN, 12, NAN, "12"),
        (NAN, NAN, 50, "50"),
        (NAN, NAN, NAN, "–"),
    ],
)
def test_an_open_end_is_printed_as_at_least(low, best, high, printed):
    assert range_cell(low, best, high) == printed


def test_the_timeline_tells_each_act_once():
    page = timeline()
    assert page.count("Coup of Captain Sanogo") + page.count("Captain Sanogo's coup") == 1
    assert page.count("Resolution 2085") + page.count("resolution 2085") == 1
    assert "Modibo Keïta becomes head of state" in page
    assert "UNSC" not in page


def test_the_timeline_marks_what_rests_on_one_weak_source():
    assert "voiced concern about the deal *(one weak source)*" in timeline()


def test_an_act_is_told_already_only_by_an_event_of_its_day():
    acts = pd.DataFrame({"date": ["a", "a", "b"], "kind": ["coup", "president", "coup"], "title": ["X coup", "Y", "Z"]})
    happened = pd.DataFrame({"date": ["a"], "category": ["coup"], "title": ["The fall of X"]})
    assert list(told_already(acts, happened)) == [True, False, False]


def test_who_is_who_holds_every_actor_under_a_heading_in_words():
    page = who_is_who()
    assert "## Pmc" not in page
    assert sum(line.startswith("| **") for line in page.splitlines()) == len(load("actors"))


def test_a_state_has_no_years_and_a_group_that_lasts_has_an_open_end():
    page = who_is_who()
    assert "| **Algeria** | – |" in page
    assert re.search(r"\| \*\*Ansarul Islam\*\* \| 2016– \|", page)
