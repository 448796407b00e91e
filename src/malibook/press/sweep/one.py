"""One run of a sweep, here or on a worker: a notebook executed with its parameters, its bound numbers, or its problem."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from malibook.errors import BookError
from malibook.press.execute import execute
from malibook.press.ledger import read_ledger
from malibook.press.notebooks import path_of, read

KEPT = ("key", "text", "unit", "value")


def numbers_of(notebook: str, parameters: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Return the numbers that a notebook of the current book binds under these parameters (checked before), and its problem.

    The problem is empty where all went well; numbers hold key, text, unit and value. Nothing is left on disk.
    """
    with tempfile.TemporaryDirectory(prefix="malibook-run-") as folder:
        output = Path(folder) / "run.ipynb"
        try:
            execute(path_of(notebook), output, parameters)
            ledger = read_ledger(read(output), notebook)
        except BookError as error:
            return [], str(error).removesuffix("; the last good book stays")  # no book is at stake here
        return [{name: e[name] for name in KEPT} for e in ledger.exhibits if e["kind"] == "number"], ""
