"""Published findings computed again: the rules on plain numbers, each finding on a series whose answers are known."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import outcome, replication
from malibook.analysis.outcome import (
    AGREES,
    CONTRADICTED,
    DIRECTION,
    DISAGREES,
    NOT_CONTRADICTED,
    UNTESTABLE,
    deaths_between,
    judge,
    per_day,
)
from malibook.errors import BookError
from malibook.evidence import load

MONTHS = pd.date_range("2018-01-01", "2023-12-01", freq="MS")


@pytest.fixture
def series() -> pd.DataFrame:
    """Civilian deaths: as many as the month has days to November 2021, thrice that after, but 1,000 in March 2022."""
    days = pd.Series(MONTHS.days_in_month, index=MONTHS)
    deaths = days.where(MONTHS < "2021-12-01", days * 3)
    deaths["2022-03-01"] = 1000
    return pd.DataFrame({"month": MONTHS, "deaths_civilians": deaths.to_numpy(), "deaths_best": 2 * deaths.to_numpy()})


@pytest.fixture
def findings() -> pd.DataFrame:
    figures = {
        "minusma-2022-q1-change": (324, "percent"),
        "minusma-2022-q1-civilians": (543, "civilian deaths"),
        "minusma-2022-q2-civilians": (317, "civilian deaths"),
        "us-treasury-2023-change": (278, "percent"),
        "acled-2023-fourfold": (4, "times"),
        "acled-2023-doubling": (2, "times (more than)"),
        "acled-2023-shares": (3000, "civilian deaths"),
        "hrw-2022-civilians-by-side": (107, "civilian deaths"),
        "acled-2022-nine-incidents": (450, "civilian deaths"),
        "ohchr-2023-moura": (500, "deaths"),
    }
    rows = [{"id": k, "value": float(v), "unit": u} for k, (v, u) in figures.items()]
    return pd.DataFrame(rows).assign(author="A", topic="T", claim="C", confidence="high", sources="s")


@pytest.mark.parametrize(
    ("published", "ours", "kind", "expected"),
    [
        (100, 125, "level", AGREES),
        (100, 126, "level", DISAGREES),
        (3.78, 4.41, "factor", AGREES),
        (4.24, 13.3, "factor", DIRECTION),
        (4.24, 0.9, "factor", DISAGREES),
        (2, 2.8, "at least", AGREES),
        (3000, 2117, "at least", DISAGREES),
        (107, 154, "part", NOT_CONTRADICTED),
        (107, 90, "part", CONTRADICTED),
        (float("nan"), 1.5, "rise", DIRECTION),
        (float("nan"), 1.5, "fall", DISAGREES),
        (float("nan"), 1.5, "elsewhere", UNTESTABLE),
    ],
)
def test_the_rules(published, ours, kind, expected):
    assert judge(published, ours, kind) == expected


def test_an_unknown_rule_is_refused():
    with pytest.raises(BookError, match="no rule for a claim of kind 'guess'"):
        judge(1, 1, "guess")


def test_a_cut_month_counts_by_its_days(series):
    assert deaths_between(series, "2021-01-11", "2021-02-14") == pytest.approx(21 + 14)
    assert per_day(series, "2018-01-01", "2021-11-30") == pytest.approx(1)
    assert per_day(series, "2022-01-01", "2022-12-31", without=("2022-03-01", "2022-03-31")) == pytest.approx(3)


def test_a_missing_month_is_refused(series):
    with pytest.raises(BookError, match="missing in January 2024"):
        deaths_between(series, "2023-12-01", "2024-01-31")


def test_a_percentage_becomes_a_factor_and_a_missing_figure_is_refused(findings):
    assert outcome.published(findings, "us-treasury-2023-change") == pytest.approx(3.78)
    assert outcome.published(findings, "ohchr-2023-moura") == 500
    with pytest.raises(BookError, match="no figure of 'nobody'"):
        outcome.published(findings, "nobody")


def test_minusma_by_quarter(findings, series):
    change = replication.minusma_q1_change(findings, series)
    q4, q1 = 31 + 30 + 93, 93 + 84 + 1000
    assert change.ours == pytest.approx(q1 / q4)
    assert change.outcome == DIRECTION
    assert dict(change.readings)["without March 2022"] == pytest.approx(3 / (q4 / 92))
    assert replication.minusma_q1_level(findings, series).ours == q1
    assert replication.minusma_q1_level(findings, series).outcome == DISAGREES
    second = replication.minusma_q2_level(findings, series)
    assert (second.ours, second.outcome, second.steady) == (273, AGREES, True)


def test_the_baseline_of_washington_and_of_acled(findings, series):
    after = (1000 + 3 * (577 - 31)) / 577
    found = replication.treasury_change(findings, series)
    assert found.ours == pytest.approx(after)
    assert found.outcome == (AGREES if 2.835 <= after <= 4.725 else DIRECTION)
    assert replication.acled_fourfold(findings, series).ours == found.ours


def test_the_nearest_baseline_is_found(findings, series):
    after = (1000 + 3 * (577 - 31)) / 577
    lump = 365 * after / 3.78 - (365 - 31)  # makes the twelve months before meet Washington's figure exactly
    deaths = series["deaths_civilians"].astype(float).where(series["month"] != "2020-12-01", lump)
    found = replication.nearest_baseline(findings, series.assign(deaths_civilians=deaths))
    assert found == (12, pytest.approx(3.78))


def test_the_doubling_without_march(findings, series):
    found = replication.acled_doubling(findings, series)
    before = (1430 + 93) / 1461
    assert found.ours == pytest.approx(((567 - 31) * 3 + 1000) / 567 / before)
    assert dict(found.readings)["without March 2022"] == pytest.approx(3 / before)
    assert found.steady


def test_totals_and_parts(findings, series):
    assert replication.acled_total(findings, series).ours == pytest.approx((567 - 31) * 3 + 1000)
    assert replication.acled_total(findings, series).outcome == DISAGREES
    assert replication.hrw_by_side(findings, series).ours == 3 * (31 + 31 + 28)
    assert replication.acled_nine_incidents(findings, series).ours == pytest.approx(3 * (31 + 28 + 15) + 1000)
    moura = replication.ohchr_moura(findings, series)
    assert (moura.ours, moura.outcome, moura.span) == (1000, NOT_CONTRADICTED, (1000, 2000))


def test_the_north_east_by_quarter(findings):
    quarters = pd.date_range("2020-01-01", "2022-04-01", freq="QS")
    late = quarters >= "2022-01-01"
    gao = pd.DataFrame({"region": "Gao", "quarter": quarters, "deaths": 100 + 300 * late, "events": 50})
    found = replication.hrw_north_east(findings, pd.concat([gao, gao.assign(region="Mopti", deaths=1)]))
    assert found.ours == pytest.approx(4)
    assert dict(found.readings)["events instead of deaths"] == pytest.approx(1)
    assert (found.outcome, found.steady) == (DIRECTION, False)


def test_years_and_conflicts(findings):
    kinds = ["state-based", "one-sided"]
    rows = [
        {"iso3": iso3, "year": year, "type": kind, "deaths_best": deaths}
        for iso3, scale in (("MLI", 1), ("BFA", 99))
        for year in range(2018, 2026)
        for kind, deaths in zip(kinds, (100 * scale, (300 if year > 2021 else 100) * scale), strict=True)
    ]
    conflicts = pd.DataFrame(
        {
            "conflict": ["Mali: Government", "Mali: Islamic State"] * 2,
            "year": [2021, 2021, 2022, 2022],
            "battle_deaths_best": [100, 50, 150, 200],
        }
    )
    worse = replication.nasr_worse(findings, pd.DataFrame(rows), conflicts)
    assert worse.ours == 2
    assert dict(worse.readings) == {"battles with JNIM": 1.5, "battles with Islamic State": 4}
    design = replication.swed_arduino_design(findings, pd.DataFrame(rows))
    assert design.ours == 2
    assert dict(design.readings) == {"one-sided": 3, "state-based": 1}
    assert (design.outcome, design.steady) == (UNTESTABLE, True)


def test_every_finding_of_the_book_has_an_outcome():
    from malibook.analysis import series as s
    from malibook.analysis import shift

    found = replication.replicate(
        load("findings"),
        s.monthly(load("violence_month"), "MLI"),
        shift.by_region(load("violence_region_quarter")),
        load("violence_year"),
        load("conflict_year"),
    )
    table = outcome.outcomes(found, load("findings"), replication.OUT_OF_REACH)
    assert table["finding"].is_unique and table["author"].notna().all()
    assert (table["outcome"] == UNTESTABLE).sum() == 1 + len(replication.OUT_OF_REACH)  # another country
    assert table.set_index("finding").loc["minusma-2022-q2-civilians", ["ours", "outcome"]].tolist() == [339, AGREES]


def test_an_unknown_finding_is_refused(findings):
    with pytest.raises(BookError, match="no finding 'nobody'"):
        outcome.outcomes([], findings, {"nobody": "why"})
