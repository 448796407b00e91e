"""Parameters that a notebook alone has and the schema does not know: of their default's type, and known to its own code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from malibook.errors import BookError, shown


def _question(key: str) -> None:
    from malibook.analysis.spec_kept import kept_question  # takes a second to load, which no other run should wait for

    kept_question(key)


# By notebook and parameter: what raises `BookError`, in the notebook's own words, for a value that it would refuse.
REFUSALS: dict[tuple[str, str], Callable[[Any], None]] = {
    ("notebooks/sweeps/specification.ipynb", "question"): _question,
}


def own_value(notebook: str, name: str, value: Any, default: Any) -> Any:
    """Return a value that is of its default's type, a date as text, a whole number as any; raise `BookError` else."""
    value = value.isoformat() if isinstance(value, date) and isinstance(default, str) else value
    if type(value) is not type(default) and not (isinstance(default, float) and type(value) is int):
        kind = type(default).__name__
        raise BookError(f"{name}: {shown(value)} is not of type {kind}", where=notebook, remedy="give an allowed value")
    REFUSALS.get((notebook, name), lambda value: None)(value)
    return type(default)(value)
