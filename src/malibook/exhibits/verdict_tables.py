"""Tables of verdicts as MyST cells: the claim, the verdict, the reason with how it was reached and its citations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from malibook.analysis.verdict_evidence import references
from malibook.analysis.verdict_rules import Bench
from malibook.analysis.verdicts import DATA, DOCUMENT, JUDGEMENT, NOT_YET, decide, filled
from malibook.errors import BookError
from malibook.evidence import split_list
from malibook.exhibits.charts_verdicts import SIGNS
from malibook.house.wording import escape

# Named by the tables made of them, so that a cell need not cite them as well.
BEHIND_TABLES = {"ucdp_davies_2026", "ucdp_ged", "ucdp_candidate_hegre_2020", "acled_2010"}


def rests_on(row: Mapping[str, Any]) -> str:
    """Return how a verdict was reached and on what, as MyST: the tables of a verdict by data as code, then documents."""
    names = list(dict.fromkeys(table for table, _ in references(row["evidence"]))) if row["by"] == DATA else []
    documents = _documents(row["sources"])
    rest = ", ".join([*(f"`{name}`" for name in names), *([documents] if documents else [])])
    how = {DATA: "Data", DOCUMENT: "Documents", JUDGEMENT: "Judgement"}[row["by"]]
    sure = ", low confidence" if row["confidence"] == "low" else ""
    return f"*{how}{sure}{':' if rest else '.'}* {rest}".strip()


def verdict_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `claim`, `verdict` and `reason` of judged claims, the last as MyST, in the order of the claims' ids."""
    return pd.DataFrame(
        {
            "claim": f"{row['claim']} ({row['id']})",
            "verdict": f"{SIGNS[row['verdict']]} {row['verdict']}",
            "reason": f"{escape(row['reason'])} {rests_on(row)}",
        }
        for row in rows.sort_values("id").to_dict("records")
    )


def own_table(own: pd.DataFrame, judged: pd.DataFrame, bench: Bench) -> pd.DataFrame:
    """Return one table of an article as `row`, `for_it`, `against_it` (MyST) and `verdict` on the claims it makes."""
    known, out = judged.set_index("id"), []
    for row in own.sort_values("position").to_dict("records"):
        claims = split_list(row["press_claims"])
        tests = [known.loc[c, "test"] for c in claims if known.loc[c, "by"] == DATA]
        cells = [_cell(row[side], tests, bench) for side in ("evidence_for", "evidence_against")]
        out.append(
            {
                "row": row["label"],
                "for_it": cells[0],
                "against_it": f"{cells[1]} {_documents(row['sources'])}".strip(),
                "verdict": "; ".join(
                    f"{SIGNS[known.loc[c, 'verdict']]} {known.loc[c, 'verdict']} ({c})" for c in claims
                ),
            }
        )
    return pd.DataFrame(out)


def _documents(cell: Any) -> str:
    names = ",".join(name for name in split_list(cell) if name not in BEHIND_TABLES)
    return f"{{cite:p}}`{names}`" if names else ""


def _cell(text: Any, tests: list[str], bench: Bench) -> str:
    if pd.isna(text):
        return "nothing in our tables"
    if "{" not in text:
        return escape(text)
    try:
        finding = decide(tests[0], bench)
    except BookError:  # the cut-off or the window leaves the test without rows
        return escape(NOT_YET)
    return escape(filled(text, finding))
