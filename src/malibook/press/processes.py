"""The processes that a build starts, so that an interrupted build can end them all: none may outlive it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import ContextVar
from typing import Any

PATIENCE = 10  # of 19: a tenth of a core that others want
_guard = threading.Lock()
_enders: dict[int, tuple[str, Callable[[], None]]] = {}
_owner: ContextVar[str] = ContextVar("owner", default="")
_closed = 0  # how many are just ending everything: what is started meanwhile is ended too


@contextlib.contextmanager
def belonging_to(owner: str) -> Iterator[None]:
    """Have what this thread starts belong to `owner`, so that it can be ended alone."""
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def note(key: int, end: Callable[[], None], *, shared: bool = False) -> None:
    """Remember how to end something that now runs; end it where everything is being ended. What is `shared` has no owner."""
    with _guard:
        if not _closed:
            _enders[key] = ("" if shared else _owner.get(), end)
            return
    with contextlib.suppress(OSError):
        end()


def forget(key: int) -> None:
    """Forget something that ended by itself."""
    with _guard:
        _enders.pop(key, None)


def end_all(owner: str = "") -> None:
    """End everything that still runs, at once; of one owner only, where one is named."""
    with _guard:
        keys = [key for key, (whose, _) in _enders.items() if owner in ("", whose)]
        enders = [_enders.pop(key)[1] for key in keys]
    for end in enders:
        with contextlib.suppress(OSError):
            end()


@contextlib.contextmanager
def closed() -> Iterator[None]:
    """End everything that runs, and at once whatever is started until this context is left."""
    global _closed
    with _guard:
        _closed += 1
    try:
        end_all()
        yield
    finally:
        with _guard:
            _closed -= 1


@contextlib.contextmanager
def side_by_side(jobs: int = 0) -> Iterator[ThreadPoolExecutor]:
    """Yield threads, `jobs` of them (0: as many as cores); where what is done with them fails, end all that they started."""
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            yield pool
        except BaseException:
            with closed():  # the threads end with what they started, and one that is just starting something too
                pool.shutdown(wait=True, cancel_futures=True)
            raise


@contextlib.contextmanager
def one_aside(initializer: Callable[[], None] | None = None) -> Iterator[ThreadPoolExecutor]:
    """Yield one thread for work beside this, which is waited for, but not by somebody who asks the press to end."""
    pool = ThreadPoolExecutor(1, initializer=initializer)
    try:
        yield pool
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def waited(future: Future[Any]) -> Any:
    """Return a future's result, looking up now and then.

    A request to end is heard by the main thread alone, and only while it runs: where the system gave the signal to another
    thread, a plain wait would go on until the work is done.
    """
    while not future.done():
        wait([future], timeout=0.5)
    return future.result()


def patiently(work: Callable[..., Any], *args: Any) -> Any:
    """Return what `work` returns, done in a thread that leaves the cores to whoever else wants them, where Linux grants that.

    For what is done beside something longer: it then costs the longer one nothing.
    """
    with one_aside(_step_back) as pool:
        return waited(pool.submit(work, *args))


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere a priority is a whole process's, and could not be taken back
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENCE)


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """Start a command that will be told by its input what to do; `end_all` ends it, with all that it started.

    It has a session of its own: a terminal's Ctrl-C reaches the press alone, which ends it.
    """
    how: dict[str, Any] = {"encoding": "utf-8", "errors": "replace", "start_new_session": True}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, **how)
    note(id(process), lambda: end_group(process))
    return process


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process that leads a group of its own, with all that is in it; nothing where it was waited for already."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()


def finish(process: subprocess.Popen[str], told: str = "") -> subprocess.CompletedProcess[str]:
    """Tell a started command what to do, wait for its end, and return what it said."""
    with process:
        try:
            out, err = process.communicate(told)
        finally:
            forget(id(process))
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
