"""Interrupted time series, on counts whose step is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from malibook.analysis import interrupted
from malibook.errors import BookError

# Series without noise fit perfectly; statsmodels says so.
pytestmark = pytest.mark.filterwarnings("ignore:Perfect separation")

MONTHS = pd.Series(pd.date_range("2015-01-01", periods=96, freq="MS"))
BREAK = "2019-01-15"


def exact(step: float = 1.0, trend: float = 1.0, later: float | None = None) -> pd.Series:
    """Return a series without noise: 100 in the break's month, a yearly factor before, a step, a yearly factor after."""
    distance = (np.arange(96) - 48) / 12
    after = distance > 0
    growth = np.where(after, later or trend, trend) ** distance
    return pd.Series(100 * growth * np.where(after, step, 1))


def counts(step: float, seed: int) -> pd.Series:
    """Return overdispersed counts about a flat level with a step."""
    mean = 100 * np.where(np.arange(96) > 48, step, 1)
    return pd.Series(np.random.default_rng(seed).negative_binomial(5, 5 / (5 + mean)))


def test_step_and_trends_are_recovered_exactly():
    found = interrupted.step_at(MONTHS, exact(step=2.5, trend=1.2, later=0.8), BREAK, 24)
    assert found.ratio == pytest.approx(2.5)
    assert (found.trend_before, found.trend_after) == (pytest.approx(1.2), pytest.approx(0.8))
    assert (found.months_before, found.months_after) == (24, 24)


def test_a_trend_is_not_taken_for_a_step():
    rising = exact(trend=1.5)
    found = interrupted.step_at(MONTHS, rising, BREAK, 24)
    assert found.ratio == pytest.approx(1)
    assert found.mean_after > 1.5 * found.mean_before


def test_the_month_of_the_day_and_skipped_months_do_not_count():
    values = exact(step=2)
    values[48], values[51] = 1e6, 1e6
    found = interrupted.step_at(MONTHS, values, BREAK, 24, skip=[MONTHS[51]])
    assert found.ratio == pytest.approx(2)
    assert (found.months_before, found.months_after) == (24, 23)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    steps = [interrupted.step_at(MONTHS, counts(2.0, seed), BREAK, 24) for seed in range(120)]
    covered = np.mean([s.low <= 2.0 <= s.high for s in steps])
    assert 0.82 <= covered <= 0.99
    assert np.mean([s.low > 1 for s in steps]) > 0.4  # and a doubling is seen more often than noise would be
    assert (
        np.mean([s.low > 1 for s in (interrupted.step_at(MONTHS, counts(1.0, x), BREAK, 24) for x in range(120))])
        < 0.12
    )


def test_a_negative_binomial_model_agrees():
    values = counts(2.5, 4)
    found = interrupted.step_at(MONTHS, values, BREAK, 24)
    years = np.array([t for t in range(-24, 25) if t]) / 12
    after = years > 0
    design = np.column_stack([np.ones(48), years, after, years * after])
    other = sm.NegativeBinomial(values[24:73].drop(48).to_numpy(), design).fit(disp=0, maxiter=200)
    assert found.ratio == pytest.approx(np.exp(other.params[2]), rel=0.15)


def test_too_few_months_are_refused():
    with pytest.raises(BookError, match="only 7 months on one side of May 2022"):
        interrupted.step_at(MONTHS, exact(), "2022-05-10", 24)


def test_placebos_end_before_the_first_tested_date():
    everywhere = interrupted.steps_everywhere(MONTHS, counts(1.0, 2), 12)
    assert (everywhere["day"].min(), everywhere["day"].max()) == (MONTHS[12], MONTHS[83])
    quiet = interrupted.placebos(everywhere, "2019-06-10", 12)
    assert quiet["day"].max() == pd.Timestamp("2018-06-01")
    assert interrupted.placebo_share(quiet, 99.0) == 0
    assert interrupted.placebo_share(quiet, 0.0) == 1
    middle = quiet["score"].abs().median()
    assert interrupted.placebo_share(quiet, -middle) == pytest.approx(0.5, abs=0.02)


def test_named_dates_keep_their_order():
    table = interrupted.steps_at(MONTHS, exact(step=2), {"late": BREAK, "early": "2017-06-01"}, 12)
    assert list(table["name"]) == ["late", "early"]
    assert table["ratio"].to_numpy() == pytest.approx([2, 1])
