"""Do the runs of a sweep that are not kept yet, side by side, and gather the numbers of all in one Parquet table."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.press.ledger import read_ledger
from malibook.press.notebooks import read
from malibook.press.processes import end_all
from malibook.press.runner import run
from malibook.press.swap import write_whole
from malibook.press.sweep.plan import Run


def do(runs: list[Run], folder: Path, report: Callable[[Run, str], None], jobs: int = 0) -> dict[str, str]:
    """Do each run that `folder` does not hold, record it as soon as it ends; return problems by run key.

    `report` hears of each run as it ends, with its problem or an empty text. An interruption ends all kernels.
    """
    missing = [r for r in runs if not (folder / f"{r.key}.json").is_file()]

    def one(task: Run) -> tuple[str, str]:
        problem = _one(task, folder)
        report(task, problem)
        return task.key, problem

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(one, task) for task in missing]
        try:
            return {key: problem for key, problem in (w.result() for w in waiting) if problem}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


def _one(task: Run, folder: Path) -> str:
    output = folder / f"{task.key}.ipynb"
    result = run(task.notebook, output, task.parameters)
    if not result.ok:
        return result.problem
    try:
        numbers = [e for e in read_ledger(read(output), task.notebook).exhibits if e["kind"] == "number"]
    except BookError as error:
        return str(error)
    finally:
        output.unlink(missing_ok=True)
    write_whole(folder / f"{task.key}.json", json.dumps(numbers, sort_keys=True, ensure_ascii=False))
    return ""


def table(runs: list[Run], problems: dict[str, str], folder: Path, wanted: list[str] | None = None) -> pd.DataFrame:
    """Return the long table: one row a number of each run, one row (state `failed`) for a run that failed."""
    rows = []
    for task in runs:
        base = {"run": task.key, "notebook": task.notebook} | task.parameters
        if task.key in problems:
            rows.append(base | {"number": "", "state": "failed", "cause": problems[task.key]})
            continue
        numbers = json.loads((folder / f"{task.key}.json").read_text(encoding="utf-8"))
        rows += [base | _cells(n) for n in numbers if wanted is None or n["key"] in wanted]
    columns = ["text", "value", "low", "high", "unit", "state", "cause"]
    frame = pd.DataFrame(rows)
    return frame.reindex(columns=[*[c for c in frame if c not in columns], *columns])


def _cells(number: dict[str, Any]) -> dict[str, Any]:
    value, out = number["value"], {"number": number["key"], "text": number["text"], "unit": number["unit"]}
    if isinstance(value, list):
        out |= dict(zip(("low", "high"), (v if isinstance(v, int | float) else None for v in value), strict=True))
    elif isinstance(value, int | float):
        out["value"] = float(value)
    return out | {"state": "good", "cause": ""}


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write the table as Parquet, its rows in the order given."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    typed = frame.astype({c: "float64" for c in ("value", "low", "high")})
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.from_df(typed).write_parquet(str(aside))
    aside.replace(path)
