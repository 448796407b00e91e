"""Replace several files of a folder all or none: a failure or a kill in between is undone, at once or at the next start."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from malibook.errors import BookError

ASIDE = ".refresh"
JOURNAL = "journal.json"


def replace_all(folder: Path, files: dict[str, Path]) -> None:
    """Copy `files` (path below `folder` to new content): first all aside, then each into its place by one rename.

    Raises `BookError` where another process is at it or the folder cannot be written, and leaves the folder as it was.
    """
    recover(folder)
    aside = folder / ASIDE
    try:
        aside.mkdir()
        (aside / "pid").write_text(str(os.getpid()))
        _prepare(folder, aside, files)
        for name in files:
            os.replace(aside / "new" / name, folder / name)
    except OSError as error:
        _undo(folder)
        what = f"cannot be written: {error.strerror or error}"
        raise BookError(what, where=str(error.filename or folder), remedy="check permissions and free space") from None
    except BaseException:
        _undo(folder)
        raise
    shutil.rmtree(aside)


def recover(folder: Path) -> None:
    """Undo what a refresh that was killed left half done; raise `BookError` where one is still running."""
    aside = folder / ASIDE
    if not aside.exists():
        return
    if _running(aside):
        raise BookError("another refresh is running", where=str(folder), remedy="wait for it to end, or stop it")
    _undo(folder)


def _prepare(folder: Path, aside: Path, files: dict[str, Path]) -> None:
    journal = {name: (folder / name).exists() for name in files}
    for name, source in files.items():
        for place in ("new", "before"):
            (aside / place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, aside / "new" / name)
        if journal[name]:
            shutil.copy2(folder / name, aside / "before" / name)
            shutil.copymode(folder / name, aside / "new" / name)
    part = aside / (JOURNAL + ".part")
    part.write_text(json.dumps(journal))
    part.rename(aside / JOURNAL)  # from here on the originals are safe, and a kill can be undone


def _undo(folder: Path) -> None:
    aside = folder / ASIDE
    if (aside / JOURNAL).is_file():
        for name, was_there in json.loads((aside / JOURNAL).read_text()).items():
            if was_there and (aside / "before" / name).exists():  # else an undo that was killed has put it back
                os.replace(aside / "before" / name, folder / name)
            elif not was_there:
                (folder / name).unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)


def _running(aside: Path) -> bool:
    try:
        pid = int((aside / "pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return pid != os.getpid()
