"""UCDP loaders on small made-up frames whose answers are plain to see."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.errors import BookError
from malibook.evidence.loaders import ucdp


def official(**changes) -> pd.DataFrame:
    """Four events in UCDP's own layout: 11 is in two releases, 12 crosses a month, 14 is in a country that is not asked for."""
    rows = pd.DataFrame(
        {
            "id": [11, 12, 13, 11, 14],
            "conflict_new_id": [1, 1, 2, 1, 3],
            "conflict_name": [
                "Mali: Government",
                "Mali: Government",
                "X - Civilians",
                "Mali: Government",
                "Chad: Government",
            ],
            "dyad_name": ["Mali - X", "Mali - X", "X - Civilians", "Mali - X", "Chad - Y"],
            "side_a": ["Mali", "Mali", "X", "Mali", "Chad"],
            "side_b": ["X", "X", "Civilians", "X", "Y"],
            "country": ["Mali", "Mali", "Mali", "Mali", "Chad"],
            "type_of_violence": [1, 1, 3, 1, 1],
            "date_start": ["2026-01-05 00:00:00.000", "2026-01-31", "2026-03-02", "2026-01-05", "2026-01-01"],
            "date_end": ["2026-01-05", "2026-02-01", "2026-03-02", "2026-01-05", "2026-01-01"],
            "low": [1, 2, 3, 2, 9],
            "best": [4, 5, 6, 7, 9],
            "high": [8, 9, 10, 12, 9],
            "deaths_civilians": [0, 1, 6, 0, 9],
        }
    )
    return rows.assign(**changes)


def slim() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [1.0, 2.0, 3.0],
            "conflict_new_id": [5, 5, 6],
            "conflict_name": ["A - B", "A - B", "Mali: Government"],
            "country": ["Mali", "Niger", "Mali"],
            "best": [3, 4, 5],
            "type_of_violence": [2, 2, 1],
            "date": ["2025-01-09", "2025-02-09", "2025-02-28"],
        }
    )


def test_events_are_counted_once_in_the_month_they_began():
    events = ucdp.read_events(official())
    assert events["id"].tolist() == [12, 13, 11], "the later release of event 11 stands"
    assert events["month"].tolist() == ["2026-01-01", "2026-03-01", "2026-01-01"]
    assert events["best"].tolist() == [5, 6, 7] and events["type"].tolist() == [
        "state-based",
        "one-sided",
        "state-based",
    ]


def test_months_have_sums_by_type_and_true_zeros():
    rows = ucdp.months_from_events(ucdp.read_events(official()), "ucdp-candidate", "v").set_index("month")
    assert rows.index.tolist() == ["2026-01-01", "2026-02-01", "2026-03-01"]
    january = rows.loc["2026-01-01"]
    assert january[["events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians"]].tolist() == [
        2,
        4,
        12,
        21,
        1,
    ]
    assert january[["events_state_based", "events_one_sided", "deaths_state_based", "deaths_one_sided"]].tolist() == [
        2,
        0,
        12,
        0,
    ]
    assert (rows.loc["2026-02-01", ["events", "deaths_low", "deaths_best", "deaths_largest_event"]] == 0).all()
    assert january["deaths_largest_event"] == 7


def test_what_the_slim_layout_lacks_is_missing_not_zero():
    events = ucdp.read_events(slim())
    rows = ucdp.months_from_events(events, "ucdp-candidate", "v").set_index(["iso3", "month"])
    assert rows[["deaths_low", "deaths_high", "deaths_civilians"]].isna().all(axis=None)
    assert rows.loc[("MLI", "2025-01-01"), "deaths_non_state"] == 3
    assert rows.loc[("NER", "2025-01-01"), "deaths_best"] == 0
    pairs = ucdp.dyad_months(events, "v")
    assert len(pairs) == 3 and pairs["dyad"].isna().all() and pairs["deaths_low"].isna().all()


def test_pairs_of_parties():
    pairs = ucdp.dyad_months(ucdp.read_events(official()), "v").set_index(["month", "dyad"])
    assert pairs.loc[("2026-01-01", "Mali - X"), ["events", "deaths_best"]].tolist() == [2, 12]
    assert pairs.loc[("2026-03-01", "X - Civilians"), "side_b"] == "Civilians"


