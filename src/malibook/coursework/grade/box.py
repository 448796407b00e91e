"""The folder that a run has for itself: held while it is used, gone afterwards, and swept away where its grader was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nothing is graded
    fcntl = None

PREFIX = "malibook-grade-"


@contextlib.contextmanager
def box() -> Iterator[str]:
    """Yield the path of a new folder. The system lets go of what a dead grader held, so that `sweep_left` may take it."""
    path, held = _new()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def sweep_left() -> None:
    """Remove the folders of this user's graders that are no more; what a living one holds stays."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, no folder, held, or just gone
            held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(held).st_uid == os.getuid():
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(held)


def _new() -> tuple[str, int]:
    """Return a new folder and what holds it; once more where another grader swept it away before it was held."""
    while True:
        path = tempfile.mkdtemp(prefix=PREFIX)
        with contextlib.suppress(FileNotFoundError):
            held = os.open(path, os.O_RDONLY)
            with contextlib.suppress(OSError):  # where folders cannot be held none is swept away either
                fcntl.flock(held, fcntl.LOCK_EX)
            if os.path.isdir(path):
                return path, held
            os.close(held)
