"""What the kernel of Linux does for the descent of processes: children that end with their parent, and that come to it when orphaned.

A thread that watches the parent would not run while a cell is in a loop of C; the kernel of Linux does not ask.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

DEATH_SIGNAL, ADOPTS = 1, 36  # PR_SET_PDEATHSIG and PR_SET_CHILD_SUBREAPER of <sys/prctl.h>


def end_with(parent: int) -> None:
    """Have this process killed when `parent`, which forked it, is gone; end it at once where that has happened."""
    _ask(DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt() -> None:
    """Have whatever a child leaves behind become a child of this process, however it detached itself."""
    _ask(ADOPTS, 1)


def end_children() -> None:
    """End every child of this process, those that it adopted too, and what these leave behind in turn."""
    while found := _children(os.getpid()):
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children(parent: int) -> list[int]:
    """Return the processes whose parent is this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            if int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _ask(option: int, value: int) -> None:
    """Ask the system; where it knows no such thing, all is as it was."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)