def test_a_summary_by_month_implies_the_low_estimate():
    raw = pd.DataFrame(
        {
            "country_iso3": ["MLI"],
            "year_month": ["2012-01"],
            "ucdp_event_count": [3.0],
            "ucdp_fatalities_best": [20.0],
            "ucdp_fatalities_high": [25.0],
            "ucdp_civilian_deaths": [2.0],
            "ucdp_peak_event_fatalities": [14.0],
            "ucdp_fatality_uncertainty": [7 / 3],
            "ucdp_state_based_events": [2.0],
            "ucdp_non_state_events": [0.0],
            "ucdp_one_sided_events": [1.0],
        }
    )
    (row,) = ucdp.months_from_summary(raw, "v").to_dict("records")
    assert (row["month"], row["events"], row["deaths_best"], row["dataset"]) == ("2012-01-01", 3, 20, "ucdp-ged")
    assert (row["deaths_low"], row["deaths_high"], row["deaths_largest_event"]) == (18, 25, 14)
    assert pd.isna(row["deaths_state_based"])
    with pytest.raises(BookError, match="whole"):
        ucdp.months_from_summary(raw.assign(ucdp_fatality_uncertainty=2.5), "v")


def test_conflictforecast_has_one_figure():
    raw = pd.DataFrame({"isocode": ["NER"], "period": [202312], "fatalities_UCDP": [7.0]})
    (row,) = ucdp.months_from_conflictforecast(raw, "v").to_dict("records")
    assert (row["iso3"], row["month"], row["deaths_best"]) == ("NER", "2023-12-01", 7)
    assert pd.isna(row["events"]) and pd.isna(row["deaths_high"])


def test_years_have_three_types_and_ranges_where_published():
    raw = pd.DataFrame(
        {"iso3": ["MLI"], "year": [2022], "sb_low": [1], "sb_best": [2], "sb_high": [3], "ns_best": [4], "os_best": [5]}
    )
    rows = ucdp.years(raw, "v").set_index("type")
    assert rows["deaths_best"].to_dict() == {"state-based": 2, "non-state": 4, "one-sided": 5}
    assert rows.loc["state-based", ["deaths_low", "deaths_high"]].tolist() == [1, 3]
    assert rows.loc[["non-state", "one-sided"], ["deaths_low", "deaths_high"]].isna().all(axis=None)


def test_part_years_count_events_once():
    raw = pd.DataFrame({"iso3": ["MLI"], "events": [9], "sb": [1], "ns": [2], "os": [3], "total": [6]})
    rows = ucdp.part_years(raw, "2026-01-01", "2026-08-31", "v").set_index("type")
    assert rows["deaths_best"].to_dict() == {"all": 6, "non-state": 2, "one-sided": 3, "state-based": 1}
    assert rows["events"].dropna().to_dict() == {"all": 9}


def test_conflict_years_are_sorted():
    columns = {"conflict_id": [9, 2], "year": [2020, 2021], "conflict": ["b", "a"], "side_b": ["y", "x"]}
    rows = ucdp.conflict_years(pd.DataFrame(columns | {"battle_deaths_best": [30, 40]}), "v")
    assert rows["conflict_id"].tolist() == [2, 9] and rows["vintage"].unique().tolist() == ["v"]


@pytest.mark.parametrize("lost", ["id", "best", "deaths_civilians", "country"])
def test_a_file_without_a_column_is_refused(lost):
    with pytest.raises(BookError, match=f"UCDP events: lacks the column '{lost}'"):
        ucdp.read_events(official().drop(columns=lost))


def test_a_file_without_rows_is_refused():
    with pytest.raises(BookError, match="holds no row"):
        ucdp.read_events(official().iloc[:0])


def test_a_count_that_is_none_is_refused_with_its_row():
    with pytest.raises(BookError, match=r"holds '4.5' in column 'best', row 1.*\n  remedy: "):
        ucdp.read_events(official(best=[4, 4.5, 6, 7, 9]))
