"""`run.py` and what it started, when they are interrupted: the task ends in its own order, and its exit code is handed on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent to process groups of POSIX")

TASK = """
import signal, sys, time
def slowly(*_):
    time.sleep(1)  # more than the quarter of a second that subprocess.run would wait
    print("tidied", flush=True)
    sys.exit(7)
for name in (signal.SIGINT, signal.SIGTERM):
    signal.signal(name, HANDLER)
print("ready", flush=True)
time.sleep(60)
"""


def listen() -> None:
    """Hear Ctrl-C also where these tests run in a shell's background, which turns it off for its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(handler: str, number: int, to_group: bool, ours: bool = False) -> tuple[int, str]:
    """Start a task by run.py's own function, send a signal, return exit code and what was printed."""
    code = "import run, signal, sys; sys.exit(run.attended([sys.executable, '-c', sys.argv[1]], OURS))".replace(
        "OURS", str(ours)
    )
    command = [sys.executable, "-c", code, TASK.replace("HANDLER", handler)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        (os.killpg if to_group else os.kill)(process.pid, number)
        printed = process.stdout.read()
        return process.wait(timeout=20), printed
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(("number", "to_group"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_task_is_waited_for(number, to_group):
    assert interrupted("slowly", number, to_group) == (7, "tidied\n")


def test_a_task_that_a_signal_ends_has_the_shells_exit_code():
    assert interrupted("signal.SIG_DFL", signal.SIGTERM, False) == (128 + signal.SIGTERM, "")


def test_a_command_of_ours_hears_what_was_sent_to_this_process_alone():
    assert interrupted("slowly", signal.SIGINT, False, ours=True) == (7, "tidied\n")
    assert interrupted("slowly", signal.SIGHUP, False, ours=True) == (7, "tidied\n")


STARTING = """
import time
print("ready", flush=True)
time.sleep(60)  # a Python that has not come to malibook.__main__ yet
"""


@pytest.mark.parametrize("to_group", [True, False])
def test_ctrl_c_while_a_command_starts_gives_no_traceback(to_group):
    """Python itself would answer by telling where in its own start it was."""
    code = "import run, sys\ntry:\n    run.attended([sys.executable, '-c', sys.argv[1]], True)\nexcept KeyboardInterrupt:\n    print('heard')"
    command = [sys.executable, "-c", code, STARTING]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
    process = subprocess.Popen(command, cwd=ROOT, **how)
    try:
        assert process.stdout.readline() == "ready\n"
        (os.killpg if to_group else os.kill)(process.pid, signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "heard\n"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_command_hears_again_what_waited_while_it_started():
    code = (
        "import os, signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\nos.kill(os.getpid(), signal.SIGINT)\n"
        "from malibook.__main__ import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, preexec_fn=listen)
    assert done.returncode == 130
    assert done.stderr == "malibook: interrupted; the last good book stays where it was\n"


def test_a_command_of_ours_ends_where_this_process_was_killed():
    task = (
        "import os, time\nfrom malibook.startup import PARENT, end_with_parent\n"
        "end_with_parent(int(os.environ[PARENT]), 0.05)\nprint(os.getpid(), flush=True)\ntime.sleep(60)"
    )
    code = "import run, sys; sys.exit(run.attended([sys.executable, '-c', sys.argv[1]], True))"
    process = subprocess.Popen([sys.executable, "-c", code, task], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert int(process.stdout.readline())
    process.kill()
    began = time.monotonic()
    assert process.stdout.read() == "", "the task holds it open as long as it lives"
    assert process.wait() == -signal.SIGKILL and time.monotonic() - began < 30
