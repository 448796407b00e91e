"""Regions before and after a day, on a small frame whose answers are known."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis.shift import by_region, region_shift
from malibook.errors import BookError


@pytest.fixture
def quarters() -> pd.DataFrame:
    rows = []
    for number, quarter in enumerate(pd.date_range("2021-01-01", periods=8, freq="QS")):
        late = number > 3
        rows += [
            {"region": "Gao", "acled_admin1": "Gao", "quarter": quarter, "events": 1 + late, "deaths": 10, "months": 3},
            {"region": "Gao", "acled_admin1": "Ménaka", "quarter": quarter, "events": 1, "deaths": 5, "months": 3},
            {"region": "Mopti", "acled_admin1": "Mopti", "quarter": quarter, "events": 8, "deaths": 85, "months": 3},
        ]
    rows[-1]["months"] = 1
    return pd.DataFrame(rows)


def test_parts_of_a_region_are_added_and_cut_quarters_left_out(quarters):
    found = by_region(quarters)
    assert found[(found["region"] == "Gao") & (found["quarter"] == "2021-01-01")]["deaths"].item() == 15
    assert len(found[found["region"] == "Mopti"]) == 7


def test_only_whole_quarters_fall_in_the_window(quarters):
    found = by_region(quarters, "2021-02-01", "2022-05-31")
    assert found["quarter"].min() == pd.Timestamp("2021-04-01")
    assert found["quarter"].max() == pd.Timestamp("2022-01-01")


def test_the_quarter_of_the_break_counts_for_neither_side(quarters):
    found = region_shift(by_region(quarters), "events", "2021-12-24", 3).set_index("region")
    assert found.loc["Gao", ["before", "after", "difference"]].tolist() == [2, 3, 1]
    assert found.loc["Mopti", "difference"] == 0
    assert found["share_before"].sum() == pytest.approx(1)
    assert found.loc["Gao", "share_before"] == pytest.approx(0.2)
    assert found["quarters_before"].unique().tolist() == [3]
    assert found.index[0] == "Gao"


def test_a_side_without_a_quarter_is_refused(quarters):
    with pytest.raises(BookError, match="no quarter on one side"):
        region_shift(by_region(quarters), "events", "2023-05-01", 2)
