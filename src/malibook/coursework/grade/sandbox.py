"""The grader's side of a child: started, listened to, stopped in time, and never believed.

A `Sandbox` keeps one warm parent; each `run` is a fresh process of it. Nothing here raises because of what a submission does.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from malibook.coursework.grade import channel, tree
from malibook.coursework.grade.box import box, sweep_left
from malibook.coursework.grade.hearing import Bounds, Run, hear
from malibook.coursework.grade.isolate import HOME
from malibook.coursework.grade.surroundings import clean, shown

GRACE = 4.0  # seconds after which a cell that was told to stop is ended with its process


@dataclass(frozen=True)
class Limits:
    """What one sheet of a student may take: seconds a cell and in all, megabytes of memory and of files, processes."""

    cell_seconds: float = 30
    seconds: float = 240
    memory: int = 2048
    files: int = 64
    processes: int = 48


class Sandbox:
    """A warm parent and what its children may see. Used by one thread at a time."""

    def __init__(self, limits: Limits, hide: list[str], level: str = "namespaces", warm: bool = True) -> None:
        self.limits, self.level, self._hide, self._warm = limits, level, hide, warm
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
            ours, theirs = socket.socketpair()
            try:
                with box() as folder:
                    pid = self._fork(theirs, folder)
                    return self._listen(ours, theirs, pid, job, seconds)
            except (OSError, ValueError):  # the warm parent is gone: once more with a new one
                self.end()
                if attempt == 2:
                    return Run(stopped="the process could not be started")
            finally:
                ours.close()
                theirs.close()
        raise AssertionError("unreachable")

    def _fork(self, theirs: socket.socket, folder: str) -> int:
        if self._process is None or self._process.poll() is not None:
            self._start()
        home = HOME if self.level == "namespaces" else folder
        request = {
            "do": "fork", "level": self.level, "box": folder, "megabytes": self.limits.files, "env": clean(home),
            "show": shown(), "hide": self._hide,
            "limits": {"memory": self.limits.memory << 20, "seconds": int(self.limits.seconds) + 2,
                       "file_size": self.limits.files << 20, "processes": self.limits.processes},
        }  # fmt: skip
        assert self._control is not None
        socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], [theirs.fileno()])
        return self._answer()["pid"]

    def _start(self) -> None:
        self.end()
        sweep_left()
        ours, theirs = socket.socketpair()
        env = clean(os.path.expanduser("~"))
        command = [sys.executable, "-m", "malibook.coursework.grade.zygote", "warm" if self._warm else "cold"]
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
            bounds = Bounds(job["seconds"] + GRACE, seconds, self.limits.memory << 20, self.limits.processes + 4)
            hear(ours, channel.Frames(nonce), run, pid, bounds)
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
