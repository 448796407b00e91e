"""Every verdict by data would be another if the evidence that it names said something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

import pandas as pd
import pytest
from pandas.api import types

from malibook.analysis.verdict_evidence import bench_at, references, rows_of
from malibook.analysis.verdict_rules import UNTESTABLE, Bench
from malibook.analysis.verdicts import decide
from malibook.errors import BookError
from malibook.evidence import load, resources

CUT_OFF = "2026-10-07"
TIMES = ("quarter", "month", "date", "year")
KEPT = {"lat", "lon", "conflict_id", "months", *TIMES}
ROWS = load("verdicts").query("by == 'data'")


@pytest.fixture(scope="module")
def bench() -> Bench:
    return bench_at({name: load(name) for name, resource in resources().items() if resource.fields}, CUT_OFF)


def changed(frame: pd.DataFrame, chosen: pd.Series) -> Iterator[pd.DataFrame]:
    """Yield the table with its chosen rows gone, their numbers large, small or in reverse, their days moved."""
    yield frame[~chosen]
    numbers = [c for c in frame if types.is_numeric_dtype(frame[c]) and c not in KEPT]
    values = frame[numbers].astype(float)
    for other in (values * 1000, values * 0, values.iloc[::-1].set_axis(values.index)):
        yield frame.assign(**values.where(~chosen, other).to_dict("series"))
    if "date" in frame:
        for years in (-30, 30):
            yield frame.assign(date=frame["date"].where(~chosen, frame["date"] + pd.DateOffset(years=years)))
    if "standing" in frame:
        yield frame.assign(standing=frame["standing"].where(~chosen, "unresolved"))


def pieces(frame: pd.DataFrame, rows: pd.Series) -> Iterator[pd.Series]:
    """Yield some rows together, one by one where they are few, else those from each of some days on."""
    yield rows
    if rows.sum() <= 12:
        yield from (pd.Series(frame.index == label, index=frame.index) for label in frame.index[rows])
        return
    time = next((t for t in TIMES if t in frame), None)
    days = sorted(frame.loc[rows, time].dropna().unique()) if time else []
    yield from (rows & (frame[time] > day) for day in days[:: max(len(days) // 24, 1)])


def named(evidence: str, bench: Bench) -> Iterator[tuple[str, pd.Series]]:
    """Yield each table that the evidence names, with the rows that it names there."""
    for table, refs in groupby(sorted(references(evidence)), key=itemgetter(0)):
        frame, keys = bench.tables[table], [key for _, key in refs]
        rows = frame.index if "" in keys else [i for key in keys for i in rows_of(table, key, frame).index]
        yield table, pd.Series(frame.index.isin(rows), index=frame.index)


def turned(row: pd.Series, bench: Bench) -> set[str]:
    """Return the verdicts that a test reaches when one piece of its evidence is changed."""
    found = set()
    for table, rows in named(row["evidence"], bench):
        frame = bench.tables[table]
        for other in (other for piece in pieces(frame, rows) for other in changed(frame, piece)):
            try:
                found.add(decide(row["test"], replace(bench, tables={**bench.tables, table: other})).verdict)
            except BookError:
                continue
            if found - {row["verdict"], UNTESTABLE}:
                return found
    return found


@pytest.mark.parametrize("claim", ROWS["press_claim"])
def test_a_changed_number_or_day_turns_the_verdict(claim, bench):
    row = ROWS.set_index("press_claim").loc[claim]
    assert decide(row["test"], bench).verdict == row["verdict"]
    assert turned(row, bench) - {row["verdict"]}, f"{row['test']} does not look at {row['evidence']}"
