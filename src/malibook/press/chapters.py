"""Run the chapters that are due, remember each good run at once, and say why a chapter is due."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import nbformat

from malibook.errors import BookError
from malibook.evidence import root
from malibook.press.execute import CELL_SECONDS
from malibook.press.fresh import changes, remember, stale
from malibook.press.ledger import Ledger, breaches, code_cells, contract, read_ledger
from malibook.press.notebooks import chapters, path_of, read
from malibook.press.outcome import Run
from malibook.press.runner import RunResult, run_all

Say = Callable[[str], None]
Tell = Callable[[str, int, int], None]


def folder() -> Path:
    """Return where the executed chapters lie."""
    return root() / "_build" / "executed"


def due(*, force: bool = False) -> dict[str, str]:
    """Return every chapter with the reason why it must run, empty where its last run stands."""
    return {name: "asked for" if force else stale(_record(name), _executed(name), name, {}) for name in chapters()}


def all_code() -> list[str]:
    """Return the code of all chapters, cell by cell; nothing of a notebook that cannot be read."""
    out = []
    for name in chapters():
        with contextlib.suppress(BookError):
            out += [cell.source for cell in code_cells(read(path_of(name)))]
    return out


def why() -> list[str]:
    """Return, chapter by chapter, whether it would run, and each part of its key that changed, before and now."""
    out = []
    for name, reason in due().items():
        out.append(f"{name}: {'would run: ' + reason if reason else 'stands'}")
        if reason and _record(name).exists():
            try:
                found = changes(_record(name), name, {})
            except ValueError:
                found = []
            out += [f"  {c.part}: {c.before or 'none'} → {c.now or 'none'}" for c in found]
    return out


def run_chapters(
    say: Say, *, force: bool = False, jobs: int = 0, seconds: int = CELL_SECONDS, tell: Tell | None = None
) -> tuple[list[Ledger], list[Run]]:
    """Run the chapters whose last run no longer stands; return all ledgers, and what became of each chapter.

    A good run is remembered as soon as it ends: a build that is killed later does not run that chapter again.
    """
    runs = {name: Run(name, reason) for name, reason in due(force=force).items()}
    waiting = [name for name in runs if runs[name].reason]
    for name in runs:
        if name not in waiting:
            say(f"chapter stands: {name}")
    ended = []

    def report(result: RunResult) -> None:
        run = runs[result.chapter]
        run.seconds = round(result.seconds, 2)
        run.problems = [result.problem] if result.problem else _hold(result.chapter)
        ended.append(run)
        state = "FAILED" if run.problems else "ran"
        say(f"chapter {len(ended)}/{len(waiting)} {state}: {run.chapter}, {run.seconds:.1f} s ({brief(run.reason)})")

    run_all(sorted(waiting, key=_size, reverse=True), folder(), report, jobs=jobs, seconds=seconds, tell=tell)
    if any(run.problems for run in runs.values()):
        return [], list(runs.values())
    for name in runs:
        if name not in waiting:  # the contract may have changed, though the run stands
            runs[name].problems = _broken(name)
    ledgers = [] if any(run.problems for run in runs.values()) else [_ledger(name) for name in runs]
    return ledgers, list(runs.values())


def _size(name: str) -> int:
    """Return how much a chapter promises: the largest starts first, so that no core idles while the last one runs."""
    try:
        return sum(len(keys) for keys in contract(name).values())
    except BookError:
        return 0


def brief(reason: str, most: int = 4) -> str:
    """Return a reason of many parts cut to its first few."""
    parts = reason.removesuffix(" changed").split(", ")
    return reason if len(parts) <= most else f"{', '.join(parts[:most])} and {len(parts) - most} more changed"


def _hold(name: str) -> list[str]:
    """Hold a fresh run against its contract; remember it where it is good, forget it where it is not."""
    problems = _broken(name)
    if problems:
        _record(name).unlink(missing_ok=True)
    else:
        remember(_record(name), _executed(name), _ledger(name), {})
    return problems


def _broken(name: str) -> list[str]:
    try:
        return breaches(_ledger(name))
    except BookError as error:
        return [str(error)]


def _ledger(name: str) -> Ledger:
    return read_ledger(nbformat.read(_executed(name), as_version=4), name)


def _executed(name: str) -> Path:
    return folder() / f"{name}.ipynb"


def _record(name: str) -> Path:
    return folder() / f"{name}.json"
