"""Specification curves: one question, every reasonable choice, and how many of the answers agree with the printed one.

After Simonsohn, Simmons and Nelson (2020). The specifications of a curve share most of their data, so that a share of them
is no probability and adds up to no test; `spec_placebo` says how the same curve looks where nothing happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from malibook.errors import BookError

Spec = Mapping[str, Any]
LAST = pd.Timestamp("2026-12-31")
RESULTS = ["value", "low", "high", "n"]


@dataclass(frozen=True)
class Estimate:
    """One answer: a value in the question's unit, its 95 % interval (missing where there is none), what it rests on."""

    value: float
    low: float = float("nan")
    high: float = float("nan")
    n: int = 0


@dataclass(frozen=True)
class Bench:
    """The tables that questions are asked of, as known on the day `end`, and what was derived from them in this run."""

    tables: Mapping[str, pd.DataFrame]
    end: pd.Timestamp = LAST
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return one table; raise `BookError` where it was not given."""
        if name not in self.tables:
            raise BookError(f"the table {name!r} is not on the bench", where="specifications", remedy=f"load({name!r})")
        return self.tables[name]

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Return what `make` makes, made once in a run for each key."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]


@dataclass(frozen=True)
class Agreement:
    """What counts as agreeing with a printed conclusion, in words and as three tests of an estimate.

    `direction` and `strength` say whether it agrees, `against` whether it clearly says the opposite. All take the estimate
    and the published one; a missing value agrees with nothing.
    """

    words: str
    strong_words: str
    direction: Callable[[Estimate, Estimate], bool]
    strength: Callable[[Estimate, Estimate], bool]
    against: Callable[[Estimate, Estimate], bool]


@dataclass(frozen=True)
class Question:
    """One headline conclusion and every reasonable way to reach it.

    `choices` maps each choice to its options; `allowed` refuses combinations that nobody would defend; `published` is the
    combination behind the printed figure, `chapter` and `number` say where that is printed. `distinct`: combinations that come to
    the same numbers count once, as where a choice of months touches none; not so for dates and counts, which may well agree. `estimator` gives the estimate of
    one combination, or missing where the data do not reach. `at_dates` (where the question has a date) gives the values of
    one combination at other dates.
    """

    key: str
    title: str
    claim: str
    chapter: str
    number: str
    unit: str
    published: Spec
    choices: Mapping[str, Sequence[Any]]
    estimator: Callable[[Bench, Spec], Estimate]
    agreement: Agreement
    tables: tuple[str, ...]
    causal: bool = False
    neutral: float = 1.0
    distinct: bool = True
    allowed: Callable[[Spec], bool] = lambda spec: True
    at_dates: Callable[[Bench, Spec, Sequence[Any]], np.ndarray] | None = None


def grid(choices: Mapping[str, Sequence[Any]], allowed: Callable[[Spec], bool] = lambda spec: True) -> pd.DataFrame:
    """Return every combination of the options that is allowed, one row each, one column a choice."""
    rows = [dict(zip(choices, options, strict=True)) for options in product(*choices.values())]
    return pd.DataFrame([row for row in rows if allowed(row)], columns=list(choices), dtype=object)


def estimate(question: Question, spec: Spec, bench: Bench) -> Estimate:
    """Return the estimate of one combination; raise `BookError` for a choice or an option that the question lacks."""
    for name, options in question.choices.items():
        if name not in spec or spec[name] not in options:
            known = ", ".join(map(str, options))
            what = f"{question.key} has no option {spec.get(name)!r} of {name!r}"
            raise BookError(what, where="specifications", remedy=f"choose one of: {known}")
    return question.estimator(bench, spec)


def results(question: Question, bench: Bench) -> pd.DataFrame:
    """Return every allowed combination with its estimate: the choices, `value`, `low`, `high`, `n`.

    Combinations that the data do not reach (`n` of nought) are left out, and where the question asks for `distinct` ones, of several
    that come to the same numbers only one stays, the published one before others. Raises `BookError` where nothing is left.
    """
    specs = grid(question.choices, question.allowed)
    found = [estimate(question, spec, bench) for spec in specs.to_dict("records")]
    table = specs.assign(**{name: [getattr(e, name) for e in found] for name in RESULTS})
    table = table[table["n"] > 0]
    if table.empty:
        raise BookError(
            f"no specification of {question.key!r} can be run", where="specifications", remedy="let end be later"
        )
    if not question.distinct:
        return table.reset_index(drop=True)
    table = table.assign(_other=~_is(table, question.published)).sort_values("_other", kind="stable")
    same = table[RESULTS].astype(float).round(10).duplicated()
    return table[~same].drop(columns="_other").sort_index().reset_index(drop=True)


def curve(question: Question, bench: Bench | None = None, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the specification curve: `results`, sorted by value, with what agrees.

    Added columns: `published` (the printed combination), `direction`, `strength`, `against`. `table` gives results computed
    elsewhere, such as by a sweep: the choices, `value`, `low`, `high`, `n` and, where it holds several questions, `question`.
    Raises `BookError` where the published combination is not among them.
    """
    rows = _given(question, table) if table is not None else results(question, bench or Bench({}))
    rows = rows.assign(published=_is(rows, question.published))
    if rows["published"].sum() != 1:
        what = f"the published specification of {question.key!r} is not among the results"
        raise BookError(what, where="specifications", remedy="let end be later, or compute the table again")
    every = [Estimate(*values) for values in rows[RESULTS].itertuples(index=False, name=None)]
    printed = every[int(rows["published"].to_numpy().argmax())]
    for name in ("direction", "strength", "against"):
        test = getattr(question.agreement, name)
        rows[name] = [bool(test(e, printed)) for e in every]
    return rows.sort_values("value", kind="stable", na_position="last", ignore_index=True)


def _given(question: Question, table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table["question"] == question.key] if "question" in table else table
    missing = [c for c in [*question.choices, *RESULTS] if c not in rows]
    if missing or rows.empty:
        what = f"lacks the column {missing[0]!r}" if missing else f"has no row of {question.key!r}"
        raise BookError(f"the table of results {what}", where="specifications", remedy="compute it with results()")
    return rows[[*question.choices, *RESULTS]].reset_index(drop=True)


def _is(rows: pd.DataFrame, spec: Spec) -> pd.Series:
    """Return which rows are one combination."""
    return pd.concat([rows[name] == option for name, option in spec.items()], axis=1).all(axis=1)
