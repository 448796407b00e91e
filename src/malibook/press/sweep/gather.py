"""Gather the kept runs of a sweep in one Parquet table: one row a number of each run, one a failed run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from malibook.press.sweep.plan import Run, unknown_number
from malibook.press.sweep.store import Store

BATCH = 500  # runs in memory at a time: a table of 100,000 runs has millions of rows
FIRST, LAST = ("run", "notebook"), ("number", "text", "value", "low", "high", "unit", "state", "cause")
NUMERIC = ("value", "low", "high")
DAMAGED = "its record was damaged and is removed: run the same command again"


def write_table(
    runs: list[Run], problems: dict[str, str], store: Store, name: str, wanted: list[str] | None = None
) -> str:
    """Write `NAME.parquet` to the store and return where it lies; `problems` (by run key) gains damaged records.

    Rows stand in the order of the runs, so the table does not depend on who finished first. Columns: run, notebook, every
    parameter, number, text, value, low, high, unit, state (`good`, `failed`), cause. `wanted` leaves out other numbers.
    Raises `BookError`, and writes nothing, where all runs went well and none of them binds a number that is wanted.
    """
    types, bound = columns(runs), set[str]()
    with tempfile.TemporaryDirectory(prefix="malibook-table-") as folder:
        path = Path(folder) / "table.parquet"
        with duckdb.connect(str(Path(folder) / "rows.db"), config={"threads": 1}) as base:
            base.execute(f"CREATE TABLE t ({', '.join(f'{_quoted(c)} {kind}' for c, kind in types.items())})")
            for rows in _rows(runs, problems, store, wanted, bound):
                frame = pd.DataFrame(rows, columns=list(types), dtype=object)
                base.register("batch", frame.astype({c: "float64" for c in NUMERIC}))
                base.execute(
                    "INSERT INTO t SELECT "
                    + ", ".join(f"CAST({_quoted(c)} AS {types[c]})" for c in types)
                    + " FROM batch"
                )
            for key in () if problems else [key for key in wanted or [] if key not in bound]:
                raise unknown_number(name, key, bound)
            base.execute("COPY t TO $path (FORMAT parquet)", {"path": str(path)})
        return store.put_file(path, f"{name}.parquet")


def columns(runs: list[Run]) -> dict[str, str]:
    """Return the table's columns with their types; parameters stand between run and number, in the notebooks' order."""
    values: dict[str, list[Any]] = {}
    for task in runs:
        for name, value in task.parameters.items():
            values.setdefault(name, []).append(value)
    fixed = {name: "DOUBLE" if name in NUMERIC else "VARCHAR" for name in LAST}
    return dict.fromkeys(FIRST, "VARCHAR") | {name: _type(all_) for name, all_ in values.items()} | fixed


def _type(values: list[Any]) -> str:
    kinds = {type(v) for v in values if v is not None}
    if kinds == {bool}:
        return "BOOLEAN"
    if kinds == {int}:
        return "BIGINT"
    return "DOUBLE" if kinds and kinds <= {int, float} else "VARCHAR"


def _rows(
    runs: list[Run], problems: dict[str, str], store: Store, wanted: list[str] | None, bound: set[str]
) -> Iterator[list[dict]]:
    """Yield the rows of the table batch by batch; `bound` gains the key of each number that a run binds."""
    rest = iter(runs)
    while some := list(islice(rest, BATCH)):
        records = store.get(task.key for task in some if task.key not in problems)
        for key in (key for key, record in records.items() if record is None):
            store.drop(key)
            problems[key] = DAMAGED
        bound.update(number["key"] for record in records.values() if record for number in record["numbers"])
        yield [row for task in some for row in _of_run(task, problems.get(task.key), records.get(task.key), wanted)]


def _of_run(task: Run, problem: str | None, record: dict[str, Any] | None, wanted: list[str] | None) -> list[dict]:
    base = {"run": task.key, "notebook": task.notebook} | task.parameters
    if record is None:
        return [base | {"number": "", "state": "failed", "cause": problem}]
    rows = [base | _cells(n) for n in record["numbers"] if wanted is None or n["key"] in wanted]
    return rows or [base | {"number": "", "state": "good", "cause": ""}]  # no run is missing from the table


def _cells(number: dict[str, Any]) -> dict[str, Any]:
    value, out = number["value"], {"number": number["key"], "text": number["text"], "unit": number["unit"]}
    if isinstance(value, list):
        out |= dict(zip(("low", "high"), (v if isinstance(v, int | float) else None for v in value), strict=True))
    elif isinstance(value, int | float):
        out["value"] = float(value)
    return out | {"state": "good", "cause": ""}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
