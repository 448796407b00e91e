"""The one exception that a user's mistake raises: it says what is wrong, where, and what to do."""

from __future__ import annotations


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
        return "\n".join(lines)


class Interrupted(Exception):  # noqa: N818 - not an error
    """Somebody ended the work (Ctrl-C, SIGTERM). Not a `KeyboardInterrupt`: typer would swallow that without a word."""
