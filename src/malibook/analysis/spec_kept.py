"""The results of all curves as one table that is kept: made by a sweep, read by the chapter.

One row a specification: the question, its choices as JSON, and the estimate. Estimates are written so that they come back as the
same numbers. What is kept for the curves at placebo dates has one row a question and a date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from malibook.analysis import spec_neighbours, spec_placebo, spec_regions, spec_registry, spec_steps
from malibook.analysis.spec_agree import rises
from malibook.analysis.spec_registry import QUESTIONS, SOUTH
from malibook.analysis.specifications import RESULTS, Bench, Question, results
from malibook.errors import BookError

SOUTH_FACTOR = replace(
    SOUTH, key="south-west-factor", choices=dict(SOUTH.choices) | {"scale": (spec_regions.FACTOR,)},
    published=dict(SOUTH.published) | {"scale": spec_regions.FACTOR}, agreement=rises(), neutral=1.0,
)  # fmt: skip
KEPT = (*QUESTIONS, SOUTH_FACTOR)
# First placebo month and first day that could have been touched, of each question whose curve is also drawn at other dates.
PLACEBO_SPANS = {
    "exit-surge": ("2014-08-01", "2021-06-10"),
    "wagner-civilians": ("2014-08-01", "2021-09-13"),
    "neighbours": ("2017-01-01", "2021-06-10"),
}
FAKES = ["day", "median", "low", "high", "specs"]


def kept_question(key: str) -> Question:
    """Return one of the questions of the table by its key; raise `BookError` for an unknown one."""
    return spec_registry.question(key, KEPT)


def rows_of(question: Question, bench: Bench) -> pd.DataFrame:
    """Return every specification of a question with its estimate, as the table holds them."""
    found = results(question, bench)
    choices = [json.dumps(spec, ensure_ascii=False) for spec in found[list(question.choices)].to_dict("records")]
    return pd.DataFrame({"question": question.key, "choices": choices}).join(found[RESULTS])


def unfold(question: Question, table: pd.DataFrame) -> pd.DataFrame:
    """Return a question's rows of the table with one column a choice, as `results` gives them.

    Raises `BookError` where the table has no row of it, or a row that is none of its specifications.
    """
    rows = table[table["question"] == question.key]
    specs = [json.loads(cell) for cell in rows["choices"]]
    where, remedy = f"specifications, {question.key}", "run `malibook data specifications --write`"
    if not specs:
        raise BookError("the table has no row of this question", where=where, remedy=remedy)
    for spec in specs:
        if spec.keys() != question.choices.keys() or any(spec[name] not in question.choices[name] for name in spec):
            raise BookError(f"{spec} is none of its specifications", where=where, remedy=remedy)
    unfolded = pd.DataFrame(specs, columns=list(question.choices), dtype=object)
    return unfolded.assign(**{name: rows[name].to_numpy(float) for name in RESULTS}).astype({"n": int})


def placebo_options(key: str, window_months: int) -> Mapping[str, Sequence[Any]]:
    """Return the options that the curve of one question keeps at placebo dates, none with a longer window than given."""
    windows = tuple(w for w in (6, 12, 24) if w <= window_months)
    long = tuple(w for w in windows if w >= 12)
    if key == "neighbours":
        return {
            "window": long, "march": ("all months",), "model": tuple(spec_neighbours.MODELS), "estimate": ("best",),
        }  # fmt: skip
    options = {"window": windows, "march": (spec_steps.WITH_MARCH,), "season": (spec_steps.PLAIN,)}
    return options | ({"window": long} if key == "exit-surge" else {})


def fakes_of(question: Question, bench: Bench, window_months: int) -> pd.DataFrame:
    """Return the curve at every clean month: `day`, `median`, `low`, `high`, `specs`; no row for a question without them."""
    if question.key not in PLACEBO_SPANS:
        return pd.DataFrame(columns=FAKES)
    days = spec_placebo.clean_months(*PLACEBO_SPANS[question.key], window_months)
    return spec_placebo.at_dates(question, bench, days, placebo_options(question.key, window_months))
