"""A child of the warm parent becomes an ordinary kernel, and ends as one."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import random
import signal
import sys
import threading
import traceback
from typing import Any

# Objects between two looks for garbage: charts are made of so many that Python's own 700 cost a sixth of a chapter.
COLLECTING = (200_000, 50, 100)


def become_kernel(request: dict[str, Any]) -> None:
    """Turn this child into the kernel that was asked for, run it, and end this process; never return."""
    code = 1
    try:
        _settle(request)
        code = _run(request["argv"])
        _take_leave(in_press=request["press"])
    except BaseException:  # an ordinary kernel's Python would show it too
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _settle(request: dict[str, Any]) -> None:
    """Give this process a session, an environment, streams and random states of its own."""
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2) if request["press"] else (0,):  # the press says itself what went wrong
        os.dup2(quiet, stream)
    os.close(quiet)
    os.chdir(request["cwd"])
    set_while_loading = {"PYDEVD_USE_FRAME_EVAL": "NO"} if "PYDEVD_USE_FRAME_EVAL" in os.environ else {}
    os.environ.clear()
    os.environ.update(set_while_loading | request["env"] | {"JPY_PARENT_PID": str(os.getppid())})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.set_threshold(*COLLECTING)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _run(argv: list[str]) -> int:
    """Run the kernel with the command line of an ordinary one (`python -m ipykernel_launcher …`); return its exit code."""
    import ipykernel_launcher
    from ipykernel.kernelapp import IPKernelApp

    sys.orig_argv[:] = argv
    sys.argv[:] = [ipykernel_launcher.__file__, *argv[3:]]
    del sys.modules["ipykernel_launcher"]  # it is __main__ there
    try:
        IPKernelApp.launch_instance(argv=sys.argv[1:])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _take_leave(*, in_press: bool) -> None:
    """Do what Python does before it ends: wait for threads, then call what was registered for the end.

    So files that a notebook left open are written, its temporary folders go, its child processes are waited for. The
    memory is left to the system: to take hundreds of modules apart would only cost time. In the press, where no cell
    leaves anything to finalizers, IPython's last look for garbage finds none to look at.
    """
    threading._shutdown()
    if in_press:
        gc.freeze()
    atexit._run_exitfuncs()
