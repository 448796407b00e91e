"""Give the run of a chapter that stands the prose that is committed now.

An edit of prose asks for no new run, but the executed notebook must be, byte for byte, what a run would write.
"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from malibook.press.execute import normalise, written
from malibook.press.hashes import short
from malibook.press.notebooks import code_hash
from malibook.press.swap import write_whole


def renew(record: Path, executed: Path, committed: Path) -> None:
    """Renew an executed notebook whose run stands where prose of the committed one was edited since.

    The parts that the run depended on stay recorded as they were, and where code was edited in this moment nothing is done:
    the next build will tell what changed.
    """
    kept, source = json.loads(record.read_text(encoding="utf-8")), committed.read_bytes()
    if kept.get("notebook") == short(source):
        return
    now = nbformat.v4.reads(source.decode())
    if code_hash(now)[:16] != kept["parts"]["code"]:
        return
    text = written(
        normalise(json.loads(nbformat.v4.writes(renewed(nbformat.v4.reads(executed.read_text("utf-8")), now))))
    )
    write_whole(executed, text)
    kept |= {"executed": short(text.encode()), "notebook": short(source)}
    write_whole(record, json.dumps(kept, indent=1, sort_keys=True) + "\n")


def renewed(executed: NotebookNode, committed: NotebookNode) -> NotebookNode:
    """Return an executed notebook with the prose of the committed one, whose code is the same."""
    ran = [cell for cell in executed.cells if cell.cell_type == "code"]
    cells: list[NotebookNode] = []
    for cell in committed.cells:
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        cells.append(ran.pop(0))
        if ran and "injected-parameters" in ran[0].metadata.get("tags", []):
            cells.append(ran.pop(0))
    executed["cells"] = cells
    return executed
