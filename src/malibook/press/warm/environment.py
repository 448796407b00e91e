"""The environment that kernels run in, and the start of their warm parent; light, so that it can be had at once."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence import root
from malibook.press.imports import worth_loading
from malibook.press.warm.keeper import available, keeper

# What a user sets for sessions of their own. Without bytecode every kernel compiles pandas anew; IPython runs a start-up file
# in kernels too; a warning that is shown is an output that no chapter may have.
OF_THE_USER = ("PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONOPTIMIZE")
_guard = threading.Lock()


def warm_up(sources: Iterable[str] = ()) -> None:
    """Start the warm parent, unless it runs, with the heavy modules that this code imports."""
    if available():
        keeper(press_environment(), worth_loading(sources))


def quiet_home() -> str:
    """Return the folder of `_made_home`; of several threads that ask at once one makes it."""
    with _guard:
        return _made_home()


@cache
def _made_home() -> str:
    """Return a folder of this process alone for IPython and sockets: no user's start-up files, no history kept on disk.

    A folder of a fixed name in /tmp could be laid out by somebody else beforehand, and a history shared by kernels that
    run side by side prints its complaints into the notebooks when the disk is full.
    """
    home = tempfile.mkdtemp(prefix="malibook-ipython-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    profile = Path(home) / "profile_default"
    profile.mkdir()
    (profile / "ipython_kernel_config.py").write_text('c.HistoryManager.hist_file = ":memory:"\n', encoding="utf-8")
    # a line in the user's own that matplotlib does not know would be told in a chapter
    (Path(home) / "matplotlibrc").touch()
    return home


def press_environment() -> dict[str, str]:
    """Return a kernel's environment: this book, no user's start-up files or settings, a fixed hash seed, one BLAS thread."""
    env = {name: value for name, value in os.environ.items() if name not in OF_THE_USER}
    with contextlib.suppress(BookError):  # notebooks of another project have no book around them
        env["MALIBOOK_ROOT"] = str(root())
    return env | {
        "IPYTHONDIR": quiet_home(),
        "MALIBOOK_HOME": quiet_home(),
        "MATPLOTLIBRC": f"{quiet_home()}/matplotlibrc",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
