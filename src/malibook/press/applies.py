"""Paragraphs that belong to some runs only: a Markdown cell with the tag `unless:dataset=ucdp` is not in a run with that value."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from malibook.evidence import Parameters, values_of

UNLESS = "unless:"


def applicable(nb: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return the notebook without the Markdown cells whose tags say that a run under these parameters has none of them."""
    given = {f"{UNLESS}{name}={value}" for name, value in parameters.items()}
    kept = [cell for cell in nb.cells if cell.cell_type != "markdown" or not given & set(tags_of(cell))]
    if len(kept) == len(nb.cells):
        return nb
    out = copy.copy(nb)
    out.cells = kept
    return out


def tags_of(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return list(cell.metadata.get("tags", []))


def unknown_conditions(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell that make a condition of a parameter, or of a value, that there is not."""
    out = []
    for tag in tags_of(cell):
        name, _, value = tag.removeprefix(UNLESS).partition("=")
        if tag.startswith(UNLESS) and not (name in Parameters.model_fields and value in values_of(name)):
            out.append(tag)
    return out
