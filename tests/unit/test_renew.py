"""An edit of prose asks for no run: the executed notebook takes it over, and is then what a run would write."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from malibook.press.execute import normalise, written
from malibook.press.hashes import short
from malibook.press.notebooks import code_hash
from malibook.press.renew import renew, renewed

cell, note = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell


def run_of(cells: list) -> str:
    """Return what a run writes of these cells, papermill's own left out."""
    return written(normalise(json.loads(nbformat.v4.writes(nbformat.v4.new_notebook(cells=cells)))))


def after(code: str) -> nbformat.NotebookNode:
    """Return a code cell as it is after a run."""
    return cell(code, execution_count=1, outputs=[nbformat.v4.new_output("stream", text=f"of {code}\nand more\n")])


@pytest.fixture
def book(tmp_path) -> Path:
    """A committed notebook, a run of it, and the record of that run."""
    committed = nbformat.v4.new_notebook(cells=[note("# Old"), cell("a = 1"), note("gone"), cell("a")])
    (tmp_path / "01.ipynb").write_text(nbformat.v4.writes(committed), encoding="utf-8")
    text = run_of([note("# Old"), after("a = 1"), note("gone"), after("a")])
    (tmp_path / "run.ipynb").write_text(text, encoding="utf-8")
    parts = {"code": code_hash(committed)[:16], "table losses": "as it was when it ran"}
    (tmp_path / "run.json").write_text(json.dumps({"parts": parts, "opened": [], "executed": short(text.encode())}))
    return tmp_path


def commit(book: Path, *cells: nbformat.NotebookNode) -> None:
    text = nbformat.v4.writes(nbformat.v4.new_notebook(cells=list(cells)))
    (book / "01.ipynb").write_text(text, encoding="utf-8")
    renew(book / "run.json", book / "run.ipynb", book / "01.ipynb")


def test_a_run_that_stands_takes_over_prose_and_is_as_a_run_would_write_it(book):
    commit(book, note("# New\n\nof two lines", id="x"), note("more"), cell("a = 1"), cell("a"), note("end"))
    due = run_of([note("# New\n\nof two lines"), note("more"), after("a = 1"), after("a"), note("end")])
    assert (book / "run.ipynb").read_text(encoding="utf-8") == due
    kept = json.loads((book / "run.json").read_text())
    assert kept["executed"] == short(due.encode()), "it is not taken for changed by hand"
    assert kept["parts"]["table losses"] == "as it was when it ran"


def test_what_is_as_it_was_is_not_read_again(book):
    commit(book, note("# New"), cell("a = 1"), cell("a"))
    (book / "run.ipynb").write_text("not looked at")
    renew(book / "run.json", book / "run.ipynb", book / "01.ipynb")


def test_a_run_of_other_code_is_left_to_the_next_build(book):
    before = (book / "run.ipynb").read_bytes()
    commit(book, note("# New"), cell("a = 2"), cell("a"))
    assert (book / "run.ipynb").read_bytes() == before


def test_what_papermill_put_in_stays_where_it_is():
    ran = nbformat.v4.new_notebook(cells=[note("old"), cell("a = 1"), cell("a = 2"), note("gone"), cell("a")])
    ran.cells[2].metadata["tags"] = ["injected-parameters"]
    ran.cells[4]["outputs"] = [nbformat.v4.new_output("stream", text="2")]
    now = nbformat.v4.new_notebook(cells=[note("new"), cell("a = 1"), cell("a"), note("more")])
    found = renewed(ran, now)
    assert [c.source for c in found.cells] == ["new", "a = 1", "a = 2", "a", "more"]
    assert found.cells[3].outputs[0].text == "2"


@pytest.mark.parametrize("tag", ["parameters", "skip-execution", "raises-exception"])
def test_a_tag_of_code_counts_and_one_of_prose_does_not(tag):
    plain = nbformat.v4.new_notebook(cells=[note("prose"), cell("a = 1")])
    told = nbformat.v4.new_notebook(cells=[note("prose", metadata={"tags": [tag]}), cell("a = 1")])
    other = nbformat.v4.new_notebook(cells=[note("prose"), cell("a = 1", metadata={"tags": [tag]})])
    assert code_hash(plain) == code_hash(told) != code_hash(other)
