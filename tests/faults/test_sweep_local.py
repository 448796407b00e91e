"""A sweep on this machine: interrupted, with a kernel that dies and a cell that fails, gone on with."""

from __future__ import annotations

import os
import signal

import pytest

from malibook.press.sweep import gather, plan, work
from malibook.press.sweep.store import Store
from tests.faults import tiny_sweep as tiny
from tests.faults.test_interrupted import gone

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")]


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path):
    book = tiny.write_book(tmp_path / "book", 'grid = { act = ["", "wait"], estimate = ["low", "high"] }')
    out = book / "out"
    sweep = tiny.start(book, "--out", "out", "--jobs", "2")
    kernels = tiny.wait_for(
        lambda: len(tiny.kept(out)) == 2 and len(list(book.glob("kernel-*"))) == 2 and list(book.glob("kernel-*"))
    )
    sweep.send_signal(signal.SIGINT)
    code, _, said = tiny.finish(sweep, 30)
    assert code == 130 and "2 of 4 runs are kept" in said and "run the same command again" in said
    assert "Traceback" not in said and not (out / "tiny.parquet").exists()
    assert all(gone(int(k.name.partition("-")[2])) for k in kernels)
    (book / "go").touch()
    code, outcome, said = tiny.finish(tiny.start(book, "--out", "out", "--json"))
    assert code == 0, said
    assert (outcome["kept_before"], outcome["ran"], outcome["failed"]) == (2, 2, [])
    assert len(tiny.table(out)) == 4


def test_a_killed_kernel_and_a_failed_cell_are_rows_and_cost_no_other_run(tmp_path, monkeypatch):
    book = tiny.write_book(tmp_path / "book", 'grid = { act = ["die", "", "fail", "print"] }')
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    runs, store = plan.plan("tiny"), Store("memory://faults")
    problems = work.do(runs, store, lambda *_: None, jobs=1)
    gather.write_table(runs, problems, store, "tiny")
    rows = [
        (act, state, cause)
        for _, _, act, _, _, _, _, _, state, cause in tiny.table_at("memory://faults/tiny.parquet", tmp_path)
    ]
    assert [(act, state) for act, state, _ in rows] == [
        ("", "good"), ("die", "failed"), ("fail", "failed"), ("print", "failed"),
    ]  # fmt: skip
    line = tiny.ACT.splitlines().index('    raise ValueError("told to")') + 1
    assert "the kernel was killed" in rows[1][2] and "cell 3" in rows[1][2]
    assert "ValueError: told to" in rows[2][2] and f"cell 3, line {line}" in rows[2][2]
    assert rows[3][2].startswith("notebooks/sweeps/tiny.ipynb, code cell 3") and "no exhibit" in rows[3][2]
    assert store.kept() == {r.key for r in runs if r.parameters["act"] == ""}
