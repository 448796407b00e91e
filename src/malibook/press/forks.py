"""Many files worked on side by side, in processes forked for the moment; one after the other where that cannot be had.

Only for work that reads and writes files and strings: what a fork learns comes back as what it returns.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from malibook.press import processes
from malibook.startup import end_with_parent

FEWEST = 4  # files for which a fork is worth its twentieth of a second
PATIENCE = 60.0  # seconds after which a fork that does not answer is taken for stopped, and ended
MOST = 8  # processes, this one among them


def size(path: Path) -> int:
    """Return the bytes of a file: how long most work on it takes."""
    return path.stat().st_size


def each(paths: Iterable[Path], work: Callable[[Path], Any], weight: Callable[[Path], int] = size) -> list[Any]:
    """Return what `work` returns for each of these files, in their order; what it raises is raised here.

    `weight` says how long a file takes beside the others.

    A fork that is killed, or stopped, costs nothing but time: its files are worked on here, so that work must bear being
    done twice.
    """
    paths = list(paths)
    count = min(os.cpu_count() or 1, MOST) if sys.platform == "linux" and len(paths) >= FEWEST else 1
    own, *others = shares(paths, weight, count) or [[]]
    with contextlib.ExitStack() as running:
        waiting = [(share, running.enter_context(_forked(share, work))) for share in others]
        began = time.monotonic()
        done = {path: work(path) for path in own}
        until = time.monotonic() + max(PATIENCE, 10 * (time.monotonic() - began))  # shares are alike
        for share, (pid, answers) in waiting:
            if not select.select([answers], [], [], max(0.0, until - time.monotonic()))[0]:
                os.kill(pid, signal.SIGKILL)
            done |= dict(zip(share, _answer(share, answers, work), strict=True))
    return [done[path] for path in paths]


def shares(names: Iterable[Any], weight: Callable[[Any], int], count: int) -> list[list[Any]]:
    """Return names in at most `count` shares of about the same weight, each in order; always the same ones."""
    out: list[list[Any]] = [[] for _ in range(count)]
    loads = [0] * count
    for heavy, name in sorted(((weight(name), name) for name in names), key=lambda pair: (-pair[0], pair[1])):
        lightest = loads.index(min(loads))
        out[lightest].append(name)
        loads[lightest] += heavy
    return [sorted(share) for share in out if share]


@contextlib.contextmanager
def _forked(share: Sequence[Path], work: Callable[[Path], Any]) -> Iterator[tuple[int, BinaryIO]]:
    """Yield a fork that works on a share, and what it will tell; where nobody waits for it any more, it is ended."""
    receive, send = os.pipe()
    parent = os.getpid()
    with (
        warnings.catch_warnings()
    ):  # newer Pythons warn of threads: those of the press wait for work here, and hold nothing
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(receive)
        end_with_parent(parent)  # it holds the kernels' parent's input open: nothing may end later than this
        _work(share, work, send)
    os.close(send)
    processes.note(pid, lambda: os.kill(pid, signal.SIGKILL))
    try:
        with os.fdopen(receive, "rb") as answers:
            yield pid, answers
    finally:
        processes.forget(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it has told what it had to tell, or is not wanted any more
        os.waitpid(pid, 0)


def _work(share: Sequence[Path], work: Callable[[Path], Any], send: int) -> None:
    """Do a share in the fork, hand over what came of it, and end without what an ending Python does."""
    try:
        try:
            answer: Any = [work(path) for path in share]
        except BaseException as error:
            answer = error
        with os.fdopen(send, "wb") as out:
            pickle.dump(answer, out, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _answer(share: Sequence[Path], answers: BinaryIO, work: Callable[[Path], Any]) -> list[Any]:
    """Return what came of a share, done here where the fork did not live to tell."""
    try:
        answer = pickle.loads(answers.read())
    except (EOFError, pickle.UnpicklingError):
        return [work(path) for path in share]
    if isinstance(answer, BaseException):
        raise answer
    return answer
