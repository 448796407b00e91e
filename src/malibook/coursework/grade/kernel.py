"""The few calls of the Linux kernel that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Any

NEW_USER = 0x10000000
NEW_OTHERS = 0x00020000 | 0x40000000 | 0x20000000 | 0x08000000 | 0x04000000  # mount, net, pid, ipc, uts
BIND, REC, PRIVATE, NOSUID, NODEV = 4096, 16384, 1 << 18, 2, 4
MOUNT_SETATTR = 442
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}


class RefusedError(OSError):
    """The kernel does not grant a namespace, a mount or another user."""


def known() -> bool:
    """Return whether this is a system whose calls are known here."""
    return sys.platform == "linux" and platform.machine() in PIVOT_ROOT


def call(name: str, *arguments: Any) -> None:
    """Call a function of the C library; raise `RefusedError` where it returns less than nought."""
    if getattr(libc(), name)(*arguments) < 0:
        code = ctypes.get_errno()
        raise RefusedError(code, f"{name}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """Move this process (or its next child) into new namespaces; raise `RefusedError`."""
    call("unshare", ctypes.c_int(flags))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount something; raise `RefusedError`."""
    coded = [None if x is None else os.fsencode(x) for x in (source, target, kind)]
    call("mount", *coded, ctypes.c_ulong(flags), data.encode() or None)


def restrict(target: str, flags: int, deep: bool = True) -> None:
    """Set attributes (1 read-only, 2 without setuid) on a mount, and on all in it unless not `deep`.

    Raises `RefusedError` (before Linux 5.12 always).
    """
    attributes = (ctypes.c_uint64 * 4)(flags, 0, 0, 0)
    coded = ctypes.c_long(MOUNT_SETATTR), ctypes.c_int(-100), os.fsencode(target), ctypes.c_uint(0x8000 if deep else 0)
    call("syscall", *coded, attributes, 32)


def pivot() -> None:
    """Make the working folder, a mount, the root, and leave the old root; raise `RefusedError`."""
    call("syscall", ctypes.c_long(PIVOT_ROOT[platform.machine()]), b".", b".")
    call("umount2", b".", ctypes.c_int(2))  # the old root lay over the new one


def libc() -> ctypes.CDLL:
    """Return the C library."""
    return ctypes.CDLL(None, use_errno=True)
