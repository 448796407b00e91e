"""Cells of the tables of verdicts: escaped, cited, filled."""

from __future__ import annotations

import pandas as pd

from malibook.analysis.verdict_evidence import bench_at
from malibook.analysis.verdicts import NOT_YET, judged
from malibook.evidence import load, resources
from malibook.exhibits.verdict_tables import own_table, rests_on, verdict_cells

ROW = {
    "id": "s001", "claim": "It rose.", "verdict": "supported", "by": "data", "confidence": "low",
    "reason": "From 1 to 2 [so].", "evidence": "violence_year:MLI/2020;violence_year:MLI/2021;events:x",
    "sources": "ucdp_ged;afp_icc_2013",
}  # fmt: skip


def test_data_name_their_tables_once_and_not_the_data_sets_behind_them():
    assert rests_on(ROW) == "*Data, low confidence:* `violence_year`, `events`, {cite:p}`afp_icc_2013`"
    paper = ROW | {"by": "document", "confidence": "high"}
    assert rests_on(paper) == "*Documents:* {cite:p}`afp_icc_2013`"
    bare = {"by": "judgement", "evidence": pd.NA, "sources": pd.NA, "confidence": "high"}
    assert rests_on(ROW | bare) == "*Judgement.*"


def test_cells_hold_claim_verdict_and_escaped_reason():
    cells = verdict_cells(pd.DataFrame([ROW])).iloc[0]
    assert cells["claim"] == "It rose. (s001)"
    assert cells["verdict"] == "✓ supported"
    assert cells["reason"].startswith("From 1 to 2 \\[so\\]. *Data, low confidence:* `violence_year`")


def own_table_at(day: str, title: str) -> pd.DataFrame:
    """Return a table of an article as this book fills it from what the tables hold on a day."""
    tables = {name: load(name) for name, resource in resources().items() if resource.fields}
    bench, own = bench_at(tables, day), tables["article_tables"]
    rows = judged(tables["press_claims"], tables["verdicts"], bench)
    return own_table(own[own["title"] == title], rows, bench)


def test_rows_of_an_articles_table_are_filled():
    found = own_table_at("2026-10-07", "Missteps of France")
    assert found["for_it"].iloc[0].startswith("French spending in the five countries rose from 580 to 1,350")
    assert found["for_it"].iloc[2] == "nothing in our tables"
    assert found["against_it"].iloc[1].endswith("{cite:p}`globobs_2017,countervortex_kidal_2013,frwiki_plateforme`")
    assert found["verdict"].tolist() == ["≈ contested (s074)", "? untestable (s075)", "? untestable (s076)"]


def test_a_row_whose_test_has_no_rows_yet_says_so():
    found = own_table_at("2024-12-31", "Risks by country")
    assert set(found["for_it"]) == {NOT_YET}
