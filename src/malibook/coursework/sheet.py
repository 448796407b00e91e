"""An exercise sheet as it lies in `coursework/`: found, read, and stripped of what students must not see."""

from __future__ import annotations

import copy
import json
import re
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from malibook.errors import BookError, cause, shown
from malibook.evidence import root

SOLUTION = re.compile(r"^[ \t]*### BEGIN SOLUTION[ \t]*\n(.*?)^[ \t]*### END SOLUTION[ \t]*$\n?", re.S | re.M)
HIDDEN = re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n(.*?)^[ \t]*### END HIDDEN TESTS[ \t]*$\n?", re.S | re.M)
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
INSTRUCTOR = "instructor"
# What of the metadata students get: what grading, nbgrader and the prompts need, and nothing that anybody adds beside it.
KEPT = {
    "malibook": ("exercise", "part", "objectives", "hint", "kind", "level", "minutes", "title"),
    "nbgrader": ("cell_type", "grade", "grade_id", "locked", "points", "schema_version", "solution", "task"),
}
# All that nbformat can come to over a file that is no notebook.
UNREADABLE = (OSError, ValueError, AttributeError, KeyError, TypeError, RecursionError, nbformat.ValidationError)
# A cell's id is of no account here: what runs is numbered anew, and `malibook tidy` numbers what is committed.
warnings.filterwarnings("ignore", category=nbformat.warnings.DuplicateCellId)
BLANK_CODE = "# YOUR CODE HERE\nraise NotImplementedError\n"
BLANK_TEXT = "*Your answer here.*\n"


def home() -> Path:
    """Return the folder of the whole sheets: `coursework/` of the book, `exercises/` of an instructor's pack.

    Raises `BookError` in a student's pack, whose sheets lack what is needed to grade or to pack them.
    """
    top = root()
    pack = top / "PACK.txt"
    if (top / "coursework").is_dir() or not pack.is_file():
        return top / "coursework"
    if "instructor" not in pack.read_text(encoding="utf-8", errors="replace"):
        remedy = "use the instructor's pack, or the book's repository"
        raise BookError("a student's pack holds neither solutions nor hidden checks", where=str(top), remedy=remedy)
    return top / "exercises"


def path_of(name: str) -> Path:
    """Return where a sheet lies; raise `BookError` in a student's pack."""
    return home() / f"{name}.ipynb"


def sheets() -> list[str]:
    """Return the names of all exercise sheets in order; raise `BookError` where there is none."""
    found = sorted(p.stem for p in home().glob("[0-9]*.ipynb"))
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


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook; raise `BookError` where the file is no valid notebook."""
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(nb)
    except UNREADABLE as error:
        where = path.relative_to(root()).as_posix() if path.is_relative_to(root()) else path.name
        what = f"is not a readable notebook: {_fault(path, error)[:200]}"
        raise BookError(what, where=where, remedy="restore it with git") from None
    return nb


def _fault(path: Path, error: Exception) -> str:
    """Return what is wrong with a notebook: of broken JSON the line, which nbformat keeps to itself."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as plainer:
        return cause(plainer)
    if not isinstance(whole, dict) or not isinstance(whole.get("cells"), list):
        return "it holds no list of cells"
    return cause(error)


def read_sheet(path: Path) -> NotebookNode:
    """Return a sheet; raise `BookError` where it is no notebook or where a marker has no partner."""
    nb = read_notebook(path)
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
    about = {k: copy.deepcopy(nb.metadata[k]) for k in ("kernelspec", "language_info") if k in nb.metadata}
    out = nbformat.v4.new_notebook(metadata=about)
    for cell in nb.cells:
        if INSTRUCTOR in cell.metadata.get("tags", []):
            continue
        kept = copy.deepcopy(cell)
        blank = BLANK_TEXT if cell.cell_type == "markdown" else BLANK_CODE
        kept.source = HIDDEN.sub("", SOLUTION.sub(lambda _, text=blank: text, cell.source)).strip("\n")
        if kept.cell_type == "code":
            kept.outputs, kept.execution_count = [], None
        kept.metadata = nbformat.from_dict(kept_metadata(cell))
        kept.pop("attachments", None)
        out.cells.append(kept)
    return out


def kept_metadata(cell: NotebookNode) -> dict[str, Any]:
    """Return of a cell's metadata what students get."""
    out: dict[str, Any] = {"tags": list(cell.metadata.tags)} if "tags" in cell.metadata else {}
    for group, names in KEPT.items():
        if group in cell.metadata:
            out[group] = {k: copy.deepcopy(v) for k, v in cell.metadata[group].items() if k in names}
    return out


def squeezed(text: str) -> str:
    """Return text with every run of white space as one space: a changed indent or line end hides nothing."""
    return " ".join(text.split())
