"""The kinds of test on small frames whose answers are known, and the bands on both sides of each line."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from malibook.analysis import verdict_counts as count
from malibook.analysis import verdict_exit, verdict_kinds, verdict_order, verdict_readers
from malibook.analysis.verdict_evidence import bench_at, known_by
from malibook.analysis.verdict_rules import (
    CONTESTED,
    CONTRADICTED,
    SUPPORTED,
    UNTESTABLE,
    Bench,
    Finding,
    of_fall,
    of_figure,
    of_least,
    of_most,
    of_parts,
    of_rise,
    premise_only,
)
from malibook.errors import BookError


def number(value: float):
    return lambda bench: value


def at(day: str):
    return lambda bench: pd.Timestamp(day)


EMPTY = Bench({})


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (100, 125, SUPPORTED),
        (100, 124, CONTESTED),
        (100, 100, CONTRADICTED),
        (100, 60, CONTRADICTED),
        (0, 1, SUPPORTED),
    ],
)
def test_a_rise_needs_a_quarter(before, after, verdict):
    assert of_rise(before, after) == verdict
    assert of_fall(after, before) == verdict
    assert verdict_kinds.rise(EMPTY, before=number(before), after=number(after)).verdict == verdict


def test_the_margin_is_the_benchs():
    loose = Bench({}, margin=0.5)
    assert verdict_kinds.rise(loose, before=number(100), after=number(125)).verdict == CONTESTED
    assert verdict_kinds.fall(loose, before=number(100), after=number(60)).room == pytest.approx(100 / 60 / 1.5)


def test_the_other_bands():
    assert [of_least(v, 100) for v in (100, 80, 79)] == [SUPPORTED, CONTESTED, CONTRADICTED]
    assert [of_most(v, 0.5, 0.75) for v in (0.5, 0.6, 0.8)] == [SUPPORTED, CONTESTED, CONTRADICTED]
    assert [of_figure(10, v) for v in (9, 11, 8.7, 7, 13)] == [
        SUPPORTED,
        SUPPORTED,
        CONTESTED,
        CONTRADICTED,
        CONTRADICTED,
    ]


def test_parts_and_premises():
    assert of_parts([SUPPORTED, SUPPORTED]) == SUPPORTED
    assert of_parts([SUPPORTED, CONTRADICTED]) == CONTESTED
    assert of_parts([CONTESTED, CONTRADICTED]) == CONTRADICTED
    assert of_parts([SUPPORTED, UNTESTABLE]) == CONTESTED
    assert [premise_only(v) for v in (SUPPORTED, CONTESTED, CONTRADICTED)] == [CONTESTED, CONTESTED, CONTRADICTED]
    cause = partial(verdict_kinds.rise, before=number(1), after=number(9))
    assert verdict_kinds.premise(EMPTY, of=cause) == Finding(CONTESTED, {"before": 1, "after": 9, "ratio": 9}, 7.2)


def test_both_keeps_the_values_of_its_parts():
    up = partial(verdict_kinds.rise, before=number(1), after=number(2))
    down = partial(verdict_kinds.rise, before=number(2), after=number(1))
    found = verdict_kinds.both(EMPTY, one=up, two=down)
    assert found.verdict == CONTESTED and found.values["one_after"] == 2 and found.values["two_after"] == 1


def test_says_and_never():
    assert verdict_kinds.says(EMPTY, a=(84, number(84)), b=(47, number(47))).verdict == SUPPORTED
    assert verdict_kinds.says(EMPTY, a=(84, number(80))).verdict == CONTRADICTED
    assert verdict_kinds.never(EMPTY, a=number(3), b=number(1)).verdict == CONTRADICTED
    assert verdict_kinds.never(EMPTY, a=number(0)).verdict == SUPPORTED


def test_dates_in_a_span_near_it_and_off():
    span = {"first": "2015-05-01", "last": "2015-05-31"}
    assert verdict_order.dated(EMPTY, on=at("2015-05-15"), **span).verdict == SUPPORTED
    assert verdict_order.dated(EMPTY, on=at("2015-06-20"), **span) == Finding(
        CONTESTED, {"date": pd.Timestamp("2015-06-20"), "off": 20}
    )
    assert verdict_order.dated(EMPTY, on=at("2015-01-20"), **span).verdict == CONTRADICTED


def test_order_and_soon_after():
    found = verdict_order.order(EMPTY, first=at("2021-06-10"), then=at("2019-09-01"))
    assert found.verdict == CONTRADICTED and found.values["days"] == 648 and found.values["months"] == 21
    assert verdict_order.order(EMPTY, first=at("2021-06-10"), then=at("2021-06-10")).verdict == CONTESTED
    soon = partial(verdict_order.within, EMPTY, first=at("2023-06-16"), days=10)
    later = [soon(then=at(day)).verdict for day in ("2023-06-26", "2023-07-06", "2023-07-07", "2023-06-01")]
    assert later == [SUPPORTED, CONTESTED, CONTRADICTED, CONTRADICTED]


def test_in_the_gap():
    gap = partial(verdict_order.between, EMPTY, first=at("2021-10-12"), last=at("2022-02-17"))
    verdicts = [gap(middle=at(day)).verdict for day in ("2021-09-01", "2021-12-24", "2022-03-01")]
    assert verdicts == [CONTRADICTED, CONTESTED, SUPPORTED]


def test_a_peak_of_all_a_local_one_and_none():
    values = pd.Series([1, 5, 2, 9, 3], index=range(2018, 2023))
    found = [verdict_kinds.peak(EMPTY, series=lambda b: values, at=year).verdict for year in (2020, 2019, 2018)]
    assert found == [SUPPORTED, CONTESTED, CONTESTED]
    assert verdict_kinds.peak(EMPTY, series=lambda b: values, at=2018, reach=0).verdict == CONTRADICTED
    assert verdict_kinds.peak(EMPTY, series=lambda b: values, at=2019).values == {
        "at": 5, "peak": 9, "when": 2021, "year": 2021,
    }  # fmt: skip


def test_rising_without_a_fall_of_the_two_year_mean():
    rising = partial(verdict_kinds.rising, EMPTY)
    assert rising(series=lambda b: pd.Series([2.0, 1, 6, 12])).verdict == SUPPORTED
    assert rising(series=lambda b: pd.Series([2.0, 6, 1, 12])).verdict == CONTESTED
    assert rising(series=lambda b: pd.Series([6.0, 6, 1, 1])).verdict == CONTRADICTED


def test_standing_of_claims():
    claims = pd.DataFrame({"id": ["a", "b", "c"], "standing": ["current", "later-contradicted", "unresolved"]})
    bench = Bench({"claims": claims})
    assert verdict_kinds.standing(bench, held=["a"], against=["b"]).verdict == SUPPORTED
    assert verdict_kinds.standing(bench, held=["a", "c"], against=["b"]).verdict == CONTESTED
    with pytest.raises(BookError, match="no claim 'd'"):
        verdict_kinds.standing(bench, held=["d"], against=[])


@pytest.fixture
def yearly() -> Bench:
    rows = [("MLI", y, t, d) for y, d in ((2020, 10), (2021, 30)) for t in ("state-based", "one-sided")
            for d in (d if t == "state-based" else 1,)]  # fmt: skip
    return Bench({"violence_year": pd.DataFrame(rows, columns=["iso3", "year", "type", "deaths_best"])})


def test_deaths_a_year_and_missing_years(yearly):
    kinds = {"types": ("state-based", "one-sided")}
    assert verdict_readers.deaths(yearly, ("MLI",), 2020, 2021, **kinds) == 21
    assert verdict_readers.deaths(yearly, ("MLI",), 2021, 2021, types=("state-based",), each=3) == 10
    assert verdict_readers.deaths_by_year(yearly, "MLI", 2020, 2021, **kinds).tolist() == [11, 31]
    assert verdict_readers.year_reached(yearly, "MLI", 30) == pd.Timestamp("2021-01-01")
    with pytest.raises(BookError, match="deaths of MLI, 2019–2021"):
        verdict_readers.deaths(yearly, ("MLI",), 2019, 2021, **kinds)
    with pytest.raises(BookError, match="reaches 99 deaths"):
        verdict_readers.year_reached(yearly, "MLI", 99)


def test_one_cell_and_one_day():
    table = pd.DataFrame({"id": ["a"], "value": [26.0], "date": pd.to_datetime(["2013-01-11"])})
    bench = Bench({"findings": table})
    assert verdict_readers.cell(bench, "findings", "a", each=52) == 0.5
    assert verdict_readers.day(bench, "findings", "a") == pd.Timestamp("2013-01-11")
    with pytest.raises(BookError, match="row 'b' of findings"):
        verdict_readers.cell(bench, "findings", "b")
    with pytest.raises(BookError, match="'events' is not on the bench"):
        verdict_readers.day(bench, "events", "a")


def test_months_until_a_years_deaths():
    months = pd.date_range("2018-01-01", periods=24, freq="MS")
    frame = pd.DataFrame({"iso3": "BFA", "month": months, "deaths_best": [10] * 12 + [50] * 12, "dataset": "ucdp-ged"})
    bench = Bench({"violence_month": frame})
    assert verdict_readers.month_reached(bench, "BFA", 200) == pd.Timestamp("2019-02-01")


@pytest.fixture
def quarters() -> Bench:
    days = pd.date_range("2021-01-01", periods=8, freq="QS")
    rows = [{"region": r, "quarter": q, "events": n * (1 + (q.year == 2022)), "deaths": n, "months": 3}
            for q in days for r, n in (("Mopti", 6), ("Sikasso", 2), ("Kidal", 1))]  # fmt: skip
    rows = [r | {"events": 6} if r["region"] == "Mopti" else r for r in rows]
    return Bench({"violence_region_quarter": pd.DataFrame(rows)})


def test_places_by_quarter(quarters):
    assert verdict_readers.south_west(quarters, 2021) == pytest.approx(2 / 9)
    assert verdict_readers.south_west(quarters, 2022) == pytest.approx(4 / 12)
    assert verdict_readers.regions_over(quarters, 2021, 8) == 2
    assert verdict_readers.region_deaths(quarters, "Kidal", "2021-01-01", "2022-12-31") == 1
    assert len(verdict_readers.region_quarters(quarters, "Kidal", "2021-04-01", "2022-06-30")) == 5
    with pytest.raises(BookError, match="quarter between"):
        verdict_readers.south_west(quarters, 2023)
    quiet = Bench({"violence_region_quarter": quarters.table("violence_region_quarter").assign(events=0)})
    with pytest.raises(BookError, match="no violent event in 2021"):
        verdict_readers.south_west(quiet, 2021)


def test_counts_of_coups_and_rows():
    coups = pd.DataFrame({"iso3": ["MLI", "MLI", "NER"], "month": pd.to_datetime(["2012-03-01", "2020-08-01", "2021-03-01"]),
                          "successful": [1, 1, 0]})  # fmt: skip
    bench = Bench({"coups": coups, "events": pd.DataFrame({"id": ["a", "b"]})}, end=pd.Timestamp("2022-12-31"))
    assert count.coups(bench, "MLI", "2013-01-01", "2022-08-15") == 1
    assert count.rows_known(bench, "events", ["a", "c"]) == 1
    with pytest.raises(BookError, match="nothing is known up to 2023-01-01"):
        count.coups(bench, "MLI", "2013-01-01", "2023-01-01")


def test_cycles_of_uprising_and_accord():
    days = {
        "uprisings": [at("1963-05-14"), at("1990-06-28"), at("2012-01-17")],
        "accords": [at("1991-01-06"), at("2015-06-20")],
    }
    assert count.cycles(EMPTY, **days) == Finding(SUPPORTED, {"uprisings": 3, "answered": 2})
    days["accords"] = days["accords"][:1]
    assert count.cycles(EMPTY, **days).verdict == CONTRADICTED


def test_quiet_years_and_conflicts_at_once():
    rows = [(372, 1990, "Mali: Azawad", 40), (11347, 1990, "Mali: Government", 9), (372, 1994, "Mali: Azawad", 100),
            (13639, 1995, "Niger: Islamic State", 50)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["conflict_id", "year", "conflict", "battle_deaths_best"])
    bench = Bench({"conflict_year": frame})
    assert count.quiet_years(bench, 1990, 1999).values == {"busy": 2, "years": 10}
    assert [count.quiet_years(bench, 1990, last).verdict for last in (1992, 1999, 2011)] == [
        CONTESTED,
        CONTESTED,
        SUPPORTED,
    ]
    assert count.conflicts(bench, 1990) == 2


def test_tolls_leave_out_weak_claims():
    claims = pd.DataFrame({"dispute": "x", "unit": ["killed", "killed", "wounded"], "confidence": ["high", "low", "high"],
                           "value_low": [30.0, 5, 1]})  # fmt: skip
    assert count.lowest_toll(Bench({"claims": claims}), "x") == 30


def test_events_around_the_exit():
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(
                ["2024-09-17", "2025-05-23", "2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01"]
            ),
            "category": "battle",
            "actors": [
                "jnim;fama",
                "jnim;fama",
                "jnim;fama",
                "jnim;fama;africa-corps",
                "jnim;fama",
                "fama;africa-corps",
            ],
            "confidence": ["high", "high", "low", "high", "high", "high"],
        }
    )
    bench = Bench({"events": events})
    found = verdict_exit.base_attacks(bench)
    assert found.verdict == SUPPORTED and found.values["after"] == 1
    assert verdict_exit.beside_the_army(bench) == Finding(CONTESTED, {"value": 2})


def test_what_is_known_on_a_day():
    tables = {
        "violence_year": pd.DataFrame({"year": pd.array([2021, 2022], dtype="Int64"), "deaths": [1, 2]}),
        "violence_region_quarter": pd.DataFrame({"quarter": pd.to_datetime(["2022-01-01", "2022-04-01"])}),
        "events": pd.DataFrame({"date": pd.to_datetime(["2022-05-31", "2022-06-01", None])}),
        "articles": pd.DataFrame({"date": ["2024-08", None]}),
    }
    known = known_by(tables, "2022-05-31")
    assert known["violence_year"]["year"].tolist() == [2021]
    assert len(known["violence_region_quarter"]) == 1
    assert len(known["events"]) == 2, "the row without a date stays"
    assert len(known["articles"]) == 2, "a date as text says nothing of a day"
    assert bench_at(tables, "2022-05-31", 3).months == 3
