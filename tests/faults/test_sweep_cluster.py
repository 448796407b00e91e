"""A sweep on a real cluster of worker processes: killed workers, a killed client, a lost scheduler, strangers refused."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from malibook.errors import BookError
from malibook.press.ledger import read_ledger
from malibook.press.notebooks import read
from malibook.press.runner import run
from malibook.press.sweep import cluster, identity, spread
from tests.conftest import ROOT
from tests.faults import tiny_sweep as tiny
from tests.faults.test_interrupted import gone

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc"),
]
GRID = 'grid = { country = ["MLI", "BFA"], estimate = ["low", "high"] }\nruns = [{ act = "wait" }, { act = "die" }]'
FIRST = [("BFA", "high", ""), ("BFA", "low", ""), ("MLI", "best", "wait"), ("MLI", "high", ""), ("MLI", "low", "")]


@pytest.fixture(scope="module")
def marks(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
def workers(marks, tmp_path_factory) -> Iterator:
    """Three worker processes that have the installed library, and no book: the folder they are told of does not exist.

    A run is given up when its second worker is killed, not its fourth as by default: each takes seconds to come back.
    """
    import dask

    with pytest.MonkeyPatch.context() as patch, dask.config.set({"distributed.scheduler.allowed-failures": 1}):
        for name, value in ABROAD.items() | {("SWEEP_MARKS", str(marks))}:
            patch.setenv(name, value)
        folder = str(tmp_path_factory.mktemp("workers"))
        kind = {"n_workers": 3, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "local_directory": folder}
        with distributed.LocalCluster(**kind) as found:
            yield found


ABROAD = {"MALIBOOK_ROOT": "/no/book/here", "SWEEP_POISON": "yes"}


@pytest.fixture
def stranger(workers, tmp_path) -> Iterator:
    """Start a worker whose library is another by one comment, and whose pandas says that it is 0.1."""
    other, started = tmp_path / "other", []
    shutil.copytree(ROOT / "src" / "malibook", other / "malibook", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "malibook" / "errors.py").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    (other / "pandas-0.1.dist-info").mkdir()
    (other / "pandas-0.1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")

    def start() -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", workers.scheduler_address, "--no-nanny"]
        command += ["--nthreads", "1", "--no-dashboard", "--name", "stranger", "--local-directory", str(tmp_path / "w")]
        env = dict(os.environ) | {"PYTHONPATH": str(other)}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen(command, env=env, **pipes))
        tiny.wait_for(lambda: "stranger" in names(workers))

    yield start
    for process in started:
        process.kill()
        process.wait()
    tiny.wait_for(lambda: "stranger" not in names(workers))


def names(workers) -> list:
    """Return the names of the cluster's workers."""
    return [w.name for w in list(workers.scheduler.workers.values())]


def worker_of(kernel: int) -> int:
    """Return the process that runs a kernel's worker: the parent of its warm parent."""
    parent = lambda pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])  # noqa: E731
    return parent(parent(kernel))


def kernels(marks: Path) -> list[int]:
    """Return the kernels that began to wait, in order."""
    return [int(p.name.partition("-")[2]) for p in sorted(marks.glob("kernel-*"), key=lambda p: p.stat().st_mtime_ns)]


def singles(book: Path, monkeypatch) -> list[tuple]:
    """Return the rows of the table by running each set of parameters alone, with what `malibook run` calls."""
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    rows = []
    for country, estimate, act in FIRST:
        result = run(tiny.NAME, book / "one.ipynb", {"country": country, "estimate": estimate, "act": act})
        assert result.ok, result.problem
        (n,) = [e for e in read_ledger(read(result.output), tiny.NAME).exhibits if e["kind"] == "number"]
        rows.append((country, estimate, act, 0, n["key"], float(n["value"]), n["text"], n["unit"], "good", ""))
    return rows


def test_client_and_worker_killed_the_table_is_that_of_a_local_sweep_and_of_single_runs(
    workers, marks, tmp_path, monkeypatch
):
    book = tiny.write_book(tmp_path / "book", GRID)
    out, command = book / "out", ("--out", "out", "--json", "--scheduler", workers.scheduler_address)
    first = tiny.start(book, *command)
    tiny.wait_for(lambda: kernels(marks) and len(tiny.kept(out)) == 4)
    first.kill()  # the whole client
    first.communicate()
    assert gone(kernels(marks)[0], 30), "a run that nobody waits for keeps its worker"
    second = tiny.start(book, *command)
    _, victim = tiny.wait_for(lambda: len(kernels(marks)) == 2 and kernels(marks))
    os.kill(worker_of(victim), signal.SIGKILL)
    tiny.wait_for(lambda: len(kernels(marks)) == 3)
    assert gone(victim), "a kernel outlived its worker"
    (marks / "go").touch()
    code, outcome, said = tiny.finish(second)
    assert code == 1 and "Traceback" not in said
    assert (outcome["kept_before"], outcome["ran"], len(outcome["failed"])) == (4, 2, 1)
    assert outcome["failed"][0]["parameters"]["act"] == "die"
    assert "the kernel was killed" in outcome["failed"][0]["cause"]
    monkeypatch.setenv("SWEEP_MARKS", str(marks))
    assert [row for row in tiny.table(out) if row[8] == "good"] == singles(book, monkeypatch)
    (book / "go").touch()
    assert tiny.finish(tiny.start(book, "--out", "here", "--json"))[0] == 1
    assert (book / "here" / "tiny.parquet").read_bytes() == (out / "tiny.parquet").read_bytes()


