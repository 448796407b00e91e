"""The warm parent: imports what notebooks import, then forks one kernel for each request on standard input.

Started as a script, with the number of a pipe for its answers, how often it has started anew, and the modules to load.
What it does then is in `server`.
"""

from __future__ import annotations

import gc
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 3  # starts; at the last one nothing but PRELOADED is loaded
INLINE = "module://matplotlib_inline.backend_inline"  # the backend that kernels name


def main() -> None:
    """Load what the command line names, say so, then serve requests until the input ends, and leave nothing behind."""
    channel, turn, modules = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    sys.path[:] = [path for path in sys.path if path != HERE]  # where Python looks for the neighbours of a script
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # else the debugger warns, here where nobody debugs
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # a kernel ends itself when this process is gone
    os.environ["MPLBACKEND"] = os.environ.get("MPLBACKEND") or INLINE
    gc.disable()  # imports make no garbage worth looking for
    from malibook.press.warm import descent, server
    from malibook.press.warm.loading import load

    descent.adopt()
    noisy = load(modules)
    if noisy and turn < PATIENCE:
        _start_anew(channel, turn, modules, noisy)
    gc.enable()
    gc.freeze()  # what is loaded here is garbage in no kernel: their collectors need not walk, and so copy, it
    server.run(channel)


def _start_anew(channel: int, turn: int, modules: list[str], noisy: list[str]) -> None:
    """Replace this process by a fresh one: the first time with all modules, then without those that speak, then bare."""
    left = (modules, [name for name in modules if name not in noisy], [])[turn]
    os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), str(channel), str(turn + 1), *left])


if __name__ == "__main__":
    main()
