"""All processes that descend from one, as the system counts them: what a limit for each single process cannot bound."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def family(pid: int) -> list[int]:
    """Return a process and its descendants, elders first; [] on a system without /proc."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        with contextlib.suppress(OSError, ValueError, IndexError):
            if name.isdigit():
                parent = int(Path(f"/proc/{name}/stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop(0))
        todo += children.get(found[-1], [])
    return found if os.path.isdir("/proc/self") else []


def held(members: list[int]) -> int:
    """Return the bytes that processes hold of their own, beyond what each has of the warm parent (as the eldest does).

    From a file that needs no lock: the exact shares take seconds to read of a process that forks all the time.
    """
    own = [_own(pid) for pid in members]
    return sum(max(0, pages - own[0]) for pages in own[1:]) * os.sysconf("SC_PAGE_SIZE")


def _own(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
        return int(resident) - int(shared)
    return 0


def kill_family(pid: int) -> None:
    """End a process and all its descendants.

    Elders first: with the first process of a pid namespace the kernel ends all others in it, however fast they fork.
    """
    for _ in range(5):
        members = family(pid)
        for member in members[1:] + members[:1]:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(member, signal.SIGKILL)
        if len(members) <= 1:
            return
