"""Put a finished output in the place of the last one, so that a reader always finds a whole book."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from malibook.errors import BookError


def replace_folder(new: Path, old: Path) -> None:
    """Move the folder `new` to where `old` is; a crash in between leaves one of the two, never half of either."""
    old.parent.mkdir(parents=True, exist_ok=True)
    aside = old.with_name(f".{old.name}-{uuid.uuid4().hex[:8]}")
    if old.exists():
        old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        if aside.exists():
            aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def only_one_build(folder: Path) -> Iterator[None]:
    """Hold the build folder; raise `BookError` where another build holds it. A dead holder's claim is taken over."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / ".building"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        if _alive(lock):
            raise BookError(
                "another build is running", where=str(lock.name), remedy="wait for it to end, or stop it"
            ) from None
        lock.unlink(missing_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    os.write(handle, str(os.getpid()).encode())
    os.close(handle)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _alive(lock: Path) -> bool:
    try:
        os.kill(int(lock.read_text()), 0)
    except (OSError, ValueError):
        return False
    return True
