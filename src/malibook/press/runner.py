"""Run chapters side by side, their parameters checked before any kernel starts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import papermill

from malibook.errors import BookError
from malibook.evidence import Parameters, check_served, unknown_parameter
from malibook.press.execute import CELL_SECONDS, execute
from malibook.press.imports import literal
from malibook.press.notebooks import SUFFIX, language, path_of, read, shown_path
from malibook.press.own import own_value
from malibook.press.processes import side_by_side, waited
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
    """Return the given parameters, checked against the notebook's parameters cell and the one schema.

    Raises `BookError` for a name the notebook does not have, for a value that is not allowed and for one that the chapter
    cannot serve.
    """
    checked = all_parameters(chapter, given)
    return {name: checked[name] for name in given}


def all_parameters(chapter: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return all parameters of a notebook, the given ones checked, its defaults for the others; dates as ISO text.

    A notebook that is no chapter may have parameters that the schema does not know: `own_value` says what these may be.
    Raises `BookError` as `check_parameters` does.
    """
    path = path_of(chapter)
    values = dict(_declared(path, path.stat().st_mtime_ns if path.is_file() else 0))
    for name in given:
        if name not in values:
            raise unknown_parameter(name, list(values), where=shown_path(chapter))
    own = {} if not chapter.endswith(SUFFIX) else {n: values[n] for n in values if n not in Parameters.model_fields}
    for name in own.keys() & given.keys():
        own[name] = own_value(shown_path(chapter), name, given[name], own[name])
    values |= given
    checked = Parameters(**{n: v for n, v in values.items() if n not in own}).model_dump(mode="json") | own
    if not chapter.endswith(SUFFIX):
        check_served(chapter, {name: checked[name] for name in values})
    return {name: checked[name] for name in values}


@lru_cache(maxsize=64)
def _declared(path: Path, stamp: int) -> dict[str, Any]:
    """Return a notebook's parameters with their defaults; a sweep asks a hundred thousand times."""
    if not language(read(path)):
        raise BookError("does not say that it is Python", where=f"notebooks/{path.name}", remedy="malibook tidy")
    return {name: literal(info["default"]) for name, info in papermill.inspect_notebook(str(path)).items()}


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


def lanes(jobs: int) -> int:
    """Return how many chapters run side by side: `jobs`, or without it one a core and two more.

    While one run is read and held against its contract, and the next one's kernel starts, its core would idle.
    """
    return jobs or (os.cpu_count() or 1) + 2


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
    """Run chapters side by side, at most `jobs` at a time (0: as `lanes` has it); report each as it ends.

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

    with side_by_side(lanes(jobs)) as pool:
        return [waited(future) for future in [pool.submit(one, name) for name in names]]
