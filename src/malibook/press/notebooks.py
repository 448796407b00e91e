"""The chapters' notebooks as they lie in the repository: found, read, checked, kept tidy."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from malibook.coursework.sheet import read_notebook
from malibook.errors import BookError, shown
from malibook.evidence import root

SUFFIX = ".ipynb"
read = read_notebook  # chapters are read as sheets are
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def chapters() -> list[str]:
    """Return the names of all chapters (`01-french-intervention`, …) in order; raise `BookError` where there is none."""
    found = sorted(p.stem for p in (root() / "notebooks").glob("[0-9]*.ipynb"))
    if not found:
        raise BookError("no notebook found", where="notebooks/", remedy="a chapter is notebooks/NN-name.ipynb")
    return found


def elsewhere() -> list[str]:
    """Return the chapters without a number: this book has none of them, its editions for other countries and its forks do."""
    return sorted(p.stem for p in (root() / "notebooks").glob("[a-z]*.ipynb"))


def every_chapter() -> list[str]:
    """Return all chapters that are kept, in order: those of an edition for another country first, then this book's own."""
    return [*elsewhere(), *chapters()]


def find(name: str) -> str:
    """Return the one chapter that begins with `name` (`01`, `03-tinza`); raise `BookError` where none or several do."""
    stem = Path(name).stem
    hits = [c for c in every_chapter() if c == stem or c.startswith(stem)]
    if len(hits) != 1:
        raise BookError(
            f"{len(hits) or 'no'} chapters match {shown(name)}",
            where="notebooks/",
            remedy=f"known: {', '.join(every_chapter())}",
        )
    return hits[0]


def path_of(name: str) -> Path:
    """Return where a notebook lies: a chapter by its name, any other by its path from the book's folder (`….ipynb`)."""
    return root() / name if name.endswith(SUFFIX) else root() / "notebooks" / f"{name}{SUFFIX}"


def shown_path(name: str) -> str:
    """Return a notebook's path from the book's folder, as messages name it."""
    return name if name.endswith(SUFFIX) else f"notebooks/{name}{SUFFIX}"


def locate(name: str) -> str:
    """Return a notebook's name: a chapter found by its beginning, or a path ending in `.ipynb` from the book's folder.

    Raises `BookError` where there is none, or where the path leads out of the book.
    """
    if not name.endswith(SUFFIX) or "/" not in name:
        return find(name)
    inside = Path(name)
    if inside.is_absolute() or ".." in inside.parts or not (root() / inside).is_file():
        raise BookError("is no notebook of this book", where=shown(name), remedy="name it from the book's folder")
    return inside.as_posix()


def language(nb: NotebookNode) -> str:
    """Return the language that a notebook says it is in, as papermill looks for it; empty where it says none."""
    kinds = (nb.metadata.get("language_info", {}).get("name"), nb.metadata.get("kernelspec", {}).get("language"))
    return next((kind for kind in kinds if kind), "")


def tidy(nb: NotebookNode) -> NotebookNode:
    """Return the notebook as it is committed: no outputs, no counts, fixed metadata, numbered cell ids."""
    out = nbformat.v4.new_notebook(metadata=METADATA)
    for number, cell in enumerate(nb.cells, 1):
        tags = cell.metadata.get("tags", [])
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[cell.cell_type]
        out.cells.append(
            make(cell.source.strip("\n"), id=f"cell-{number:02d}", metadata={"tags": tags} if tags else {})
        )
    return out


def dumps(nb: NotebookNode) -> str:
    """Return a notebook as it is written: one line of source a line of JSON, sorted keys, accents as they are."""
    return nbformat.writes(nb, version=4) + "\n"


def code_hash(nb: NotebookNode) -> str:
    """Return a SHA-256 over the code cells alone, so that an edit of prose asks for no new run.

    Their tags count: they say where parameters go in, which cell is skipped, which one may fail.
    """
    cells = (c for c in nb.cells if c.cell_type == "code")
    code = "\0".join("\1".join([c.source, *c.metadata.get("tags", [])]) for c in cells)
    return hashlib.sha256(code.encode()).hexdigest()
