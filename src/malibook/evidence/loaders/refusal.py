"""What is raised when an upstream file is not taken: one or more problems, each with file, row, field, value, remedy."""

from __future__ import annotations

from collections.abc import Iterable

from malibook.errors import BookError
from malibook.evidence.problem import Problem

MOST = 10


class RefusedError(BookError):
    """An upstream file that cannot be used; `problems` says why, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message, where=self.problems[0].table, remedy=self.problems[0].remedy)

    def __str__(self) -> str:
        """Return the problems, one a line, no more than a screen."""
        lines = [str(problem) for problem in self.problems[:MOST]]
        left = len(self.problems) - len(lines)
        return "\n".join([*lines, *([f"… and {left} more"] if left else [])])


def refuse(
    where: str, message: str, remedy: str, *, row: int | None = None, field: str = "", value: str = ""
) -> RefusedError:
    """Return the refusal of one problem, to be raised."""
    return RefusedError([Problem(where, row, field, value, message, remedy)])
