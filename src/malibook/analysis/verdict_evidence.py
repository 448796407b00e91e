"""What a verdict rests on: references to rows of our tables, and what those tables held on a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from malibook.analysis.verdict_rules import MONTHS, Bench
from malibook.evidence import describe, key_of, split_list

# The first of these columns that a table has says to when a row reaches: a date, or so many months from its first day.
REACH = (("quarter", 3), ("month", 1), ("date", 0), ("end", 0), ("year", 12))


def bench_at(tables: Mapping[str, pd.DataFrame], end: object, months: int = MONTHS) -> Bench:
    """Return the bench for tests on what was known on a day."""
    return Bench(known_by(tables, end), months=months, end=pd.Timestamp(end))


def known_by(tables: Mapping[str, pd.DataFrame], end: object) -> dict[str, pd.DataFrame]:
    """Return the tables as known on a day: rows for a year, quarter, month or day that ends later are left out."""
    return {name: _known(frame, pd.Timestamp(end)) for name, frame in tables.items()}


def _known(frame: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    for column, months in REACH:
        if column not in frame:
            continue
        first = frame[column]
        if column == "year":
            first = pd.to_datetime(first.astype("Int64").astype("str"), format="%Y", errors="coerce")
        if pd.api.types.is_datetime64_any_dtype(first):
            last = first + pd.DateOffset(months=months) - pd.Timedelta(days=1) if months else first
            return frame[~(last > end)]
    return frame


def references(evidence: Any) -> list[tuple[str, str]]:
    """Return references (`events:2024-07-25-tinzaouatene`, or a table alone) as pairs of table and key."""
    return [tuple(f"{ref}:".split(":")[:2]) for ref in split_list(evidence)]


def unresolved(evidence: Any, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the references that name no row: a key must be a row's key or its first parts, down to a slash."""
    out = []
    for table, key in references(evidence):
        if table not in tables or tables[table].empty or (key and rows_of(table, key, tables[table]).empty):
            out.append(f"{table}:{key}")
    return out


def rows_of(table: str, key: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table whose key is `key`, or begins with it and a slash."""
    keys = frame.apply(key_of, axis=1, resource=describe(table)) if len(frame) else pd.Series(dtype=str)
    return frame[(keys == key) | keys.str.startswith(f"{key}/")]


def days_of(evidence: Any, bench: Bench) -> list[pd.Timestamp]:
    """Return the days of the referenced rows that carry a `date`, from the tables on the bench.

    A row that the bench lacks, because it was cut at a day, counts as later than any day.
    """
    out = []
    for table, key in references(evidence):
        if not key or table not in bench.tables or "date" not in bench.tables[table] or table == "sources":
            continue
        dates = bench.tables[table].loc[bench.tables[table]["id"] == key, "date"]
        out.append(pd.Timestamp(dates.iloc[0]) if len(dates) else pd.Timestamp.max)
    return out
