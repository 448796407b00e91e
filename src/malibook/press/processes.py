"""The processes that a build starts, so that an interrupted build can end them all: none may outlive it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

from malibook.errors import Interrupted

PATIENCE = 10  # of 19: a tenth of a core that others want
_guard = threading.Lock()
_enders: dict[int, tuple[str, Callable[[], None]]] = {}
_owner: ContextVar[str] = ContextVar("owner", default="")


@contextlib.contextmanager
def belonging_to(owner: str) -> Iterator[None]:
    """Have what this thread starts belong to `owner`, so that it can be ended alone."""
    token = _owner.set(owner)
    try:
        yield
    finally:
        _owner.reset(token)


def note(key: int, end: Callable[[], None]) -> None:
    """Remember how to end something that now runs."""
    with _guard:
        _enders[key] = (_owner.get(), end)


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
def side_by_side(jobs: int = 0) -> Iterator[ThreadPoolExecutor]:
    """Yield threads, `jobs` of them (0: as many as cores); where what is done with them fails, end all that they started."""
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()  # the threads end with what they started
            raise


def patiently(work: Callable[..., Any], *args: Any) -> Any:
    """Return what `work` returns, done in a thread that leaves the cores to whoever else wants them, where Linux grants that.

    For what is done beside something longer: it then costs the longer one nothing.
    """
    with ThreadPoolExecutor(1, initializer=_step_back) as pool:
        return pool.submit(work, *args).result()


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere a priority is a whole process's, and could not be taken back
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENCE)


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """Start a command that will be told by its input what to do; `end_all` ends it."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    note(id(process), process.kill)
    return process


def finish(process: subprocess.Popen[str], told: str = "") -> subprocess.CompletedProcess[str]:
    """Tell a started command what to do, wait for its end, and return what it said."""
    with process:
        try:
            out, err = process.communicate(told)
        finally:
            forget(id(process))
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@contextlib.contextmanager
def interruptible():
    """Turn a request to end (SIGTERM) into the interruption that Ctrl-C is; on either, end all that was started."""
    before = _on_term(_interrupt)
    try:
        yield
    except KeyboardInterrupt:
        end_all()
        raise Interrupted from None
    except BaseException:
        end_all()
        raise
    finally:
        _on_term(before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _on_term(handler):
    if threading.current_thread() is not threading.main_thread() or os.name == "nt":
        return None
    return signal.signal(signal.SIGTERM, handler or signal.SIG_DFL)
