"""Work that leaves the cores to others gives what it gives, and lowers nobody's priority but its own."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from malibook.press.processes import PATIENCE, patiently


def test_what_the_work_returns_and_raises_comes_back():
    assert patiently(max, 2, 3) == 3
    with pytest.raises(ZeroDivisionError):
        patiently(lambda: 1 / 0)


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
def test_only_the_thread_that_does_it_steps_back():
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    assert patiently(priority) == max(before, PATIENCE)
    assert priority() == before