def test_a_run_that_kills_each_worker_is_a_failed_row_and_costs_no_other(workers, tmp_path):
    book = tiny.write_book(tmp_path / "book", 'grid = { act = ["poison", "", "fail"] }')
    sweep = tiny.start(book, "--out", "out", "--json", "--scheduler", workers.scheduler_address)
    code, _, said = tiny.finish(sweep)
    assert code == 1 and "Traceback" not in said
    good, failed, killed = tiny.table(book / "out")
    assert (good[2], good[8], failed[2], failed[8], killed[2], killed[8]) == (
        "",
        "good",
        "fail",
        "failed",
        "poison",
        "failed",
    )
    assert killed[9] == spread.KILLED and "ValueError: told to" in failed[9]
    tiny.wait_for(lambda: len(names(workers)) == 3)


def test_a_worker_with_another_library_is_refused_by_name(workers, stranger, marks, tmp_path):
    book = tiny.write_book(tmp_path / "book", 'grid = { act = ["wait"], turn = [0, 1, 2, 3, 4] }')
    command = ("--out", "out", "--scheduler", workers.scheduler_address)
    (marks / "go").unlink(missing_ok=True)
    before = len(kernels(marks))
    sweep = tiny.start(book, *command)
    tiny.wait_for(lambda: len(kernels(marks)) == before + 3)
    stranger()  # in the middle
    code, _, said = tiny.finish(sweep)
    assert code == 1 and "Traceback" not in said
    assert re.search(r"a worker joined that differs: tcp://\S+: .*pandas 0\.1 instead of [3-9]", said), said
    code, _, said = tiny.finish(tiny.start(book, *command))
    assert code == 1 and "Traceback" not in said
    assert re.search(r"worker tcp://\S+: differs .*library source \w+ instead of .*pandas 0\.1 instead of", said), said


def test_other_data_and_another_python_are_refused(workers, monkeypatch, tmp_path):
    book = tiny.write_book(tmp_path / "book", GRID)
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    with cluster.connected(workers.scheduler_address, 10) as client:
        mine = identity.identity(book) | {"data": "1" * 16}
        monkeypatch.setattr(cluster, "identity", lambda _: mine)
        with pytest.raises(BookError, match=rf"worker tcp://[^ ]+: differs .*data \S+ instead of {'1' * 16}"):
            cluster.lay_out(client, [tiny.NAME])
        monkeypatch.setattr(cluster, "python_minor", lambda: "3.99")
        with pytest.raises(BookError, match=r"worker tcp://.*Python 3\.\d+ instead of 3\.99"):
            cluster.lay_out(client, [tiny.NAME])


def test_a_scheduler_lost_before_the_first_run_is_one_message_and_other_errors_are_themselves(workers):
    address = workers.scheduler_address
    with pytest.raises(BookError, match=f"{address}: the scheduler was lost"), cluster.connected(address, 10):
        raise distributed.comm.CommClosedError("in the middle of a question")
    with pytest.raises(ZeroDivisionError), cluster.connected(address, 10):
        raise ZeroDivisionError


def test_an_empty_scheduler_and_none_at_all_are_refused():
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty:
        address = empty.scheduler_address
        with pytest.raises(BookError, match="has no worker after 1 s"), cluster.connected(address, 1):
            pass
    for wrong in (address, "tcp://127.0.0.1:9", "nonsense://x:1"):
        with pytest.raises(BookError, match="no scheduler answers"), cluster.connected(wrong, 1):
            pass


@pytest.mark.parametrize("word", ["foo", "tcp://host", "tcp://:8786", "host:99999", "tcp://host:port"])
def test_what_is_no_address_is_refused_at_once(word):
    with pytest.raises(BookError, match="is no address of a scheduler"), cluster.connected(word, 600):
        pass


SCHEDULER = """import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    c = LocalCluster(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp://", dashboard_address="127.0.0.1:0", local_directory=sys.argv[1])
    print(c.scheduler_address, flush=True)
    time.sleep(600)
"""


def test_a_lost_scheduler_keeps_what_is_finished(tmp_path):
    book = tiny.write_book(tmp_path / "book", 'grid = { act = ["", "wait"] }')
    env = dict(os.environ) | {"MALIBOOK_ROOT": "/no/book/here", "SWEEP_MARKS": str(book)}
    (tmp_path / "scheduler.py").write_text(SCHEDULER)
    command = [sys.executable, str(tmp_path / "scheduler.py"), str(tmp_path / "w")]
    scheduler = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = scheduler.stdout.readline().strip()
        sweep = tiny.start(book, "--out", "out", "--scheduler", address, "--wait", "10")
        tiny.wait_for(lambda: kernels(book) and len(tiny.kept(book / "out")) == 1)
        began = time.monotonic()
        scheduler.kill()
        code, _, said = tiny.finish(sweep, 60)
    finally:
        scheduler.kill()
        scheduler.communicate()
    assert code == 1 and "the scheduler was lost" in said and "run the same command again" in said
    assert address in said and "Traceback" not in said
    assert time.monotonic() - began < 50
    (book / "go").touch()
    code, outcome, said = tiny.finish(tiny.start(book, "--out", "out", "--json"))
    assert (code, outcome["kept_before"], outcome["ran"]) == (0, 1, 1), said
