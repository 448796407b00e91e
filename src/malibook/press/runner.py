"""Run chapters: papermill in one process each, parameters checked before any kernel starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import papermill

from malibook.errors import BookError
from malibook.evidence import Parameters, root, unknown_parameter
from malibook.press.notebooks import path_of

CELL_SECONDS = 300


@dataclass(frozen=True)
class RunResult:
    """One run of one chapter: where the executed notebook lies, how long it took, and what went wrong, if anything."""

    chapter: str
    output: Path
    seconds: float
    problem: str = ""
    reused: bool = False

    @property
    def ok(self) -> bool:
        """Return whether the run succeeded."""
        return not self.problem


def check_parameters(chapter: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the given parameters, checked against the chapter's parameters cell and the one schema.

    Raises `BookError` for a name the chapter does not have and for a value that is not allowed.
    """
    declared = papermill.inspect_notebook(str(path_of(chapter)))
    for name in given:
        if name not in declared:
            raise unknown_parameter(name, list(declared), where=f"notebooks/{chapter}.ipynb")
    defaults = {name: _literal(info["default"]) for name, info in declared.items()}
    checked = Parameters(**(defaults | given)).model_dump(mode="json")
    return {name: checked[name] for name in given}


def run(chapter: str, output: Path, parameters: dict[str, Any] | None = None) -> RunResult:
    """Run one chapter with papermill in a process of its own and write the executed notebook to `output`.

    A failed run leaves no `output`; what papermill got to lies beside it as `NAME.failed.ipynb`.
    """
    given = check_parameters(chapter, parameters or {})
    started = time.monotonic()
    failed = output.with_suffix(".failed.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.unlink(missing_ok=True)
    failed.unlink(missing_ok=True)
    job = {
        "input": str(path_of(chapter)),
        "output": str(output),
        "failed": str(failed),
        "parameters": given,
        "seconds": CELL_SECONDS,
    }
    done = subprocess.run(
        [sys.executable, "-m", "malibook.press.worker"],
        input=json.dumps(job),
        text=True,
        capture_output=True,
        env=_environment(),
    )
    problem = "" if done.returncode == 0 else _last_words(done, chapter)
    return RunResult(chapter, output, time.monotonic() - started, problem)


def run_all(
    names: Iterable[str],
    folder: Path,
    report: Callable[[RunResult], None],
    parameters: dict[str, Any] | None = None,
    jobs: int = 0,
) -> list[RunResult]:
    """Run chapters side by side, at most `jobs` at a time (0: as many as there are cores); report each as it ends."""
    names = list(names)
    for name in names:  # every refusal comes before the first kernel
        check_parameters(name, parameters or {})

    def one(name: str) -> RunResult:
        result = run(name, folder / f"{name}.ipynb", parameters)
        report(result)
        return result

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        return list(pool.map(one, names))


def _environment() -> dict[str, str]:
    """Return the kernel's environment: this book, no user's start-up files, the same random seed, one BLAS thread."""
    quiet = root() / "_build" / "ipython"
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env | {
        "MALIBOOK_ROOT": str(root()),
        "IPYTHONDIR": str(quiet),
        "JUPYTER_CONFIG_DIR": str(quiet),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _last_words(done: subprocess.CompletedProcess[str], chapter: str) -> str:
    if done.returncode == 3:  # the worker explained itself
        return done.stdout.strip()
    tail = (done.stderr.strip().splitlines() or ["no message"])[-1]
    cause = (
        f"the process was killed by signal {-done.returncode}"
        if done.returncode < 0
        else f"exit code {done.returncode}: {tail}"
    )
    return str(BookError(cause, where=f"notebooks/{chapter}.ipynb", remedy="run it in Jupyter: python run.py lab"))


def _literal(text: str) -> Any:
    import ast

    return ast.literal_eval(text)
