"""Rates before and after a day, on series whose answers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from malibook.analysis import arrival
from malibook.errors import BookError

MONTHS = pd.date_range("2020-01-01", periods=48, freq="MS")


@pytest.fixture
def doubled() -> pd.DataFrame:
    """Ten a month to December 2021, a thousand in it, twenty a month after, but three hundred in March 2022."""
    deaths = pd.Series(10, index=MONTHS)
    deaths["2022-01-01":] = 20
    deaths["2021-12-01"], deaths["2022-03-01"] = 1000, 300
    return pd.DataFrame({"month": MONTHS, "deaths": deaths.to_numpy()}).astype({"deaths": "Int64"})


def test_the_month_of_the_break_counts_for_neither_side(doubled):
    before, after = arrival.sides(doubled, "deaths", "2021-12-24", 12)
    assert before.tolist() == [10] * 12
    assert sorted(after.tolist()) == [20] * 11 + [300]


def test_a_month_can_be_left_out(doubled):
    _, after = arrival.sides(doubled, "deaths", "2021-12-24", 12, without=["2022-03-15"])
    assert after.tolist() == [20] * 11


def test_too_few_months_are_refused(doubled):
    with pytest.raises(BookError, match="only 2 months before"):
        arrival.sides(doubled, "deaths", "2020-03-05", 12)


def test_a_constant_rate_has_no_interval():
    found = arrival.change(np.full(12, 10.0), np.full(12, 20.0))
    assert (found.before, found.after, found.ratio) == (10, 20, 2)
    assert (found.ratio_low, found.ratio_high) == (2, 2)


def test_the_interval_of_a_mean_is_near_theory():
    values = np.random.default_rng(7).normal(50, 10, size=240)
    found = arrival.change(values, values)
    assert found.ratio == 1
    assert found.before_high - found.before_low == pytest.approx(2 * 1.96 * 10 / np.sqrt(240), rel=0.2)
    assert found.ratio_low < 1 < found.ratio_high


def test_the_draws_are_the_same_in_every_run():
    values = np.arange(1.0, 25.0)
    assert arrival.change(values, values * 2) == arrival.change(values, values * 2)


def test_one_extreme_month_widens_the_interval(doubled):
    measures = {"deaths": "deaths"}
    with_it = arrival.compare(doubled, measures, "2021-12-24", 12).iloc[0]
    without = arrival.compare(doubled, measures, "2021-12-24", 12, without=["2022-03-01"]).iloc[0]
    assert with_it["ratio"] == pytest.approx((11 * 20 + 300) / 120)
    assert without["ratio"] == 2
    assert with_it["ratio_high"] - with_it["ratio_low"] > 1
    assert without["ratio_high"] - without["ratio_low"] == 0


def test_a_mean_of_zero_gives_no_ratio():
    found = arrival.change(np.zeros(6), np.ones(6))
    assert np.isnan(found.ratio) and np.isnan(found.ratio_low)
    assert found.after == 1


def test_a_window_that_does_not_fit_is_skipped(doubled):
    found = arrival.choices(
        doubled, {"deaths": "deaths"}, {"arrival": "2021-12-24"}, (12, 23, 36), {"all": [], "without": ["2022-03-01"]}
    )
    assert sorted(found["window"].unique()) == [12, 23]
    assert len(found) == 4


def test_the_reach_is_that_of_the_shorter_side(doubled):
    assert arrival.reach(doubled, "2021-12-24") == 23
    assert arrival.reach(doubled, "2020-03-31") == 2


def test_no_window_at_all_is_refused(doubled):
    with pytest.raises(BookError, match="no window fits"):
        arrival.choices(doubled, {"deaths": "deaths"}, {"arrival": "2021-12-24"}, (36,), {"all": []})


def test_the_poisson_interval_agrees_with_a_fitted_model():
    import statsmodels.api as sm

    before, after = np.array([3.0, 8, 1, 6, 2, 9]), np.array([12.0, 5, 20, 9, 14, 7])
    design = sm.add_constant(np.repeat([0.0, 1.0], 6))
    fit = sm.GLM(np.concatenate([before, after]), design, family=sm.families.Poisson()).fit(scale="X2")
    assert arrival.poisson_interval(before, after) == pytest.approx(tuple(np.exp(fit.conf_int()[1])), rel=1e-6)


def test_a_side_without_a_count_has_no_poisson_interval():
    with pytest.raises(BookError, match="a side without any count"):
        arrival.poisson_interval(np.zeros(6), np.ones(6))
