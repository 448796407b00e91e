"""The stand-in where the system grants no namespaces: a hook of the interpreter that refuses, and cannot be taken out.

It stops Python code that opens a socket, starts a process or reads what is hidden. It is no prison: who finds a fault in the
interpreter or in a compiled package gets past it. Graders are told that only this was in force.
"""

from __future__ import annotations

import os
import sys
from typing import Any

REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill", "ctypes.",
           "os.startfile", "signal.pthread_kill", "syslog.", "ftplib.", "urllib.", "http.")  # fmt: skip
HARMLESS = ("ctypes.get_errno", "ctypes.set_errno")
PATHS = ("open", "os.listdir", "os.scandir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.mkdir",
         "os.chmod", "os.chown", "os.truncate", "os.utime", "shutil.rmtree", "sqlite3.connect")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def put_up(home: str, hide: list[str]) -> None:
    """Refuse sockets, processes and compiled calls from here on, writing outside `home`, and any use of `hide`."""
    home, hidden = os.path.realpath(home), [os.path.realpath(h) for h in hide]
    real, inside = os.path.realpath, _inside

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(REFUSED) and event not in HARMLESS:
            raise PermissionError(f"not allowed while a submission is graded: {event}")
        if event not in PATHS:
            return
        for path in (a for a in arguments[:2] if isinstance(a, str | bytes)):
            if event == "open" and path is not arguments[0]:
                break
            full = real(os.fsdecode(path))
            flags = arguments[2] if event == "open" and len(arguments) > 2 else None
            writes = event not in ("open", "os.listdir", "os.scandir") or (isinstance(flags, int) and flags & WRITING)
            if any(inside(full, h) for h in hidden) or (writes and not inside(full, home) and full != os.devnull):
                raise PermissionError(f"not allowed while a submission is graded: {event} {full}")

    sys.addaudithook(hook)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)
