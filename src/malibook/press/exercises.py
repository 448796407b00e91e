"""Put each chapter's exercises onto its page: the prompts of its sheet in `coursework/`, never an answer.

A chapter's notebook holds one line, `MARK`, under its heading *Exercises*. The page is written from the sheet as students
get it (`coursework.sheet.stripped`), so that what is for instructors cannot reach it.
"""

from __future__ import annotations

import copy
import re

import nbformat
from nbformat import NotebookNode

from malibook.coursework.sheet import read_sheet, stripped
from malibook.errors import BookError
from malibook.evidence import root

MARK = "[exercises of this chapter]"
_LEVEL = re.compile(r"^\*Level .*\*$", re.M)


def student_sheet(chapter: str) -> NotebookNode:
    """Return a chapter's sheet without solutions; raise `BookError` where the chapter has none."""
    path = root() / "coursework" / f"{chapter}.ipynb"
    if not path.is_file():
        what = f"notebooks/{chapter}.ipynb asks for exercises, but there is no sheet"
        raise BookError(what, where=f"coursework/{chapter}.ipynb", remedy=f"write the sheet or take out {MARK}")
    return stripped(read_sheet(path))


def student_text(chapter: str) -> str:
    """Return the sheet that students download, as the text of a notebook: the same bytes each time."""
    return nbformat.writes(student_sheet(chapter)) + "\n"


def prompts(chapter: str) -> list[str]:
    """Return the prompts of a chapter's exercises in order, each with what it teaches below its level."""
    cells = student_sheet(chapter).cells
    return [_with_aim(c.source, c.metadata["malibook"]) for c in cells if "kind" in c.metadata.get("malibook", {})]


def section(chapter: str) -> str:
    """Return what stands under the heading *Exercises* of a chapter's page, in MyST."""
    sheet = f"{{download}}`exercise sheet <../_exhibits/{chapter}/{chapter}-exercises.ipynb>`"
    head = f"The {sheet} of this chapter is a notebook to work in, with checks of the form of each answer. {{number}} exercises, from reading a chart to designing an analysis."
    found = prompts(chapter)
    return "\n\n".join([head.replace("{number}", str(len(found))), *found])


def wants(nb: NotebookNode) -> bool:
    """Return whether a notebook has a place for exercises."""
    return any(MARK in cell.source for cell in nb.cells if cell.cell_type == "markdown")


def with_exercises(nb: NotebookNode, chapter: str) -> NotebookNode:
    """Return the notebook with its chapter's exercises in their place; one without such a place as it is."""
    if not wants(nb):
        return nb
    out, text = copy.copy(nb), section(chapter)
    out.cells = [_replaced(cell, text) for cell in nb.cells]
    return out


def _replaced(cell: NotebookNode, text: str) -> NotebookNode:
    if cell.cell_type != "markdown" or MARK not in cell.source:
        return cell
    other = copy.copy(cell)
    other.source = cell.source.replace(MARK, text)
    return other


def _with_aim(prompt: str, meta: dict) -> str:
    aim = f"*Aim:* {'; '.join(meta.get('objectives', []))}."
    return _LEVEL.sub(lambda found: f"{found[0]}\n{aim}", prompt, count=1)
