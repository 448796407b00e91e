"""Do the runs of a sweep on a cluster's workers; each is kept here, or wherever the store is, as soon as it ends."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

from malibook.errors import BookError
from malibook.press.sweep.cluster import AGAIN
from malibook.press.sweep.plan import Run
from malibook.press.sweep.store import Store
from malibook.press.sweep.work import Report, keep

if TYPE_CHECKING:
    from distributed import Client, Future

WINDOW = 1000  # runs the scheduler knows at a time: enough to make an adaptive cluster grow, little to hold
RETRIES = 2  # for what goes wrong around a run; what goes wrong in it, a failed cell, is its result
WRITERS = 8  # records on their way at once: a bucket takes tens of milliseconds for each
LOOK = 2.0  # seconds without news after which one looks whether the cluster is still there
ALONE = 20  # killed runs that are tried once more, one by one: where more are killed, no single run is to blame
KILLED = "each worker that did this run was killed, often for want of memory: give workers more, or fewer threads"
Outcome = tuple[Run, list[dict[str, Any]], str]


def do_there(
    runs: list[Run], store: Store, report: Report, client: Client, book: str, patience: float = 60
) -> dict[str, str]:
    """Do runs that are not kept on the cluster, in the book laid out there; return problems by run key.

    A killed worker costs what it was running, which another does anew; a run that kills each worker is a failed one.
    Raises `BookError` where no worker is left for `patience` seconds or one joined that differs from this machine; what
    is raised where the scheduler is lost, `connected` turns into one.
    """
    problems: dict[str, str] = {}
    with ThreadPoolExecutor(WRITERS) as writers:
        written = []
        for task, numbers, problem in _with_second_chance(runs, client, book, patience):
            if problem:
                problems[task.key] = problem
            else:
                written.append(writers.submit(keep, task, numbers, store))
            report(task, problem)
            written = _settled(written)
        for left in written:
            left.result()
    return problems


def _with_second_chance(runs: list[Run], client: Client, book: str, patience: float) -> Iterator[Outcome]:
    """Yield outcomes; runs whose workers were killed come last, each alone.

    When a worker is killed, Dask suspects all that was given to it: the run that kills and those that stood beside it.
    """
    killed = []
    for task, numbers, problem in _outcomes(client, {f"{book}-{r.key}": r for r in runs}, book, patience, WINDOW):
        if problem == KILLED:
            killed.append(task)
        else:
            yield task, numbers, problem
    if len(killed) > ALONE:
        yield from ((task, [], KILLED) for task in killed)
    else:
        yield from _outcomes(client, {f"{book}-alone-{r.key}": r for r in killed}, book, patience, 1)


def _settled(written: list) -> list:
    """Return the records still on their way; raise what went wrong with the others."""
    for done in (w for w in written if w.done()):
        done.result()
    return [w for w in written if not w.done()]


def _outcomes(client: Client, by_key: dict[str, Run], book: str, patience: float, window: int) -> Iterator[Outcome]:
    """Yield each run with numbers and problem as it ends, no more than `window` of them known to the scheduler."""
    from malibook.press.sweep.remote import run_there

    ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
    waiting, running = iter(by_key), {}

    def submit(key: str) -> None:
        task = by_key[key]
        future = client.submit(run_there, book, task.notebook, task.given, key=key, retries=RETRIES)
        future.add_done_callback(ended.put)
        running[key] = future

    try:
        for key in islice(waiting, window):
            submit(key)
        while running:
            future = _next(client, ended, patience)
            yield by_key[future.key], *_outcome(future)
            del running[future.key]  # the cluster may forget it
            for key in islice(waiting, 1):
                submit(key)
    finally:
        if running and client.status == "running":
            client.cancel(list(running.values()))


def _next(client: Client, ended: queue.SimpleQueue, patience: float) -> Future:
    """Return the next run that ended; look now and then whether scheduler and workers are there."""
    last = time.monotonic()
    while True:
        try:
            return ended.get(timeout=LOOK)
        except queue.Empty:
            if client.status != "running":
                raise ConnectionError("the client lost its scheduler") from None
            if client.nthreads():
                last = time.monotonic()
            elif time.monotonic() - last > patience:
                where = client.scheduler.address
                raise BookError(f"no worker for {patience:.0f} s", where=where, remedy=f"start one; {AGAIN}") from None


def _outcome(future: Future) -> tuple[list[dict], str]:
    """Return what a run came to; raise `BookError` where the worker is a wrong one, `CancelledError` with the scheduler lost."""
    from distributed import KilledWorker

    from malibook.press.sweep.remote import WrongWorker

    if future.status != "error":
        return future.result()  # of a cancelled one: CancelledError
    error = future.exception()
    if isinstance(error, WrongWorker | ImportError):
        raise BookError(f"a worker joined that differs: {error}", where="cluster", remedy=f"stop it; {AGAIN}")
    if isinstance(error, KilledWorker):
        return [], KILLED
    return [], f"{type(error).__name__}: {error}".splitlines()[0]
