"""Do the runs of a sweep that are not kept yet, side by side on this machine, and keep each as soon as it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import as_completed

from malibook.press.processes import side_by_side
from malibook.press.sweep.one import numbers_of
from malibook.press.sweep.plan import Run
from malibook.press.sweep.store import Store

Report = Callable[[Run, str], None]


def missing(runs: list[Run], store: Store) -> list[Run]:
    """Return the runs that are not kept."""
    kept = store.kept()
    return [task for task in runs if task.key not in kept]


def do(runs: list[Run], store: Store, report: Report, jobs: int = 0) -> dict[str, str]:
    """Do each run that is not kept, `jobs` at a time (0: as many as cores); return problems by run key.

    `report` hears of each run as it ends, with its problem or an empty text. An interruption ends all kernels; what was
    finished before is kept.
    """
    stopped = threading.Event()

    def one(task: Run) -> tuple[Run, str]:
        numbers, problem = numbers_of(task.notebook, task.given)
        if not problem and not stopped.is_set():
            keep(task, numbers, store)
        return task, problem

    problems = {}
    with side_by_side(jobs) as pool:
        waiting = [pool.submit(one, task) for task in missing(runs, store)]
        try:
            for done in as_completed(waiting):
                task, problem = done.result()
                report(task, problem)
                problems |= {task.key: problem} if problem else {}
        except BaseException:
            stopped.set()  # what is cut off now has no result: it neither failed nor ended well
            raise
    return problems


def keep(task: Run, numbers: list[dict], store: Store) -> None:
    """Keep one run: what was run, with which parameters, and the numbers that came out."""
    store.put(task.key, {"notebook": task.notebook, "parameters": task.parameters, "numbers": numbers})
