"""The handle on warm parents: started once for each environment, asked for kernels, ended with this process."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from malibook.errors import BookError
from malibook.press import processes
from malibook.press.warm.early import read_early

ZYGOTE = Path(__file__).with_name("zygote.py")
MOST = 3  # warm parents at once, each with all that it has loaded
# Seconds without an answer after which a parent is taken for dead: one that loads much may need half of it.
SILENCE = 120.0
_keepers: dict[object, Keeper] = {}
_guard = threading.Lock()


def available() -> bool:
    """Return whether warm kernels can be had: on Linux, where forking a process with loaded libraries is safe."""
    return sys.platform == "linux" and not os.environ.get("MALIBOOK_COLD")


def keeper(env: Mapping[str, str], modules: Sequence[str] = ()) -> Keeper:
    """Return the warm parent for this environment, started on first use with the modules given then.

    Environments that differ only in what no library reads as it is imported share one. Raises `BookError` where one
    more is too many.
    """
    key = (os.getpid(), read_early(env))  # a process that was forked from this one must not use its pipes
    with _guard:
        found = _keepers.get(key)
        if found is not None and (found.alive() or not found.was_ready):  # what failed to start would fail again
            return found
        if found is not None:  # somebody ended it
            modules = modules or found.modules
        elif sum(other.alive() for other in _keepers.values()) >= MOST:
            raise BookError("too many warm parents", where="press")
        _keepers[key] = Keeper(env, modules)
        atexit.register(_keepers[key].end)
        return _keepers[key]


class Keeper:
    """A running warm parent. Safe to use from several threads: one question at a time."""

    def __init__(self, env: Mapping[str, str], modules: Sequence[str] = ()) -> None:
        self.modules = tuple(modules)
        here = os.getcwd()
        self.cwd = "/" if os.path.exists("matplotlibrc") else here  # which would set up matplotlib for every folder
        answers, told = os.pipe()  # not its standard output: what libraries print as they load may go there
        command = [sys.executable, str(ZYGOTE), str(told), "0", *modules]
        self._process = subprocess.Popen(  # a session of its own: a terminal's Ctrl-C is for whoever started it to hear
            command, env=dict(env), cwd=self.cwd, stdin=subprocess.PIPE, pass_fds=(told,), start_new_session=True
        )
        os.close(told)
        self._answers = os.fdopen(answers, encoding="utf-8")
        processes.note(id(self), self._process.kill, shared=True)  # its kernels end with it
        self._lock = threading.Lock()
        self.was_ready = False

    def alive(self) -> bool:
        """Return whether the warm parent still runs."""
        return self._process.poll() is None

    def fork(self, argv: list[str], cwd: str, env: Mapping[str, str], press: bool) -> ForkedKernel | None:
        """Return a new kernel, None where only an ordinary one would find the same modules; raises `BookError`."""
        if cwd != self.cwd and not all(map(os.path.isabs, env.get("PYTHONPATH", "/").split(os.pathsep))):
            return None
        answer = self._ask({"do": "fork", "argv": argv, "cwd": cwd, "env": dict(env), "press": press})
        return ForkedKernel(answer["pid"], self) if answer["pid"] else None

    def poll(self, pid: int) -> int | None:
        """Return a kernel's exit code, None while it lives, -9 where the warm parent itself is gone."""
        try:
            return self._ask({"do": "poll", "pid": pid})["code"]
        except BookError:
            return -signal.SIGKILL

    def end(self) -> None:
        """Close the warm parent's input; it ends its kernels and itself."""
        processes.forget(id(self))
        if self.alive():
            with contextlib.suppress(OSError):  # it has just ended, and something was still to be written
                self._process.stdin.write(b'{"do": "end"}\n')
                self._process.stdin.close()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            try:
                if not self.was_ready:
                    self._answer()
                    self.was_ready = True
                self._process.stdin.write((json.dumps(request) + "\n").encode())
                self._process.stdin.flush()
                return self._answer()
            except (OSError, ValueError):
                self._process.kill()  # a stopped one would take its kernels along when somebody lets it go on
                with contextlib.suppress(OSError):
                    # what could not be written would be told of at the end, from Python 3.13 on
                    self._process.stdin.close()
                what = "the process that kernels are forked from ended"
                remedy = "build again, or with MALIBOOK_COLD=1 set"
                raise BookError(what, where="press", remedy=remedy) from None

    def _answer(self) -> dict[str, Any]:
        """Return the next answer; raise `OSError` or `ValueError` where none comes, for it was ended or stopped."""
        if not select.select([self._answers], [], [], SILENCE)[0]:
            raise TimeoutError("no answer")
        return json.loads(self._answers.readline())


class ForkedKernel:
    """A kernel process, with as much of `subprocess.Popen` as jupyter_client asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, owner: Keeper) -> None:
        self.pid, self._owner = pid, owner

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel lives."""
        return self._owner.poll(self.pid)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end and return the exit code."""
        until = time.monotonic() + (timeout if timeout is not None else 60)
        while (code := self.poll()) is None and time.monotonic() < until:
            time.sleep(0.01)
        return code

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel."""
        os.kill(self.pid, signum)

    def kill(self) -> None:
        """End the kernel and whatever it started."""
        os.killpg(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        os.killpg(self.pid, signal.SIGTERM)
