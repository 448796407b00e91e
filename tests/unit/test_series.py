"""Series over time, on small frames whose answers are known."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis.series import compare_windows, estimate_column, monthly, per_phase, rolling_year
from malibook.errors import BookError
from malibook.evidence import Phase


@pytest.fixture
def violence() -> pd.DataFrame:
    months = pd.date_range("2020-01-01", periods=24, freq="MS")
    final = pd.DataFrame(
        {"iso3": "MLI", "month": months[:18], "deaths_best": range(18), "deaths_low": None, "dataset": "ucdp-ged"}
    )
    later = pd.DataFrame(
        {"iso3": "MLI", "month": months[16:], "deaths_best": 100, "deaths_low": None, "dataset": "ucdp-candidate"}
    )
    return pd.concat([later, final], ignore_index=True)


def test_the_final_dataset_counts_before_the_candidate(violence):
    series = monthly(violence, "MLI")
    assert series["month"].is_unique
    assert list(series["deaths_best"]) == [*range(18), *[100] * 6]
    assert list(series["dataset"]).count("ucdp-candidate") == 6


def test_the_window_takes_whole_months(violence):
    series = monthly(violence, "MLI", "2020-02-17", "2020-04-01")
    assert [m.month for m in series["month"]] == [2, 3, 4]


def test_a_country_without_data_is_refused(violence):
    with pytest.raises(BookError, match="no month of NER"):
        monthly(violence, "NER")


def test_a_missing_estimate_is_refused(violence):
    with pytest.raises(BookError, match="low estimate is not in this series"):
        estimate_column("low", violence)


def test_a_month_belongs_to_the_phase_of_its_first_day(violence):
    cut = pd.Timestamp("2020-03-15")
    periods = [Phase("a", "A", "A", pd.Timestamp("2020-01-01"), cut), Phase("b", "B", "B", cut, None)]
    table = per_phase(monthly(violence, "MLI"), periods, "deaths_best").set_index("phase")
    assert table.loc["a", ["months", "total"]].tolist() == [3, 3]
    assert table["months"].sum() == 24
    assert table["total"].sum() == sum(range(18)) + 600


def test_the_month_of_the_event_counts_for_neither_side(violence):
    sides = compare_windows(monthly(violence, "MLI"), "deaths_best", "2020-07-20", 3).set_index("side")
    assert sides.loc["before", "total"] == 3 + 4 + 5
    assert sides.loc["after", "total"] == 7 + 8 + 9


def test_a_rolling_year_waits_until_it_is_complete(violence):
    rolled = rolling_year(monthly(violence, "MLI"), "deaths_best")
    assert rolled.iloc[:11].isna().all()
    assert rolled.iloc[11] == sum(range(12))


def test_a_month_can_belong_to_the_phase_of_most_of_its_days(violence):
    cut = pd.Timestamp("2020-03-11")
    periods = [Phase("a", "A", "A", pd.Timestamp("2020-01-20"), cut), Phase("b", "B", "B", cut, None)]
    series = monthly(violence, "MLI")
    by_first_day = per_phase(series, periods, "deaths_best").set_index("phase")["months"]
    by_most_days = per_phase(series, periods, "deaths_best", most_days=True).set_index("phase")
    assert by_first_day.to_dict() == {"a": 2, "b": 21}  # January begins before any phase, March begins in a
    assert by_most_days["months"].to_dict() == {"a": 2, "b": 22}  # January and February in a, March in b
    assert by_most_days.loc["a", "total"] == 0 + 1
