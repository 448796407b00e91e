"""The same curve where nothing happened: how a question's median stands among the medians at placebo dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from malibook.analysis.specifications import Bench, Question, grid
from malibook.errors import BookError

FEWEST = 12


@dataclass(frozen=True)
class Standing:
    """A curve's median at its date beside the medians of the same curve at `dates` placebo dates.

    `low` and `high` hold the middle 90 per cent of the placebo medians; `share` is the part of them at least as far from 1, up or
    down; `share_up` the part at least as large. Neighbouring dates share nearly all months: a description, not a p-value.
    """

    median: float
    low: float
    high: float
    share: float
    share_up: float
    dates: int


def at_dates(
    question: Question, bench: Bench, days: Sequence[Any], choices: Mapping[str, Sequence[Any]] | None = None
) -> pd.DataFrame:
    """Return the curve at each of several days, the choice of the day apart: `day`, `median`, `low`, `high`, `specs`.

    `low` and `high` hold the middle 80 per cent of the specifications. `choices` replaces options, such as windows that would reach
    the tested date. Raises `BookError` for a question without a date.
    """
    if question.at_dates is None:
        raise BookError(f"{question.key!r} has no date", where="spec_placebo", remedy="choose a question with at_dates")
    options = {**question.choices, **(choices or {})}
    options["day"] = [question.published["day"]]
    specs = grid(options, question.allowed).to_dict("records")
    values = np.vstack([question.at_dates(bench, spec, days) for spec in specs])
    table = pd.DataFrame(values, columns=pd.DatetimeIndex(days)).drop_duplicates()
    found = pd.DataFrame(
        {"median": table.median(), "low": table.quantile(0.1), "high": table.quantile(0.9), "specs": table.count()}
    )
    return found.rename_axis("day").reset_index()


def standing(real: float, placebos: pd.Series) -> Standing:
    """Return how one median stands among those at placebo dates; raise `BookError` where fewer than twelve are known."""
    known = placebos.dropna()
    if len(known) < FEWEST:
        what = f"only {len(known)} placebo dates have the windows they need"
        raise BookError(what, where="spec_placebo", remedy="choose shorter windows or an earlier first date")
    low, high = known.quantile([0.05, 0.95])
    far = np.abs(np.log(known)) >= abs(np.log(real))
    return Standing(real, float(low), float(high), float(far.mean()), float((known >= real).mean()), len(known))


def clean_months(first: object, tested: object, window: int) -> pd.DatetimeIndex:
    """Return the first days of the months from `first` on whose `window` months after end before the month of `tested`."""
    last = pd.Timestamp(tested).replace(day=1) - pd.DateOffset(months=window + 1)
    return pd.date_range(first, last, freq="MS")
