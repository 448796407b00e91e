"""The warm parent: imports what notebooks import, then forks one kernel for each request on standard input.

Requests and answers are JSON, one a line: {"do": "fork", "file": …, "cwd": …, "env": …} gives {"pid": …};
{"do": "poll", "pid": …} gives {"code": …}, null while the kernel lives. A kernel's children end with it. At the end of
input every kernel still alive is ended, and whatever a cell started in a session of its own, so that nothing outlives the press.
Where no {"do": "end"} came before that, the press was killed: what it leaves in the folder for temporary files is removed here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import shutil
import signal
import sys
from typing import Any, NoReturn

from malibook.press.warm import descent
from malibook.press.warm.rehearsal import rehearse

PRELOADED = (  # what every kernel loads as it starts, its debugger included
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "ipykernel.pylab.config",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
)
ALONG = {  # what comes with a package as soon as a notebook really uses it
    "matplotlib": (
        "matplotlib.pyplot",
        "matplotlib.backends.backend_agg",
        "matplotlib.backends.backend_svg",
        "matplotlib_inline.backend_inline",
    ),
    "numpy": ("numpy.random",),
    "pandas": ("numpy.random",),
}
HOME, PREFIX = "MALIBOOK_HOME", "malibook-ipython-"  # names the press's own folder, and how that begins
# Objects between two looks for garbage: charts are made of so many that Python's own 700 cost a sixth of a chapter.
COLLECTING = (200_000, 50, 100)


def main() -> None:
    """Load what the command line names, say so, then serve requests until the input ends, and leave nothing behind."""
    gc.disable()  # imports make no garbage worth looking for
    descent.adopt()
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # else the debugger warns, here where nobody debugs
    wanted = [*PRELOADED, *sys.argv[1:]]
    for name in [*wanted, *(more for asked in wanted for more in ALONG.get(asked.split(".")[0], ()))]:
        with contextlib.suppress(ImportError):  # what is not installed, or no module, no notebook can miss
            importlib.import_module(name)
    with contextlib.suppress(Exception):  # a broken font or library shows itself in the notebook that uses it
        rehearse()
    gc.enable()
    gc.freeze()  # what is loaded here is garbage in no kernel: their collectors need not walk, and so copy, it
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing that a library prints may get between the answers
    children: dict[int, int | None] = {}
    try:
        told_to_end = _serve(answers, children)
    except BrokenPipeError:  # the press was killed while it waited for an answer
        told_to_end = False
    _leave(children, told_to_end)


def _serve(answers: Any, children: dict[int, int | None]) -> bool:
    """Serve requests; return whether the press said that it ends. Where its input just ends, it was killed."""
    parent = os.getpid()
    _answer(answers, {"ready": parent})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "end":
            return True
        if request["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                descent.end_with(parent)
                answers.close()
                _become_kernel(request)
            children[pid] = None
            _answer(answers, {"pid": pid})
        else:
            _answer(answers, {"code": _poll(request["pid"], children)})
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


def _become_kernel(request: dict[str, Any]) -> None:
    """Turn this child into an ordinary kernel: own session, own environment, own random state, no inherited pipes."""
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.chdir(request["cwd"] or os.getcwd())
    os.environ.clear()
    os.environ.update(request["env"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.set_threshold(*COLLECTING)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.argv = ["ipykernel_launcher.py", "-f", request["file"]]
    sys.path[0] = ""
    code = 1
    try:
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(argv=sys.argv[1:])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
