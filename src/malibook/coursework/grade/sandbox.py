"""The grader's side of a child: started, listened to, stopped in time, and never believed.

A `Sandbox` keeps one warm parent; each `run` is a fresh process of it. Nothing here raises because of what a submission does.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from malibook.coursework.grade import channel, tree
from malibook.errors import BookError
from malibook.evidence import resources, root

GRACE = 2.0  # seconds after which a cell that was told to stop is ended with its process
MOST_HEARD = 40_000_000
MOST_PROCESSES = 48


@dataclass(frozen=True)
class Limits:
    """What one submission may take: seconds a cell, seconds in all, megabytes of memory, megabytes of files."""

    cell_seconds: float = 30
    seconds: float = 240
    memory: int = 2048
    files: int = 64


@dataclass
class Run:
    """What was heard of one process: each unit (cell, check) that ended, the last answers, and why it ended early."""

    ended: dict[int, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    begun: int | None = None
    stopped: str = ""
    complete: bool = False


class Sandbox:
    """A warm parent and what its children may see. Used by one thread at a time."""

    def __init__(self, limits: Limits, hide: list[str], level: str = "namespaces") -> None:
        self.limits, self.level, self._hide = limits, level, hide
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the warm parent."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
            self._process.kill()
            self._process.wait()
        self._process = self._control = None

    def run(self, job: dict[str, Any], seconds: float) -> Run:
        """Run a job in a fresh process for `seconds` at most and return what was heard of it."""
        for attempt in (1, 2):
            box = tempfile.mkdtemp(prefix="malibook-grade-")
            ours, theirs = socket.socketpair()
            try:
                pid = self._fork(theirs, box)
                return self._listen(ours, theirs, pid, job, seconds)
            except (OSError, ValueError):  # the warm parent is gone: once more with a new one
                self.end()
                if attempt == 2:
                    return Run(stopped="the process could not be started")
            finally:
                ours.close()
                theirs.close()
                shutil.rmtree(box, ignore_errors=True)
        raise AssertionError("unreachable")

    def _fork(self, theirs: socket.socket, box: str) -> int:
        if self._process is None or self._process.poll() is not None:
            self._start()
        home = "/tmp/home" if self.level == "namespaces" else box
        request = {
            "do": "fork", "level": self.level, "box": box, "megabytes": self.limits.files, "env": _clean(home),
            "show": _shown(), "hide": self._hide,
            "limits": {"memory": self.limits.memory << 20, "seconds": int(self.limits.seconds) + 2,
                       "file_size": self.limits.files << 20, "processes": MOST_PROCESSES},
        }  # fmt: skip
        assert self._control is not None
        socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], [theirs.fileno()])
        return self._answer()["pid"]

    def _start(self) -> None:
        self.end()
        ours, theirs = socket.socketpair()
        env = _clean(os.path.expanduser("~"))
        command = [sys.executable, "-m", "malibook.coursework.grade.zygote"]
        self._process = subprocess.Popen(
            command, env=env, stdin=theirs, stdout=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._control = ours
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._control is not None
        line = b""
        while not line.endswith(b"\n"):
            more = self._control.recv(4096)
            if not more:
                raise OSError("the warm parent ended")
            line += more
        return json.loads(line)

    def _listen(self, ours: socket.socket, theirs: socket.socket, pid: int, job: dict[str, Any], seconds: float) -> Run:
        theirs.close()
        run = Run()
        try:
            ours.settimeout(10)
            nonce = channel.new_nonce()
            channel.send(ours, nonce, job)
            _hear(ours, channel.Frames(nonce), run, pid, job["seconds"] + GRACE, seconds, self.limits.memory << 20)
        except channel.BrokenTalkError:
            run.stopped = "something else than answers was written to the grader"
        except OSError:
            run.stopped = run.stopped or "the process ended itself"
        finally:
            tree.kill_family(pid)
            assert self._control is not None
            self._control.sendall(json.dumps({"do": "end", "pid": pid}).encode() + b"\n")
            self._answer()
        return run


def _hear(
    ours: socket.socket, frames: channel.Frames, run: Run, pid: int, unit: float, seconds: float, memory: int
) -> None:
    """Take in frames until the end, or until a limit is passed; note in `run` what was heard."""
    start = since = looked = time.monotonic()
    heard, begun = 0, run.begun
    with selectors.DefaultSelector() as ready:
        ready.register(ours, selectors.EVENT_READ)
        while not run.complete and not run.stopped:
            if ready.select(0.1):
                more = ours.recv(1 << 20)
                heard += len(more)
                for message in frames.feed(more):
                    _note(message, run)
                if not more or heard > MOST_HEARD:
                    run.stopped = run.stopped or (
                        "the process ended itself" if not more else "too much was handed over"
                    )
            now = time.monotonic()
            if run.begun != begun:
                begun, since = run.begun, now
            if now - looked > 0.25 and not run.complete:
                looked = now
                run.stopped = run.stopped or _too_many(pid, memory)
            if now - since > unit and not run.complete:
                run.stopped = run.stopped or "time: a cell did not end"
            if now - start > seconds and not run.complete:
                run.stopped = run.stopped or "time: the submission took too long"


def _note(message: dict[str, Any], run: Run) -> None:
    """Take one message in; what has not the form of one is left out."""
    kind, at = message.get("kind"), message.get("at")
    if kind == "begin" and isinstance(at, int) and (run.begun is None or at > run.begun):
        run.begun = at
    elif kind == "ended" and isinstance(at, int):
        run.ended[at] = {k: v for k, v in message.items() if isinstance(v, str) and len(v) < 2000}
    elif kind == "answers" and isinstance(message.get("good"), dict) and isinstance(message.get("bad"), dict):
        run.answers = message["good"]
        run.bad = {str(k): str(v)[:200] for k, v in message["bad"].items()}
    elif kind == "end":
        run.complete = True
    elif kind == "refused":
        run.stopped = f"refused: {str(message.get('why'))[:200]}"


def _too_many(pid: int, memory: int) -> str:
    members = tree.family(pid)
    if len(members) > MOST_PROCESSES:
        return "too many processes"
    return "memory: its processes took too much together" if tree.held(members) > 1.25 * memory else ""


def _clean(home: str) -> dict[str, str]:
    """Return the whole environment that graded code sees: nothing of the grader's own."""
    return {
        "PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC", "MPLBACKEND": "Agg",
        "MALIBOOK_ROOT": str(root()), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": os.path.join(tempfile.gettempdir(), "none"),
    }  # fmt: skip


def _shown() -> list[str]:
    """Return what a child may read: the interpreter, the system's libraries, this library, the book's tables."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"]
    top = root()
    data = [str(top / "data" / "datapackage.json"), *(str(top / "data" / r.path) for r in resources().values())]
    python = [sys.prefix, sys.base_prefix, here]
    return list(dict.fromkeys([*system, *python, *sorted(data)]))


def best_level(limits: Limits) -> tuple[str, str]:
    """Return the strongest isolation that this system grants, and in words why it is no stronger ('' for the strongest).

    Raises `BookError` where processes cannot be forked at all (Windows).
    """
    if not hasattr(os, "fork"):
        raise BookError(
            "grading needs a system that forks", where="malibook coursework grade",
            remedy="use Linux, macOS, or on Windows the Linux subsystem (WSL)",
        )  # fmt: skip
    if sys.platform != "linux":
        return "guard", "only Linux has namespaces"
    with Sandbox(limits, []) as trial:
        run = trial.run({"do": "cells", "cells": [], "skip": [], "seconds": 5}, 20)
    return ("namespaces", "") if run.complete else ("guard", run.stopped)
