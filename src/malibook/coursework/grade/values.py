"""Answers as plain data: written by the process that ran a student's code, read by the one that checks it.

A value is JSON; what JSON lacks is a pair [kind, content]. Classes, functions and everything else that could bring code
along have no form here, so that an answer whose `==` always says yes arrives as nothing, or as the number it is.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

DEEPEST = 8
MOST_ITEMS = 20_000
LONGEST_TEXT = 200_000
LONGEST_NUMBER = 10**300
MOST_ROWS = 5_000


class NotPlainError(ValueError):
    """A value that cannot be handed over: no plain data, or too much of it."""


def plain_form(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON data; raise `NotPlainError` where it is none of the kinds that answers have."""
    if depth > DEEPEST:
        raise NotPlainError("nested too deeply")
    if isinstance(value, np.generic):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else value.item()
    if value is None or value is pd.NaT or value is pd.NA or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    if isinstance(value, int):
        return _number(int.__add__(value, 0))  # the number it is, whatever its class says of it
    if isinstance(value, float):
        return float.__add__(value, 0.0)
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, dt.datetime):
        return ["time", pd.Timestamp(value).isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, pd.Period):
        return ["time", value.to_timestamp().isoformat()]
    return _container(value, depth)


def _container(value: Any, depth: int) -> Any:
    if isinstance(value, pd.DataFrame):
        if len(value) > MOST_ROWS or value.size > MOST_ITEMS:
            raise NotPlainError("a table of too many cells")
        return ["table", _text(value.to_csv(index=not isinstance(value.index, pd.RangeIndex)))]
    if isinstance(value, pd.Series):
        _few(value)
        pairs = zip(value.index.tolist(), value.tolist(), strict=True)
        return ["series", [[plain_form(k, depth + 1), plain_form(v, depth + 1)] for k, v in pairs]]
    if isinstance(value, np.ndarray | pd.Index):
        _few(value)
        value = value.tolist()
    if isinstance(value, Mapping):
        return ["dict", [[plain_form(k, depth + 1), plain_form(v, depth + 1)] for k, v in _few(value).items()]]
    for kind, python in (("list", list), ("tuple", tuple), ("set", set | frozenset)):
        if isinstance(value, python):
            return [kind, [plain_form(v, depth + 1) for v in _few(value)]]
    raise NotPlainError(f"a {type(value).__name__} is no number, text, date, list, dictionary or table")


def _few(value: Any) -> Any:
    if getattr(value, "size", 0) > MOST_ITEMS or len(value) > MOST_ITEMS:
        raise NotPlainError("too many items")
    return value


def _number(value: int) -> int:
    if abs(value) > LONGEST_NUMBER:
        raise NotPlainError("a number of too many digits")
    return value


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise NotPlainError("too long a text")
    return value.encode("utf-8", "replace").decode()


def from_plain(data: Any, depth: int = 0) -> Any:
    """Return the value that `plain_form` wrote; raise `NotPlainError` where the data is nothing it writes."""
    if depth > DEEPEST + 1:
        raise NotPlainError("nested too deeply")
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if not (isinstance(data, list) and len(data) == 2 and isinstance(data[0], str) and data[0] in _READERS):
        raise NotPlainError("not the form of a value")
    try:
        return _READERS[data[0]](data[1], depth + 1)
    except (TypeError, ValueError, pd.errors.ParserError) as error:
        raise NotPlainError(f"no {data[0]}: {type(error).__name__}") from None


def _items(data: Any, depth: int) -> list[Any]:
    return [from_plain(item, depth) for item in data]


def _pairs(data: Any, depth: int) -> list[tuple[Any, Any]]:
    return [(from_plain(key, depth), from_plain(value, depth)) for key, value in data]


def _series(data: Any, depth: int) -> pd.Series:
    pairs = _pairs(data, depth)
    return pd.Series([v for _, v in pairs], index=[k for k, _ in pairs])


_READERS: dict[str, Callable[[Any, int], Any]] = {
    "time": lambda data, _: pd.Timestamp(str(data)),
    "date": lambda data, _: dt.date.fromisoformat(data),
    "table": lambda data, _: pd.read_csv(io.StringIO(data)),
    "series": _series,
    "dict": lambda data, depth: dict(_pairs(data, depth)),
    "list": _items,
    "tuple": lambda data, depth: tuple(_items(data, depth)),
    "set": lambda data, depth: set(_items(data, depth)),
}
