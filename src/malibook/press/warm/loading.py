"""What a warm parent has loaded before it forks, and what of it had better be loaded by the notebook itself."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator

from malibook.press.warm.lettering import remember_texts
from malibook.press.warm.rehearsal import rehearse

PRELOADED = (  # what every kernel loads as it starts, its debugger included
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
)
# What comes with a package as soon as a notebook really uses it. The inline backend is not of it: the first figure has
# to load it in the kernel, for that is how it learns of the shell that shows figures.
ALONG = {
    "matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
    "numpy": ("numpy.random",),
    "pandas": ("numpy.random",),
}


def load(modules: list[str]) -> list[str]:
    """Import what every kernel needs and these modules; return those of them that had something to say.

    What a module says as it is imported (a deprecation, a font cache that is built) belongs into the notebook that
    imports it, and would be said to nobody after this.
    """
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with _heard() as said:
        noisy = [asked for asked in modules if _import(asked, said)]
        with contextlib.suppress(Exception):  # a broken font or library shows itself in the notebook that uses it
            rehearse()
            remember_texts()
            _read_ahead()
    return noisy


def _read_ahead() -> None:
    """Read a book's tables where it is one's chapters that are to run, rather than each chapter the same ones."""
    evidence = sys.modules.get("malibook.evidence.tables")
    if evidence is not None and os.environ.get("MALIBOOK_ROOT"):
        evidence.read_ahead()


def _import(asked: str, said: int) -> bool:
    """Import a module and what comes along with it; return whether anything was said."""
    before = os.fstat(said).st_size
    for name in (asked, *ALONG.get(asked.partition(".")[0], ())):
        with contextlib.suppress(Exception, SystemExit):  # what cannot be imported tells so in the notebook
            exec(f"import {name}", {"__name__": "__main__"})  # as a cell does: some warnings are shown there only
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return os.fstat(said).st_size > before


@contextlib.contextmanager
def _heard() -> Iterator[int]:
    """Catch what is written to the standard streams; yield the number of the file that holds it."""
    said = os.memfd_create("said", os.MFD_CLOEXEC)
    kept = [os.dup(1), os.dup(2)]
    for stream in (1, 2):
        os.dup2(said, stream)
    try:
        yield said
    finally:
        for stream, old in enumerate(kept, 1):
            os.dup2(old, stream)
            os.close(old)
        os.close(said)
