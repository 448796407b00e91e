"""Countries side by side and differences in differences, on panels whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from malibook.analysis import comparison, differences
from malibook.errors import BookError
from malibook.evidence import load
from malibook.exhibits.charts_regional import apart

# Series without noise fit perfectly; statsmodels says so.
pytestmark = pytest.mark.filterwarnings("ignore:Perfect separation")

MONTHS = pd.date_range("2015-01-01", periods=96, freq="MS")
DAY = "2019-01-15"
AFTER = np.arange(96) > 48


def exact(effect: float = 1.0, shared: float = 1.5, drift: float = 1.0) -> pd.DataFrame:
    """Return two countries that share one change at the day; the first has an effect on top, and a drift a year."""
    base = np.where(AFTER, shared, 1.0)
    years = (np.arange(96) - 48) / 12
    own = 1e6 * base * np.where(AFTER, effect, 1) * drift**years
    return pd.DataFrame({"AAA": own, "BBB": 3e6 * base}, index=MONTHS)


def noisy(effect: float, seed: int) -> pd.DataFrame:
    """Return overdispersed counts of two countries, with an effect in the first."""
    rng = np.random.default_rng(seed)
    means = np.column_stack([100 * np.where(AFTER, effect, 1), np.full(96, 200.0)])
    return pd.DataFrame(rng.negative_binomial(5, 5 / (5 + means)), index=MONTHS, columns=["AAA", "BBB"])


def test_population_grows_on_at_the_last_known_rate_and_says_so():
    known = pd.DataFrame({"iso3": "AAA", "year": [2022, 2023, 2024, 2025], "population": [90, 100, 110, None]})
    people = comparison.population_to(known, 2026).set_index("year")
    assert people["population"].to_dict() == pytest.approx({2022: 90, 2023: 100, 2024: 110, 2025: 121, 2026: 133.1})
    assert people["assumed"].to_dict() == {2022: False, 2023: False, 2024: False, 2025: True, 2026: True}
    assert comparison.population_to(known, 2023)["year"].max() == 2023


def test_totals_take_the_best_where_no_bound_is_published():
    rows = [("AAA", 2020, "state-based", 5, 10, 20), ("AAA", 2020, "one-sided", None, 7, None)]
    yearly = pd.DataFrame(rows, columns=["iso3", "year", "type", "deaths_low", "deaths_best", "deaths_high"])
    best = comparison.yearly_totals(yearly).iloc[0]
    assert (best["low"], best["deaths"], best["high"]) == (12, 17, 27)
    assert comparison.yearly_totals(yearly, "high")["deaths"].iloc[0] == 27


def test_rates_are_per_hundred_thousand_and_need_a_population():
    totals = pd.DataFrame({"iso3": ["AAA"], "year": [2020], "deaths": [50]})
    people = pd.DataFrame({"iso3": ["AAA"], "year": [2020], "population": [2_000_000.0], "assumed": [False]})
    assert comparison.per_head(totals, people)["deaths_rate"].iloc[0] == pytest.approx(2.5)
    with pytest.raises(BookError, match="no population of AAA in 2021"):
        comparison.per_head(totals.assign(year=2021), people)


def test_the_panel_falls_back_to_the_best_estimate():
    violence = load("violence_month")
    panel = comparison.panel(violence, ["MLI", "NER"], "2024-01-01", "2025-12-31", "high")
    ged = violence[(violence["dataset"] == "ucdp-ged") & (violence["iso3"] == "MLI")].set_index("month")
    assert panel.loc["2024-07-01", "MLI"] == ged.loc["2024-07-01", "deaths_high"]
    best = comparison.panel(violence, ["MLI", "NER"], "2024-01-01", "2025-12-31", "best")
    assert panel["NER"].equals(best["NER"])
    assert panel.loc["2025-06-01", "MLI"] == best.loc["2025-06-01", "MLI"]
    assert panel["MLI"].sum() > best["MLI"].sum()


def test_the_series_starts_at_the_first_death():
    values = pd.Series([0, 0, 3, 0, 2.0, np.nan], index=MONTHS[:6])
    assert list(comparison.since_first_death(values)) == [3, 0, 2]
    with pytest.raises(BookError, match="no month has a death"):
        comparison.since_first_death(values * 0)


def test_a_follower_shows_at_its_lag():
    rng = np.random.default_rng(5)
    quarters = np.exp(rng.normal(4, 1, 32))
    follower = np.concatenate([[50.0], quarters[:-1]])
    table = pd.DataFrame({"AAA": np.repeat(quarters, 3), "BBB": np.repeat(follower, 3)}, index=MONTHS)
    found = comparison.lead_lag(table, "AAA", "BBB", 2).set_index("lag")
    assert found.loc[1, "correlation"] == pytest.approx(1, abs=1e-9)
    assert found.drop(index=1)["correlation"].abs().max() < 0.8
    assert found.loc[0, "quarters"] == 31
    cut = comparison.lead_lag(table.iloc[1:-1], "AAA", "BBB", 1).set_index("lag")
    assert cut.loc[0, "quarters"] == 29, "a quarter that lacks a month is none"
    assert cut.loc[1, "correlation"] == pytest.approx(1, abs=1e-9)


def test_attackers_are_told_apart():
    conflicts = {
        "Government of Mali - Civilians": 1,
        "Government of Mali, Government of Russia (Soviet Union) - Civilians": 2,
        "Government of Russia (Soviet Union) - Civilians": 4,
        "JNIM - Civilians": 8,
        "IS - Civilians": 16,
        "Government of Niger - Civilians": 32,
    }
    rows = pd.DataFrame({"conflict": list(conflicts), "deaths_best": list(conflicts.values())})
    rows = rows.assign(iso3="MLI", type="one-sided")
    battle = rows.head(1).assign(type="state-based", deaths_best=99)
    table = comparison.attackers(pd.concat([rows, battle]), {"MLI": "Mali", "NER": "Niger"})
    assert list(table.loc["MLI"]) == [1, 6, 8, 16, 32]
    assert table.loc["NER"].sum() == 0


def test_a_shared_change_is_no_effect_and_a_known_effect_is_recovered():
    for effect in (1.0, 2.5, 0.4):
        found = differences.difference(exact(effect), "AAA", ["BBB"], DAY, 24)
        assert found.ratio == pytest.approx(effect)
        assert found.log_ratio == pytest.approx(effect, rel=1e-5)
        assert (found.treated_change, found.control_change) == (pytest.approx(1.5 * effect), pytest.approx(1.5))
        assert (found.months_before, found.months_after) == (24, 24)


def test_the_ratio_is_that_of_a_poisson_model_with_effects_of_country_and_month():
    table = noisy(2.0, 3)
    found = differences.difference(table, "AAA", ["BBB"], DAY, 24)
    rows = table.iloc[24:73].drop(MONTHS[48])
    long = rows.stack().rename("deaths").reset_index()
    months = pd.get_dummies(long["level_0"], dtype=float).to_numpy()
    own = (long["level_1"] == "AAA").to_numpy(float)
    after = (long["level_0"] > MONTHS[48]).to_numpy(float)
    design = np.column_stack([months, own, own * after])
    fit = sm.GLM(long["deaths"], design, family=sm.families.Poisson()).fit()
    assert np.exp(fit.params.to_numpy()[-1]) == pytest.approx(found.ratio, rel=1e-6)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    found = [differences.difference(noisy(2.0, seed), "AAA", ["BBB"], DAY, 24) for seed in range(80)]
    assert 0.84 <= np.mean([f.low <= 2.0 <= f.high for f in found]) <= 1
    assert 0.84 <= np.mean([f.log_low <= 2.0 <= f.log_high for f in found]) <= 1
    calm = [differences.difference(noisy(1.0, seed), "AAA", ["BBB"], DAY, 24) for seed in range(80)]
    assert np.mean([f.low > 1 or f.high < 1 for f in calm]) < 0.15


def test_a_drift_before_the_day_is_seen():
    found = differences.difference(exact(drift=0.5), "AAA", ["BBB"], DAY, 24)
    assert found.trend == pytest.approx(0.5, rel=1e-3)
    assert found.trend_p < 0.001
    assert np.isnan(differences.difference(exact(), "AAA", ["BBB"], DAY, 6).trend)


def test_the_trend_line_is_carried_on():
    line = differences.trend_line(exact(effect=4, drift=0.5), "AAA", ["BBB"], DAY, 24)
    assert line.index[0] == pd.Timestamp("2017-01-01")
    assert line["2019-01-01"] == pytest.approx(1 / 3, rel=0.01)
    assert line["2021-01-01"] == pytest.approx(1 / 12, rel=0.02)


def test_the_month_of_the_day_and_skipped_months_do_not_count():
    table = exact(effect=2)
    table.iloc[48, 0], table.iloc[51, 0] = 1e9, 1e9
    found = differences.difference(table, "AAA", ["BBB"], DAY, 24, skip=[MONTHS[51]])
    assert found.ratio == pytest.approx(2)
    assert found.months_after == 23


def test_too_few_months_are_refused():
    with pytest.raises(BookError, match="only 2 months on one side of October 2022"):
        differences.difference(exact(), "AAA", ["BBB"], "2022-10-05", 24)


def test_the_test_at_every_month_agrees_with_the_test_at_one():
    table = noisy(1.5, 9)
    every = differences.differences_everywhere(table, "AAA", ["BBB"], 12).set_index("day")["ratio"]
    assert (every.index.min(), every.index.max()) == (MONTHS[12], MONTHS[83])
    assert every[MONTHS[48]] == pytest.approx(differences.difference(table, "AAA", ["BBB"], DAY, 12).ratio)
    quiet = table.assign(BBB=np.where(np.arange(96) < 40, 0, table["BBB"]))
    assert differences.differences_everywhere(quiet, "AAA", ["BBB"], 12)["day"].min() > MONTHS[40]


def test_placebos_end_before_the_day():
    every = differences.differences_everywhere(noisy(1.0, 2), "AAA", ["BBB"], 12)
    assert differences.placebos(every, DAY, 12)["day"].max() == pd.Timestamp("2017-12-01")
    with pytest.raises(BookError, match="no month before January 2017"):
        differences.placebos(every, "2017-01-05", 12)


def test_labels_are_set_apart_in_order_and_above_the_floor():
    at = apart({"a": 1.0, "b": 1.1, "c": 5.0}, 1.0)
    assert at["b"] - at["a"] == pytest.approx(1, abs=1e-6)
    assert at["c"] == 5
    low = apart({"a": 0.0, "b": 0.1, "c": 0.2}, 1.0, floor=0)
    assert list(low.values()) == pytest.approx([0, 1, 2], abs=0.01)
