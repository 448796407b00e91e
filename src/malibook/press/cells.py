"""Cells that the press writes itself, made without nbformat's check of each.

nbformat's own makers hold every single cell against the schema, by its slow validator: a tenth of a second a chapter. Cells
made here are right by construction (tested), and the notebook that they go into is checked as a whole where it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbformat import NotebookNode


def markdown_cell(source: str) -> NotebookNode:
    """Return a cell of prose."""
    return NotebookNode(cell_type="markdown", metadata=NotebookNode(), source=source)


def code_cell(source: str, outputs: Sequence[NotebookNode] = (), tags: Sequence[str] = ()) -> NotebookNode:
    """Return a cell of code with its outputs."""
    metadata = NotebookNode(tags=list(tags)) if tags else NotebookNode()
    return NotebookNode(cell_type="code", execution_count=None, metadata=metadata, outputs=list(outputs), source=source)


def html_output(html: str) -> NotebookNode:
    """Return an output that shows HTML."""
    return NotebookNode(output_type="display_data", data=NotebookNode({"text/html": html}), metadata=NotebookNode())


def numbered(cells: Iterable[NotebookNode]) -> None:
    """Give cells the ids that the format asks for: by their place, so that the same notebook has the same ones."""
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:03d}"
