"""Work that leaves the cores to others gives what it gives, and lowers nobody's priority but its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from malibook.errors import Interrupted
from malibook.press import processes
from malibook.press.interruption import interruptible
from malibook.press.processes import PATIENCE, patiently


def test_what_the_work_returns_and_raises_comes_back():
    assert patiently(max, 2, 3) == 3
    with pytest.raises(ZeroDivisionError):
        patiently(lambda: 1 / 0)


def test_what_is_started_while_everything_ends_ends_too():
    ended = []
    with processes.closed():
        processes.note(1, lambda: ended.append("at once"))
    processes.note(2, lambda: ended.append("later"))
    assert ended == ["at once"]
    processes.end_all()
    assert ended == ["at once", "later"]


def test_an_interruption_waits_for_no_work_beside():
    began, stop = time.monotonic(), threading.Event()
    with pytest.raises(KeyboardInterrupt), processes.one_aside() as aside:
        aside.submit(stop.wait, 30)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 10
    stop.set()


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="a thread is sent a signal on POSIX systems")
def test_a_request_to_end_that_another_thread_was_given_is_heard():
    stop, heard = threading.Event(), []
    with pytest.raises(Interrupted), interruptible(), processes.side_by_side(1) as pool:
        began, work = time.monotonic(), pool.submit(stop.wait, 8)
        threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()
        try:
            processes.waited(work)
        finally:
            heard.append(time.monotonic() - began)
            stop.set()
    assert heard[0] < 6, "only when the work was done"


def test_a_process_whose_parent_is_gone_already_ends():
    code = "import time; from malibook.startup import end_with_parent; end_with_parent(999999999, 0.01); time.sleep(60)"
    assert subprocess.run([sys.executable, "-c", code], timeout=50).returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
def test_only_the_thread_that_does_it_steps_back():
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    assert patiently(priority) == max(before, PATIENCE)
    assert priority() == before
