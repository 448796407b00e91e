"""Tables of verdicts as MyST cells: the claim, the verdict and how it was reached, the reason with its citations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from malibook.analysis.verdict_evidence import references
from malibook.analysis.verdict_rules import Bench
from malibook.analysis.verdicts import DATA, decide, filled
from malibook.evidence import split_list
from malibook.exhibits.charts_verdicts import SIGNS
from malibook.exhibits.table import escape


def cited(row: Mapping[str, Any]) -> str:
    """Return what a verdict rests on as MyST: the tables of a verdict by data as code, then the documents."""
    names = list(dict.fromkeys(table for table, _ in references(row["evidence"]))) if row["by"] == DATA else []
    documents = ",".join(split_list(row["sources"]))
    return ", ".join([*(f"`{name}`" for name in names), *([f"{{cite:p}}`{documents}`"] if documents else [])])


def verdict_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `claim`, `verdict` and `reason` of judged claims, the last as MyST, in the order of the claims' ids."""
    out = []
    for row in rows.sort_values("id").to_dict("records"):
        rest = cited(row)
        low = ", low confidence" if row["confidence"] == "low" else ""
        out.append(
            {
                "claim": f"{row['claim']} ({row['id']})",
                "verdict": f"{SIGNS[row['verdict']]} {row['verdict']}, {row['by']}{low}",
                "reason": f"{escape(row['reason'])} {f'({rest})' if rest else ''}".strip(),
            }
        )
    return pd.DataFrame(out)


def own_table(own: pd.DataFrame, judged: pd.DataFrame, bench: Bench) -> pd.DataFrame:
    """Return one table of an article as `row`, `for_it`, `against_it` (MyST) and `verdict` on the claims it makes."""
    known, out = judged.set_index("id"), []
    for row in own.sort_values("position").to_dict("records"):
        claims = split_list(row["press_claims"])
        tests = [known.loc[c, "test"] for c in claims if known.loc[c, "by"] == DATA]
        cells = [_cell(row[side], tests, bench) for side in ("evidence_for", "evidence_against")]
        documents = ",".join(split_list(row["sources"]))
        cites = f" {{cite:p}}`{documents}`" if documents else ""
        out.append(
            {
                "row": row["label"],
                "for_it": cells[0],
                "against_it": f"{cells[1]}{cites}",
                "verdict": "; ".join(
                    f"{SIGNS[known.loc[c, 'verdict']]} {known.loc[c, 'verdict']} ({c})" for c in claims
                ),
            }
        )
    return pd.DataFrame(out)


def _cell(text: Any, tests: list[str], bench: Bench) -> str:
    if pd.isna(text):
        return "nothing in our tables"
    return escape(filled(text, decide(tests[0], bench)) if "{" in text else text)
