"""The warm parent: imports what sheets import, then forks a process for each request that comes over its socket.

It is started with a scrubbed environment, and it never holds a sheet, a check or a submission: what a child is to run goes
to that child alone, over a socket that comes with the request.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
from typing import Any

from malibook.coursework.grade import channel, guard, isolate, powers
from malibook.coursework.grade.cells import new_shell, run_cells
from malibook.coursework.grade.checking import run_checks

PRELOADED = ("pandas", "numpy.random", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "malibook.evidence")


def main() -> None:
    """Load (little if told to be `cold`), say so, then serve requests until the socket closes."""
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    shell = _loaded("cold" not in sys.argv[1:])
    gc.freeze()
    control.sendall(b'{"ready": true}\n')
    alive: set[int] = set()
    while True:
        line, handles, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not line:  # the grader has ended, or was ended
            for pid in alive:
                _end(pid)
            return
        while not line.endswith(b"\n"):
            line += control.recv(1 << 16)
        request = json.loads(line)
        if request["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                _child(shell, request, handles[0], control)
            alive.add(pid)
            os.close(handles[0])
            control.sendall(b'{"pid": %d}\n' % pid)
        else:
            alive.discard(request["pid"])
            control.sendall(b'{"code": %d}\n' % _end(request["pid"]))


def _loaded(warm: bool) -> Any:
    if not warm:
        return new_shell()
    analysis = importlib.import_module("malibook.analysis")
    more = [m.name for m in pkgutil.iter_modules(analysis.__path__, "malibook.analysis.")]
    for name in (*PRELOADED, *more):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return new_shell()


def _end(pid: int) -> int:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(pid, 0)[1]
    return 0


def _child(shell: Any, request: dict[str, Any], handle: int, control: socket.socket) -> None:
    """Isolate this process, then do what the first frame on its socket says; never return."""
    try:
        powers.die_with_parent()
        os.setsid()
        control.detach()
        os.dup2(handle, 3)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 2)
        os.closerange(4, 4096)
        talk = socket.socket(fileno=3)
        os.environ.clear()
        os.environ.update(request["env"])
        try:
            _shut_in(request)
        except (isolate.RefusedError, OSError) as error:
            nonce, _ = channel.first(talk)
            channel.send(talk, nonce, {"kind": "refused", "why": str(error)[:200]})
            return
        nonce, job = channel.first(talk)
        work = run_checks if job["do"] == "checks" else run_cells
        arguments = (job,) if job["do"] == "checks" else (shell, job)
        work(*arguments, lambda message: channel.send(talk, nonce, message))
        channel.send(talk, nonce, {"kind": "end"})
    finally:
        os._exit(0)


def _shut_in(request: dict[str, Any]) -> None:
    """Go where the code is to run: in namespaces, as their third process, or behind the guard."""
    if request["level"] == "namespaces":
        number = os.getpid()
        isolate.unshare(request["box"], number)
        _fork_and_wait()
        isolate.shut_in(request["box"], request["show"], request["hide"], request["megabytes"], number)
        _fork_and_wait()
    else:
        os.chdir(request["env"]["HOME"])
    powers.limit(**request["limits"])
    sys.path[:] = [p for p in sys.path if p]
    if request["level"] == "guard":
        guard.put_up(request["env"]["HOME"], request["hide"])


def _fork_and_wait() -> None:
    """Go on in a child; the parent waits for it, reaps whatever is left to it, and ends when the child does."""
    pid = os.fork()
    if pid == 0:
        return
    with contextlib.suppress(BaseException):
        os.close(3)
        while os.wait()[0] != pid:
            pass
    os._exit(0)


if __name__ == "__main__":
    main()
