"""What chapter 3 computes beside the contested counts, and the words its charts print."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis.bounds import claimed_range
from malibook.analysis.contested import HIGH, LOW, NEITHER
from malibook.analysis.tinzaouatene import (
    announced,
    by_party,
    calendar,
    month_in_year,
    speakers,
)
from malibook.errors import BookError
from malibook.exhibits.charts_contested import gather_single, said, short_claimant

NAN = float("nan")


def rows(*values: tuple[object, ...]) -> pd.DataFrame:
    columns = ["claim", "category", "claimant", "claimant_actor", "subject", "date", "date_precision", "low", "high"]
    frame = pd.DataFrame(list(values), columns=[*columns, "interest", "fallen"]).assign(bounding=True)
    return frame.assign(date=pd.to_datetime(frame["date"]), figure=frame["low"].notna())


PANEL = rows(
    ("a", "Soldiers", "Army", "army", "soldiers", "2024-07-26", "day", 2.0, 2.0, LOW, True),
    ("b", "Soldiers", "Army", "army", "soldiers", "2024-07-29", "day", NAN, NAN, LOW, False),
    ("c", "Soldiers", "Rebels", "rebels", "soldiers", "2024-07-29", "day", 47.0, 47.0, HIGH, False),
    ("d", "Soldiers", "Radio", "", "soldiers", "2024-07-29", "day", 47.0, 47.0, NEITHER, False),
    ("e", "Fighters", "Rebels", "rebels", "fighters", "2024-07-29", "day", 7.0, 9.0, LOW, False),
    ("f", "Fighters", "Paper", "", "fighters", "2024-07-01", "month", 18.0, 18.0, NEITHER, False),
)


def test_the_calendar_has_every_day_and_marks_the_fighting():
    timeline = pd.DataFrame({"date": pd.to_datetime(["2024-07-25", "2024-07-25"]), "what": ["ambush", "sandstorm"]})
    days = calendar(timeline, "2024-07-23", "2024-07-27", ("2024-07-25", "2024-07-26"))
    assert list(days["what"]) == ["", "", "ambush; sandstorm", "", ""]
    assert list(days["fighting"]) == [False, False, True, True, False]


def test_a_figure_counts_once_a_day_and_only_where_the_day_is_known():
    bounding = PANEL.assign(bounding=PANEL["figure"])
    found = announced(bounding, "2024-07-01", "2024-07-31", {"soldiers": 0.0, "fighters": 0.2})
    assert found[["subject", "low"]].values.tolist() == [["soldiers", 2.0], ["soldiers", 47.0], ["fighters", 7.0]]
    with pytest.raises(BookError, match="'fighters'"):
        announced(bounding, "2024-07-01", "2024-07-31", {"soldiers": 0.0})


def test_each_party_is_told_by_whom_its_words_cost():
    table = by_party(PANEL, {"army": "Army", "rebels": "CSP"}).set_index("party")
    assert table.loc["Army", "of itself"] == "(Soldiers: 2); Soldiers: no number"
    assert table.loc["CSP"].tolist() == ["Fighters: 7–9", "Soldiers: 47"]
    assert pd.isna(table.loc["Army", "of the enemy"])


def test_an_actor_without_a_name_is_no_party():
    leaning = PANEL.assign(claimant_actor=PANEL["claimant_actor"].replace("army", "abroad"))
    assert by_party(leaning, {"rebels": "CSP"})["party"].tolist() == ["CSP"]


def test_a_house_or_actor_that_speaks_twice_is_one_speaker():
    said = pd.DataFrame(
        {
            "claimant": ["Army communiqué", "Army", "Reuters search", "Reuters video", "A witness"],
            "claimant_actor": ["army", "army", None, "", None],
        }
    )
    assert speakers(said, ["Reuters"]).tolist() == ["army", "army", "Reuters", "Reuters", "A witness"]


@pytest.mark.parametrize(
    ("low", "high", "open_ended", "words"),
    [
        (46, 84, False, "46–84"),
        (46, 100, True, "46 to at least 100"),
        (50, 50, False, "50"),
        (203, 500, True, "203 to at least 500"),
        (50, 50, True, "50 or more"),
        (NAN, 81, False, "claimed 81"),
        (NAN, 100, True, "claimed: 100 or more"),
        (46, NAN, False, "46 or more"),
        (NAN, NAN, False, "no count"),
    ],
)
def test_a_range_keeps_its_open_end_and_names_a_bare_claim(low, high, open_ended, words):
    assert claimed_range(low, high, open_ended) == words


def test_a_month_is_measured_against_the_others_of_its_year():
    months = pd.DataFrame({"month": pd.date_range("2023-12-01", periods=4, freq="MS"), "deaths": [999, 10, 40, 25]})
    found = month_in_year(months, "deaths", "2024-03-15")
    assert (found.value, found.others, found.excess, found.rank) == (25, 25, 0, 2)
    assert (found.top_month, found.top_value) == (pd.Timestamp("2024-02-01"), 40)
    with pytest.raises(BookError, match="May 2024"):
        month_in_year(months, "deaths", "2024-05-01")


def test_single_claims_are_gathered_under_one_heading_at_the_end():
    extra = PANEL.iloc[[4]].assign(claim="g", category="Vehicles", claimant="CSP communiqué")
    out = gather_single(pd.concat([extra, PANEL]), "One side only", {"CSP communiqué": "CSP"})
    assert out["category"].iloc[-1] == "One side only" and out["label"].iloc[-1] == "CSP: vehicles"
    assert list(out["label"].iloc[:2]) == ["Army", "Army"]


def test_names_and_dates_as_the_charts_print_them():
    assert short_claimant("Wagner (13th Assault Detachment, Telegram)") == "Wagner"
    assert short_claimant("JNIM (via SITE)") == "JNIM (via SITE)"
    day = pd.Timestamp("2024-08-01")
    assert (said(day, "day"), said(day, "month")) == ("1 Aug", "Aug 2024")
    assert (said(day, "day", full=True), said(day, "month", full=True)) == ("1 August 2024", "August 2024")
