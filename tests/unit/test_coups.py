"""Coups and violence, on series whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from malibook.analysis import coups
from malibook.errors import BookError

MONTHS = pd.date_range("2010-01-01", periods=120, freq="MS")
STEP = pd.DataFrame({"AAA": np.where(np.arange(120) < 60, 10.0, 30.0)}, index=MONTHS)


def dates(*months: str, iso3: str = "AAA") -> pd.DataFrame:
    """Return dates as `around_dates` takes them, with a column to be kept."""
    return pd.DataFrame({"iso3": iso3, "month": pd.to_datetime(list(months)), "note": "kept"})


def test_before_and_after_leave_out_the_month_itself():
    spike = STEP.copy()
    spike.loc["2015-01-01", "AAA"] = 9999
    found = coups.around_dates(spike, dates("2015-01-01"), 12).iloc[0]
    assert (found["before"], found["after"], found["ratio"]) == (10, 30, pytest.approx(3))
    assert found["note"] == "kept"


def test_the_share_says_how_ordinary_a_rise_is():
    step = coups.around_dates(STEP, dates("2015-01-01", "2012-06-01"), 12)
    assert step.loc[0, "share"] == pytest.approx(2 / 96)  # in the month before, the two windows look the same
    assert step.loc[1, "share"] == 1


def test_months_without_a_window_or_without_deaths_make_no_ratio():
    assert coups.around_dates(STEP, dates("2010-06-01"), 12).empty
    quiet = STEP.assign(AAA=np.where(np.arange(120) < 60, 0.5, 30.0))
    found = coups.around_dates(quiet, dates("2015-01-01"), 12).iloc[0]
    assert np.isnan(found["ratio"])
    assert found["after"] == 30
    with pytest.raises(BookError, match="no deaths of ZZZ"):
        coups.around_dates(STEP, dates("2015-01-01", iso3="ZZZ"), 12)


def test_the_share_of_rising_months():
    rising = pd.DataFrame({"AAA": np.arange(10.0, 130.0), "BBB": np.arange(130.0, 10.0, -1)}, index=MONTHS)
    assert coups.rising_share(rising[["AAA"]], 12) == 1
    assert coups.rising_share(rising, 12) == 0.5


LOGS = pd.DataFrame(
    np.random.default_rng(3).normal(5, 1, (30, 3)), index=range(2001, 2031), columns=["AAA", "BBB", "CCC"]
)
DEATHS = np.expm1(LOGS)


def correlated(years: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(iso3, pd.Timestamp(year, 6, 1), 1) for iso3, several in years.items() for year in several]
    return coups.coup_correlations(DEATHS, pd.DataFrame(rows, columns=["iso3", "month", "successful"]))


@pytest.mark.parametrize(
    ("measure", "followed", "lies"),
    [("rise into", LOGS.diff(), 0), ("rise after", LOGS.diff(), -1), ("level before", LOGS, 1)],
)
def test_a_link_is_found_in_the_year_where_it_lies(measure, followed, lies):
    years = {iso3: [year + lies for year in followed[iso3].loc[2003:2029].nlargest(4).index] for iso3 in LOGS}
    found = correlated(years).set_index("measure")
    assert found["correlation"].idxmax() == measure
    assert found.loc[measure, "correlation"] > 0.5 and found.loc[measure, "p"] < 0.01
    assert found.loc[measure, "coups"] == 12


def test_the_absence_of_a_link_is_found_too():
    assert correlated({iso3: [2004, 2011, 2019, 2027] for iso3 in LOGS})["p"].min() > 0.05


def test_levels_of_countries_do_not_count_as_a_link():
    deaths = pd.DataFrame({"AAA": [1000.0] * 20, "BBB": [1.0] * 20}, index=range(2001, 2021))
    deaths += np.random.default_rng(1).uniform(0, 0.01, deaths.shape)
    one_sided = pd.DataFrame({"iso3": "AAA", "month": pd.to_datetime(["2004-05-01", "2013-05-01"]), "successful": 1})
    found = coups.coup_correlations(deaths, one_sided).set_index("measure")
    assert abs(found.loc["level before", "correlation"]) < 0.5
