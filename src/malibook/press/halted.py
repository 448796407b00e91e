"""Processes that somebody stopped (SIGSTOP): they neither work nor end, and would be waited for without end.

Told by what the system says of them, not by the clock: a slow process is not a stopped one. Linux only, as it is asked in `/proc`.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from malibook.press.processes import end_group

EVERY = 1.0  # seconds between two looks
LOOKS = 10  # in a row at which a process was stopped: looks and not seconds, for this process may have been stopped too


@contextlib.contextmanager
def ended_if_halted(process: subprocess.Popen[str]) -> Iterator[threading.Event]:
    """End a process that leads a group, should it or one of its forks be found stopped; the event yielded says that it was."""
    halted, done = threading.Event(), threading.Event()
    watch = threading.Thread(target=_watch, args=(process, halted, done), daemon=True)
    if sys.platform == "linux":
        watch.start()
    try:
        yield halted
    finally:
        done.set()


def _watch(process: subprocess.Popen[str], halted: threading.Event, done: threading.Event) -> None:
    seen: dict[int, int] = {}
    while not done.wait(EVERY):
        seen = {pid: seen.get(pid, 0) + 1 for pid in stopped(process.pid)}
        if max(seen.values(), default=0) >= LOOKS:
            halted.set()
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                end_group(process)
            return


def stopped(group: int) -> list[int]:
    """Return the processes of a group that are stopped."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            state, _, its_group = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
            if state == "T" and int(its_group) == group:
                found.append(int(stat.parent.name))
    return found
