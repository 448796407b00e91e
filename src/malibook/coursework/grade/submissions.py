"""The submissions of a folder: one folder, notebook or zip for each student, read without trust in any of it."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from malibook.errors import BookError, plain

LARGEST = 20_000_000  # bytes of one notebook
LARGEST_ZIP = 200_000_000
MOST_BYTES = 80_000_000  # of all notebooks of one student, those that are left out counted
MOST_FILES = 2_000
MOST_NOTEBOOKS = 40
DEEPEST = 6
ASIDE = ("__MACOSX", ".ipynb_checkpoints", "node_modules", ".venv", "__pycache__")
CLUTTER = ("Thumbs.db", "desktop.ini")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)


@dataclass
class Submission:
    """What one student handed in: notebooks' bytes by name, and what was left out."""

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    taken: int = 0


def students(folder: Path) -> dict[str, Path]:
    """Return where each student's submission is, by name; raise `BookError` where there is none.

    A student's name is that of the folder or file. Where two would be one (`ada`, `Ada.zip`), the file's kind is kept.
    """
    if not folder.is_dir():
        raise BookError("is no folder", where=str(folder), remedy="give the folder that holds one entry per student")
    entries = [p for p in sorted(folder.iterdir()) if _counts(p)]
    if not entries:
        remedy = "put one folder, one notebook or one zip per student into it"
        raise BookError("holds no submission", where=str(folder), remedy=remedy)
    out: dict[str, Path] = {}
    stems = [_key(p.name if p.is_dir() else p.stem) for p in entries]
    for path, stem in zip(entries, stems, strict=True):
        name = path.name if path.is_dir() or stems.count(stem) > 1 else path.stem
        name = plain(unicodedata.normalize("NFC", name)).replace("\n", " ").strip()[:120] or "?"
        while _key(name) in map(_key, out):
            name += "'"
        out[name] = path
    return out


def left_out(folder: Path) -> list[str]:
    """Return the names of entries that are no submission, so that nobody is missed: a `.rar`, a hidden notebook."""
    there = [p for p in sorted(folder.iterdir()) if not _counts(p) and p.name not in (*ASIDE, *CLUTTER)]
    return [plain(p.name) for p in there if not p.name.startswith(".") or (_kind(p) and p.name[:2] != "._")]


def _counts(path: Path) -> bool:
    return (
        not path.name.startswith(".") and path.name not in ASIDE and (path.is_symlink() or path.is_dir() or _kind(path))
    )


def _kind(path: Path) -> bool:
    """Return whether a file is of a kind that is handed in."""
    return path.suffix.lower() in (".ipynb", ".zip")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def read(student: str, path: Path) -> Submission:
    """Return a submission as read from disk; whatever cannot be read becomes a remark."""
    out = Submission(student)
    try:
        if path.is_symlink():
            out.remarks.append("is a link; links are not followed")
        elif path.is_dir():
            _folder(path, out)
        else:
            _file(path, path.name, out)
    except OSError as error:
        out.remarks.append(f"cannot be read: {error.strerror or type(error).__name__}")
    return out


def _folder(top: Path, out: Submission) -> None:
    """Take in the notebooks beneath a folder; links, special files and what lies too deep are left out."""
    todo, seen = [top], 0
    while todo and seen < MOST_FILES:
        for path in sorted(todo.pop(0).iterdir()):
            seen += 1
            name = path.relative_to(top).as_posix()
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                out.remarks.append(f"{name} is a link; links are not followed")
            elif stat.S_ISDIR(kind) and path.name not in ASIDE and name.count("/") < DEEPEST:
                todo.append(path)
            elif not stat.S_ISDIR(kind) and _kind(path):
                _file(path, name, out)


def _file(path: Path, name: str, out: Submission) -> None:
    """Take in a notebook, or the notebooks of a zip."""
    size, zipped = path.lstat().st_size, path.suffix.lower() == ".zip"
    if not stat.S_ISREG(path.lstat().st_mode):
        out.remarks.append(f"{name} is left out: not a file")
    elif size > (LARGEST_ZIP if zipped else LARGEST):
        out.remarks.append(f"{name} is left out: {_too_large(zipped)}")
    elif out.taken > MOST_BYTES:
        out.remarks.append(f"{name} is left out: the notebooks before it are too large together")
    elif zipped:
        _zip(path, name, out)
    else:
        out.taken += size
        _keep(name, path.read_bytes(), out)


def _too_large(zipped: bool) -> str:
    """Return why a file is not taken in, and what its student can do about it."""
    most = (LARGEST_ZIP if zipped else LARGEST) // 1_000_000
    return f"larger than {most} MB" + ("" if zipped else "; clear its outputs and hand it in again")


def _zip(path: Path, name: str, out: Submission) -> None:
    """Take in the notebooks of a zip: in memory, in pieces, so that neither ../ nor a bomb does anything."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                out.remarks.append(f"{name}: only the first {MOST_FILES} of {len(members)} members were looked at")
            for member in members[:MOST_FILES]:
                _member(archive, member, out)
    except BROKEN_ZIP as error:
        out.remarks.append(f"{name} is no readable zip: {type(error).__name__}")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, out: Submission) -> None:
    where = PurePosixPath(member.filename.replace("\\", "/"))
    if where.suffix.lower() != ".ipynb" or member.is_dir() or any(part in ASIDE for part in where.parts):
        return
    if stat.S_ISLNK(member.external_attr >> 16):
        out.remarks.append(f"{where} is a link; links are not followed")
        return
    outside = ".." in where.parts or where.is_absolute()
    if outside:
        out.remarks.append(f"{where} leads out of the zip; read as {where.name}")
    if len(out.notebooks) >= MOST_NOTEBOOKS:
        out.remarks.append(f"{where} is left out: more than {MOST_NOTEBOOKS} notebooks")
        return
    if out.taken > MOST_BYTES:
        out.remarks.append(f"{where} is left out: the notebooks before it are too large together")
        return
    with archive.open(member) as stream:
        content = stream.read(LARGEST + 1)  # what the header says of the size may be untrue
    out.taken += len(content)
    if len(content) > LARGEST:
        out.remarks.append(f"{where} is left out: {_too_large(False)}")
        return
    _keep(where.name if outside else str(where), content, out)


def _keep(name: str, content: bytes, out: Submission) -> None:
    name = plain(name)
    if len(out.notebooks) >= MOST_NOTEBOOKS:
        out.remarks.append(f"{name} is left out: more than {MOST_NOTEBOOKS} notebooks")
        return
    while name in out.notebooks:
        name += "'"
    out.notebooks[name] = content
