"""Compilers that load while other work is done: used once, ended where nobody asked, replaced where they died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from malibook.press import compile as press_compile
from malibook.press import halted
from malibook.press.compile import compile_book, compilers
from malibook.press.processes import end_all, finish, start
from malibook.press.provenance import provenance

CONFIG = "title: A small book\nauthor: A\nlogo: ''\nexecute: {execute_notebooks: 'off'}\n"


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    folder = tmp_path / "stage"
    folder.mkdir()
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (folder / "index.md").write_text("# A small book\n\nOne page.\n", encoding="utf-8")
    return folder


BROKEN = """index.md:3: WARNING: unknown document
Exception occurred:
  File "connection.py", line 383, in _recv
    raise EOFError
EOFError: nothing came
The full traceback has been saved in /tmp/sphinx-err-a.log, if you want to report the issue.
RuntimeError:
"""


def test_a_breakdown_of_sphinx_is_one_message_with_its_cause(stage, monkeypatch):
    said = subprocess.CompletedProcess([], 1, "", BROKEN)
    monkeypatch.setattr(press_compile, "finish", lambda *_: said)
    monkeypatch.setattr(press_compile, "_compiler", lambda _: None)
    made = compile_book("html", stage, stage / "out", provenance())
    assert len(made.problems) == 2, made.problems
    assert "Sphinx broke down: EOFError: nothing came" in made.problems[0] and "remedy" in made.problems[0]
    assert made.problems[1] == "index.md:3: WARNING: unknown document"


@pytest.mark.parametrize(
    "how", ["in {}, if you want to report the issue.", "in:\n{}\n\nTo report this error, open an issue"]
)
def test_what_sphinx_wrote_about_a_breakdown_does_not_stay(stage, tmp_path, monkeypatch, how):
    log = tmp_path / "a folder" / "sphinx-err-a_b1c2d3.log"
    log.parent.mkdir()
    log.write_text("Traceback")
    text = BROKEN.replace("in /tmp/sphinx-err-a.log, if you want to report the issue.", how.format(log))
    monkeypatch.setattr(press_compile, "finish", lambda *_: subprocess.CompletedProcess([], 1, "", text))
    monkeypatch.setattr(press_compile, "_compiler", lambda _: None)
    made = compile_book("html", stage, stage / "out", provenance())
    assert "Sphinx broke down: EOFError: nothing came" in made.problems[0]
    assert not log.exists()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_compiler_that_nobody_asks_ends_with_the_build():
    with compilers(2, provenance()) as load:
        load()
        pids = [process.pid for process in press_compile._waiting]
        assert all(alive(pid) for pid in pids)
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)
    assert press_compile._waiting == []


def test_none_is_loaded_unasked_and_each_only_once():
    with compilers(1, provenance()) as load:
        assert press_compile._waiting == []
        load()
        load()
        assert len(press_compile._waiting) == 1


def test_a_failure_ends_them_too():
    pids = []
    with pytest.raises(RuntimeError), compilers(1, provenance()) as load:
        load()
        pids += [process.pid for process in press_compile._waiting]
        raise RuntimeError
    assert not any(alive(pid) for pid in pids)


def test_an_interruption_ends_them_at_once():
    with compilers(1, provenance()) as load:
        load()
        process = press_compile._waiting[0]
        end_all()
        assert process.wait(10) == -signal.SIGKILL


@pytest.mark.slow
def test_a_compiler_started_before_makes_what_a_fresh_one_makes(stage: Path, tmp_path: Path):
    fresh = compile_book("html", stage, tmp_path / "fresh", provenance())
    with compilers(1, provenance()) as load:
        load()
        before = press_compile._waiting[0].pid
        early = compile_book("html", stage, tmp_path / "early", provenance())
        assert press_compile._waiting == []
    assert not alive(before)
    assert (fresh.problems, early.problems) == ((), ())
    assert (early.folder / "index.html").read_bytes() == (fresh.folder / "index.html").read_bytes()


@pytest.mark.slow
def test_a_compiler_that_died_is_replaced(stage: Path, tmp_path: Path):
    with compilers(1, provenance()) as load:
        load()
        press_compile._waiting[0].kill()
        press_compile._waiting[0].wait()
        assert compile_book("html", stage, tmp_path / "out", provenance()).problems == ()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("looked for on Linux only")
    monkeypatch.setattr(halted, "EVERY", 0.05)


@pytest.mark.slow
def test_a_compiler_that_was_stopped_is_replaced(stage: Path, tmp_path: Path, hasty):
    with compilers(1, provenance()) as load:
        load()
        process = press_compile._waiting[0]
        process.send_signal(signal.SIGSTOP)
        assert compile_book("html", stage, tmp_path / "out", provenance()).problems == ()
    assert process.returncode == -signal.SIGKILL


def test_a_compiler_that_is_stopped_again_is_one_message(stage: Path, tmp_path: Path, hasty, monkeypatch):
    start, begun = press_compile._started, []

    def stop_each(origin):
        begun.append(start(origin))
        begun[-1].send_signal(signal.SIGSTOP)
        return begun[-1]

    monkeypatch.setattr(press_compile, "_started", stop_each)
    made = compile_book("html", stage, tmp_path / "out", provenance())
    assert len(begun) == 2 and not any(alive(process.pid) for process in begun)
    assert len(made.problems) == 1, made.problems
    assert "a process of Sphinx was stopped" in made.problems[0] and "compilation of html" in made.problems[0]


FORKS = "import os, time\nif not os.fork():\n    {}\nos.wait()"


@pytest.mark.parametrize(
    ("fork", "ended"),
    [("os.kill(os.getpid(), 19); os._exit(0)", True), ("time.sleep(2); os._exit(0)", False)],
)
def test_a_fork_that_was_stopped_ends_its_compiler_and_a_slow_one_does_not(hasty, fork, ended):
    process = start([sys.executable, "-c", FORKS.format(fork)], dict(os.environ))
    with halted.ended_if_halted(process) as found:
        done = finish(process)
    assert found.is_set() == ended
    assert done.returncode == (-signal.SIGKILL if ended else 0)
