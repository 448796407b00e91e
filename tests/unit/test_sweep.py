"""Sweeps: grids, refusals, resuming, and failures that are kept."""

from __future__ import annotations

import duckdb
import pytest

from malibook.errors import BookError
from malibook.press import notebooks
from malibook.press.runner import RunResult
from malibook.press.sweep import plan, work
from tests.faults.small import write_small_book


def test_a_grid_is_the_product_and_a_run_stands_once():
    got = plan.combinations("x", {"grid": {"a": [1, 2], "b": ["u"]}, "runs": [{"b": "u", "a": 2}, {"a": 9}]})
    assert [(s["a"], s.get("b")) for s in got] == [(1, "u"), (2, "u"), (9, None)]


@pytest.mark.parametrize("sweep", [{}, {"grid": {"a": 1}}, {"grid": {"a": []}}])
def test_a_sweep_without_runs_is_refused(sweep):
    with pytest.raises(BookError):
        plan.combinations("x", sweep)


def test_an_unknown_parameter_is_refused_while_planning(monkeypatch):
    bad = {"x": {"notebooks": ["06"], "grid": {"window_month": [12]}}}
    monkeypatch.setattr(plan, "sweeps", lambda: bad)
    with pytest.raises(BookError, match="window_month"):
        plan.plan("x")


def test_a_notebook_that_is_no_chapter_may_have_parameters_of_its_own(monkeypatch, tmp_path):
    book = write_small_book(tmp_path / "book")
    (book / "notebooks" / "sweeps").mkdir()
    path, name = book / "notebooks" / "sweeps" / "one.ipynb", "notebooks/sweeps/one.ipynb"
    text = (book / "notebooks" / "01-small.ipynb").read_text(encoding="utf-8")
    path.write_text(text.replace('"start: str', '"question: str = \\"exit\\"\\n",\n    "start: str'), encoding="utf-8")
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    grid = {"question": ["exit", "entry"], "estimate": ["high"]}
    monkeypatch.setattr(plan, "sweeps", lambda: {"x": {"notebooks": [name], "grid": grid}})
    runs = plan.plan("x")
    assert [(r.notebook, r.parameters["question"]) for r in runs] == [(name, "exit"), (name, "entry")]
    grid["question"] = [3]
    with pytest.raises(BookError, match="question: 3 is not of type str"):
        plan.plan("x")
    grid["question"], grid["estimate"] = ["exit"], ["hihg"]
    with pytest.raises(BookError, match="did you mean 'high'"):
        plan.plan("x")


@pytest.mark.parametrize("name", ["notebooks/sweeps/none.ipynb", "../x/y.ipynb", "/etc/y.ipynb"])
def test_a_notebook_outside_the_book_is_refused(name):
    with pytest.raises(BookError, match="no notebook of this book"):
        notebooks.locate(name)


def test_a_failed_run_is_kept_as_a_row_and_tried_again_alone(monkeypatch, tmp_path):
    runs = [plan.Run("06-robustness", {"window_months": n}, f"k{n}") for n in (12, 24)]
    (tmp_path / "k24.json").write_text('[{"key": "n", "value": [1, 2], "text": "1–2", "unit": "u"}]', encoding="utf-8")
    asked = []

    def broken(name, output, parameters):
        asked.append(parameters)
        return RunResult(name, output, 0.0, "kernel died")

    monkeypatch.setattr(work, "run", broken)
    problems = work.do(runs, tmp_path, lambda *_: None)
    frame = work.table(runs, problems, tmp_path)
    work.write(frame, tmp_path / "t.parquet")
    rows = duckdb.read_parquet(str(tmp_path / "t.parquet")).project("window_months, state, low, high").fetchall()
    assert asked == [{"window_months": 12}]
    assert [r[:2] for r in rows] == [(12, "failed"), (24, "good")] and rows[1][2:] == (1.0, 2.0)
