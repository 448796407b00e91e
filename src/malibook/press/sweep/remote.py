"""What happens on a worker of a Dask cluster: the book is laid out once, then runs are done in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from malibook.startup import skip_grammar

skip_grammar()  # before anything here imports nbformat
LOOK = 1.0  # seconds after which a worker looks again whether its run is still asked for


class WrongWorker(Exception):  # noqa: N818 - it names the worker
    """A worker that came later and whose Python, library, packages or data are not those of the sweep."""


class NotWanted(Exception):  # noqa: N818 - nothing went wrong
    """Whoever asked for this run has gone: interrupted, killed or cut off."""


class BookOnWorker(WorkerPlugin):
    """Lays the book out on every worker that is there or that will come, also in the place of one that was killed.

    The scheduler keeps it, so that the data need no file system that all see, and travel once to each worker.
    """

    idempotent = True

    def __init__(self, blob: bytes, expected: dict[str, str]) -> None:
        self.blob, self.expected, self.folder, self.differs = blob, expected, Path(), ""

    def setup(self, worker: Worker) -> None:
        """Unpack the book below the worker's own folder, which ends with it, and see whether this worker is a right one."""
        from malibook.press.sweep.bundle import unpack
        from malibook.press.sweep.identity import differences, identity

        try:
            self.folder = unpack(self.blob, Path(worker.local_directory))
            self.differs = differences(self.expected, identity(self.folder))
        except OSError as error:
            self.differs = f"the book cannot be laid out there: {error}"
        self.blob = b""


def run_there(book: str, notebook: str, parameters: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Do one run on this worker, in the book of that name; return its numbers and its problem.

    Raises `WrongWorker`, naming this one, where it differs from what the sweep was planned with, and `NotWanted` where
    nobody waits for the run any more: its kernel is ended, so that it does not keep a place on the worker.
    """
    from malibook.evidence.package import at
    from malibook.press.sweep.one import numbers_of

    worker = get_worker()
    laid_out = worker.plugins.get(book)
    if laid_out is None or laid_out.differs:
        raise WrongWorker(f"{worker.address}: {laid_out.differs if laid_out else 'the book is not there'}")
    with at(laid_out.folder), _while_wanted(worker, worker.get_current_task()):
        return numbers_of(notebook, parameters)


@contextmanager
def _while_wanted(worker: Worker, key: str) -> Iterator[None]:
    """End the kernels that are started in here as soon as the scheduler takes this task back."""
    from malibook.press.processes import belonging_to, end_all

    over, ended = threading.Event(), threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                ended.set()
                end_all(key)

    watcher = threading.Thread(target=look, name=f"wanted-{key}", daemon=True)
    watcher.start()
    try:
        with belonging_to(key):
            yield
    finally:
        over.set()
        watcher.join()
    if ended.is_set():
        raise NotWanted(key)
