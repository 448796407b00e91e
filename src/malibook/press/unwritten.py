"""The notebook that papermill writes at the end of a run, held back: the press writes it once, without what differs from run to run.

papermill checks and encodes the whole notebook, drawings and all, for a file that the press would only read and write again.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import papermill  # noqa: F401 - loads what is looked up below: the function `execute` hides the module of that name
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient
from papermill.iorw import write_ipynb

_held: ContextVar[list[NotebookNode] | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def held_back() -> Iterator[list[NotebookNode]]:
    """Yield a list that takes what papermill would write when it has run a notebook, in this thread and this context."""
    held: list[NotebookNode] = []
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)


def as_written(nb: NotebookNode) -> dict[str, Any]:
    """Return an executed notebook as it would come out of its file: texts as lists of lines, nothing that is not kept."""
    return split_lines(strip_transient(nb))


def write_failed(held: list[NotebookNode], path: Path) -> None:
    """Write what papermill held of a run whose cell failed; where that cannot be written, nothing."""
    with contextlib.suppress(OSError):
        for nb in held[-1:]:
            write_ipynb(nb, str(path))


def _write_or_hold(nb: NotebookNode, path: str) -> None:
    held = _held.get()
    write_ipynb(nb, path) if held is None else held.append(nb)


sys.modules["papermill.execute"].write_ipynb = _write_or_hold
