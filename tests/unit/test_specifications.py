"""Specification curves: the grid, agreement, models against statsmodels, known effects, and the figures that chapters print."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from malibook.analysis import (
    arrival,
    breaks,
    differences,
    interrupted,
    series,
    shares,
    spec_agree,
    spec_neighbours,
    spec_placebo,
    spec_steps,
    synthetic,
)
from malibook.analysis import spec_models as models
from malibook.analysis.aftermath import placebo
from malibook.analysis.comparison import panel, per_head, population_to, yearly_totals
from malibook.analysis.shift import by_region
from malibook.analysis.spec_registry import QUESTIONS, question
from malibook.analysis.spec_summary import FAILS, HOLDS, LEANS, UNSAID, by_option, decisive, summary, verdict
from malibook.analysis.specifications import Bench, Estimate, Question, curve, estimate, grid, results
from malibook.errors import BookError
from malibook.evidence import load

CHOICES = {"width": (1, 2, 3), "kind": ("a", "b")}


@cache
def bench() -> Bench:
    return Bench({name: load(name) for q in QUESTIONS for name in q.tables})


def toy(estimator, **other) -> Question:
    given = {
        "key": "toy", "title": "Toy", "claim": "It rose.", "chapter": "01", "number": "x", "unit": "factor",
        "published": {"width": 1, "kind": "a"}, "choices": CHOICES, "estimator": estimator,
        "agreement": spec_agree.rises(), "tables": (),
    }  # fmt: skip
    return Question(**(given | other))


def simulated(effect: float, day: str = "2022-08-15", seed: int = 1, mean: float = 120.0) -> Bench:
    """A bench whose monthly deaths are Poisson and jump by a factor after the day, all else flat."""
    months = pd.date_range("2005-01-01", "2024-12-01", freq="MS")
    level = np.where(months > pd.Timestamp(day), mean * effect, mean)
    counts = np.random.default_rng(seed).poisson(level)
    columns = ["deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "events", "events_one_sided"]
    rows = pd.DataFrame({"iso3": "MLI", "month": months, "dataset": "ucdp-ged"} | dict.fromkeys(columns, counts))
    return Bench({"violence_month": rows})


SMALL = {
    "series": (spec_steps.BEST,),
    "day": ("2022-08-15",),
    "window": (12, 24),
    "march": (spec_steps.WITH_MARCH, spec_steps.WITHOUT_MARCH),
}


def small() -> Question:
    q = question("exit-surge")
    return replace(q, choices={**q.choices, **SMALL}, agreement=spec_agree.rises())


def test_a_grid_is_every_allowed_combination():
    assert len(grid(CHOICES)) == 6
    assert grid(CHOICES, lambda s: s["width"] < 3)["width"].tolist() == [1, 1, 2, 2]


def test_an_unknown_option_is_refused_by_name():
    with pytest.raises(BookError, match="no option 9 of 'width'"):
        estimate(toy(lambda b, s: Estimate(1.0)), {"width": 9, "kind": "a"}, Bench({}))


def test_equal_results_count_once_and_the_published_one_stays():
    same = toy(lambda b, s: Estimate(2.0, 1.5, 2.5, 10), published={"width": 3, "kind": "b"})
    rows = curve(same, Bench({}))
    assert len(rows) == 1 and bool(rows["published"].item())
    assert len(curve(replace(same, distinct=False), Bench({}))) == 6


def test_combinations_that_the_data_do_not_reach_are_left_out():
    q = toy(lambda b, s: Estimate(float(s["width"]), n=s["width"] if s["kind"] == "a" else 0))
    assert results(q, Bench({}))["kind"].unique().tolist() == ["a"]
    with pytest.raises(BookError, match="let end be later"):
        results(toy(lambda b, s: Estimate(float("nan"))), Bench({}))


def test_a_curve_is_sorted_and_can_come_from_a_table():
    q = toy(lambda b, s: Estimate(1 / s["width"] + (s["kind"] == "b"), n=1), distinct=False)
    rows = curve(q, Bench({}))
    assert rows["value"].is_monotonic_increasing and rows["published"].sum() == 1
    table = results(q, Bench({})).assign(question="toy")
    pd.testing.assert_frame_equal(curve(q, table=table.sample(frac=1, random_state=1)), rows)
    with pytest.raises(BookError, match="lacks the column 'high'"):
        curve(q, table=table.drop(columns="high"))
    with pytest.raises(BookError, match="has no row of 'toy'"):
        curve(q, table=table.assign(question="other"))


@pytest.mark.parametrize(
    ("agreement", "e", "expected"),
    [
        (spec_agree.rises(), Estimate(2.0, 1.1, 3.0), (True, True, False)),
        (spec_agree.rises(), Estimate(2.0, 0.9, 3.0), (True, False, False)),
        (spec_agree.rises(), Estimate(0.5, 0.3, 0.9), (False, False, True)),
        (spec_agree.rises(), Estimate(1.9), (True, False, False)),
        (spec_agree.rises(), Estimate(2.1), (True, True, False)),
        (spec_agree.rises(0.0), Estimate(5.0, 1.0, 9.0), (True, True, False)),
        (spec_agree.falls(), Estimate(0.5, 0.3, 0.9), (True, True, False)),
        (spec_agree.no_rise(), Estimate(1.2, 0.9, 1.6), (True, True, False)),
        (spec_agree.no_rise(), Estimate(1.2, 1.1, 1.6), (True, False, True)),
        (spec_agree.no_rise(), Estimate(1.3, 0.8, 2.0), (False, True, False)),
        (spec_agree.no_change(), Estimate(0.7, 0.5, 0.9), (False, False, True)),
        (spec_agree.no_change(), Estimate(0.9), (True, True, False)),
        (spec_agree.near(6, 1), Estimate(-5.0), (True, False, False)),
        (spec_agree.near(6, 1), Estimate(13.0), (False, False, True)),
        (spec_agree.above(0, 6, "before", "long before"), Estimate(6.0), (True, True, False)),
        (spec_agree.above(0, 6, "before", "long before"), Estimate(-1.0), (False, False, True)),
    ],
)  # fmt: skip
def test_agreement(agreement, e, expected):
    printed = Estimate(4.0, 3.0, 5.0)
    assert tuple(bool(t(e, printed)) for t in (agreement.direction, agreement.strength, agreement.against)) == expected


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.key)
def test_a_missing_estimate_agrees_with_nothing(q):
    lost, printed = Estimate(float("nan")), Estimate(2.0)
    assert not any(t(lost, printed) for t in (q.agreement.direction, q.agreement.strength, q.agreement.against))


def test_verdicts_fall_at_their_lines():
    assert verdict(0.9, 2 / 3, 0.05) == HOLDS
    assert verdict(0.9, 0.6, 0.05) == LEANS and verdict(0.75, 0.0, 0.1) == LEANS
    assert verdict(0.8, 0.9, 0.11) == UNSAID and verdict(0.33, 1.0, 0.0) == FAILS


@pytest.mark.parametrize("trend", [models.FLAT, models.ONE_TREND, models.TWO_TRENDS])
@pytest.mark.parametrize("seasonal", [False, True])
def test_models_agree_with_statsmodels(trend, seasonal):
    rng = np.random.default_rng(3)
    distance = np.array([*range(-24, 0), *range(1, 25)], dtype=float)
    counts = rng.negative_binomial(2, 2 / (2 + np.where(distance > 0, 160, 80)), (3, 48)).astype(float)
    columns = models.design(distance, 12, trend, seasonal, np.array([0.1, 0.5, 0.9]))
    hac = {"cov_type": "HAC", "cov_kwds": {"maxlags": 3, "use_correction": True}, "use_t": True}
    trials = counts + 50
    for family in (models.POISSON, models.LOGS, models.SHARE):
        made = models.steps(counts, columns, family, 3, trials)
        for i in range(3):
            target = {
                models.POISSON: counts[i],
                models.LOGS: np.log1p(counts[i]),
                models.SHARE: np.column_stack([counts[i], trials[i] - counts[i]]),
            }[family]
            kinds = {models.POISSON: sm.families.Poisson(), models.SHARE: sm.families.Binomial()}
            model = (
                sm.OLS(target, columns[i])
                if family == models.LOGS
                else sm.GLM(target, columns[i], family=kinds[family])
            )
            fit = model.fit(**hac)
            expected = np.exp([fit.params[1], *np.asarray(fit.conf_int())[1]])
            assert [made.value[i], made.low[i], made.high[i]] == pytest.approx(expected, rel=1e-5)


def test_the_negative_binomial_agrees_with_statsmodels_at_its_own_overdispersion():
    rng = np.random.default_rng(5)
    distance = np.array([*range(-24, 0), *range(1, 25)], dtype=float)
    counts = rng.negative_binomial(2, 2 / (2 + 100), (1, 48)).astype(float)
    columns = models.design(distance, 12, models.TWO_TRENDS, False, np.zeros(1))
    first = sm.GLM(counts[0], columns[0], family=sm.families.Poisson()).fit()
    alpha = (((counts[0] - first.mu) ** 2 - first.mu) / first.mu**2).sum() / 44
    fit = sm.GLM(counts[0], columns[0], family=sm.families.NegativeBinomial(alpha=alpha)).fit(scale=1.0, use_t=True)
    made = models.steps(counts, columns, models.NEGATIVE_BINOMIAL, 3)
    assert [made.value[0], made.low[0], made.high[0]] == pytest.approx(
        np.exp([fit.params[1], *fit.conf_int()[1]]), rel=1e-4
    )


def test_a_window_without_deaths_on_a_side_is_missing_and_spoils_no_other():
    distance = np.array([*range(-12, 0), *range(1, 13)], dtype=float)
    counts = np.vstack([np.where(distance > 0, 5.0, 0.0), np.full(24, 5.0)])
    made = models.steps(counts, models.design(distance, 12, models.FLAT, False, np.zeros(2)), models.POISSON, 3)
    assert np.isnan(made.value[0]) and made.value[1] == pytest.approx(1)


@pytest.mark.parametrize("effect", [0.5, 2.0, 3.0])
def test_a_known_effect_is_recovered_by_every_specification(effect):
    rows = results(small(), simulated(effect, mean=2000.0))
    assert len(rows) >= 30
    assert rows["value"].to_numpy() == pytest.approx(effect, rel=0.12)
    assert ((rows["low"] - 0.02 <= effect) & (rows["high"] + 0.02 >= effect)).mean() > 0.8


def test_a_larger_effect_moves_the_whole_curve_up():
    medians = [results(small(), simulated(e))["value"].median() for e in (0.5, 1.0, 1.5, 3.0)]
    assert medians == sorted(medians)


def test_the_sign_share_of_null_series_is_about_half():
    q = replace(
        small(),
        choices={**small().choices, "model": (spec_steps.MEANS, spec_steps.LOGS), "march": (spec_steps.WITH_MARCH,)},
    )
    shares_up = [
        (results(replace(q, published={**q.published}), simulated(1.0, seed=s))["value"] > 1).mean() for s in range(40)
    ]
    assert 0.3 < np.mean(shares_up) < 0.7
    assert np.std(shares_up) > 0.2  # the specifications of one series go together: a share of them is no probability


def test_a_real_effect_stands_out_from_placebo_dates_and_none_does_not():
    options = {**SMALL, "march": (spec_steps.WITH_MARCH,), "season": (spec_steps.PLAIN,)}
    days = spec_placebo.clean_months("2012-01-01", "2022-08-15", 24)
    assert days.max() + pd.DateOffset(months=24) < pd.Timestamp("2022-08-01")
    for effect, stands in ((2.0, True), (1.0, False)):
        made = simulated(effect)
        fakes = spec_placebo.at_dates(small(), made, days, options)
        real = spec_placebo.at_dates(small(), made, ["2022-08-15"], options)["median"].item()
        found = spec_placebo.standing(real, fakes["median"])
        assert (found.share == 0) == stands and found.dates == len(days)
    with pytest.raises(BookError, match="has no date"):
        spec_placebo.at_dates(question("centre"), made, days)
    with pytest.raises(BookError, match="only 3 placebo dates"):
        spec_placebo.standing(1.0, pd.Series([1.0, 2.0, 0.5]))


def test_a_stack_of_dates_gives_what_single_dates_give():
    q = question("exit-surge")
    days = ["2015-03-01", "2018-07-01", "2019-01-01"]
    for model in spec_steps.MODELS:
        spec = {**q.published, "model": model, "march": spec_steps.WITH_MARCH}
        alone = [spec_steps.step(bench(), {**spec, "day": d}).value for d in days]
        assert spec_steps.steps_on(bench(), spec, days) == pytest.approx(alone, rel=1e-6)


def test_options_and_the_decisive_choice():
    q = toy(lambda b, s: Estimate(2.0 if s["kind"] == "a" else 0.5, n=s["width"]), distinct=False)
    rows = curve(q, Bench({}))
    assert by_option(rows, ["kind"]).set_index("option")["direction"].to_dict() == {"a": 1.0, "b": 0.0}
    found = decisive(rows, list(CHOICES))
    assert (found["choice"], found["least"], found["most"], found["turns"]) == ("kind", "b", "a", [("kind", "b")])
    assert summary(q, rows)["verdict"] == UNSAID


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.key)
def test_a_published_specification_is_one_of_the_grid(q):
    assert not set(q.choices) & {"value", "low", "high", "n", "question"}
    specs = grid(q.choices, q.allowed)
    assert (specs == pd.Series(dict(q.published))[specs.columns]).all(axis=1).sum() == 1
    if q.causal:
        assert len(specs) >= 100


def published(key: str) -> Estimate:
    return estimate(question(key), question(key).published, bench())


def mali(start: str, end: str) -> pd.DataFrame:
    return series.monthly(load("violence_month"), "MLI", start, end)


def test_the_exit_is_the_step_of_chapter_1():
    rows = mali("2012-01-01", "2024-12-31")
    step = interrupted.step_at(rows["month"], rows["deaths_best"], "2022-08-15", 24, skip=["2022-03-01"])
    found = published("exit-surge")
    assert [found.value, found.low, found.high] == pytest.approx([step.ratio, step.low, step.high], rel=1e-6)


def test_the_arrival_is_the_ratio_of_chapter_2():
    change = arrival.change(*arrival.sides(mali("2016-01-01", "2023-12-31"), "deaths_civilians", "2021-12-24", 24))
    found = published("wagner-civilians")
    assert [found.value, found.low, found.high] == pytest.approx([change.ratio, change.ratio_low, change.ratio_high])


def test_the_departure_is_the_ratio_of_chapter_4_and_its_interval_says_the_same():
    values = mali("2018-01-01", "2026-08-31").set_index("month")["deaths_best"].astype(float)
    there, found = placebo(values, "2025-06-06", 5, start="2018-01-01"), published("wagner-exit")
    assert found.value == pytest.approx(there.ratio)
    assert (found.low > 1 or found.high < 1) == there.stands_out
    assert (found.value / found.high, found.value / found.low) == pytest.approx((there.low, there.high))


@pytest.mark.parametrize(("group", "controls"), [("both neighbours", ["BFA", "NER"]), ("Niger", ["NER"])])
def test_the_neighbours_are_the_differences_of_chapter_5(group, controls):
    table = panel(load("violence_month"), spec_neighbours.ALL, "2012-01-01", "2026-08-31", "best")
    there = differences.difference(table, "MLI", controls, "2021-12-24", 24)
    spec = {**question("neighbours").published, "group": group}
    found = spec_neighbours.against_others(bench(), spec)
    assert [found.value, found.low, found.high] == pytest.approx([there.ratio, there.low, there.high], rel=1e-5)
    logs = spec_neighbours.against_others(bench(), {**spec, "model": spec_neighbours.LOGS})
    assert [logs.value, logs.low, logs.high] == pytest.approx(
        [there.log_ratio, there.log_low, there.log_high], rel=1e-6
    )


def test_a_synthetic_control_is_chapter_5s_judged_on_the_same_quarters():
    table = panel(load("violence_month"), spec_neighbours.ALL, "2012-01-01", "2026-08-31", "best")
    rates = synthetic.quarterly_log_rates(table, population_to(load("population"), 2026))
    last = pd.Timestamp("2023-10-01")
    there = synthetic.synthetic_control(
        rates, "MLI", ["BFA", "NER", "CAF", "LBY"], "2021-12-24", first="2014-10-01", last=last
    )
    spec = {**question("neighbours").published, "group": "all four", "model": spec_neighbours.SYNTHETIC}
    assert spec_neighbours.against_others(bench(), spec).value == pytest.approx(np.exp(there.effect))


def test_the_breaks_are_those_of_chapter_1():
    rows = mali("2012-01-01", "2024-12-31")
    starts = breaks.change_points(rows["month"], rows["deaths_best"])["start"].iloc[1:]
    rise = starts.loc[(starts - pd.Timestamp("2017-01-01")).abs().idxmin()]
    surge = starts.loc[(starts - pd.Timestamp("2021-12-01")).abs().idxmin()]
    assert published("rise-2017").value == (rise.year - 2017) * 12 + rise.month - 1
    assert published("surge-before-exit").value == (2022 - surge.year) * 12 + 8 - surge.month


def test_levels_are_ratios_of_the_printed_sums():
    yearly = load("violence_year")
    deaths = yearly[yearly["iso3"] == "MLI"].groupby("year")["deaths_best"].sum().astype(float)
    assert published("fell-to-2016").value == pytest.approx(deaths[2016] / deaths[2013])
    assert published("rose-to-2020").value == pytest.approx(deaths[2020] / deaths[2016])
    rates = per_head(yearly_totals(yearly), population_to(load("population"), 2026)).set_index(["iso3", "year"])[
        "deaths_rate"
    ]
    assert published("burkina-deadlier").value == pytest.approx(rates["BFA", 2025] / rates["MLI", 2025])


def test_places_are_the_shares_of_chapters_1_and_4():
    deaths = by_region(load("violence_region_quarter")).assign(year=lambda x: x["quarter"].dt.year)
    years = {y: deaths[deaths["year"] == y] for y in (2012, 2019)}
    part = {
        y: r.loc[r["region"].isin(["Mopti", "Ségou"]), "deaths"].sum() / r["deaths"].sum() for y, r in years.items()
    }
    assert published("centre").value == pytest.approx(part[2019] / part[2012])
    wide = shares.wide(by_region(load("violence_region_quarter"), "2018-01-01", "2026-08-31"), "events")
    moved, _ = shares.shift_at(shares.share_shifts(wide, 3), "2025-06-06", 3)
    assert published("south-west").value == pytest.approx(100 * moved["shift"])


def test_deaths_coded_to_russia_are_the_sums_of_chapter_4():
    rows = load("violence_dyad_month")
    side = shares.by_side(rows[rows["iso3"] == "MLI"], pd.date_range("2025-01-01", "2025-11-01", freq="MS"))[
        shares.BY_RUSSIA
    ]
    assert published("russia-civilians").value == pytest.approx(side.iloc[6:].sum() / side.iloc[:5].sum())


def test_counts_are_the_floors_of_chapter_3():
    assert published("foreign-dead").value == pytest.approx(
        46 / 26
    )  # the New York Times's floor over Chad's dead, as in the tables
    found = published("army-dead")
    assert (found.value, found.n) == (6, 7)


def test_the_neighbour_crosses_where_chapter_1_says():
    rows = series.monthly(load("violence_month"), "BFA", "2011-01-01", "2024-12-31")
    reached = rows["month"][(series.rolling_year(rows, "deaths_best") >= 1000).to_numpy()].iloc[0]
    assert published("spill-before-exit").value == (2022 - reached.year) * 12 + 8 - reached.month


def test_an_unknown_question_is_refused():
    with pytest.raises(BookError, match="no question 'nothing'"):
        question("nothing")
