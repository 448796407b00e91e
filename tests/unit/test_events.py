"""UCDP's events one by one, on events made up so that every answer is known."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import events as by_event
from malibook.errors import BookError
from malibook.exhibits.charts_events import SIZES, event_maps
from tests.events import ged_of_mali

COLUMNS = "id iso3 date date_end type dyad region lat lon where_prec deaths_low deaths_best deaths_high".split()  # noqa: SIM905
ROWS = [
    (1, "MLI", "2014-06-30", "2014-06-30", "state-based", "A - B", "Gao", 16.27, -0.04, 1, 5, 10, 20),
    (2, "MLI", "2014-07-01", "2014-07-03", "state-based", "A - B", "Gao", 16.27, -0.04, 3, 0, 0, 4),
    (3, "MLI", "2014-07-02", "2014-07-02", "one-sided", "B - Civilians", "Kidal", 18.44, 1.41, 4, 1, 30, 31),
    (4, "MLI", "2015-02-01", "2015-02-01", "non-state", "B - C", "Mopti", 14.49, -4.18, 2, 7, 7, 50),
    (5, "NER", "2014-07-02", "2014-07-02", "one-sided", "B - Civilians", "Tillabéri", 14.2, 1.45, 1, 9, 9, 9),
    (6, "MLI", "2011-12-31", "2012-01-02", "state-based", "A - B", "Gao", 16.0, 0.0, 1, 1, 1, 1),
]


@pytest.fixture
def events() -> pd.DataFrame:
    frame = pd.DataFrame(ROWS, columns=COLUMNS).assign(
        date=lambda x: pd.to_datetime(x["date"]), date_end=lambda x: pd.to_datetime(x["date_end"])
    )
    frame.attrs["table"] = "violence_events"
    return frame


def test_a_window_holds_one_country_and_both_its_days(events):
    found = by_event.inside(events, "MLI", "2014-06-30", "2015-02-01")
    assert found["id"].tolist() == [1, 2, 3, 4] and found.attrs["table"] == "violence_events"


def test_an_event_of_a_region_has_no_point(events):
    known, vague = by_event.placed(events)
    assert known["id"].tolist() == [1, 2, 4, 5, 6] and vague["id"].tolist() == [3]


def test_months_that_the_series_counts_and_the_events_lack(events):
    months = pd.DataFrame({"month": pd.to_datetime(["2014-06-01", "2014-08-01", "2014-09-01"]), "events": [1, 3, 0]})
    assert by_event.months_without(events, months) == [pd.Timestamp("2014-08-01")]


def test_the_window_is_cut_on_the_day_and_nothing_is_lost(events):
    mine = by_event.inside(events, "MLI", "2012-01-01", "2015-12-31")
    parts = by_event.spans(mine, ["2014-07-01", "2011-01-01", "2016-01-01"], "2012-01-01", "2015-12-31")
    assert [(title, rows["id"].tolist()) for title, rows in parts] == [
        ("Jan 2012 to Jun 2014", [1]),
        ("Jul 2014 to Dec 2015", [2, 3, 4]),
    ]
    assert by_event.spans(mine, [], "2013-01-01", "2013-12-31") == []


def test_pairs_add_up_and_the_chosen_estimate_ranks_them(events):
    mine = by_event.inside(events, "MLI", "2012-01-01", "2015-12-31")
    found = by_event.deadliest(mine, "best", most=2)
    assert found["pair"].tolist() == ["B - Civilians", "A - B", "All others (1 pair)"]
    assert found[["events", "low", "best", "high"]].to_numpy().tolist() == [
        [1, 1, 30, 31],
        [2, 5, 10, 24],
        [1, 7, 7, 50],
    ]
    assert found["years"].tolist() == ["2014", "2014", "2015"]
    assert found["best"].sum() == mine["deaths_best"].sum()
    assert by_event.deadliest(mine, "high", most=1)["pair"].iloc[0] == "B - C"
    assert by_event.deadliest(mine, "low", most=9)["pair"].tolist() == ["B - C", "A - B", "B - Civilians"]


def test_one_pair_in_two_types_of_violence_is_two_rows(events):
    twice = events.assign(dyad="A - B")
    assert by_event.deadliest(twice)[["pair", "type"]].drop_duplicates().shape[0] == 3


def test_distances_along_a_great_circle():
    one_degree = by_event.distance_km(pd.Series([1.0, 0.0]), pd.Series([0.0, 0.0]), 0.0, 0.0)
    assert one_degree.round(1).tolist() == [111.2, 0.0]
    bamako_to_gao = by_event.distance_km(pd.Series([12.65]), pd.Series([-8.0]), 16.27, -0.04).item()
    assert bamako_to_gao == pytest.approx(944, abs=5)


def test_what_lies_near_a_place_on_some_days(events):
    near = by_event.around(events, 16.27, -0.04, 50, "2014-07-02", "2014-07-31", region="Kidal")
    assert near["id"].tolist() == [2, 3], "one lasts into the days; of one only the region is known, and it is this one"
    assert near["km"].iloc[0] == pytest.approx(0) and pd.isna(near["km"].iloc[1])
    assert near.attrs["table"] == "violence_events"
    assert by_event.around(events, 16.27, -0.04, 50, "2014-07-02", "2014-07-31")["id"].tolist() == [2]
    assert by_event.around(events, 16.27, -0.04, 500, "2014-06-30", "2014-06-30")["id"].tolist() == [1]


def test_events_as_a_reader_reads_them(events):
    parts = {"deaths_a": 1, "deaths_b": 2, "deaths_civilians": 3, "deaths_unknown": 4}
    days = {
        "date_end": pd.to_datetime(["2014-06-30", "2014-07-03", "2014-08-02", "2016-02-01", "2014-07-02", "2012-01-02"])
    }
    told = by_event.as_coded(
        events.assign(place=["Gao", pd.NA, "X", "X", "X", "X"], side_a="A", side_b="B", **parts, **days)
    )
    assert told["days"].tolist()[:4] == ["30 June 2014", "1–3 July 2014", "2 July to 2 August 2014", "1 February 2015 to 1 February 2016"]  # fmt: skip
    assert told["place"].tolist()[:3] == ["Gao (exact)", "no place named (district)", "X (region only)"]
    assert told["deaths"].iloc[0] == "10 (5–20)" and told["parties"].iloc[0] == "A – B"
    assert told.loc[0, ["first", "second", "civilians", "unknown"]].tolist() == [1, 2, 3, 4]


def test_the_map_draws_every_event_once(events):
    mine = by_event.inside(events, "MLI", "2012-01-01", "2015-12-31")
    fig = event_maps([("a", mine.head(3)), ("b", mine.tail(1)), ("c", mine)], "deaths_best", "Message", "What is drawn")
    shown = [ax for ax in fig.axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in shown] == ["a: 3 events", "b: 1 events", "c: 4 events"]
    points = [[line for line in ax.lines if line.get_marker() == "o"] for ax in shown]
    assert [sum(len(line.get_xdata()) for line in lines) for lines in points] == [3, 1, 4]
    assert {line.get_markersize() for line in points[0]} == {SIZES[0], SIZES[5], SIZES[25]}
    with pytest.raises(BookError, match="no event to draw"):
        event_maps([], "deaths_best", "Message", "What is drawn")


def test_the_made_up_file_adds_up_to_the_month_it_is_made_from():
    """The end-to-end test rests on it."""
    month = {
        "month": pd.Timestamp("2020-02-01"),
        "events": 4,
        "events_state_based": 1,
        "events_non_state": 1,
        "events_one_sided": 2,
    }
    month |= {
        "deaths_low": 20,
        "deaths_best": 31,
        "deaths_high": 40,
        "deaths_civilians": 12,
        "deaths_largest_event": 13,
    }
    made = pd.DataFrame(ged_of_mali(pd.DataFrame([month])))
    assert made[["low", "best", "high", "deaths_civilians"]].sum().tolist() == [20, 31, 40, 12]
    assert len(made) == 4 and made["best"].max() == 13 and made["type_of_violence"].tolist() == [1, 2, 3, 3]
    assert ((made["low"] <= made["best"]) & (made["best"] <= made["high"])).all()
