"""The notebook that papermill would write is held back for the press alone, and comes out as from its file."""

from __future__ import annotations

import copy
import json
import sys
import threading
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from malibook.press import unwritten

OUTPUTS = [
    new_output(
        "display_data", {"text/plain": "a\nb", "image/svg+xml": "<svg>\n</svg>\n", "application/x+json": {"a": 1}}
    ),
    new_output("stream", text="one\ntwo"),
    new_output("error", ename="E", evalue="v", traceback=["a\nb"]),
]
writes = sys.modules["papermill.execute"]


def notebook() -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Title\n\ntext"), new_code_cell("x = 1\nx", outputs=OUTPUTS, execution_count=1)]
    return new_notebook(cells=cells, metadata={"orig_nbformat": 4})


def test_it_is_what_nbformat_would_write():
    nb = notebook()
    expected = json.loads(nbformat.writes(nb))
    assert json.loads(json.dumps(unwritten.as_written(copy.deepcopy(nb)))) == expected


def test_it_is_held_in_this_context_alone(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere.ipynb"
    with unwritten.held_back() as held:
        writes.write_ipynb(notebook(), str(tmp_path / "here.ipynb"))
        other = threading.Thread(target=writes.write_ipynb, args=(notebook(), str(elsewhere)))
        other.start()
        other.join()
    assert len(held) == 1 and not (tmp_path / "here.ipynb").exists() and elsewhere.exists()
    writes.write_ipynb(notebook(), str(tmp_path / "after.ipynb"))
    assert (tmp_path / "after.ipynb").exists()


def test_a_failed_run_is_written_where_it_can_be(tmp_path: Path):
    with unwritten.held_back() as held:
        writes.write_ipynb(notebook(), "anywhere")
    unwritten.write_failed(held, tmp_path / "failed.ipynb")
    assert nbformat.read(tmp_path / "failed.ipynb", 4).cells[1].outputs[2].ename == "E"
    unwritten.write_failed(held, tmp_path / "no" / "folder.ipynb")  # says nothing: the run's own error is what counts
    unwritten.write_failed([], tmp_path / "none.ipynb")
    assert not (tmp_path / "none.ipynb").exists()
