"""What is found in committed notebooks without running them: each fault by cell and line, and nothing in a clean one."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from malibook.press import lint
from malibook.press.notebooks import dumps, tidy

PARAMETERS = 'start: str = "2012-01-01"  # first day'
PARTS = ("# A chapter\n\nText.", "## How this could be wrong\n\nIn every way.")


def chapter(
    *, parameters: str = PARAMETERS, code: str = "total = 1 + 1", parts: tuple[str, ...] = PARTS
) -> NotebookNode:
    cells = [new_markdown_cell(part) for part in parts]
    cells += [new_code_cell(parameters, metadata={"tags": ["parameters"]}), new_code_cell(code)]
    return tidy(new_notebook(cells=cells))


def faults(path: Path, nb: NotebookNode) -> list[str]:
    path.write_text(dumps(nb), encoding="utf-8")
    return lint.lint_notebook(path)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ""),
        ({"parts": PARTS[1:]}, "lacks the part '# '"),
        ({"parts": PARTS[:1]}, "lacks the part '## How this could be wrong'"),
        ({"code": "def f():\n    pass"}, "cell 4: line 1 defines 'f'"),
        ({"code": "x = 1\nclass A:\n    pass"}, "cell 4: line 2 defines 'A'"),
        ({"code": "async def f():\n    pass"}, "cell 4: line 1 defines 'f'"),
        ({"code": "x = = 1"}, "cell 4: line 1 is not Python"),
        ({"parameters": 'start = "2012-01-01"  # first day'}, "cell 3: line 1: a parameter needs a type"),
        ({"parameters": 'start: str = "2012-01-01"'}, "cell 3: line 1: a parameter needs a type and a comment"),
        ({"parameters": f"{PARAMETERS}, as in x=1"}, "a comment without an equals sign"),
    ],
)
def test_a_fault_is_named_by_cell_and_line(tmp_path, changed, says):
    found = faults(tmp_path / "01-a.ipynb", chapter(**changed))
    assert found == [] if not says else len(found) == 1 and says in found[0]
    assert all(line.startswith("notebooks/01-a.ipynb") for line in found)


def test_outputs_and_metadata_of_a_run_are_not_committed(tmp_path):
    for soil in (
        lambda nb: nb.cells[3].outputs.append(new_output("stream", text="left")),
        lambda nb: nb.cells[3].update(execution_count=3),
        lambda nb: nb.cells[0].metadata.update(collapsed=True),
        lambda nb: nb.metadata.update(papermill={"version": "2"}),
    ):
        nb = chapter()
        soil(nb)
        (found,) = faults(tmp_path / "01-a.ipynb", nb)
        assert "carries outputs or untidy metadata; run `malibook tidy`" in found


def test_there_is_one_cell_of_parameters_and_no_condition_that_cannot_be(tmp_path):
    nb = chapter()
    nb.cells[3].metadata["tags"] = ["parameters"]
    assert any("exactly one cell tagged" in line for line in faults(tmp_path / "01-a.ipynb", nb))
    nb = chapter()
    nb.cells[0].metadata["tags"] = ["unless:dataset=nonsense"]
    (found,) = faults(tmp_path / "01-a.ipynb", nb)
    assert "cell 1: the tag 'unless:dataset=nonsense' names no parameter and value" in found


def test_a_file_that_is_no_notebook_is_one_fault(tmp_path):
    (tmp_path / "01-a.ipynb").write_text("{", encoding="utf-8")
    assert len(lint.lint_notebook(tmp_path / "01-a.ipynb")) == len(lint.lint_code(tmp_path / "01-a.ipynb")) == 1


def test_what_is_no_chapter_is_held_to_its_code_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(lint, "root", lambda: tmp_path)
    path = tmp_path / "coursework" / "09-a.ipynb"
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("def f():\n    pass")]), path)
    (found,) = lint.lint_code(path)
    assert found.startswith("coursework/09-a.ipynb, cell 2: line 1 defines 'f'")
