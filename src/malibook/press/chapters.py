"""Run the chapters that are due, remember each good run at once, and say why a chapter is due."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

import nbformat
from nbformat import NotebookNode

from malibook.errors import BookError
from malibook.press.due import due, executed, folder, known, record, wanted
from malibook.press.execute import CELL_SECONDS
from malibook.press.fresh import readable, remember
from malibook.press.kept import freshen
from malibook.press.ledger import Ledger, breaches, contract, read_ledger
from malibook.press.notebooks import path_of
from malibook.press.outcome import Run
from malibook.press.renew import renew
from malibook.press.runner import RunResult, lanes, run_all

Say = Callable[[str], None]
Tell = Callable[[str, int, int], None]


def run_chapters(
    say: Say,
    only: Collection[str] | None = None,
    *,
    force: bool = False,
    jobs: int = 0,
    seconds: int = CELL_SECONDS,
    tell: Tell | None = None,
    idle: Callable[[], None] = lambda: None,
    ran: Callable[[Ledger], object] = lambda ledger: None,
) -> tuple[list[Ledger], list[Run]]:
    """Run the chapters, or those of `only`, whose last run no longer stands; return all ledgers, and what became of each.

    A good run is remembered as soon as it ends: a build that is killed later does not run that chapter again. `idle` is called,
    perhaps several times, when a core has no chapter left to run; `ran` is told the ledger of each chapter that has just run well.
    """
    chosen = list(wanted()) if only is None else [name for name in known() if name in only]
    freshen(say, chosen, jobs=jobs, seconds=seconds)
    runs = {name: Run(name, reason) for name, reason in due(only, force=force).items()}
    waiting = [name for name in runs if runs[name].reason]
    for name in runs:
        if name not in waiting:
            say(f"chapter stands: {name}")
    ended, began = [], readable()

    def rest() -> None:
        if len(waiting) - len(ended) < lanes(jobs):
            idle()

    def report(result: RunResult) -> None:
        run = runs[result.chapter]
        run.seconds = round(result.seconds, 2)
        run.problems = [result.problem] if result.problem else _hold(result.chapter, began)
        ended.append(run)
        state = "FAILED" if run.problems else "ran"
        say(f"chapter {len(ended)}/{len(waiting)} {state}: {run.chapter}, {run.seconds:.1f} s ({brief(run.reason)})")
        rest()
        if not run.problems:
            ran(_ledger(result.chapter))

    rest()
    run_all(
        sorted(waiting, key=_size, reverse=True),
        folder(),
        report,
        by_chapter=known(),
        jobs=jobs,
        seconds=seconds,
        tell=tell,
    )
    if any(run.problems for run in runs.values()):
        return [], list(runs.values())
    for name in runs:
        if name not in waiting:  # the contract may have changed, though the run stands
            runs[name].problems = _broken(name)
            if not runs[name].problems:
                renew(record(name), executed(name), path_of(name))
    ledgers = [] if any(run.problems for run in runs.values()) else [_ledger(name) for name in runs]
    return ledgers, list(runs.values())


def _size(name: str) -> int:
    """Return how much a chapter promises: the largest starts first, so that no core idles while the last one runs."""
    try:
        return sum(len(keys) for part, keys in contract(name).items() if part not in ("countries", "unless"))
    except BookError:
        return 0


def brief(reason: str, most: int = 4) -> str:
    """Return a reason of many parts cut to its first few."""
    parts = reason.removesuffix(" changed").split(", ")
    return reason if len(parts) <= most else f"{', '.join(parts[:most])} and {len(parts) - most} more changed"


def _hold(name: str, began: str) -> list[str]:
    """Hold a fresh run against its contract; remember it where it is good, forget it where it is not.

    Where something that it may have read was edited meanwhile, nobody knows what it read: it is forgotten too, and runs again
    next time.
    """
    problems = _broken(name)
    if problems or readable() != began:
        record(name).unlink(missing_ok=True)
    else:
        remember(record(name), executed(name), _ledger(name), known()[name])
    return problems


def _broken(name: str) -> list[str]:
    try:
        return breaches(_ledger(name))
    except BookError as error:
        return [str(error)]


def _ledger(name: str) -> Ledger:
    return read_ledger(_parsed(executed(name).read_text(encoding="utf-8")), name)


@lru_cache(16)
def _parsed(text: str) -> NotebookNode:
    """Return an executed notebook, which the press wrote itself, read once."""
    return nbformat.v4.reads(text)
