"""Read `sweeps.toml` and refuse whatever in it is not of the form that a sweep has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

from malibook.errors import BookError, shown
from malibook.evidence import root

FILE = "sweeps.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


def _simple(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _lists(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(values, list) and values and all(map(_simple, values)) for values in value.values()
    )


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, dict) and all(map(_simple, v.values())) for v in value)


FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_text, 'title = "…"'),
    "notebooks": (_texts, 'notebooks = ["06-robustness"]'),
    "grid": (_lists, "grid = { window_months = [12, 24] }"),
    "runs": (_tables, 'runs = [{ estimate = "high" }]'),
    "numbers": (_texts, 'numbers = ["peak"]; without it the table holds all'),
}


def sweeps() -> dict[str, dict[str, Any]]:
    """Return all sweeps by name; raises `BookError` where the file cannot be read, or naming what in it is wrong."""
    try:
        found = tomllib.loads((root() / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BookError(f"cannot be read: {error}", where=FILE, remedy="write [name] tables in TOML") from None
    for name, sweep in found.items():
        check(name, sweep)
    return found


def check(name: str, sweep: Any) -> None:
    """Raise `BookError` naming sweep, field and value where one is not of the right form."""
    if not isinstance(sweep, dict):
        raise BookError(f"{shown(name)} stands outside any sweep", where=FILE, remedy="put it below a [name]")
    if not NAME.fullmatch(name):
        raise BookError(f"{shown(name)} is no name of a sweep", where=FILE, remedy="small letters, digits, hyphens")
    where = f"{FILE}, {name}"
    if wrong := sorted(sweep.keys() - FIELDS.keys()):
        raise BookError(f"has no field {shown(wrong[0])}", where=where, remedy=f"known: {', '.join(FIELDS)}")
    for field, value in sweep.items():
        fits, example = FIELDS[field]
        if not fits(value):
            raise BookError(f"cannot be {shown(value)}", where=f"{where}, {field}", remedy=f"write {example}")
    if "notebooks" not in sweep:
        raise BookError("names no notebooks", where=where, remedy=f"write {FIELDS['notebooks'][1]}")
