"""What of a sheet only instructors may see, cut into pieces that a search can look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from malibook.coursework.sheet import HIDDEN, INSTRUCTOR, SOLUTION, kept_metadata, squeezed, stripped

IDIOM = 24  # shorter pieces, such as `.astype(float)`, stand in any code: they are sought as whole lines only
SHORTEST = 6
_DOES = re.compile(r"[=(]|import ")  # a line that sets, calls or imports something


def secrets(nb: NotebookNode) -> dict[str, str]:
    """Return each piece of text that only instructors may see, with the exercise that it belongs to.

    Of code: each line of a solution or hidden test. Of prose: each sentence of a model answer or instructor cell.
    Of metadata: each text that students do not get. A piece that the stripped sheet shows anyway (an import, a line of
    the prompt) tells nothing and is left out.
    """
    public = squeezed("\n".join(c.source for c in stripped(nb).cells))
    found = {squeezed(piece): exercise for piece, exercise in (*_pieces(nb), *_hidden_metadata(nb)) if telling(piece)}
    return {piece: exercise for piece, exercise in found.items() if piece not in public}


def short_lines(nb: NotebookNode) -> dict[str, str]:
    """Return the lines of code too short for `secrets`, bared of punctuation, with their exercise.

    They betray an answer only as whole lines (`floor = 47`), and only if no public text has the same line.
    """
    public = {bare(line) for c in stripped(nb).cells for line in c.source.splitlines()}
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    found = {bare(piece): exercise for piece, exercise in _pieces(nb, code) if not telling(piece)}
    return {line: e for line, e in found.items() if len(line) >= SHORTEST and _DOES.search(line) and line not in public}


def _pieces(nb: NotebookNode, cells: list[NotebookNode] | None = None) -> Iterator[tuple[str, str]]:
    for cell in nb.cells if cells is None else cells:
        exercise = str(cell.metadata.get("malibook", {}).get("exercise", "?"))
        hidden = [cell.source] if INSTRUCTOR in cell.metadata.get("tags", []) else []
        hidden += SOLUTION.findall(cell.source) + HIDDEN.findall(cell.source)
        for text in hidden:
            cut = text.splitlines() if cell.cell_type == "code" else re.split(r"(?<=[.?!:])\s+|\n+", text)
            yield from ((piece, exercise) for piece in cut)


def _hidden_metadata(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield each text of a cell's metadata that students do not get."""
    for cell in nb.cells:
        given = set() if INSTRUCTOR in cell.metadata.get("tags", []) else set(_texts(kept_metadata(cell)))
        exercise = str(cell.metadata.get("malibook", {}).get("exercise", "?"))
        yield from ((text, exercise) for text in _texts(cell.metadata) if text not in given)


def _texts(data: Any) -> Iterator[str]:
    """Yield every text within metadata, whatever their shape."""
    if isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def telling(piece: str) -> bool:
    """Return whether a piece gives something away wherever it stands: it sets an answer, or is longer than an idiom."""
    text = squeezed(piece)
    if text.startswith("answer_"):
        return True
    return len(text) >= IDIOM and not re.match(r"(?:from \S+ import|import) ", text)


def bare(line: str) -> str:
    """Return a line without what JSON or a listing puts around it, so that the same line looks the same everywhere."""
    return squeezed(line).strip(" \"',[]")
