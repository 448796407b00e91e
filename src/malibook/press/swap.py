"""Write so that a reader always finds a whole book: files and folders are swapped, one build holds the folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from malibook.errors import BookError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

BEYOND = 1 << 20  # the byte that Windows locks: one behind the text, since nobody else may read a locked one


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


def restore_folder(old: Path) -> None:
    """Bring back the last good folder where a build was killed between the two moves; sweep away what it left."""
    left = sorted(old.parent.glob(f".{old.name}-????????"), key=lambda p: p.stat().st_mtime)
    if left and not old.exists():
        left.pop().rename(old)
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def clear(folder: Path) -> None:
    """Remove a folder, or whatever lies where one is to be made; what cannot be removed, its maker will stumble over and name."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            folder.unlink()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a part; lines end alike everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        clear(path)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


@contextlib.contextmanager
def only_one_build(folder: Path) -> Iterator[None]:
    """Hold the build folder; raise `BookError` where another build holds it. What a dead build held is free."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".building", "a+", encoding="utf-8", errors="replace") as lock:
        if not _hold(lock):
            lock.seek(0)
            raise BookError(
                "another build is running",
                where=f"{folder.name}/.building (process {lock.read().strip() or 'unknown'})",
                remedy="wait for it to end, or stop it",
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _hold(lock) -> bool:
    """Return whether this process now holds the file; the system lets go of it when the process ends, however it ends."""
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            lock.seek(BEYOND)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
