"""What a chapter can serve of each parameter: the schema's values, or fewer where its tables hold less."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from malibook.errors import BookError, shown
from malibook.evidence import parameters
from malibook.evidence.room import lacking


@dataclass(frozen=True)
class Only:
    """What one chapter can serve of one parameter: some `values`, or from `least` to `most` (ISO days, whole numbers).

    With `after` (another parameter and a day) this binds only where that parameter is a later day.
    """

    values: tuple[str, ...] = ()
    least: str | int | None = None
    most: str | int | None = None
    why: str = ""
    after: tuple[str, str] | None = None


# By chapter: what it cannot serve, with the reason. A chapter or a parameter that is not named serves the whole schema.
SERVED: dict[str, dict[str, Only]] = {
    "01-french-intervention": {
        "start": Only(least="2010-01-01", most="2013-01-01", why="it tells the war from its beginning"),
        "end": Only(least="2023-12-31", why="it needs months after the exit of August 2022"),
        "estimate": Only(("best",), why="from 2025 on the tables hold the best estimate alone", after=("end", "2024-12-31")),
        "break_date": Only(least="2015-01-01", most="2022-12-31", why="it needs months on both sides of the date"),
        "window_months": Only(least=12, most=36, why="fewer months carry no trend, and more leave no placebo date"),
    },
    "02-wagner-arrival": {
        "start": Only(most="2018-01-01", why="it needs months before the arrival"),
        "end": Only(least="2023-06-30", why="it needs months after the arrival"),
        "break_date": Only(least="2018-06-01", most="2022-12-31", why="it needs months on both sides of the date"),
        "window_months": Only(least=12, why="fewer months, without March 2022, carry no comparison"),
    },
    "03-tinzaouatene": {
        "start": Only(most="2024-07-01", why="the battle lies in July 2024"),
        "end": Only(least="2024-08-31", why="the battle lies in July 2024"),
    },
    "04-withdrawal-aftermath": {
        "start": Only(least="2015-01-01", most="2021-01-01", why="its placebo dates lie between the start and the break"),
        "end": Only(least="2025-12-31", why="it asks what followed June 2025"),
        "break_date": Only(least="2023-01-01", most="2025-09-15", why="it needs months on both sides of the date"),
        "window_months": Only(most=8, why="from 2025 on there are no more months", after=("break_date", "2024-06-30")),
        "estimate": Only(
            ("best",), why="from 2025 on the tables hold the best estimate alone", after=("break_date", "2023-10-31")
        ),
    },
    "05-regional-comparison": {
        "start": Only(least="2005-01-01", most="2016-01-01", why="its series must begin before the wars of the neighbours"),
        "end": Only(least="2026-08-31", why="it shows the total of January to August 2026"),
        "break_date": Only(least="2019-03-01", most="2022-12-31", why="it needs months on both sides of the date"),
        "window_months": Only(least=12, most=36, why="fewer months carry no comparison, and more leave no placebo date"),
    },
    "06-robustness": {
        "end": Only(least="2026-08-31", why="its specifications use the total of January to August 2026"),
        "window_months": Only(least=12, most=36, why="shorter windows have no specification, longer ones no placebo date"),
    },
    "07-claims-on-trial": {
        "end": Only(least="2021-06-30", why="most of what its claims speak of came later than 2020"),
    },
}  # fmt: skip


def values_of(name: str, chapter: str = "") -> tuple[str, ...]:
    """Return the values that a parameter may take in a chapter (without one: in the schema); empty for a day or a number."""
    return SERVED.get(chapter, {}).get(name, Only()).values or parameters.values_of(name)


def limits_of(name: str, chapter: str = "") -> tuple[str, str]:
    """Return the first and the last value of a day or a number in a chapter (without one: in the schema), as text."""
    only, (least, most) = SERVED.get(chapter, {}).get(name, Only()), parameters.limits_of(name)
    return str(least if only.least is None else only.least), str(most if only.most is None else only.most)


def allowed(name: str, chapter: str = "") -> str:
    """Return in words what a parameter may be: `low, best, high`; `3 to 60`."""
    after = SERVED.get(chapter, {}).get(name, Only()).after
    rest = f"; {allowed(name)} where {after[0]} is at most {after[1]}" if after else ""
    return (", ".join(values_of(name, chapter)) or " to ".join(limits_of(name, chapter))) + rest


def check_served(chapter: str, values: Mapping[str, Any]) -> None:
    """Raise `BookError` for the first of these values, already allowed by the schema, that the chapter cannot serve.

    Where all are given, also for limits that together leave too few months around `break_date` (`room`).
    """
    for name, only in SERVED.get(chapter, {}).items():
        binds = only.after is None or str(values.get(only.after[0], "")) > only.after[1]
        if name in values and binds and not _serves(only, values[name]):
            raise _refusal(chapter, name, values[name], only)
    if few := lacking(chapter, values):
        given = ", ".join(f"{name} {values[name]}" for name in ("start", "end", "break_date", "window_months"))
        remedy = "choose another break_date, an earlier start, a later end or a smaller window_months"
        raise BookError(f"{given}: together these leave too little: {few}", where=_where(chapter), remedy=remedy)


def _serves(only: Only, value: Any) -> bool:
    if only.values:
        return str(value) in only.values
    number = isinstance(value, int)  # ISO days sort as text
    least, most = (mark if number or mark is None else str(mark) for mark in (only.least, only.most))
    given = value if number else str(value)
    return (least is None or given >= least) and (most is None or given <= most)


def _refusal(chapter: str, name: str, value: Any, only: Only) -> BookError:
    near = difflib.get_close_matches(str(value), only.values, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    reason = f": {only.why}" if only.why else ""
    what = f"{name}: this chapter cannot serve {shown(str(value))}{reason}"
    return BookError(what, where=_where(chapter), remedy=f"{hint}allowed here: {allowed(name, chapter)}")


def _where(chapter: str) -> str:
    return f"notebooks/{chapter}.ipynb"
