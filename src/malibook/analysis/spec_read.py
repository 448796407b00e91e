"""Curves from the table that is kept, where it was made with the same parameters from the same inputs; else computed afresh."""

from __future__ import annotations

from datetime import date

import pandas as pd

from malibook.analysis import spec_kept
from malibook.analysis.spec_registry import question
from malibook.analysis.specifications import Bench, Question, curve
from malibook.evidence import derived, has, load

TABLE, PLACEBOS = "specifications", "specification_placebos"


def kept(table: str, **parameters: date | int) -> pd.DataFrame | None:
    """Return a kept table, opened like any other; None where it was made with other parameters, from other inputs, or is not there."""
    if not has(table) or not derived.holds(table):
        return None
    made = derived.in_force(table)[1]
    same = made is not None and all(str(made.parameters.get(name)) == str(now) for name, now in parameters.items())
    return load(table) if same else None


def curves(questions: tuple[Question, ...], bench: Bench) -> dict[str, pd.DataFrame]:
    """Return each question's curve on the bench's tables, read where the table is kept to the bench's last day."""
    table = kept(TABLE, end=bench.end.date())
    if table is None:
        return {q.key: curve(q, bench) for q in questions}
    return {q.key: curve(q, table=spec_kept.unfold(q, table)) for q in questions}


def specifications(key: str) -> pd.DataFrame:
    """Return the curve of one question, computed from its tables to their last day: one row a specification, with its
    choices, its estimate (`value`), and whether it agrees with the printed sentence.

    Raises `BookError` for an unknown question.
    """
    asked = question(key)
    return curve(asked, Bench({name: load(name) for name in asked.tables}))


def fakes(questions: tuple[Question, ...], bench: Bench, window_months: int) -> dict[str, pd.DataFrame]:
    """Return the curves at placebo dates of the questions that have some, read where they are kept for the same window."""
    wanted = [q for q in questions if q.key in spec_kept.PLACEBO_SPANS]
    table = kept(PLACEBOS, end=bench.end.date(), window_months=window_months)
    if table is None:
        return {q.key: spec_kept.fakes_of(q, bench, window_months) for q in wanted}
    rows = {q.key: table[table["question"] == q.key] for q in wanted}
    return {key: part[spec_kept.FAKES].reset_index(drop=True) for key, part in rows.items()}
