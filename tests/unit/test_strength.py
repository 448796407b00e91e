"""Strengths beside deaths: only like counts, only dated ones."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import strength
from malibook.errors import BookError

COLUMNS = ["id", "operation", "date", "date_precision", "measure", "measure_note", "value", "scope"]
ROWS = [
    ["a", "Serval", "2013-02-14", "day", "strength", "inside Mali", 4000, "Mali"],
    ["b", "Serval", "2013-01-01", "year", "strength", "deployed", 4500, "Mali"],
    ["c", "Serval", "2013-01-19", "day", "strength", "inside Mali", 1800, "Mali"],
    ["d", "Barkhane", "2014-08-01", "day", "planned", "target", 3000, "Sahel"],
    ["e", "Barkhane", "2017-05-01", "month", "strength", "deployed", 4000, "Sahel"],
    ["f", "UN", "2013-04-25", "day", "authorised", "authorised military", 11200, "Mali"],
    ["g", "UN", "2013-04-25", "day", "authorised", "authorised police", 1440, "Mali"],
    ["h", "UN", "2016-06-29", "day", "authorised", "authorised military", 13289, "Mali"],
]


@pytest.fixture
def deployments() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=COLUMNS).assign(date=lambda d: pd.to_datetime(d["date"]))


def test_only_dated_strengths_of_the_area_count_in_order(deployments):
    assert list(strength.strengths(deployments, ["Serval", "Barkhane"], ["Mali"])["id"]) == ["c", "a"]
    assert list(strength.strengths(deployments, ["Serval", "Barkhane"], ["Mali", "Sahel"])["id"]) == ["c", "a", "e"]


def test_nothing_found_is_an_error(deployments):
    with pytest.raises(BookError, match="no strength of Takuba in Mali"):
        strength.strengths(deployments, ["Takuba"], ["Mali"])


def test_the_ceiling_carries_the_police_forward(deployments):
    table = strength.ceiling(deployments, "UN")
    assert table["value"].tolist() == [12640, 13289 + 1440]


def test_deaths_before_and_after_are_whole_windows(deployments):
    months = pd.date_range("2012-02-01", periods=25, freq="MS")
    deaths = pd.DataFrame({"month": months, "n": [*[10] * 12, 999, *[40] * 12]})
    points = strength.strengths(deployments, ["Serval"], ["Mali"])
    table = strength.beside_deaths(points, deaths, "n").set_index("id")
    assert table.loc["a", ["before", "after", "per_thousand"]].tolist() == [10, 40, 10]
    assert pd.isna(table.loc["c", "before"])  # only eleven months are known before January 2013


def test_a_month_can_be_left_out_of_the_mean(deployments):
    months = pd.date_range("2012-02-01", periods=25, freq="MS")
    deaths = pd.DataFrame({"month": months, "n": [*[10] * 12, 999, *[40] * 11, 520]})
    points = strength.strengths(deployments, ["Serval"], ["Mali"])
    full = strength.beside_deaths(points, deaths, "n").set_index("id")
    calm = strength.beside_deaths(points, deaths, "n", skip=["2014-02-01"]).set_index("id")
    assert (full.loc["a", "after"], calm.loc["a", "after"], calm.loc["a", "per_thousand"]) == (80, 40, 10)


def test_no_soldiers_give_no_rate(deployments):
    deaths = pd.DataFrame({"month": pd.date_range("2012-01-01", periods=36, freq="MS"), "n": 5})
    gone = strength.strengths(deployments, ["Serval"], ["Mali"]).assign(value=0)
    assert strength.beside_deaths(gone, deaths, "n")["per_thousand"].isna().all()
