"""The warm parent: imports what notebooks import, then forks one kernel for each request on standard input.

Started as a script, with the number of a pipe for its answers, how often it has started anew, and the modules to load.
Requests and answers are JSON, one a line: {"do": "fork", "argv": […], "cwd": …, "env": …, "press": …} gives {"pid": …},
null where an ordinary kernel is needed; {"do": "poll", "pid": …} gives {"code": …}, null while the kernel lives. At the
end of input every kernel still alive is ended, so that none outlives the press.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import warnings
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 3  # starts; at the last one nothing but PRELOADED is loaded


def main() -> None:
    """Load what the command line names, say so, then serve requests until the input ends."""
    channel, turn, modules = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    sys.path[:] = [path for path in sys.path if path != HERE]  # where Python looks for the neighbours of a script
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # else the debugger warns, here where nobody debugs
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # a kernel ends itself when this process is gone
    os.environ["MPLBACKEND"] = (
        os.environ.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    )  # as a kernel
    gc.disable()  # imports make no garbage worth looking for
    from malibook.press.warm.loading import load

    noisy = load(modules)
    if noisy and turn < PATIENCE:
        _start_anew(channel, turn, modules, noisy)
    gc.enable()
    gc.freeze()  # what is loaded here is garbage in no kernel: their collectors need not walk, and so copy, it
    with open(channel, "w", encoding="utf-8") as answers:
        _serve(answers, {name.partition(".")[0] for name in sys.modules})


def _start_anew(channel: int, turn: int, modules: list[str], noisy: list[str]) -> None:
    """Replace this process by a fresh one: the first time with all modules, then without those that speak, then bare."""
    left = (modules, [name for name in modules if name not in noisy], [])[turn]
    os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), str(channel), str(turn + 1), *left])


def _serve(answers: Any, loaded: set[str]) -> None:
    children: dict[int, int | None] = {}
    _answer(answers, {"ready": os.getpid()})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "poll":
            _answer(answers, {"code": _poll(request["pid"], children)})
        elif _needs_ordinary(request["cwd"], loaded):
            _answer(answers, {"pid": None})
        else:
            pid = _fork()
            if pid == 0:
                answers.close()
                _become_kernel(request)
            children[pid] = None
            _answer(answers, {"pid": pid})
    for pid in children:
        if _poll(pid, children) is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


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
            done, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            children[pid] = -1
        else:
            children[pid] = os.waitstatus_to_exitcode(status) if done else None
    return children[pid]


def _become_kernel(request: dict[str, Any]) -> None:
    from malibook.press.warm.newborn import become_kernel

    become_kernel(request)


if __name__ == "__main__":
    main()
