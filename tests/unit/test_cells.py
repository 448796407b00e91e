"""Cells that the press writes: the same as nbformat's own makers give, and right by its schema."""

import nbformat

from malibook.press.cells import code_cell, html_output, markdown_cell, numbered


def test_cells_are_those_that_nbformat_makes_and_pass_its_check():
    made = [markdown_cell("# Title"), code_cell("x = 1", [html_output("<b>1</b>")], ["hide-input"]), code_cell("y = 2")]
    makers = nbformat.v4
    output = makers.new_output("display_data", {"text/html": "<b>1</b>"})
    theirs = [
        makers.new_markdown_cell("# Title"),
        makers.new_code_cell("x = 1", outputs=[output], metadata={"tags": ["hide-input"]}),
        makers.new_code_cell("y = 2"),
    ]
    for own, other in zip(made, theirs, strict=True):
        other.pop("id")
        assert own == other
    numbered(made)
    assert [cell.id for cell in made] == ["cell-001", "cell-002", "cell-003"]
    nbformat.validate(makers.new_notebook(cells=made))
