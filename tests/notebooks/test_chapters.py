"""The committed notebooks: tidy, bound, parameterised, and true to their contracts."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path

import pandas as pd
import papermill
import pytest

from malibook.evidence import Parameters, describe, key_of, load
from malibook.exhibits import MIME
from malibook.press import notebooks
from malibook.press.ledger import breaches, contract, read_ledger
from malibook.press.lint import lint_notebook
from malibook.press.notebooks import chapters, path_of, read
from malibook.press.runner import check_parameters, run
from tests.conftest import malibook

every_chapter = pytest.mark.parametrize("name", notebooks.every_chapter())


@every_chapter
def test_it_is_tidy_and_its_prose_is_bound(name):
    assert lint_notebook(path_of(name)) == []


def test_no_notebook_in_the_repository_carries_outputs(root):
    tracked = [p for p in root.rglob("*.ipynb") if not {".venv", "_build", ".ipynb_checkpoints"} & set(p.parts)]
    assert len(tracked) > len(chapters())
    for path in tracked:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), path
            assert cell.get("execution_count") is None, path


@every_chapter
def test_its_default_parameters_are_allowed(name):
    declared = papermill.inspect_notebook(str(path_of(name)))
    assert declared, "a chapter has parameters"
    assert all(p["inferred_type_name"] not in ("None", "") and p["help"] for p in declared.values())
    defaults = {k: ast.literal_eval(p["default"]) for k, p in declared.items()}
    assert Parameters(**defaults)
    assert check_parameters(name, {}) == {}


@every_chapter
def test_it_promises_enough(name):
    promised = contract(name)
    assert len(promised["figures"]) + len(promised["tables"]) >= 5
    assert len(promised["numbers"]) >= 10


@pytest.fixture(scope="session")
def ledgers(built: Path, tmp_path_factory):
    """The ledgers of the book's runs; of a chapter that only books about other countries have, one for Niger."""
    folder, beside = built / "_build" / "executed", tmp_path_factory.mktemp("elsewhere")
    for name in notebooks.elsewhere():
        done = malibook(built, "run", name, "--country", "NER", "-o", str(beside))
        assert done.returncode == 0, done.stdout + done.stderr
    where = dict.fromkeys(chapters(), folder) | dict.fromkeys(notebooks.elsewhere(), beside)
    return {name: read_ledger(read(at / f"{name}.ipynb"), name) for name, at in where.items()}


@pytest.mark.slow
@every_chapter
def test_its_run_keeps_the_contract(ledgers, name):
    assert breaches(ledgers[name]) == []


@pytest.mark.slow
@every_chapter
def test_every_number_leads_to_rows_that_exist_and_to_a_source(ledgers, name):
    known: dict[str, set[str]] = {}
    for entry in (e for e in ledgers[name].exhibits if e["kind"] == "number"):
        assert entry["sources"], entry["key"]
        for rows in entry["rows"]:
            table = rows["table"]
            if table not in known:
                resource = describe(table)
                known[table] = {key_of(row, resource) for _, row in load(table).iterrows()}
            assert rows["count"] >= 1
            assert set(rows["keys"]) <= known[table], (entry["key"], table)


@pytest.mark.slow
@every_chapter
def test_alt_texts_quote_the_plotted_data(ledgers, name):
    for entry in (e for e in ledgers[name].exhibits if e["kind"] == "figure"):
        frame = pd.read_csv(io.StringIO(entry["csv"]))
        values = pd.to_numeric(frame.stack(), errors="coerce").dropna()
        sums = pd.concat([values, values.groupby(level=1).sum()])
        shown = {f(v) for v in sums for f in ("{:,.0f}".format, "{:.1f}".format, "{:.2f}".format, "{:.0%}".format)}
        shown |= {part for cell in frame.to_numpy().ravel() for part in str(cell).replace("-", " ").split()} | {
            str(len(frame))
        }
        words = {w.strip(".,;:()").removesuffix("%") for w in entry["alt"].replace("–", " ").split()}
        assert words & {s.removesuffix("%") for s in shown if any(c.isdigit() for c in s)}, entry["key"]


@pytest.mark.slow
def test_another_parameter_changes_the_result_and_the_record(tmp_path, ledgers):
    result = run("01-french-intervention", tmp_path / "high.ipynb", {"estimate": "high"})
    assert result.ok, result.problem
    high = read_ledger(read(result.output), "01-french-intervention")
    assert high.parameters["estimate"] == "high"
    before = {e["key"]: e["text"] for e in ledgers["01-french-intervention"].exhibits if e["kind"] == "number"}
    after = {e["key"]: e["text"] for e in high.exhibits if e["kind"] == "number"}
    assert before.keys() == after.keys()
    assert before != after


@pytest.mark.slow
def test_the_profile_of_one_year_without_a_death_says_so_in_sentences(tmp_path):
    """Libya in 2025: no range of years, no deadliest of them, no coup but an earlier one, one way of flight."""
    window = {"country": "LBY", "start": "2025-01-01", "end": "2025-12-31"}
    result = run("country-profile", tmp_path / "quiet.ipynb", window)
    assert result.ok, result.problem
    ledger = read_ledger(read(result.output), "country-profile")
    shown = {entry["key"]: entry for entry in ledger.exhibits}
    assert breaches(ledger) == []
    assert shown["when"]["text"] == "In 2025" and shown["worst-year"]["text"] == "no year stands out"
    assert "at most" not in shown["per-head"]["text"] and "democracy-last" not in shown["democracy-held"]["text"]
    assert shown["coups-before"]["text"] == "October 1993" and "coups-before" in shown["coups-held"]["text"]
    assert shown["fig-p-flight"]["caption"].startswith("Flight within Libya, ")


@pytest.mark.slow
def test_plain_papermill_runs_a_chapter_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(str(path_of("03-tinzaouatene")), str(out), progress_bar=False, kernel_name="python3")
    shown = [o for c in json.loads(out.read_text())["cells"] for o in c.get("outputs", []) if MIME in o.get("data", {})]
    assert len(shown) > 10


@pytest.mark.slow
@pytest.mark.parametrize("name", chapters())
def test_an_ordinary_kernel_gives_the_same_notebook(built, tmp_path, name, monkeypatch):
    """Every cell and every output of the press's warm kernels, byte for byte."""
    monkeypatch.setenv("MALIBOOK_COLD", "1")
    done = malibook(built, "run", name, "-o", str(tmp_path))
    assert done.returncode == 0, done.stderr
    warm = (built / "_build" / "executed" / f"{name}.ipynb").read_bytes()
    assert (tmp_path / f"{name}.ipynb").read_bytes() == warm
