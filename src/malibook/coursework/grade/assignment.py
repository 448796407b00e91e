"""What a sheet asks for and how it is checked, read from `coursework/`; and which cells of a submission are to run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from malibook.coursework.sheet import BLANK_CODE, BLANK_TEXT, HIDDEN, path_of, read_sheet, sheets, squeezed, stripped

MOST_CELLS = 400
LONGEST_CELL = 200_000


@dataclass(frozen=True)
class Task:
    """One thing that gets points: a check that runs (`whole` is its code), or an answer that a person reads."""

    id: str
    exercise: str
    title: str
    points: float
    public: str = ""
    whole: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it."""
        return not self.whole


@dataclass(frozen=True)
class Assignment:
    """A sheet's tasks in order, the code that all of its checks need, and the cells as students got them."""

    name: str
    imports: str
    tasks: tuple[Task, ...]
    given: dict[str, str] = field(hash=False)


@dataclass
class Work:
    """What of a submission runs: code cells in order with their exercise, texts by id, and what was odd."""

    cells: list[str] = field(default_factory=list)
    exercises: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def assignment(name: str) -> Assignment:
    """Return a sheet as an assignment; raise `BookError` where it cannot be read."""
    return _assignment(path_of(name))


@cache
def _assignment(path: Path) -> Assignment:
    nb = read_sheet(path)
    titles = {str(m["exercise"]): str(m.get("title", "")) for m in map(_ours, nb.cells) if "kind" in m}
    imports = "\n".join(c.source for c in nb.cells if c.cell_type == "code" and _ours(c).get("part") == "imports")
    tasks = []
    for cell in nb.cells:
        mark = _mark(cell)
        if not mark.get("grade"):
            continue
        exercise = str(_ours(cell).get("exercise", ""))
        code = {} if cell.cell_type != "code" else {"public": HIDDEN.sub("", cell.source), "whole": cell.source}
        tasks.append(Task(mark["grade_id"], exercise, titles.get(exercise, ""), float(mark["points"]), **code))
    given = {_mark(c)["grade_id"]: c.source for c in stripped(nb).cells if "grade_id" in _mark(c)}
    return Assignment(path.stem, imports, tuple(tasks), given)


def belongs_to(nb: NotebookNode) -> str | None:
    """Return the sheet that a submitted notebook answers: the one with most of its grade ids, else of its answers' names."""
    ids = {grade_id(cell) for cell in nb.cells}
    counts = {name: len(ids & set(assignment(name).given)) for name in sheets()}
    if not any(counts.values()):
        text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
        counts = {name: sum(answer in text for answer in _asked(assignment(name))) for name in sheets()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def _asked(of: Assignment) -> set[str]:
    return set(re.findall(r"\banswer_\w+", "\n".join(task.public for task in of.tasks)))


def work(nb: NotebookNode, of: Assignment) -> Work:
    """Return what is to run of a submitted notebook: every code cell but those that stand where a check stood."""
    out, changed, checks = Work(), [], {t.id for t in of.tasks if not t.by_hand}
    whole = {t.id: squeezed(t.whole) for t in of.tasks}
    for cell in nb.cells[:MOST_CELLS]:
        name = grade_id(cell)
        if cell.cell_type == "code" and (name in checks or _mark(cell).get("grade") is True):
            if name in of.given and squeezed(cell.source) not in (squeezed(of.given[name]), whole.get(name)):
                changed.append(name)
        elif cell.cell_type == "code" and squeezed(cell.source) not in ("", squeezed(BLANK_CODE)):
            out.cells.append(cell.source[:LONGEST_CELL])
            out.exercises.append(str(_ours(cell).get("exercise") or "")[:20])
        elif cell.cell_type == "markdown" and name:
            out.texts[name] = out.texts.get(name, "") + cell.source[:LONGEST_CELL]
    if len(nb.cells) > MOST_CELLS:
        out.remarks.append(f"only the first {MOST_CELLS} of {len(nb.cells)} cells were read")
    if changed:
        out.remarks.append(f"checks that were changed (those of the sheet counted): {', '.join(changed)}")
    out.remarks += _odd(nb, of)
    return out


def _odd(nb: NotebookNode, of: Assignment) -> list[str]:
    """Return what of the sheet is not in the notebook, or is in it more than once."""
    seen = Counter(name for name in map(grade_id, nb.cells) if name in of.given)
    out = [
        f"the cell {name} is there more than once: all were run, the last value counted"
        for name, count in sorted(seen.items())
        if count > 1
    ]
    absent = [name for name in of.given if name not in seen]
    return out + ([f"cells of the sheet that are not there: {', '.join(absent)}"] if absent else [])


def unanswered(text: str | None, task: Task, of: Assignment) -> bool:
    """Return whether the place for a text holds nothing but what the sheet put there."""
    return text is None or squeezed(text) in ("", squeezed(BLANK_TEXT), squeezed(of.given.get(task.id, "")))


def grade_id(cell: NotebookNode) -> str:
    """Return a submitted cell's grade id, empty where it has none."""
    return str(_mark(cell).get("grade_id") or "")


def _mark(cell: NotebookNode) -> dict[str, Any]:
    found = cell.metadata.get("nbgrader")
    return found if isinstance(found, dict) else {}


def _ours(cell: NotebookNode) -> dict[str, Any]:
    found = cell.metadata.get("malibook")
    return found if isinstance(found, dict) else {}
