"""The isolation of a process that runs a student's code: namespaces of its own where Linux grants them.

In them there is no network, no other process, and a file system that holds the interpreter, the library and the data,
all read-only, and one small folder in memory. Where the kernel refuses, `guard` is put in its place, and graders are told.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import sys
from pathlib import Path
from typing import Any

NEW = 0x10000000 | 0x00020000 | 0x40000000 | 0x20000000 | 0x08000000 | 0x04000000  # user, mount, net, pid, ipc, uts
BIND, REC, PRIVATE, NOSUID, NODEV = 4096, 16384, 1 << 18, 2, 4
MOUNT_SETATTR = 442
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
PDEATHSIG, BOUNDING_DROP, NO_NEW_PRIVS = 1, 24, 38
HOME = "/tmp/home"
DEVICES = ("null", "zero", "urandom", "random")


class RefusedError(OSError):
    """The kernel does not grant a namespace or a mount."""


def unshare() -> None:
    """Move this process into namespaces of its own; its next child is the first process of them.

    Raises `RefusedError` where the kernel refuses, which leaves the process fit for nothing but ending.
    """
    if sys.platform != "linux" or platform.machine() not in PIVOT_ROOT:
        raise RefusedError("no namespaces on this system")
    user, group = os.geteuid(), os.getegid()
    _call("unshare", ctypes.c_int(NEW))
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def shut_in(box: str, show: list[str], hide: list[str], megabytes: int) -> None:
    """In the first process of new namespaces: see only `show` without `hide`, then give up every power over them.

    All that is shown is read-only. `box` is an empty folder to build in; what is written inside is kept in memory,
    `megabytes` at most. Raises `RefusedError` where the kernel refuses.
    """
    die_with_parent()
    _new_root(box, show, hide, megabytes)
    with contextlib.suppress(OSError):  # nor may the code make itself namespaces in which it has powers again
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    with contextlib.suppress(
        OSError
    ):  # new kernels bound a namespace's processes, which binds even those that root starts
        Path("/proc/sys/kernel/pid_max").write_text("400")
    _powerless()


def _new_root(top: str, show: list[str], hide: list[str], megabytes: int) -> None:
    """Build the file system in memory, leave the old one, and let nothing be mounted over."""
    _mount(None, "/", None, REC | PRIVATE)
    _mount("malibook", top, "tmpfs", NOSUID | NODEV, f"size={megabytes}m,mode=755")
    for path in [*show, *(f"/dev/{name}" for name in DEVICES)]:
        _show(top, path)
    for path in hide:
        if os.path.isdir(top + path):
            _mount("malibook", top + path, "tmpfs", NOSUID | NODEV, "size=4k,mode=555")
    for folder in ("/proc", "/tmp", HOME, "/dev/shm"):
        os.makedirs(top + folder, exist_ok=True)
    os.chmod(top + "/tmp", 0o1777)
    with contextlib.suppress(OSError):  # some containers refuse a new /proc: then there is none
        _mount("proc", top + "/proc", "proc", NOSUID | NODEV)
    os.chdir(top)
    _syscall(PIVOT_ROOT[platform.machine()], b".", b".")
    _call("umount2", b".", ctypes.c_int(2))  # the old root lay over the new one
    os.chdir(HOME)


def _show(top: str, path: str) -> None:
    """Make a file or folder of the old root visible in the new one, read-only with all that is mounted in it."""
    if os.path.islink(path) and os.path.realpath(path) != path and os.path.dirname(path) == "/":
        os.symlink(os.readlink(path), top + path)  # /lib -> usr/lib
        return
    if not os.path.exists(path) or (os.path.exists(top + path) and not path.startswith("/dev")):
        return
    if os.path.isdir(path):
        os.makedirs(top + path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(top + path), exist_ok=True)
        Path(top + path).touch()
    _mount(path, top + path, None, BIND | REC)
    flags = 0 if path.startswith("/dev") else 1  # a read-only device could not be written to either
    attributes = (ctypes.c_uint64 * 4)(flags | NOSUID, 0, 0, 0)
    _syscall(MOUNT_SETATTR, ctypes.c_int(-100), os.fsencode(top + path), ctypes.c_uint(0x8000), attributes, 32)


def _powerless() -> None:
    libc = _libc()
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    for power in range(64):
        libc.prctl(BOUNDING_DROP, power, 0, 0, 0)
    head, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _call("capset", head, none)


def die_with_parent() -> None:
    """Have the kernel kill this process as soon as the one that forked it ends (Linux)."""
    if sys.platform == "linux":
        _libc().prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)


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


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    coded = [None if x is None else os.fsencode(x) for x in (source, target, kind)]
    _call("mount", *coded, ctypes.c_ulong(flags), data.encode() or None)


def _syscall(number: int, *arguments: Any) -> None:
    _call("syscall", ctypes.c_long(number), *arguments)


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc(), name)(*arguments) < 0:
        code = ctypes.get_errno()
        raise RefusedError(code, f"{name}: {os.strerror(code)}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
