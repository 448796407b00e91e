"""The one exception that a user's mistake raises: it says what is wrong, where, and what to do."""

from __future__ import annotations

import reprlib
import unicodedata
from traceback import walk_tb
from typing import Any

LONGEST_LINE = 600
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


def plain(text: str) -> str:
    """Return text that a terminal can show: no control or direction marks, no half characters, no endless line."""
    lines = [
        "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Cs") else ascii(c)[1:-1] for c in line)
        for line in text.split("\n")
    ]
    return "\n".join(x if len(x) <= LONGEST_LINE else f"{x[:LONGEST_LINE]} … ({len(x)} characters)" for x in lines)


class Interrupted(Exception):  # noqa: N818 - not an error
    """Somebody ended the work (Ctrl-C, SIGTERM). Not a `KeyboardInterrupt`: typer would swallow that without a word."""
