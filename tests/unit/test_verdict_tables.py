"""Cells of the tables of verdicts: escaped, cited, filled."""

from __future__ import annotations

import pandas as pd

from malibook.analysis.verdict_evidence import bench_at
from malibook.analysis.verdicts import judged
from malibook.evidence import load, resources
from malibook.exhibits.verdict_tables import cited, own_table, verdict_cells

ROW = {
    "id": "s001", "claim": "It rose.", "verdict": "supported", "by": "data", "confidence": "low",
    "reason": "From 1 to 2 [so].", "evidence": "violence_year:MLI/2020;violence_year:MLI/2021;events:x",
    "sources": "ucdp_ged;acled_2010",
}  # fmt: skip


def test_data_name_their_tables_once_and_documents_are_cited():
    assert cited(ROW) == "`violence_year`, `events`, {cite:p}`ucdp_ged,acled_2010`"
    assert cited(ROW | {"by": "document"}) == "{cite:p}`ucdp_ged,acled_2010`"
    assert cited(ROW | {"by": "judgement", "evidence": pd.NA, "sources": pd.NA}) == ""


def test_cells_say_how_and_how_sure_and_escape_the_reason():
    cells = verdict_cells(pd.DataFrame([ROW])).iloc[0]
    assert cells["claim"] == "It rose. (s001)"
    assert cells["verdict"] == "✓ supported, data, low confidence"
    assert cells["reason"].startswith("From 1 to 2 \\[so\\]. (`violence_year`")
    bare = ROW | {"by": "judgement", "evidence": pd.NA, "sources": pd.NA, "confidence": "high"}
    assert verdict_cells(pd.DataFrame([bare])).iloc[0]["reason"] == "From 1 to 2 \\[so\\]."


def test_rows_of_an_articles_table_are_filled():
    tables = {name: load(name) for name, resource in resources().items() if resource.fields}
    bench = bench_at(tables, "2026-10-07")
    rows = judged(tables["press_claims"], tables["verdicts"], bench)
    own = tables["article_tables"]
    found = own_table(own[own["title"] == "Missteps of France"], rows, bench)
    assert found["for_it"].iloc[0].startswith("French spending in the five countries rose from 580 to 1,350")
    assert found["for_it"].iloc[2] == "nothing in our tables"
    assert found["against_it"].iloc[1].endswith("{cite:p}`globobs_2017,countervortex_kidal_2013,frwiki_plateforme`")
    assert found["verdict"].tolist() == ["~ contested (s074)", "? untestable (s075)", "? untestable (s076)"]
