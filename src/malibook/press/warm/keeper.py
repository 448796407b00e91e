"""The press's handle on the warm parent: started once, asked for kernels, ended with the press."""

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
from collections.abc import Sequence
from typing import Any

from malibook.errors import BookError
from malibook.press import processes

SILENCE = 120  # seconds without an answer after which the warm parent is taken for dead; it answers within one once it has loaded
_keeper: Keeper | None = None
_guard = threading.Lock()


def available() -> bool:
    """Return whether warm kernels can be had: on Linux, where forking a process with loaded libraries is safe."""
    return sys.platform == "linux" and not os.environ.get("MALIBOOK_COLD")


def keeper(env: dict[str, str], modules: Sequence[str] = ()) -> Keeper:
    """Return the one warm parent of this process, started on first use with the environment and modules given then."""
    global _keeper
    with _guard:
        if _keeper is None or not _keeper.alive():
            _keeper = Keeper(env, modules)
            atexit.register(_keeper.end)
        return _keeper


class Keeper:
    """A running warm parent. Safe to use from several threads: one question at a time."""

    def __init__(self, env: dict[str, str], modules: Sequence[str] = ()) -> None:
        command = [sys.executable, "-m", "malibook.press.warm.zygote", *modules]
        how: dict[str, Any] = {
            "encoding": "utf-8",
            "start_new_session": True,
        }  # a terminal's Ctrl-C is the press's to hear
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **how)
        processes.note(id(self), self._process.kill, shared=True)  # its kernels end with it
        self._lock = threading.Lock()
        self._ready = False

    def alive(self) -> bool:
        """Return whether the warm parent still runs."""
        return self._process.poll() is None

    def fork(self, connection_file: str, cwd: str | None, env: dict[str, str]) -> ForkedKernel:
        """Return a new kernel that listens as its connection file says."""
        answer = self._ask({"do": "fork", "file": connection_file, "cwd": cwd, "env": env})
        return ForkedKernel(answer["pid"], self)

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
                self._process.stdin.write('{"do": "end"}\n')
                self._process.stdin.close()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            try:
                if not self._ready:
                    self._answer()
                    self._ready = True
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()
                return self._answer()
            except (OSError, ValueError):
                self._process.kill()  # a stopped one would take its kernels along when somebody lets it go on
                what, remedy = (
                    "the process that kernels are forked from ended",
                    "build again, or with MALIBOOK_COLD=1 set",
                )
                raise BookError(what, where="press", remedy=remedy) from None

    def _answer(self) -> dict[str, Any]:
        """Return the next answer; raise `OSError` or `ValueError` where none comes, for it was ended or stopped."""
        if not select.select([self._process.stdout], [], [], SILENCE)[0]:
            raise TimeoutError("no answer")
        return json.loads(self._process.stdout.readline())


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
