"""An exercise sheet as it lies in `coursework/`: found, read, and stripped of what students must not see."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from malibook.errors import BookError, shown
from malibook.evidence import root

SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION[ \t]*\n(.*?)^[ \t]*### END SOLUTION[ \t]*$\n?", re.S | re.M)
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*$\n?", re.S | re.M)
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
INSTRUCTOR = "instructor"
IDIOM = 24  # shorter lines, such as `.astype(float)`, stand in any code
BLANK_CODE = "# YOUR CODE HERE\nraise NotImplementedError\n"
BLANK_TEXT = "*Your answer here.*\n"


def sheets() -> list[str]:
    """Return the names of all exercise sheets in order; raise `BookError` where there is none."""
    found = sorted(p.stem for p in (root() / "coursework").glob("[0-9]*.ipynb"))
    if not found:
        raise BookError("no exercise sheet found", where="coursework/", remedy="a sheet is coursework/NN-name.ipynb")
    return found


def find_sheet(name: str) -> str:
    """Return the one sheet that begins with `name`; raise `BookError` where none or several do."""
    hits = [s for s in sheets() if name and s.startswith(name)]
    if len(hits) != 1:
        known = ", ".join(sheets())
        raise BookError(
            f"{len(hits) or 'no'} sheets match {shown(name)}", where="coursework/", remedy=f"known: {known}"
        )
    return hits[0]


def read_sheet(path: Path) -> NotebookNode:
    """Return a sheet; raise `BookError` where it is no notebook or where a marker has no partner."""
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(nb)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        cause = str(error).splitlines()[0][:160]
        where = f"coursework/{path.name}"
        raise BookError(f"is not a readable notebook: {cause}", where=where, remedy="restore it with git") from None
    for number, cell in enumerate(nb.cells, 1):
        left = HIDDEN.sub("", SOLUTION.sub("", cell.source))
        stray = next((m for m in MARKERS if m in left), "")
        if stray:
            raise BookError(
                f"the marker {stray!r} has no partner",
                where=f"coursework/{path.name}, cell {number}",
                remedy="give each BEGIN its END on a line of its own, not one inside another",
            )
    return nb


def stripped(nb: NotebookNode) -> NotebookNode:
    """Return a sheet as students get it: no solution, hidden test, instructor cell, output or count."""
    out = nbformat.v4.new_notebook(metadata=copy.deepcopy(nb.metadata))
    for cell in nb.cells:
        if INSTRUCTOR in cell.metadata.get("tags", []):
            continue
        kept = copy.deepcopy(cell)
        blank = BLANK_TEXT if cell.cell_type == "markdown" else BLANK_CODE
        kept.source = HIDDEN.sub("", SOLUTION.sub(lambda _, text=blank: text, cell.source)).strip("\n")
        if kept.cell_type == "code":
            kept.outputs, kept.execution_count = [], None
        kept.pop("attachments", None)
        out.cells.append(kept)
    return out


def secrets(nb: NotebookNode) -> dict[str, str]:
    """Return each piece of text that only instructors may see, with the exercise that it belongs to.

    Of code: each line of a solution or hidden test. Of prose: each sentence of a model answer or instructor cell.
    A piece that the stripped sheet shows anyway (an import, a line of the prompt) tells nothing and is left out.
    """
    public = squeezed("\n".join(c.source for c in stripped(nb).cells))
    found: dict[str, str] = {}
    for cell in nb.cells:
        exercise = str(cell.metadata.get("malibook", {}).get("exercise", "?"))
        hidden = [cell.source] if INSTRUCTOR in cell.metadata.get("tags", []) else []
        hidden += SOLUTION.findall(cell.source) + HIDDEN.findall(cell.source)
        for text in hidden:
            cut = text.splitlines() if cell.cell_type == "code" else re.split(r"(?<=[.?!:])\s+|\n+", text)
            found |= {squeezed(piece): exercise for piece in cut if telling(piece)}
    return {piece: exercise for piece, exercise in found.items() if piece not in public}


def telling(piece: str) -> bool:
    """Return whether a piece gives something away: it sets an answer, or is longer than an idiom of the trade."""
    text = squeezed(piece)
    if text.startswith("answer_"):
        return True
    return len(text) >= IDIOM and not re.match(r"(?:from \S+ import|import) ", text)


def squeezed(text: str) -> str:
    """Return text with every run of white space as one space: a changed indent or line end hides nothing."""
    return " ".join(text.split())
