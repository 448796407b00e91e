"""What a reader is told of the parameters: the page of the documentation, the run panel, papermill's own help."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from papermill.cli import papermill

from malibook.evidence import Parameters, allowed
from malibook.evidence.served import values_of
from malibook.exhibits import escape
from malibook.press.declared import defaults_of
from malibook.press.furniture.panel import run_panel
from malibook.press.ledger import Ledger
from malibook.press.notebooks import path_of
from malibook.press.parameter_docs import described, parameters_page
from malibook.press.provenance import Provenance
from tests.conftest import ROOT

every_chapter = pytest.mark.parametrize("chapter", described())
KINDS = {str: "str", int: "int"}


def test_the_page_of_parameters_is_what_the_code_says():
    assert (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8") == parameters_page(), (
        "renew it: python -m malibook.press.parameter_docs > docs/parameters.md"
    )


def test_the_page_names_every_parameter_with_every_value():
    page = parameters_page()
    for name, field in Parameters.model_fields.items():
        assert field.description and f"| `{name}` | " in page
        assert all(value in page for value in values_of(name))


@every_chapter
def test_papermill_shows_each_parameter_with_type_default_and_meaning(chapter):
    shown = CliRunner().invoke(papermill, ["--help-notebook", str(path_of(chapter))], terminal_width=1000)
    assert shown.exit_code == 0, shown.output
    said = " ".join(shown.output.split())
    for name, default in defaults_of(chapter).items():
        written = f'"{default}"' if isinstance(default, str) else default
        head, found, rest = said.partition(f" {name}: {KINDS[type(default)]} (default {written}) ")
        assert head and found
        meaning = re.split(r" \w+: (?:str|int) \(default ", rest)[0]
        assert len(meaning.split()) > 3
        assert name == "country" or all(value in meaning for value in values_of(name, chapter)), meaning


@every_chapter
def test_the_run_panel_says_what_each_parameter_may_be(chapter):
    panel = run_panel(Ledger(chapter), Provenance("abc", 0, "0.1.0", "d474", "10cc"))
    assert "| Parameter | This run | As published | Allowed | What it is |" in panel
    for name in defaults_of(chapter):
        row = next(line for line in panel.splitlines() if line.startswith(f"| `{name}` |"))
        assert f"| {escape(allowed(name, chapter))} |" in row
