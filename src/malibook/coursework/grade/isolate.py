"""The isolation of a process that runs a student's code: namespaces of its own where Linux grants them.

In them there is no network, no other process, and a file system that holds the interpreter, the library and the data,
all read-only, and one small folder in memory. Code never runs as root. Where the kernel refuses, `guard` is put in its
place if graders asked for it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from malibook.coursework.grade import kernel, powers
from malibook.coursework.grade.kernel import BIND, NODEV, NOSUID, PRIVATE, REC, RefusedError

HOME = "/tmp/home"
DEVICES = ("null", "zero", "urandom", "random")
MOST_FILES = 20_000  # empty ones have no size, and yet take the kernel's memory


def unshare(box: str, number: int) -> None:
    """Move this process into namespaces of its own; its next child is the first process of them.

    As root: still as root, or where root has not the power, as a user of its own (`powers.nobody`). Raises `RefusedError`
    where the kernel refuses, which leaves the process fit for nothing but ending.
    """
    if not kernel.known():
        raise RefusedError("no namespaces on this system")
    if os.geteuid() == 0:
        try:
            kernel.unshare(kernel.NEW_OTHERS)
            return
        except RefusedError:
            os.chmod(box, 0o711)
            powers.nobody(number)
    powers.map_user_and_all()


def shut_in(box: str, show: list[str], hide: list[str], megabytes: int, number: int) -> None:
    """In the first process of new namespaces: see only `show` without `hide`, then give up every power over them.

    All that is shown is read-only. `box` is an empty folder to build in; what is written inside is kept in memory,
    `megabytes` at most. Raises `RefusedError` where the kernel refuses.
    """
    os.umask(0o022)
    powers.die_with_parent()
    _new_root(box, show, hide, megabytes)
    if os.geteuid() == 0:
        powers.nobody(number)
        powers.map_user()
    else:
        with contextlib.suppress(OSError):  # kernels from 6.14 on count the processes of a namespace as well
            Path("/proc/sys/kernel/pid_max").write_text("400")
    os.chdir(HOME)
    powers.powerless()


def _new_root(top: str, show: list[str], hide: list[str], megabytes: int) -> None:
    """Build the file system in memory, leave the old one, and let nothing be mounted over."""
    kernel.mount(None, "/", None, REC | PRIVATE)
    kernel.mount("malibook", top, "tmpfs", NOSUID | NODEV, "size=8m,mode=755")
    for folder, most in (("/tmp", megabytes), ("/dev/shm", 8)):
        os.makedirs(top + folder)
        kernel.mount(
            "malibook", top + folder, "tmpfs", NOSUID | NODEV, f"size={most}m,nr_inodes={MOST_FILES},mode=1777"
        )
    for path in [*show, *(f"/dev/{name}" for name in DEVICES)]:
        _show(top, path)
    for path in hide:
        if os.path.isdir(top + path):
            kernel.mount("malibook", top + path, "tmpfs", NOSUID | NODEV, "size=4k,mode=555")
    os.makedirs(top + HOME, exist_ok=True)
    os.chmod(top + HOME, 0o1777)
    os.makedirs(top + "/proc", exist_ok=True)
    with contextlib.suppress(OSError):  # some containers refuse a new /proc: then there is none
        kernel.mount("proc", top + "/proc", "proc", NOSUID | NODEV)
    kernel.restrict(top, NOSUID | 1, deep=False)
    os.chdir(top)
    kernel.pivot()


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
    kernel.mount(path, top + path, None, BIND | REC)
    kernel.restrict(top + path, NOSUID if path.startswith("/dev") else NOSUID | 1)  # a read-only device takes no bytes
