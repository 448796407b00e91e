"""Sweeps: grids, refusals, resuming, and failures that are kept."""

from __future__ import annotations

import duckdb
import pytest

from malibook.errors import BookError
from malibook.press.runner import RunResult
from malibook.press.sweep import plan, work


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
