"""Synthetic control, on countries put together from donors with weights that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from malibook.analysis import synthetic
from malibook.errors import BookError

QUARTERS = pd.date_range("2014-01-01", periods=44, freq="QS")
DAY = "2022-02-10"
DONORS = ["BBB", "CCC", "DDD"]


def table(effect: float = 0.0, seed: int = 1, noise: float = 0.0, shift: float = 0.0) -> pd.DataFrame:
    """Return a country that is 0.5, 0.3 and 0.2 of three donors, with an effect after the day and perhaps a constant."""
    rng = np.random.default_rng(seed)
    donors = rng.normal(3, 1, (44, 3)).cumsum(axis=0) / 4 + 2
    own = donors @ np.array([0.5, 0.3, 0.2]) + np.where(QUARTERS > DAY, effect, 0) + rng.normal(0, noise, 44) + shift
    return pd.DataFrame(np.column_stack([own, donors]), index=QUARTERS, columns=["AAA", *DONORS])


def test_known_weights_and_a_known_effect_are_recovered():
    made = synthetic.synthetic_control(table(effect=0.7), "AAA", DONORS, DAY)
    assert list(made.weights.values()) == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)
    assert made.effect == pytest.approx(0.7, abs=1e-5)
    assert made.fit_error == pytest.approx(0, abs=1e-5)
    assert made.path["after"].sum() == (QUARTERS > DAY).sum()
    assert made.path.loc["2022-01-01", "after"] == False  # noqa: E712  the quarter of the day belongs to neither side


def test_the_quarter_of_the_day_is_not_fitted():
    spoilt = table(effect=0.7)
    spoilt.loc["2022-01-01", "AAA"] = 99.0
    made = synthetic.synthetic_control(spoilt, "AAA", DONORS, DAY)
    assert list(made.weights.values()) == pytest.approx([0.5, 0.3, 0.2], abs=1e-6)
    assert made.effect == pytest.approx(0.7, abs=1e-5)


def test_weights_are_shares_even_where_no_mixture_fits():
    rng = np.random.default_rng(8)
    for _ in range(40):
        weights = synthetic.simplex_weights(rng.normal(9, 3, 20), rng.normal(0, 2, (20, 4)))
        assert weights.sum() == pytest.approx(1)
        assert (weights >= 0).all()


def test_the_weights_are_those_of_another_optimiser():
    rng = np.random.default_rng(4)
    for _ in range(10):
        target, donors = rng.normal(0, 1, 25), rng.normal(0, 1, (25, 3))
        start = {"fun": lambda w: w.sum() - 1, "type": "eq"}
        other = minimize(lambda w, x=donors, y=target: ((x @ w - y) ** 2).sum(), np.full(3, 1 / 3), bounds=[(0, 1)] * 3,
                         constraints=start, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500})  # fmt: skip
        assert synthetic.simplex_weights(target, donors) == pytest.approx(other.x, abs=1e-4)


def test_a_shifted_control_follows_changes_and_not_levels():
    far = table(effect=0.5, shift=4.0)
    plain = synthetic.synthetic_control(far, "AAA", DONORS, DAY)
    shifted = synthetic.synthetic_control(far, "AAA", DONORS, DAY, shifted=True)
    assert plain.fit_error > 0.5
    assert shifted.fit_error == pytest.approx(0, abs=1e-5)
    assert shifted.effect == pytest.approx(0.5, abs=1e-5)


def test_the_treated_country_ranks_first_where_the_effect_is_plain_and_not_where_there_is_none():
    strong = synthetic.in_space(table(effect=6.0, noise=0.05), "AAA", DONORS, DAY)
    assert list(strong["country"]) == ["AAA", *DONORS]
    assert strong.loc[0, "rank"] == 1
    assert sorted(strong["rank"]) == [1, 2, 3, 4]
    ranks = [synthetic.in_space(table(noise=1.0, seed=s), "AAA", DONORS, DAY).loc[0, "rank"] for s in range(30)]
    assert set(ranks) > {1, 4}


def test_placebo_days_end_before_and_skip_what_is_too_short():
    late = table(effect=2.0)
    days = [QUARTERS[3], QUARTERS[12], QUARTERS[20], pd.Timestamp(DAY), QUARTERS[42]]
    found = synthetic.in_time(late, "AAA", DONORS, days, 8)
    assert list(found["day"]) == [QUARTERS[12], QUARTERS[20], pd.Timestamp("2022-01-01")]
    assert list(found["effect"]) == pytest.approx([0, 0, 2], abs=1e-4)


def test_days_that_leave_nothing_are_refused():
    with pytest.raises(BookError, match="no day leaves 8 periods after it"):
        synthetic.in_time(table(), "AAA", DONORS, [QUARTERS[2], QUARTERS[42]], 8)


def test_too_few_periods_are_refused():
    with pytest.raises(BookError, match=r"5 periods before and 3[0-9] after"):
        synthetic.synthetic_control(table(), "AAA", DONORS, "2015-05-01")


def test_quarters_are_whole_and_per_million():
    months = pd.date_range("2020-01-01", periods=8, freq="MS")
    panel = pd.DataFrame({"AAA": [1.0, 2, 3, 4, 5, 6, 7, 8], "BBB": [0.0] * 4 + [np.nan] + [0.0] * 3}, index=months)
    people = pd.DataFrame({"iso3": ["AAA", "BBB"], "year": 2020, "population": [2e6, 1e6]})
    rates = synthetic.quarterly_log_rates(panel, people)
    assert list(rates.index) == [pd.Timestamp("2020-01-01")]
    assert rates.iloc[0].to_dict() == pytest.approx({"AAA": np.log1p(3.0), "BBB": 0.0})
