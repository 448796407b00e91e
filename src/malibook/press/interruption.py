"""Requests to end: Ctrl-C, SIGTERM, a terminal that is closed. The first one ends all that was started; others change nothing.

A second Ctrl-C would break into the tidying up after the first, and leave half of it. So it is not heard; where the first one
does not end everything in time, the process ends by force.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

from malibook.errors import Interrupted
from malibook.press.processes import end_all

PATIENCE = 15.0  # seconds; everything that is ended here ends within one or two
CODE = 130  # of a command that was interrupted, as shells have it
REQUESTS = ("SIGINT",) if os.name == "nt" else ("SIGINT", "SIGTERM", "SIGHUP")
_force: list[threading.Timer] = []  # the one that ends the process by force, once somebody has asked it to end


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn a request to end into `Interrupted`; on one, and on any failure, end all that was started."""
    before = _listen()
    try:
        yield
    except KeyboardInterrupt:
        end_all()
        raise Interrupted from None
    except BaseException:
        end_all()
        raise
    finally:
        _restore(before)


def end_now(message: str) -> NoReturn:
    """Say that the command was interrupted, and end; no thread that is still at work is waited for, as Python would do."""
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError, AttributeError):  # stderr is closed, or nobody reads it
        print(f"malibook: {message}", file=sys.stderr, flush=True)
    end_all()
    atexit._run_exitfuncs()  # the warm parent, folders of our own
    os._exit(CODE)


def _listen() -> dict[int, Any]:
    """Hear requests to end; return who heard them before. What is ignored stays so: `nohup`, a shell's background."""
    before = {number: signal.getsignal(number) for number in _numbers()}
    heard = {number: who for number, who in before.items() if who is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, _interrupt)
    return heard


def _restore(before: dict[int, Any]) -> None:
    """Have requests heard by whoever heard them before; outside all of these contexts nothing is ended by force."""
    for number, who in before.items():
        signal.signal(number, who or signal.SIG_DFL)
    if before and _interrupt not in before.values():
        while _force:
            _force.pop().cancel()


def _numbers() -> list[int]:
    """Return the signals by which a process is asked to end; none where only the main thread could hear them."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [getattr(signal, name) for name in REQUESTS]


def _interrupt(*_: object) -> None:
    if not _force:
        _force.append(threading.Timer(PATIENCE, _end_by_force))
        _force[0].daemon = True
        _force[0].start()
        raise KeyboardInterrupt


def _end_by_force() -> None:
    """End all that was started, and this process, where it has not ended by itself."""
    end_now("interrupted, and ended by force; the last good book stays where it was")
