"""Read the exercise sheets as the packs and the grader will: exercises, answer cells, checks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import matplotlib
import nbformat

from malibook.evidence import root

SOLUTION = re.compile(r"### BEGIN SOLUTION\n.*?### END SOLUTION", re.S)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.S)
STRIPPED = "# YOUR CODE HERE\nraise NotImplementedError"


@dataclass
class Exercise:
    """One exercise: its prompt's metadata, its prompt, and its cells in order."""

    meta: dict
    prompt: str
    cells: list = field(default_factory=list)

    @property
    def auto(self) -> bool:
        return self.meta["kind"] != "open"

    def of_part(self, part: str) -> list:
        return [c for c in self.cells if c.metadata["malibook"].get("part") == part]


def names() -> list[str]:
    return sorted(p.stem for p in (root() / "coursework").glob("[0-9]*.ipynb"))


@cache
def sheet(name: str) -> nbformat.NotebookNode:
    nb = nbformat.read(root() / "coursework" / f"{name}.ipynb", as_version=4)
    nbformat.validate(nb)
    return nb


@cache
def exercises(name: str) -> tuple[Exercise, ...]:
    found: list[Exercise] = []
    for cell in sheet(name).cells:
        meta = cell.metadata.get("malibook", {})
        if "kind" in meta:
            found.append(Exercise(dict(meta), cell.source))
        elif "exercise" in meta:
            assert found and found[-1].meta["exercise"] == meta["exercise"], f"{name}: a cell of {meta} is out of place"
            found[-1].cells.append(cell)
    return tuple(found)


def start(name: str) -> dict:
    """Return the namespace after the imports cell of a sheet."""
    matplotlib.use("Agg")
    space: dict = {"__name__": "sheet"}
    for cell in sheet(name).cells:
        if cell.cell_type == "code" and cell.metadata["malibook"].get("part") == "imports":
            run(cell.source, space)
    return space


def run(source: str, space: dict) -> None:
    exec(compile(source, "cell", "exec"), space)


def public(source: str) -> str:
    return HIDDEN.sub("", source)


def stripped(source: str) -> str:
    return SOLUTION.sub(STRIPPED, source)
