"""Replace several files of a folder all or none: a failure or a kill in between is undone, at once or at the next start."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence.loaders.upload import digest

ASIDE = ".refresh"
JOURNAL = "journal.json"


def replace_all(folder: Path, files: dict[str, Path], state: str | None = None) -> None:
    """Copy `files` (path below `folder` to new content): first all aside, then each into its place by one rename.

    Raises `BookError` where another process is at it, where the folder is no longer in the `state` it was found in, or where
    it cannot be written, and leaves the folder as it was.
    """
    recover(folder)
    aside = _locked(folder)
    try:
        if state is not None and state != state_of(folder):
            raise BookError("was changed while this refresh was reading", where=str(folder), remedy="run it again")
        _prepare(folder, aside, files)
        for name in files:
            os.replace(aside / "new" / name, folder / name)
    except OSError as error:
        _undo(folder)
        raise unwritable(error, folder) from None
    except BaseException:
        _undo(folder)
        raise
    shutil.rmtree(aside)


def recover(folder: Path) -> None:
    """Undo what a refresh that was killed left half done; raise `BookError` where one is still running."""
    aside = folder / ASIDE
    for left in folder.glob(f"{ASIDE}-*"):  # of a process that was killed before it had begun
        if not _running(left):
            shutil.rmtree(left, ignore_errors=True)
    if not aside.exists():
        return
    if _running(aside):
        raise _busy(folder)
    _undo(folder)


def state_of(folder: Path) -> str:
    """Return a digest of all files below a folder, but for what a refresh has put aside."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ASIDE not in path.relative_to(folder).parts[0]:
            found.update(f"{path}\0{digest(path)}\0".encode())
    return found.hexdigest()


def unwritable(error: OSError, folder: Path) -> BookError:
    """Return what the user is told where a file cannot be written."""
    what = f"cannot be written: {error.strerror or 'no space left, or no permission'}"
    return BookError(what, where=str(error.filename or folder), remedy="check permissions and free space")


def _locked(folder: Path) -> Path:
    """Return the folder for what is put aside, made with the number of this process in it by one rename."""
    mine, aside = folder / f"{ASIDE}-{os.getpid()}", folder / ASIDE
    try:
        mine.mkdir(exist_ok=True)
        (mine / "pid").write_text(str(os.getpid()))
        mine.rename(aside)
    except OSError as error:
        shutil.rmtree(mine, ignore_errors=True)
        if aside.exists():
            raise _busy(folder) from None
        raise unwritable(error, folder) from None
    return aside


def _busy(folder: Path) -> BookError:
    return BookError("another refresh is running", where=str(folder), remedy="wait for it to end, or stop it")


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
