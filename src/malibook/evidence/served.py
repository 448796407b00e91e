"""What a chapter can serve of each parameter: the schema's values, or fewer where its tables hold less."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from annotated_types import Ge, Le

from malibook.errors import BookError, shown
from malibook.evidence.held import countries
from malibook.evidence.parameters import Parameters


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
    "04-withdrawal-aftermath": {
        "estimate": Only(
            ("best",), why="from 2025 on the tables hold the best estimate alone", after=("break_date", "2023-10-31")
        ),
    },
    "05-regional-comparison": {
        "start": Only(most="2016-01-01", why="its series must begin before the wars of the neighbours"),
        "end": Only(least="2025-12-31", why="it compares the countries in 2025"),
    },
}  # fmt: skip


def values_of(name: str, chapter: str = "") -> tuple[str, ...]:
    """Return the values that a parameter may take in a chapter (without one: in the schema); empty for a day or a number."""
    if name == "country":
        return countries()
    only = SERVED.get(chapter, {}).get(name, Only())
    return only.values or tuple(map(str, get_args(Parameters.model_fields[name].annotation)))


def limits_of(name: str, chapter: str = "") -> tuple[str, str]:
    """Return the first and the last value of a day or a number in a chapter (without one: in the schema), as text."""
    only = SERVED.get(chapter, {}).get(name, Only())
    marks = Parameters.model_fields[name].metadata
    least = only.least if only.least is not None else next((m.ge for m in marks if isinstance(m, Ge)), "")
    most = only.most if only.most is not None else next((m.le for m in marks if isinstance(m, Le)), "")
    return str(least), str(most)


def allowed(name: str, chapter: str = "") -> str:
    """Return in words what a parameter may be: `low, best, high`; `3 to 60`."""
    after = SERVED.get(chapter, {}).get(name, Only()).after
    rest = f"; {allowed(name)} where {after[0]} is at most {after[1]}" if after else ""
    return (", ".join(values_of(name, chapter)) or " to ".join(limits_of(name, chapter))) + rest


def check_served(chapter: str, values: Mapping[str, Any]) -> None:
    """Raise `BookError` for the first of these values, already allowed by the schema, that the chapter cannot serve."""
    for name, only in SERVED.get(chapter, {}).items():
        binds = only.after is None or str(values.get(only.after[0], "")) > only.after[1]
        if name in values and binds and not _serves(only, values[name]):
            raise _refusal(chapter, name, values[name], only)


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
    return BookError(what, where=f"notebooks/{chapter}.ipynb", remedy=f"{hint}allowed here: {allowed(name, chapter)}")
