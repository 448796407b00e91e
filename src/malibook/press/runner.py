"""Run chapters side by side, their parameters checked before any kernel starts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill

from malibook.errors import BookError
from malibook.evidence import Parameters, check_served, unknown_parameter
from malibook.press.execute import CELL_SECONDS, execute
from malibook.press.imports import literal
from malibook.press.notebooks import path_of
from malibook.press.processes import end_all
from malibook.press.warm.engine import watch


@dataclass(frozen=True)
class RunResult:
    """One run of one chapter: where the executed notebook lies, its seconds, and what went wrong, if anything."""

    chapter: str
    output: Path
    seconds: float
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Return whether the run succeeded."""
        return not self.problem


def check_parameters(chapter: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the given parameters, checked against the chapter's parameters cell and the one schema.

    Raises `BookError` for a name the chapter does not have, for a value that is not allowed and for one that the chapter
    cannot serve.
    """
    declared = papermill.inspect_notebook(str(path_of(chapter)))
    for name in given:
        if name not in declared:
            raise unknown_parameter(name, list(declared), where=f"notebooks/{chapter}.ipynb")
    defaults = {name: literal(info["default"]) for name, info in declared.items()}
    checked = Parameters(**(defaults | given)).model_dump(mode="json")
    check_served(chapter, {name: checked[name] for name in declared})
    return {name: checked[name] for name in given}


def run(chapter: str, output: Path, parameters: dict[str, Any] | None = None, seconds: int = CELL_SECONDS) -> RunResult:
    """Run one chapter with papermill in a kernel of its own and write the executed notebook to `output`.

    A failed run leaves no `output`; what papermill got to lies beside it as `NAME.failed.ipynb`.
    """
    given = check_parameters(chapter, parameters or {})
    started, problem = time.monotonic(), ""
    try:
        execute(path_of(chapter), output, given, seconds)
    except BookError as error:
        problem = str(error)
    return RunResult(chapter, output, time.monotonic() - started, problem)


def run_all(
    names: Iterable[str],
    folder: Path,
    report: Callable[[RunResult], None],
    *,
    parameters: dict[str, Any] | None = None,
    by_chapter: Mapping[str, dict[str, Any]] | None = None,
    jobs: int = 0,
    seconds: int = CELL_SECONDS,
    tell: Callable[[str, int, int], None] | None = None,
) -> list[RunResult]:
    """Run chapters side by side, at most `jobs` at a time (0: as many as there are cores); report each as it ends.

    Every chapter takes `parameters`, each its own of `by_chapter` before them.
    `tell` hears of each cell as it starts: chapter, number, how many. An interruption ends every kernel at once.
    """
    names = list(names)
    given = {name: (parameters or {}) | (by_chapter or {}).get(name, {}) for name in names}
    for name in names:  # every refusal comes before the first kernel
        check_parameters(name, given[name])

    def one(name: str) -> RunResult:
        if tell is not None:
            watch.set(lambda cell, cells: tell(name, cell, cells))
        result = run(name, folder / f"{name}.ipynb", given[name], seconds)
        report(result)
        return result

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(one, name) for name in names]
        try:
            return [future.result() for future in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()  # the threads end with their kernels
            raise
