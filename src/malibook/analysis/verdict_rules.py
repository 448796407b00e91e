"""The four verdicts, and the bands by which a measured value becomes one of them.

One margin rules all bands: a quarter. A claim that something rose is supported where it rose by a quarter or more,
contradicted where it did not rise, contested in between. A cause needs more than sequence: where data can show no
more than that its premise holds, `premise_only` makes a supported premise a contested claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from malibook.analysis.forecasts import CAME_TRUE, DID_NOT, OPEN, PARTLY
from malibook.errors import BookError

SUPPORTED, CONTESTED, CONTRADICTED, UNTESTABLE = "supported", "contested", "contradicted", "untestable"
VERDICTS = (SUPPORTED, CONTESTED, CONTRADICTED, UNTESTABLE)
MARGIN, FIGURE_MARGIN, MONTHS = 0.25, 0.1, 5
OF_SCORE = {CAME_TRUE: SUPPORTED, PARTLY: CONTESTED, DID_NOT: CONTRADICTED, OPEN: UNTESTABLE}


@dataclass(frozen=True)
class Finding:
    """What a test found: a verdict, and by name the values (numbers, days) that the reason quotes.

    `room` says, where one number decides, how far it lies beyond the line between contested and supported: 1 on the
    line, 2 twice as far from nothing, missing where dates or several parts decide.
    """

    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)
    room: float = float("nan")


@dataclass(frozen=True)
class Bench:
    """What a test works with: the tables by name, as known on the day `end`, the margin, and the months compared around
    Wagner's exit."""

    tables: Mapping[str, pd.DataFrame]
    margin: float = MARGIN
    months: int = MONTHS
    end: pd.Timestamp = pd.Timestamp.max

    def table(self, name: str) -> pd.DataFrame:
        """Return one table; raise `BookError` where it was not given."""
        if name not in self.tables:
            raise BookError(f"the table {name!r} is not on the bench", where="verdicts", remedy=f"load({name!r})")
        return self.tables[name]

    def need_until(self, day: object) -> None:
        """Raise `BookError` where the tables end before a day up to which something must be counted."""
        if pd.Timestamp(day) > self.end:
            raise BookError(f"nothing is known up to {day}", where="verdicts", remedy="move `end` later")


def of_rise(before: float, after: float, margin: float = MARGIN) -> str:
    """Return the verdict on "it rose": by the margin or more, less, or not at all."""
    if after <= before:
        return CONTRADICTED
    return SUPPORTED if after >= before * (1 + margin) else CONTESTED


def of_fall(before: float, after: float, margin: float = MARGIN) -> str:
    """Return the verdict on "it fell", the mirror image of `of_rise`."""
    return of_rise(after, before, margin)


def of_least(value: float, bar: float, margin: float = MARGIN) -> str:
    """Return the verdict on "at least": the bar is met, missed by no more than the margin, or missed."""
    if value >= bar:
        return SUPPORTED
    return CONTESTED if value * (1 + margin) >= bar else CONTRADICTED


def of_most(value: float, bar: float, soft: float) -> str:
    """Return the verdict on "at most": up to `bar`, up to `soft`, or more."""
    if value <= bar:
        return SUPPORTED
    return CONTESTED if value <= soft else CONTRADICTED


def of_figure(stated: float, found: float, margin: float = MARGIN) -> str:
    """Return the verdict on a stated figure: within a tenth of what was found, within the margin, or beyond."""
    off = abs(found - stated)
    if off <= FIGURE_MARGIN * stated:
        return SUPPORTED
    return CONTESTED if off <= margin * stated else CONTRADICTED


def of_parts(verdicts: Iterable[str]) -> str:
    """Return the verdict on a claim of several parts: theirs where they agree, contradicted where none is supported
    and one is contradicted, untestable where none can be tested, contested otherwise."""
    found = set(verdicts)
    if len(found) == 1:
        return found.pop()
    if CONTRADICTED in found and SUPPORTED not in found:
        return CONTRADICTED
    return CONTESTED


def premise_only(verdict: str) -> str:
    """Return the verdict on a cause of which only the premise was tested: at most contested."""
    return CONTESTED if verdict == SUPPORTED else verdict
