"""docs/scale.md, docs/sweeps.md, docs/benchmarks.md: tables follow from the figures, examples are what they say they are."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import tomllib

import pytest
import yaml
from typer.main import get_command

from malibook.cli import app
from malibook.press.sweep import declared
from tests.conftest import ROOT

DOCS = ROOT / "docs"


def scale():
    spec = importlib.util.spec_from_file_location("scale", ROOT / "benchmarks" / "scale.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures() -> dict:
    return json.loads((ROOT / "benchmarks" / "sweep.json").read_text(encoding="utf-8"))


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_tables_are_made_from_the_figures(figures):
    for page, parts in scale().pages(figures).items():
        text = (DOCS / page).read_text(encoding="utf-8")
        for mark, block in parts.items():
            assert scale().between(text, mark, block) == text, f"{page}, {mark}: python benchmarks/scale.py"


def test_core_hours_and_hours_follow_by_hand(figures):
    each, rate = figures["curve / cpu_s"][1], figures["rate"][1]
    (row,) = [line for line in scale().runs(figures).splitlines() if "one curve" in line and line.startswith("|")]
    cells = [c.strip() for c in row.strip("|").split("|")]
    assert cells[1] == f"{100_000 * each / 3600:,.0f}"
    longest = max(100_000 * each / 16, 100_000 / rate) + figures["plan_s"][1] + figures["gather_s"][1]
    assert float(cells[2]) == pytest.approx(longest / 3600, abs=0.006)


@pytest.mark.parametrize("page", ["sweeps.md", "scale.md"])
def test_declarations_shown_are_of_the_right_form(page):
    found = blocks(page, "toml")
    assert found
    for text in found:
        for name, sweep in tomllib.loads(text).items():
            declared.check(name, sweep)


def test_scripts_and_manifests_can_be_read():
    for text in blocks("scale.md", "python"):
        ast.parse(text)
    (manifest,) = blocks("scale.md", "yaml")
    kinds = [(part["kind"], part["metadata"]["name"]) for part in yaml.safe_load_all(manifest)]
    assert kinds == [("Service", "scheduler"), ("Deployment", "scheduler"), ("Deployment", "workers"), ("Job", "sweep")]


def test_every_option_of_the_command_is_explained_and_none_else_is_named():
    known = {o for p in get_command(app).commands["sweep"].params for o in p.opts if o.startswith("--")} - {"--help"}
    text = (DOCS / "sweeps.md").read_text(encoding="utf-8")
    assert known <= set(re.findall(r"--[a-z]+", text))
    used = {w for line in re.findall(r".*malibook sweep.*", text) for w in re.findall(r"(?<= )--[a-z]+", line)}
    assert used <= known
