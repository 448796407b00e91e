"""What the tables hold of one country beside another: the evidence that an edition lacks, counted from the data."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from malibook.evidence import forget_opened, load, resources

COLUMN = "iso3"
DATES = ("month", "date", "start", "year")


@dataclass(frozen=True)
class Held:
    """How many rows of one table are about each of two countries, and the span that they cover; `None`: no such column."""

    table: str
    title: str
    rows: tuple[int, int]
    spans: tuple[str, str]


def held(home: str, country: str) -> list[Held]:
    """Return, for each table that tells countries apart, what it holds of `home` and of `country`."""
    out = []
    for name, resource in resources().items():
        if COLUMN in {field.name for field in resource.fields}:
            table = load(name)
            parts = [table[table[COLUMN] == code] for code in (home, country)]
            rows, spans = tuple(len(part) for part in parts), tuple(_span(part) for part in parts)
            out.append(Held(name, resource.title, (rows[0], rows[1]), (spans[0], spans[1])))
    forget_opened()
    return out


def without_country() -> list[str]:
    """Return the tables that do not tell countries apart, in order: what this book collected, nearly all of it on Mali."""
    return [
        name
        for name, resource in resources().items()
        if resource.fields and COLUMN not in {f.name for f in resource.fields}
    ]


def missing(home: str, country: str) -> list[str]:
    """Return one sentence for each table that has rows of `home` and none of `country`."""
    return [f"{h.table}: {h.title}" for h in held(home, country) if h.rows[0] and not h.rows[1]]


def _span(part: pd.DataFrame) -> str:
    column = next((name for name in DATES if name in part), None)
    values = part[column].dropna() if column else []
    if not len(values):
        return ""
    ends = part["end"].dropna() if "end" in part else values
    first, last = ((v.strftime("%Y-%m") if isinstance(v, pd.Timestamp) else str(v)) for v in (values.min(), ends.max()))
    return first if first == last else f"{first} to {last}"
