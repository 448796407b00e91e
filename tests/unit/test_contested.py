"""Claims side by side: on a small invented dispute whose answers are known, and on the book's own claims."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from malibook.analysis.contested import (
    HIGH,
    INQUIRY,
    LOW,
    NEITHER,
    Category,
    bounds,
    panel,
    sides,
    total,
)
from malibook.errors import BookError
from malibook.evidence import load

SIDES = {"army": "state", "rebels": "insurgent"}
DEAD = Category("Soldiers killed", "battle", cost_to="state", beside=("missing",))


def claim(number: int, kind: str, value: float | None, **more: object) -> dict[str, object]:
    row = {
        "id": f"c{number:02}",
        "dispute": "battle",
        "date": pd.Timestamp("2024-07-01") + pd.Timedelta(days=number),
        "date_precision": "day",
        "claimant": f"claimant {number}",
        "claimant_kind": kind,
        "claimant_actor": "",
        "subject": "soldiers",
        "counted": "soldiers killed",
        "statement": "so many",
        "value_low": value,
        "value": value,
        "value_high": value,
        "unit": "killed" if value is not None else "",
        "standing": "unresolved",
        "assessment": "",
        "confidence": "high",
        "sources": "x",
    }
    return row | more


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    out = pd.DataFrame(list(rows))
    return out.astype({"value_low": float, "value": float, "value_high": float})


def limit(*rows: dict[str, object], **rule: object) -> pd.Series:
    return bounds(panel(frame(*rows), [DEAD], SIDES), **rule).iloc[0]


def test_the_floor_is_the_inquiry_and_the_ceiling_the_largest_claim():
    found = limit(
        claim(1, "party", 2, claimant_actor="army", standing="superseded"),
        claim(2, "party", 84, claimant_actor="rebels"),
        claim(3, "press-investigation", 46, value_high=None),
        claim(4, "un", 30),
        claim(5, "analyst", 60),
    )
    assert (found["at_least"], found["at_least_by"], found["basis"]) == (46, "claimant 3", INQUIRY)
    assert (found["at_most"], found["at_most_by"], found["at_most_interest"]) == (84, "claimant 2", HIGH)
    assert found["claims"] == 5 and not found["at_most_open"]
    assert (found["at_least_claim"], found["at_most_claim"]) == ("c03", "c02")


def test_what_a_side_admits_of_itself_is_a_floor_in_its_latest_count():
    rows = [
        claim(1, "party", 12, claimant_actor="army", standing="superseded"),
        claim(2, "party", 9, claimant_actor="army"),
        claim(3, "party", 40, claimant_actor="rebels"),
    ]
    found = limit(*rows)
    assert (found["at_least"], found["basis"], found["at_most"]) == (9, "own admission", 40)
    assert pd.isna(limit(*rows, admissions=False)["at_least"])


def test_the_army_and_its_government_are_one_side():
    rows = [
        claim(1, "party", 40, claimant_actor="army", standing="superseded"),
        claim(2, "government", 17, claimant_actor="cabinet"),
    ]
    limits = bounds(panel(frame(*rows), [DEAD], SIDES | {"cabinet": "state"}))
    assert limits["at_least"].tolist() == [17]


def test_an_admission_of_the_first_day_stands_alone_where_none_followed():
    found = limit(claim(1, "party", 10, claimant_actor="army", standing="superseded"))
    assert found["at_least"] == 10 and pd.isna(found["at_most"])


def test_what_a_side_claims_of_its_enemy_is_never_a_floor():
    found = limit(claim(1, "party", 40, claimant_actor="rebels"), claim(2, "press", 30))
    assert pd.isna(found["at_least"]) and found["at_least_by"] == "" and found["at_most"] == 40


@pytest.mark.parametrize(
    "spoilt",
    [
        {"standing": "superseded"},
        {"standing": "later-contradicted"},
        {"confidence": "low"},
        {"unit": "missing"},
    ],
)
def test_a_claim_that_fell_or_counts_something_else_bounds_nothing(spoilt):
    found = limit(claim(1, "un", 10), claim(2, "un", 99, **spoilt))
    assert (found["at_least"], found["at_most"]) == (10, 10)


def test_kinds_of_evidence_can_be_admitted_by_the_reader():
    rows = [claim(1, "un", 10), claim(2, "compiler", 18)]
    assert limit(*rows)["at_least"] == 10
    assert limit(*rows, accept=(INQUIRY, "compilation"))["at_least"] == 18


def test_an_at_least_leaves_the_ceiling_open():
    assert limit(claim(1, "un", 500, value_high=None))["at_most_open"]


def test_a_range_bounds_with_both_its_ends():
    found = limit(claim(1, "ngo", None, value_low=20, value_high=50, unit="killed"))
    assert (found["at_least"], found["at_most"]) == (20, 50)


def test_the_panel_keeps_words_without_a_figure_and_says_whose_interest_they_serve():
    rows = panel(
        frame(
            claim(1, "party", None, claimant_actor="army"),
            claim(2, "party", 84, claimant_actor="rebels"),
            claim(3, "un", 46),
            claim(4, "press", 23, unit="missing"),
            claim(5, "press", 7, unit="vehicles"),
        ),
        [DEAD],
        SIDES,
    )
    assert list(rows["claim"]) == ["c01", "c02", "c03", "c04"]
    assert list(rows["interest"]) == [LOW, HIGH, NEITHER, NEITHER]
    assert list(rows["figure"]) == [False, True, True, True]
    assert list(rows["bounding"]) == [False, True, True, False]


def test_a_claim_dated_to_the_month_comes_after_those_of_a_known_day():
    monthly = claim(0, "press", 25, date=pd.Timestamp("2024-07-01"), date_precision="month")
    rows = panel(frame(monthly, claim(9, "press", 20)), [DEAD], SIDES)
    assert list(rows["claim"]) == ["c09", "c00"]


def test_a_category_takes_one_subject_only():
    rows = frame(claim(1, "un", 5), claim(2, "un", 9, subject="rebels"))
    assert list(panel(rows, [Category("Rebels", "battle", subject="rebels")], SIDES)["claim"]) == ["c02"]


def test_a_category_without_claims_and_an_unknown_claimant_are_refused():
    with pytest.raises(BookError, match="no claim fits"):
        panel(frame(claim(1, "un", 5)), [Category("None", "another battle")], SIDES)
    with pytest.raises(BookError, match="'oracle'"):
        panel(frame(claim(1, "oracle", 5)), [DEAD], SIDES)


def test_floors_add_up_only_where_each_category_has_one():
    limits = pd.DataFrame(
        {"category": ["a", "b", "c"], "at_least": [46.0, 24.0, float("nan")], "at_most": [84.0, 47.0, 5.0]}
    )
    assert total(limits, ["a", "b"]) == (70, 131)
    with pytest.raises(BookError, match="no floor for 'c'"):
        total(limits, ["a", "c"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["un", "party", "press"]), st.integers(0, 500)), min_size=1, max_size=8))
def test_the_ceiling_is_never_below_the_floor(given_claims):
    rows = [claim(i, kind, value, claimant_actor="army") for i, (kind, value) in enumerate(given_claims)]
    found = limit(*rows)
    assert pd.isna(found["at_least"]) or pd.isna(found["at_most"]) or found["at_least"] <= found["at_most"]


def test_an_outlet_that_leans_to_a_side_has_its_interest_and_admits_nothing():
    rows = [claim(1, "press", 25.0, claimant_actor="army"), claim(2, "party", 40.0, claimant_actor="rebels")]
    assert list(panel(frame(*rows), [DEAD], SIDES)["interest"]) == [LOW, HIGH]
    assert pd.isna(limit(*rows)["at_least"])


def test_the_books_own_battle_gives_the_known_bounds():
    """By hand from the claims: footage confirms 46 and 24, the rebels admit nine and claim 84 and 47."""
    categories = [
        Category("Wagner", "tinzaouatene-wagner-dead", cost_to="state"),
        Category("army", "tinzaouatene-fama-dead", cost_to="state"),
        Category("rebels", "tinzaouatene-rebel-dead", cost_to="insurgent"),
    ]
    limits = bounds(panel(load("claims"), categories, sides(load("actors")))).set_index("category")
    assert limits["at_least"].to_dict() == {"Wagner": 46, "army": 24, "rebels": 9}
    assert limits["at_most"].to_dict() == {"Wagner": 84, "army": 47, "rebels": 20}
    assert limits.loc["rebels", "basis"] == "own admission"
