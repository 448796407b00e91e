"""The one exception that a user's mistake raises: it says what is wrong, where, and what to do."""

from __future__ import annotations

import errno
import os
import reprlib
import shutil
import unicodedata
from pathlib import Path
from traceback import walk_tb
from typing import Any

LONGEST_LINE = 600
_DISK = "check that the disk has room and that the folder may be written"
_IN_THE_WAY = "something of another kind lies there: move it away"
_REMEDIES = {  # of what the system refuses
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOTEMPTY: _IN_THE_WAY,
    errno.EACCES: "let yourself read and write it (chmod, chown)",
    errno.EROFS: "the disk may only be read: build from a copy of the book on another one",
    errno.ENOENT: "restore the file with git, or make the folder",
    errno.EMFILE: "let the shell open more files at a time: ulimit -n 1024",
    errno.EAGAIN: "too many processes for this user: end some, or raise ulimit -u",
    errno.ENOMEM: "the machine is short of memory: run with --jobs 1",
    errno.EPIPE: "whoever read the output has ended: let it be read to its end",
    errno.ENAMETOOLONG: "move the book, or TMPDIR, to a folder with a shorter path",
}
_SHORT = reprlib.Repr()
_SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong, _SHORT.maxlevel = 120, 120, 60, 2


class BookError(Exception):
    """A problem the user can mend; printed without a traceback.

    ``where`` names the file, notebook, cell or field; ``remedy`` says what to do.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(self.__str__())

    def __str__(self) -> str:
        """Return the message as it is printed, one fact a line."""
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.remedy:
            lines.append(f"  remedy: {self.remedy}")
        return plain("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in a notebook in the place of a traceback: the line of the cell and the message."""
        from IPython import get_ipython

        shell = get_ipython()
        if shell is None:
            return [f"BookError: {self}"]
        own = [(frame, line) for frame, line in walk_tb(self.__traceback__) if frame.f_globals is shell.user_ns]
        cells = [" ".join(shell.compile.format_code_name(f.f_code.co_filename) or ("Cell",)) for f, _ in own[:1]]
        return [*(f"{cell}, line {own[0][1]}" for cell in cells), f"BookError: {self}"]


def shown(value: Any) -> str:
    """Return any value as a message may show it: in quotes where it is text, and never long."""
    try:
        return _SHORT.repr(value)
    except (ValueError, TypeError):  # Python refuses to spell out a number of thousands of digits
        return f"a value of type {type(value).__name__} that cannot be printed"


def cause(error: BaseException) -> str:
    """Return in one line what an error says: of YAML with its line, of a key what it is that lacks; its type where it says nothing."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{getattr(error, 'problem', None) or 'wrong syntax'}, line {mark.line + 1}"
    if isinstance(error, KeyError) and error.args:
        return f"lacks {error.args[0]!r}"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def told(error: Exception) -> str:
    """Return what a user is told of an error that ends a command: what is wrong, where, and what to do about it."""
    if isinstance(error, BookError):
        return str(error)
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):  # of a folder, file by file
        _, where, why = error.args[0][0]
        return str(BookError(str(why), where=str(where), remedy=_DISK))
    if isinstance(error, OSError):  # a full disk, a folder that may not be written
        where = _barred(error)
        return str(
            BookError(error.strerror or cause(error), where=where, remedy=_REMEDIES.get(error.errno or 0, _DISK))
        )
    frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [pair for pair in frames if "malibook" in pair[0].parts] or frames
    where = f"{ours[-1][0].name}, line {ours[-1][1]}" if ours else ""
    remedy = "check the disk and the files that you changed last; if it comes again, report it with this line"
    return str(BookError(f"nobody foresaw this: {type(error).__name__}: {cause(error)}", where=where, remedy=remedy))


def _barred(error: OSError) -> str:
    """Return the file of a system's error; where it could not even be made, the folder that bars it."""
    path = Path(str(error.filename or ""))
    if error.errno in (errno.EACCES, errno.EROFS) and error.filename:
        path = next((above for above in (path, *path.parents) if os.path.lexists(above)), path)
    return str(path) if error.filename else ""


def few_lines(text: str, most: int = 6) -> str:
    """Return a text cut to its first lines: a message fits on a screen."""
    lines = text.splitlines()
    return text if len(lines) <= most else "\n".join([*lines[:most], f"… ({len(lines)} lines)"])


def plain(text: str) -> str:
    """Return text that a terminal can show: no control or direction marks, no half characters, no endless line."""
    lines = [
        "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else ascii(c)[1:-1] for c in line)
        for line in text.split("\n")
    ]
    return "\n".join(x if len(x) <= LONGEST_LINE else f"{x[:LONGEST_LINE]} … ({len(x)} characters)" for x in lines)


class Interrupted(Exception):  # noqa: N818 - not an error
    """Somebody ended the work (Ctrl-C, SIGTERM). Not a `KeyboardInterrupt`: typer would swallow that without a word."""
