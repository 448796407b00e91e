"""Verdicts on the claims of the five articles: by a test on the data, by documents, or because nothing can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from malibook.analysis.verdict_dates import COUNTS, DATES
from malibook.analysis.verdict_evidence import days_of
from malibook.analysis.verdict_figures import FIGURES
from malibook.analysis.verdict_rules import UNTESTABLE, Bench, Finding
from malibook.analysis.verdict_tests import AT_THE_EXIT, VIOLENCE
from malibook.errors import BookError

TESTS = AT_THE_EXIT | VIOLENCE | FIGURES | DATES | COUNTS
DATA, DOCUMENT, JUDGEMENT = "data", "document", "judgement"
NOT_YET = "With the cut-off and the window chosen, our tables hold nothing that could decide it."
_ZERO = re.compile(r"(?<!\d)0(\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))")


def decide(name: str, bench: Bench) -> Finding:
    """Return what one test finds now; raise `BookError` for an unknown name or rows that the tables lack."""
    if name not in TESTS:
        raise BookError(f"no test {name!r}", where="verdicts", remedy=f"known: {', '.join(sorted(TESTS))}")
    return TESTS[name](bench)


def judged(claims: pd.DataFrame, verdicts: pd.DataFrame, bench: Bench) -> pd.DataFrame:
    """Return the claims with their verdicts: those by data computed anew, and every reason with its values filled in.

    `claims` is `press_claims`, `verdicts` the table of that name, `bench` holds the tables as known on its last day. A
    claim whose test lacks rows, or whose documents are dated later, is untestable. Columns: those of both tables, with
    `stored` the verdict as committed and `room` from the finding. Raises `BookError` for a claim without a verdict.
    """
    lacking = sorted(set(claims["id"]) ^ set(verdicts["press_claim"]))
    if lacking or verdicts["press_claim"].duplicated().any():
        what = lacking[0] if lacking else verdicts.loc[verdicts["press_claim"].duplicated(), "press_claim"].iloc[0]
        raise BookError(f"{what} has not exactly one verdict", where="verdicts", remedy="give each claim one row")
    rows = claims.merge(verdicts, left_on="id", right_on="press_claim", validate="one_to_one")
    found = [_now(row, bench) for row in rows.to_dict("records")]
    fresh = pd.DataFrame(found, columns=["verdict", "reason", "room"], index=rows.index)
    return rows.rename(columns={"verdict": "stored"}).assign(**fresh)


def _now(row: Mapping[str, Any], bench: Bench) -> tuple[str, str, float]:
    if row["by"] == DATA:
        try:
            finding = decide(row["test"], bench)
        except BookError:
            return UNTESTABLE, NOT_YET, float("nan")
        return finding.verdict, filled(row["reason"], finding), finding.room
    if row["by"] == DOCUMENT and any(d > bench.end for d in days_of(row["evidence"], bench)):
        return UNTESTABLE, NOT_YET, float("nan")
    return row["verdict"], row["reason"], float("nan")


def filled(reason: str, finding: Finding) -> str:
    """Return a reason with the values of its finding in the places it leaves; raise `BookError` for an unknown place."""
    try:
        text = reason.format(**finding.values)
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(finding.values)
        raise BookError(f"cannot be filled: {error}", where=f"reason {reason!r}", remedy=f"values: {known}") from None
    return _ZERO.sub(r"\1", text)
