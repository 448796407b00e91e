"""What stops a refresh that is formally right but probably a mistake, at the bounds of each rule."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.evidence.loaders.gates import jumps, older
from malibook.evidence.loaders.part import Part

KEY = ["iso3", "year"]


def table(rows: int, people: int = 100) -> pd.DataFrame:
    """Rows of `population`, all cells text, as a refresh reads the present table."""
    return pd.DataFrame({"iso3": "MLI", "year": range(1900, 1900 + rows), "population": people}).astype(str)


def given(rows: pd.DataFrame, vintage: str = "WDI 2026") -> Part:
    return Part("population", rows, lambda old: pd.Series(True, index=old.index), vintage)


@pytest.mark.parametrize(
    ("had", "comes", "told"),
    [
        (100, 90, ""),  # ten rows may go
        (100, 89, "would lose 11 of 100 rows"),
        (400, 380, ""),  # or a twentieth
        (400, 379, "would lose 21 of 400 rows"),
    ],
)
def test_more_than_ten_rows_and_a_twentieth_are_asked_about(had, comes, told):
    found = [problem.message for problem in jumps(given(table(comes)), table(had), KEY)]
    assert found == [] if not told else told in found[0] and len(found) == 1


@pytest.mark.parametrize(("people", "told"), [(125, ""), (126, "(+26%)"), (75, ""), (74, "(-26%)")])
def test_a_total_that_moves_by_more_than_a_quarter_is_asked_about(people, told):
    found = [problem.message for problem in jumps(given(table(10, people)), table(10), KEY)]
    assert found == [] if not told else told in found[0] and len(found) == 1


def test_what_is_small_may_move_and_another_country_s_table_too():
    assert not list(jumps(given(table(2, 9)), table(2, 3), KEY))
    part = given(table(1))
    elsewhere = Part(part.table, part.rows, part.replaces, part.vintage, lambda old: True)
    assert not list(jumps(elsewhere, table(400), KEY))


@pytest.mark.parametrize(
    ("has", "comes", "refused"),
    [("GED 26.1", "GED 25.1", True), ("GED 25.1", "GED 26.1", False), ("GED 26.1", "GED 26.1", False)],
)
def test_an_older_release_is_refused(has, comes, refused):
    found = list(older(given(table(3), comes), table(3), has))
    assert bool(found) == refused and all("is older than" in problem.message for problem in found)
    assert not list(older(Part("population", table(3), lambda old: old["iso3"] == "NER", comes), table(3), has))
