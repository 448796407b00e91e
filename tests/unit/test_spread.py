"""Zones, regions around a day, thresholds: small frames whose answers are known."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import spread
from malibook.errors import BookError

QUARTERS = pd.date_range("2020-01-01", periods=12, freq="QS")


@pytest.fixture
def deaths() -> pd.DataFrame:
    """Kidal 30 a quarter, then none; Mopti 10, then 60; Ménaka and Gao are two rows of one region."""
    rows = []
    for number, quarter in enumerate(QUARTERS):
        values = {"Kidal": 30 if number < 6 else 0, "Mopti": 10 if number < 6 else 60}
        rows += [{"region": r, "quarter": quarter, "deaths": v, "months": 3} for r, v in values.items()]
        rows += [{"region": "Gao", "quarter": quarter, "deaths": v, "months": 3} for v in (4, 6)]
    return pd.DataFrame(rows)


def test_every_region_has_one_zone():
    regions = pd.Series([r for members in spread.ZONES.values() for r in members])
    assert regions.is_unique
    assert len(regions) == 9
    assert list(spread.zone_of(pd.Series(["Gao", "Ségou", "Kayes"]))) == ["North", "Centre", "South and west"]


def test_a_stranger_is_refused():
    with pytest.raises(BookError, match="no zone holds 'Taoudénit'"):
        spread.zone_of(pd.Series(["Gao", "Taoudénit"]))


def test_shares_pool_four_quarters(deaths):
    table = spread.zone_shares(deaths).pivot(index="quarter", columns="zone", values="share")
    assert table.iloc[:3].isna().all().all()
    assert table["North"].iloc[3] == pytest.approx(40 / 50)
    assert table["Centre"].iloc[-1] == pytest.approx(60 / 70)
    assert table["Centre"].iloc[7] == pytest.approx((2 * 10 + 2 * 60) / (2 * 50 + 2 * 70))


def test_a_zone_without_any_death_anywhere_has_no_share(deaths):
    table = spread.zone_shares(deaths.assign(deaths=0))
    assert table["share"].isna().all()


def test_rates_are_a_month_and_add_up_the_parts_of_a_region(deaths):
    rates = spread.rate_by_region(deaths, "2020-01-01", "2021-07-01")
    assert rates.to_dict() == {"Gao": pytest.approx(10 / 3), "Kidal": pytest.approx(10), "Mopti": pytest.approx(10 / 3)}


def test_a_quarter_that_is_not_complete_counts_its_months(deaths):
    short = deaths.assign(months=deaths["quarter"].eq(QUARTERS[-1]).map({True: 1, False: 3}))
    assert spread.rate_by_region(short, "2022-07-01", "2023-01-01")["Mopti"] == pytest.approx(120 / 4)


def test_the_quarter_of_the_day_counts_for_neither_side(deaths):
    table = spread.around_days(deaths, {"Kidal": "2021-05-20", "Gao": "2021-05-20"}, 2).set_index("region")
    assert table.loc["Kidal", ["before", "after"]].tolist() == [60, 0]
    assert table.loc["Gao", ["before", "after"]].tolist() == [20, 20]


def test_the_first_month_at_a_threshold():
    months = pd.Series(pd.date_range("2020-01-01", periods=4, freq="MS"))
    table = spread.first_reached(months, pd.Series([float("nan"), 99, 100, 40]), [100, 500]).set_index("threshold")
    assert table.loc[100, "month"] == months[2]
    assert pd.isna(table.loc[500, "month"])
