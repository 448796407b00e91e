"""What a process that runs a student's code gives up: its user where that is root, its capabilities, and all but a little of everything."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from malibook.coursework.grade import kernel

PDEATHSIG, DUMPABLE, BOUNDING_DROP, NO_NEW_PRIVS = 1, 4, 24, 38


def nobody(number: int) -> None:
    """Become a user that nobody else is; `number` tells one such user from another. Raise `RefusedError`.

    Root's files, kernel settings among them, are root's in any namespace, and the kernel counts no processes of root.
    """
    for user in (1_000_000_000 + number, 60_000 + number % 5_000):  # a container may know the first 65,536 only
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            kernel.libc().prctl(DUMPABLE, 1, 0, 0, 0)  # else its own files in /proc would be root's
            die_with_parent()  # a change of user takes this back
            return
    raise kernel.RefusedError(1, "no user other than root can be taken on")


def map_user() -> None:
    """In a new user namespace be who one was outside, and nobody else."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USER)
    _name_user(user, group)


def map_user_and_all() -> None:
    """As `map_user`, with all other namespaces at once; the next child is the first process of them."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USER | kernel.NEW_OTHERS)
    _name_user(user, group)


def _name_user(user: int, group: int) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def powerless() -> None:
    """Give up every capability for good, and the right to make user namespaces in which there are some again."""
    # This counts for the user namespace that this process is in, which is never the machine's.
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    libc = kernel.libc()
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    for power in range(64):
        libc.prctl(BOUNDING_DROP, power, 0, 0, 0)
    head, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    kernel.call("capset", head, none)


def die_with_parent() -> None:
    """Have the kernel kill this process as soon as the one that forked it ends (Linux)."""
    if sys.platform == "linux":
        kernel.libc().prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit(memory: int, seconds: int, file_size: int, processes: int) -> None:
    """Limit what this process and its children may take; sizes in bytes, time in seconds of processor time."""
    with contextlib.suppress(OSError):
        os.nice(10)  # however many they become, the grader is served first
    wanted = {
        "RLIMIT_AS": memory, "RLIMIT_DATA": memory, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": file_size,
        "RLIMIT_NPROC": processes, "RLIMIT_NOFILE": 256, "RLIMIT_CORE": 0,
    }  # fmt: skip
    for name, most in wanted.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):  # not every system knows or grants each of them
            resource.setrlimit(getattr(resource, name), (most, most))
