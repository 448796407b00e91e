"""What the warm parent does once it has loaded: fork a kernel for each request on standard input, tell of its end, end them all.

Requests and answers are JSON, one a line: {"do": "fork", "argv": […], "cwd": …, "env": …, "press": …} gives {"pid": …},
null where an ordinary kernel is needed; {"do": "poll", "pid": …} gives {"code": …}, null while the kernel lives. A kernel's
children end with it. At the end of input every kernel still alive is ended, and whatever a cell started in a session of its
own, so that nothing outlives the press. Where no {"do": "end"} came before that, the press was killed: what it leaves in the
folder for temporary files is removed here.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import warnings
from typing import Any, NoReturn

from malibook.press.warm import descent
from malibook.press.warm.newborn import become_kernel

HOME, PREFIX = "MALIBOOK_HOME", "malibook-ipython-"  # names the press's own folder, and how that begins


def run(channel: int) -> NoReturn:
    """Answer requests into a pipe, given by its number, until the input ends, and leave nothing behind."""
    children: dict[int, int | None] = {}
    try:
        with open(channel, "w", encoding="utf-8") as answers:
            told_to_end = _serve(answers, children, {name.partition(".")[0] for name in sys.modules})
    except BrokenPipeError:  # the press was killed while it waited for an answer
        told_to_end = False
    _leave(children, told_to_end)


def _serve(answers: Any, children: dict[int, int | None], loaded: set[str]) -> bool:
    """Serve requests; return whether the press said that it ends. Where its input just ends, it was killed."""
    parent = os.getpid()
    _answer(answers, {"ready": parent})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "end":
            return True
        if request["do"] == "poll":
            _answer(answers, {"code": _poll(request["pid"], children)})
        elif _needs_ordinary(request["cwd"], loaded):
            _answer(answers, {"pid": None})
        else:
            pid = _fork()
            if pid == 0:
                descent.end_with(parent)
                answers.close()
                become_kernel(request)
            children[pid] = None
            _answer(answers, {"pid": pid})
    return False


def _leave(children: dict[int, int | None], told_to_end: bool) -> NoReturn:
    """End whatever still runs; take away the folder of a press that was killed, for it can do so no more."""
    for pid in children:
        if _poll(pid, children) is None:
            _end_group(pid)
    descent.end_children()
    home = os.environ.get(HOME, "")
    if not told_to_end and os.path.basename(home).startswith(PREFIX):
        shutil.rmtree(home, ignore_errors=True)
    os._exit(0)  # what is unsaid to a press that is gone stays unsaid


def _needs_ordinary(folder: str, loaded: set[str]) -> bool:
    """Return whether imports come out otherwise in this folder: a file there hides what is loaded, or sets up matplotlib."""
    try:
        with os.scandir(folder) as entries:
            return any(_hides(entry, loaded) for entry in entries)
    except OSError:
        return True  # an ordinary kernel's start says what is wrong with it


def _hides(entry: os.DirEntry[str], loaded: set[str]) -> bool:
    name, _, ending = entry.name.partition(".")
    if name not in loaded:
        return entry.name == "matplotlibrc"
    return ending.endswith(("py", "pyc", "so")) or os.path.isfile(os.path.join(entry.path, "__init__.py"))


def _fork() -> int:
    with warnings.catch_warnings():  # the threads that are warned of are OpenBLAS's, which knows how to fork
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _answer(answers: Any, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _poll(pid: int, children: dict[int, int | None]) -> int | None:
    if children.get(pid) is None:
        try:
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                _end_group(pid)  # before it is waited for: until then no other group can have its number
                children[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        except ChildProcessError:
            children[pid] = -1
    return children[pid]


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
