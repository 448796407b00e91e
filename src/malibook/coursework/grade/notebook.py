"""A submitted notebook out of bytes that may be anything."""

from __future__ import annotations

import json

import nbformat
from nbformat import NotebookNode


def parse(content: bytes) -> NotebookNode:
    """Return a notebook in format 4; raise `ValueError` where the bytes are none, whatever they are instead."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
        if isinstance(data, dict) and data.get("nbformat") == 4:
            # As it is: checks of form would refuse what can be run.
            nb = nbformat.from_dict(data)
        else:
            nb = nbformat.reads(json.dumps(data), as_version=4)
        cells = [_cell(cell) for cell in nb.cells]
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except Exception as error:  # nbformat raises many kinds on input that is almost a notebook
        raise ValueError(f"{type(error).__name__}: {str(error)[:120]}") from None
    return nbformat.from_dict({"cells": cells})


def _cell(cell: NotebookNode) -> NotebookNode:
    """Return of a cell what grading needs: its kind, source as one text, metadata."""
    source, meta = cell.get("source", ""), cell.get("metadata", {})
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    kept = {"cell_type": str(cell.get("cell_type")), "source": text, "metadata": meta if isinstance(meta, dict) else {}}
    return nbformat.from_dict(kept)
