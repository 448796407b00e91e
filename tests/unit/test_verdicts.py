"""The verdicts as committed: one a claim, each resting on rows and documents that exist, each the same as computed now."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from malibook.analysis import forecasts
from malibook.analysis.verdict_evidence import bench_at, days_of, references, unresolved
from malibook.analysis.verdict_rules import OF_SCORE, SUPPORTED, UNTESTABLE, VERDICTS, Bench, Finding
from malibook.analysis.verdict_scores import ABOUT_TEXT
from malibook.analysis.verdicts import DATA, DOCUMENT, JUDGEMENT, NOT_YET, TESTS, decide, filled, judged
from malibook.errors import BookError
from malibook.evidence import load, resources, split_list

CUT_OFF, LONGEST = "2026-10-07", 220
CHAPTER_4 = Path(__file__).resolve().parents[2] / "notebooks" / "04-withdrawal-aftermath.ipynb"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name, resource in resources().items() if resource.fields}


@pytest.fixture(scope="module")
def bench(tables) -> Bench:
    return bench_at(tables, CUT_OFF)


@pytest.fixture(scope="module")
def rows(tables, bench) -> pd.DataFrame:
    return judged(tables["press_claims"], tables["verdicts"], bench).set_index("id")


def test_every_claim_has_exactly_one_verdict(tables):
    verdicts = tables["verdicts"]
    assert sorted(verdicts["press_claim"]) == sorted(tables["press_claims"]["id"])
    assert len(verdicts) == 175 and set(verdicts["verdict"]) == set(VERDICTS)


def test_every_verdict_by_data_is_what_its_test_finds_now(rows):
    by_data = rows[rows["by"] == DATA]
    assert len(by_data) >= 40
    changed = by_data[by_data["verdict"] != by_data["stored"]]
    assert changed[["test", "stored", "verdict"]].to_dict("index") == {}


def test_every_test_is_used_and_every_verdict_by_data_names_one(tables):
    verdicts = tables["verdicts"]
    named = verdicts["test"].dropna()
    assert set(named) == set(TESTS)
    assert (verdicts["test"].notna() == (verdicts["by"] == DATA)).all()


def test_every_reference_names_a_row(tables):
    lost = {v.press_claim: unresolved(v.evidence, tables) for v in tables["verdicts"].itertuples()}
    assert {claim: refs for claim, refs in lost.items() if refs} == {}


def test_no_verdict_rests_on_an_article_alone(tables):
    seeds = set(tables["sources"].query("kind == 'seed-article'")["id"])
    on_mali = tables["verdicts"][~tables["verdicts"]["press_claim"].isin(ABOUT_TEXT)]
    assert len(on_mali) == len(tables["verdicts"]) - 2
    for v in on_mali.itertuples():
        assert not seeds & set(split_list(v.sources)), v.press_claim
        if v.verdict != UNTESTABLE:
            assert references(v.evidence), f"{v.press_claim} names no evidence"
            assert {table for table, _ in references(v.evidence)} - {"press_claims", "articles"}, v.press_claim
        if v.by == DOCUMENT:
            assert split_list(v.sources), f"{v.press_claim} names no document"


def test_judgement_says_untestable_and_else_only_a_test_that_cannot_tell(rows):
    assert set(rows.loc[rows["by"] == JUDGEMENT, "stored"]) == {UNTESTABLE}
    assert list(rows.index[(rows["by"] != JUDGEMENT) & (rows["stored"] == UNTESTABLE)]) == ["s006"]


def test_advice_is_untestable_and_a_cause_needs_more_than_its_premise(rows):
    assert set(rows.loc[rows["kind"] == "normative", "stored"]) == {UNTESTABLE}
    assert (rows["premise"].notna() == rows["kind"].isin(["causal", "normative"])).all()
    causes = rows[(rows["kind"] == "causal") & (rows["by"] == DATA) & (rows["stored"] == SUPPORTED)]
    assert list(causes.index) == ["s164"], "only a claim of order, not of cause, may be supported by data"
    held = rows[(rows["kind"] == "causal") & (rows["stored"] == SUPPORTED)]
    assert set(held["premise"]) == {"holds"}


def test_reasons_are_one_short_sentence_each_place_of_which_is_filled(rows):
    for claim, reason in rows["reason"].items():
        assert len(reason) <= LONGEST and reason.endswith(".") and "{" not in reason, (claim, reason)
        assert reason[0].isupper() and "nan" not in reason.lower().split(), (claim, reason)


def test_verdicts_on_forecasts_agree_with_the_scores_of_chapter_4(rows):
    text = CHAPTER_4.read_text(encoding="utf-8")
    words = {"CAME_TRUE", "DID_NOT", "PARTLY", "OPEN"}
    scored = dict(re.findall(r'\(\\"(s\d{3})\\", (\w+)', text))
    by_rule = {claim for claim, word in scored.items() if word not in words}
    assert set(scored) == set(rows.index[rows["kind"] == "forecast"])
    assert by_rule == {"s006", "s042"}, "these two are computed there and here by the same functions"
    for claim in set(scored) - by_rule:
        assert rows.loc[claim, "verdict"] == OF_SCORE[getattr(forecasts, scored[claim])], claim


def test_the_articles_tables_name_known_claims_and_fill(tables, bench):
    own = tables["article_tables"]
    assert own.groupby("title")["position"].apply(lambda p: sorted(p) == list(range(1, len(p) + 1))).all()
    tests = tables["verdicts"].set_index("press_claim")["test"]
    articles = tables["press_claims"].set_index("id")["article"]
    for row in own.itertuples():
        claims = split_list(row.press_claims)
        assert {articles[c] for c in claims} == {row.article}
        for cell in (row.evidence_for, row.evidence_against):
            if pd.notna(cell) and "{" in cell:
                assert "{" not in filled(cell, decide(tests[claims[0]], bench))


def test_a_claim_without_a_verdict_is_refused(tables, bench):
    short = tables["verdicts"][tables["verdicts"]["press_claim"] != "s100"]
    with pytest.raises(BookError, match="s100 has not exactly one verdict"):
        judged(tables["press_claims"], short, bench)


def test_an_unknown_test_is_refused(bench):
    with pytest.raises(BookError, match="no test 'tea-leaves'"):
        decide("tea-leaves", bench)


def test_an_earlier_cut_off_leaves_the_future_open(tables):
    early = judged(tables["press_claims"], tables["verdicts"], bench_at(tables, "2025-06-07")).set_index("id")
    assert early.loc["s001", "verdict"] == SUPPORTED
    assert early.loc["s006", "verdict"] == UNTESTABLE and early.loc["s006", "reason"] == NOT_YET
    assert early.loc["s005", "verdict"] == UNTESTABLE, "its documents are later"
    assert early.loc["s150", "verdict"] == SUPPORTED


def test_a_window_beyond_the_data_is_untestable(tables):
    wide = judged(tables["press_claims"], tables["verdicts"], bench_at(tables, CUT_OFF, 8)).set_index("id")
    assert wide.loc["s008", ["verdict", "reason"]].tolist() == [UNTESTABLE, NOT_YET]


def test_references_may_be_a_key_its_first_parts_or_a_table(tables):
    assert references("events:2025-06-01-boulkessi;violence_year") == [
        ("events", "2025-06-01-boulkessi"),
        ("violence_year", ""),
    ]
    assert (
        unresolved("violence_year:MLI/2022;violence_year:MLI/2022/one-sided;events:2025-06-01-boulkessi", tables) == []
    )
    assert unresolved("events:no-such;violence_year:ML;no_table:x", tables) == [
        "events:no-such",
        "violence_year:ML",
        "no_table:x",
    ]


def test_days_come_from_dated_rows_and_a_lost_row_is_late(tables):
    early = bench_at(tables, "2022-01-01")
    found = days_of("events:2012-01-24-aguelhok;actors:fama;events:2025-06-01-boulkessi", early)
    assert found == [pd.Timestamp("2012-01-24"), pd.Timestamp.max]


def test_reasons_are_filled_plainly():
    finding = Finding(SUPPORTED, {"before": 1234.5, "on": pd.Timestamp("2013-07-05"), "n": 3})
    assert filled("From {before:,.0f} on {on:%d %B %Y}, {n} times.", finding) == "From 1,234 on 5 July 2013, 3 times."
    with pytest.raises(BookError, match="cannot be filled"):
        filled("{missing}", finding)


@pytest.mark.parametrize(("end", "months"), [("2012-02-01", 5), ("2019-12-31", 24)])
def test_no_cut_off_or_window_stops_the_chapter(tables, end, months):
    early = judged(tables["press_claims"], tables["verdicts"], bench_at(tables, end, months))
    assert set(early["verdict"]) <= set(VERDICTS)
    assert (early.loc[early["reason"] == NOT_YET, "verdict"] == UNTESTABLE).all()
