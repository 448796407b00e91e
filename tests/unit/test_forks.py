"""Files worked on side by side: the same answers in the same order, whatever becomes of a fork."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from malibook.press import forks

PARENT = os.getpid()


@pytest.fixture()
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    paths = [tmp_path / f"{n:02d}.txt" for n in (5, 1, 4, 2, 3, 0)]
    for path in paths:
        path.write_text(path.stem * (1 + int(path.stem)))
    return paths


def test_answers_come_in_the_order_of_the_files(files):
    assert forks.each(files, lambda path: path.read_text()) == [path.read_text() for path in files]


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")
def test_the_work_is_done_in_several_processes_and_what_they_write_stays(files):
    def work(path: Path) -> int:
        path.write_text("done")
        return os.getpid()

    assert len(set(forks.each(files, work))) == 3
    assert {path.read_text() for path in files} == {"done"}


@pytest.mark.parametrize("bad", range(6))
def test_what_is_raised_over_any_file_is_raised_here(files, bad):
    def work(path: Path) -> None:
        if path == files[bad]:
            raise ValueError(f"no good: {path.stem}")

    with pytest.raises(ValueError, match=f"no good: {files[bad].stem}"):
        forks.each(files, work)


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")
def test_no_fork_outlives_a_failure(files, monkeypatch):
    fork, made = os.fork, []
    monkeypatch.setattr(os, "fork", lambda: made.append(fork()) or made[-1])

    def work(path: Path) -> None:
        if os.getpid() == PARENT:
            raise ValueError("at once")
        time.sleep(60)

    started = time.monotonic()
    with pytest.raises(ValueError, match="at once"):
        forks.each(files, work)
    assert time.monotonic() - started < 30
    assert len(made) == 2
    for pid in made:  # ended, and waited for
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")
def test_a_stopped_fork_is_not_waited_for(files, monkeypatch):
    monkeypatch.setattr(forks, "PATIENCE", 1.0)

    def work(path: Path) -> str:
        if os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGSTOP)
        return path.stem

    assert forks.each(files, work) == [path.stem for path in files]


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")
def test_no_fork_outlives_a_killed_press(files):
    code = (
        "import os, sys, time\nfrom pathlib import Path\nfrom malibook.press import forks\nos.cpu_count = lambda: 3\n"
        "def work(path):\n    path.write_text(f'pid {os.getpid()}')\n    time.sleep(60)\n"
        "forks.each([Path(word) for word in sys.argv[1:]], work)"
    )
    press = subprocess.Popen([sys.executable, "-c", code, *map(str, files)])
    until = time.monotonic() + 30
    while (
        len(pids := {t.split()[1] for p in files if (t := p.read_text()).startswith("pid ")}) < 3
        and time.monotonic() < until
    ):
        time.sleep(0.05)
    press.kill()
    press.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until + 10:
        time.sleep(0.05)
    assert len(pids) == 3 and not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_a_killed_fork_costs_only_time(files):
    def work(path: Path) -> str:
        if os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return path.stem

    assert forks.each(files, work) == [path.stem for path in files]


def test_few_files_are_not_worth_a_fork(files):
    assert set(forks.each(files[:3], lambda path: os.getpid())) == {PARENT}
    assert forks.each([], lambda path: 1 / 0) == []
