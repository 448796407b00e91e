"""Forecasts of the source articles, scored: every forecast once, each score with its reason and its evidence."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.analysis.aftermath import Placebo
from malibook.errors import BookError

CAME_TRUE, DID_NOT, PARTLY, OPEN = "came true", "did not", "partly", "cannot be said"
SCORES = (CAME_TRUE, PARTLY, DID_NOT, OPEN)
Score = tuple[str, str, str, str]


def of_a_rise(found: Placebo) -> str:
    """Return the score of "it will rise": came true above the placebo band, did not at or below 1, open between."""
    if found.ratio > found.high:
        return CAME_TRUE
    return DID_NOT if found.ratio <= 1 else OPEN


def of_rises(*found: Placebo) -> str:
    """Return the score of "it will rise in each of these": the one score that all share, else open."""
    scores = {of_a_rise(one) for one in found}
    return scores.pop() if len(scores) == 1 else OPEN


def of_a_change(*changed: bool) -> str:
    """Return the score of "it will change", from whether each of its parts did."""
    if all(changed):
        return CAME_TRUE
    return PARTLY if any(changed) else DID_NOT


def scored(forecasts: pd.DataFrame, scores: Iterable[Score]) -> pd.DataFrame:
    """Return the forecasts with their scores: `id`, `article`, `claim`, `score`, `reason`, `evidence`.

    `forecasts` is the part of `press_claims` whose kind is forecast; `scores` holds (id, score, reason, evidence ids
    joined by a semicolon). Raises `BookError` for a forecast without a score, a score without a forecast, a word that is
    none of `SCORES`, or a judgement without evidence: only "cannot be said" may go without.
    """
    rows = pd.DataFrame(list(scores), columns=["id", "score", "reason", "evidence"])
    odd = sorted(set(rows["id"]) ^ set(forecasts["id"])) or sorted(rows["id"][rows["id"].duplicated()])
    if odd:
        raise BookError(
            f"{odd[0]} is not scored exactly once", where="forecasts", remedy="give each forecast one score"
        )
    for row in rows.itertuples():
        if row.score not in SCORES:
            raise BookError(f"{row.score!r} is no score", where=f"forecast {row.id}", remedy=", ".join(SCORES))
        if row.score != OPEN and not row.evidence:
            raise BookError("is scored without evidence", where=f"forecast {row.id}", remedy="name tables or documents")
    return forecasts[["id", "article", "claim"]].merge(rows, on="id", validate="one_to_one")


def cited(evidence: str, documents: Iterable[str]) -> str:
    """Return evidence ids as MyST: documents as citations, tables as code, in the order given."""
    known, names = set(documents), [e for e in evidence.split(";") if e]
    tables = [f"`{e}`" for e in names if e not in known]
    papers = ",".join(e for e in names if e in known)
    return ", ".join([*tables, *([f"{{cite:p}}`{papers}`"] if papers else [])])
