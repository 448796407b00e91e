"""The chapter on the aftermath, on small frames whose answers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from malibook.analysis.aftermath import (
    Choice,
    compare_choices,
    permutation_share,
    placebo,
    placebo_ratios,
    rest_of_year,
    window_ratios,
)
from malibook.analysis.forecasts import (
    CAME_TRUE,
    DID_NOT,
    OPEN,
    PARTLY,
    cited,
    of_a_change,
    of_a_rise,
    of_rises,
    scored,
)
from malibook.analysis.shares import (
    BY_MALI,
    BY_OTHERS,
    BY_RUSSIA,
    IN_BATTLE,
    SIDES,
    by_side,
    share_of,
    share_shifts,
    shift_at,
    wide,
)
from malibook.analysis.tenure import spells
from malibook.errors import BookError


def months(count: int, first: str = "2020-01-01") -> pd.DatetimeIndex:
    return pd.date_range(first, periods=count, freq="MS")


@pytest.fixture
def step() -> pd.Series:
    """Ten deaths a month for 30 months, then thirty a month for six."""
    return pd.Series([10] * 30 + [30] * 6, index=months(36))


def test_the_period_itself_counts_where_it_is_told_to():
    values = pd.Series([1, 2, 100, 3, 4], index=months(5))
    middle = values.index[2]
    assert window_ratios(values, 2).loc[middle, ["before", "after"]].tolist() == [1.5, 3.5]
    assert window_ratios(values, 2, "before").loc[middle, ["before", "after"]].tolist() == [51, 3.5]
    assert window_ratios(values, 2, "after").loc[middle, ["before", "after"]].tolist() == [1.5, 51.5]


def test_a_ratio_over_nothing_is_missing_and_a_gap_counts_only_when_allowed():
    values = pd.Series([0, 0, 5, 6, np.nan, 8], index=months(6))
    assert np.isnan(window_ratios(values, 2).loc[values.index[2], "ratio"])
    assert np.isnan(window_ratios(values, 2).loc[values.index[3], "after"])
    assert window_ratios(values, 2, missing=1).loc[values.index[3], "after"] == 8


def test_a_real_step_stands_out_from_its_placebos(step):
    found = placebo(step, step.index[29], 5)
    assert (found.before, found.after, found.ratio) == (10, 30, 3)
    assert (found.low, found.high, found.share) == (1, 1, 0)
    assert found.stands_out


def test_no_step_does_not_stand_out():
    values = pd.Series([8, 12] * 18, index=months(36))
    found = placebo(values, values.index[20], 4)
    assert found.ratio == 1
    assert found.share == 1
    assert not found.stands_out


def test_a_placebo_window_never_holds_the_tested_change(step):
    rows = placebo_ratios(step, step.index[29], 5)
    assert rows["role"].value_counts().to_dict() == {"placebo": 19, "break": 1}
    assert rows[rows["role"] == "placebo"].index.max() == step.index[23]
    assert rows.index.min() == step.index[5]
    later = placebo_ratios(step, step.index[29], 5, start=step.index[3])
    assert later.index.min() == step.index[8]


def test_any_day_of_the_month_names_the_month(step):
    assert placebo(step, "2022-06-06", 5) == placebo(step, step.index[29], 5)


def test_windows_that_fit_side_by_side_are_counted():
    # Periods 4 to 25 of 36 are placebo centres: with 9 periods a pair of windows, 30 periods hold three pairs.
    values = pd.Series(range(1, 37), index=months(36))
    found = placebo(values, values.index[30], 4)
    assert (found.dates, found.apart) == (22, 3)


def test_an_incomplete_window_is_refused(step):
    with pytest.raises(BookError, match="no 8 whole periods"):
        placebo(step, step.index[29], 8)


def test_each_choice_is_one_row(step):
    gap = step.mask(step.index == step.index[32])
    ways = [
        Choice("plain", "five", step, 5),
        Choice("plain", "first after", step, 5, "after"),
        Choice("gap", "one out", gap, 5, missing=1),
    ]
    table = compare_choices(ways, step.index[29], step.index[0])
    assert table["label"].tolist() == ["five", "first after", "one out"]
    # The last flat month, counted as the first one after: (10 + 4 × 30) / 5 = 26.
    assert table["after"].tolist() == [30, 26, 30]
    assert table["stands_out"].all()


def test_too_few_placebos_are_refused(step):
    with pytest.raises(BookError, match="only 5 placebo dates"):
        placebo(step, step.index[29], 5, start=step.index[14])


@pytest.fixture
def totals() -> pd.DataFrame:
    """720 deaths from January to August 2026."""
    dates = {"start": pd.to_datetime(["2026-01-01"]), "end": pd.to_datetime(["2026-08-31"])}
    return pd.DataFrame(dates | {"deaths_best": [720]})


def test_a_total_is_spread_over_the_months_that_the_series_lacks(totals):
    series = pd.DataFrame({"month": months(4, "2025-11-01"), "deaths_best": [7, 7, 100, 20]})
    rest = rest_of_year(series, totals, "deaths_best", "2026-12-31")
    assert list(rest.index) == list(months(6, "2026-03-01"))
    assert (rest == 100).all()


def test_a_total_that_does_not_join_the_series_is_left_out(totals):
    gap = pd.DataFrame({"month": months(2, "2025-10-01"), "deaths_best": [7, 7]})
    whole = pd.DataFrame({"month": months(8, "2026-01-01"), "deaths_best": 90, "deaths_high": 95})
    assert rest_of_year(gap, totals, "deaths_best", "2026-12-31").empty
    assert rest_of_year(whole, totals, "deaths_best", "2026-12-31").empty
    assert rest_of_year(whole[:2], totals, "deaths_best", "2026-06-30").empty
    assert rest_of_year(whole[:2], totals, "deaths_high", "2026-12-31").empty


def test_permutations_are_counted_exactly():
    # Of the 20 ways to choose three of six months, only the real one and its mirror differ as much.
    assert permutation_share([1, 2, 3], [4, 5, 6]) == pytest.approx(2 / 20)
    assert permutation_share([5, 5], [5, 5]) == 1


@pytest.fixture
def regions() -> pd.DataFrame:
    quarters = pd.date_range("2024-01-01", periods=8, freq="QS")
    south = [1, 1, 1, 2, 2, 6, 6, 6]
    rows = [("Kayes", q, n) for q, n in zip(quarters, south, strict=True)]
    rows += [(r, q, 0) for r in ("Bamako", "Koulikoro", "Sikasso", "Ségou") for q in quarters]
    rows += [("Mopti", q, 10 - n) for q, n in zip(quarters, south, strict=True)]
    return pd.DataFrame(rows, columns=["region", "quarter", "events"])


def test_shares_and_their_shift(regions):
    quarters = wide(regions, "events")
    assert share_of(quarters).round(2).tolist() == [0.1, 0.1, 0.1, 0.2, 0.2, 0.6, 0.6, 0.6]
    shifts = share_shifts(quarters, 2)
    assert shifts.index.min() == pd.Timestamp("2024-07-01")
    assert shifts.loc["2025-01-01", ["before", "after", "shift"]].round(2).tolist() == [0.15, 0.6, 0.45]


def test_a_shift_is_compared_with_those_it_does_not_touch(regions):
    shifts = share_shifts(wide(regions, "events"), 1)
    real, others = shift_at(shifts, "2025-03-20", 1)
    assert real["shift"] == pytest.approx(0.4)
    assert list(others.index) == list(pd.to_datetime(["2024-04-01", "2024-07-01"]))
    with pytest.raises(BookError, match="no full window"):
        shift_at(shifts, "2026-01-01", 1)


def test_deaths_are_sorted_by_who_kills_whom():
    both = "Government of Mali, Government of Russia (Soviet Union) - Civilians"
    rows = [
        ("2025-01-01", "one-sided", both, 5),
        ("2025-01-01", "one-sided", "Government of Russia (Soviet Union) - Civilians", 2),
        ("2025-01-01", "one-sided", "Government of Mali - Civilians", 3),
        ("2025-01-01", "one-sided", "Government of Burkina Faso - Civilians", 1),
        ("2025-02-01", "state-based", "Mali: Government", 7),
        ("2026-01-01", "state-based", "Mali: Government", 99),
    ]
    dyads = pd.DataFrame(rows, columns=["month", "type", "conflict", "deaths_best"])
    table = by_side(dyads.assign(month=pd.to_datetime(dyads["month"])), months(3, "2025-01-01"))
    assert list(table.columns) == list(SIDES)
    assert table.loc["2025-01-01", [BY_RUSSIA, BY_MALI, BY_OTHERS]].tolist() == [7, 3, 1]
    assert table[IN_BATTLE].tolist() == [0, 7, 0]


def test_spells_end_where_the_next_begins():
    events = pd.DataFrame(
        {
            "id": ["a", "b"],
            "date": pd.to_datetime(["2024-01-01", "2024-03-01"]),
            "date_end": [pd.NaT, pd.Timestamp("2024-03-03")],
        }
    )
    plan = [
        ("Kidal", "a", "army", "high", ""),
        ("Kidal", "b", "rebels", "low", ""),
        ("Gao", "a", "army", "high", "2024-02-01"),
    ]
    found = spells(events, plan, until="2024-12-31")
    assert found["start"].tolist() == list(pd.to_datetime(["2024-01-01", "2024-03-03", "2024-02-01"]))
    assert found["end"].tolist() == list(pd.to_datetime(["2024-03-03", "2024-12-31", "2024-12-31"]))
    with pytest.raises(BookError, match="no row 'c'"):
        spells(events, [("Kidal", "c", "army", "high", "")], until="2024-12-31")


@pytest.fixture
def forecasts() -> pd.DataFrame:
    return pd.DataFrame(
        {"id": ["s1", "s2"], "article": "a000", "claim": ["It will rise.", "It will end."], "kind": "forecast"}
    )


def test_each_forecast_is_scored_once(forecasts):
    scores = [("s2", DID_NOT, "It went on.", "events"), ("s1", OPEN, "No data.", "")]
    table = scored(forecasts, scores)
    assert table["score"].tolist() == [OPEN, DID_NOT]
    with pytest.raises(BookError, match="s2 is not scored exactly once"):
        scored(forecasts, scores[1:])
    with pytest.raises(BookError, match="s1 is not scored exactly once"):
        scored(forecasts, [*scores, scores[1]])
    with pytest.raises(BookError, match="'maybe' is no score"):
        scored(forecasts, [scores[0], ("s1", "maybe", "", "events")])
    with pytest.raises(BookError, match="without evidence"):
        scored(forecasts, [scores[1], ("s2", DID_NOT, "It went on.", "")])


def test_scores_follow_the_numbers(step):
    risen = placebo(step, step.index[29], 5)
    flat = placebo(pd.Series([8.0, 12.0] * 18, index=months(36)), months(36)[20], 4)
    assert of_a_rise(risen) == CAME_TRUE
    assert of_a_rise(flat) == DID_NOT
    assert [of_rises(risen, risen), of_rises(flat), of_rises(risen, flat)] == [CAME_TRUE, DID_NOT, OPEN]
    assert [of_a_change(True, True), of_a_change(True, False), of_a_change(False)] == [CAME_TRUE, PARTLY, DID_NOT]


def test_evidence_is_cited_by_kind():
    assert (
        cited("events;exit_ap2025;sentry2025", {"exit_ap2025", "sentry2025"})
        == "`events`, {cite:p}`exit_ap2025,sentry2025`"
    )
    assert cited("", set()) == ""
