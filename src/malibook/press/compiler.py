"""Jupyter Book in a process of its own that loads Sphinx and its extensions at once, and waits to be told what to compile.

It is started while chapters still run or pages are laid out, so that no build waits for two seconds of imports; while it
loads it leaves the cores to the chapters. It reads one line of JSON, {"arguments": […], "env": {…}}, and compiles; where the
input ends instead, it was not needed and ends.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import traceback

from malibook.press.processes import patiently
from malibook.startup import PARENT, collect_seldom, end_with_parent, skip_grammar

LOADED = (
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "sphinx.builders.html",
    "sphinx.environment.collectors.toctree",
    "sphinx.writers.html5",
    "sphinx_exercise",
    "sphinx_external_toc",
    "sphinx_multitoc_numbering",
    "myst_nb.sphinx_ext",
    "sphinxcontrib.bibtex",
    "pygments.lexers.python",
    "malibook.press.sphinxext",
    "malibook.press.typst",
)


def main() -> None:
    """Load, wait, compile; the exit code is Jupyter Book's."""
    code = 1
    try:
        code = compile_when_told()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # To take Sphinx's trees apart, object by object, takes Python as long as to write a third of the pages.
        os._exit(code)


def compile_when_told() -> int:
    """Load, wait, compile; return Jupyter Book's exit code, 0 where nothing was asked."""
    collect_seldom()
    end_with_parent(int(os.environ.get(PARENT, os.getppid())))
    skip_grammar()
    patiently(_load)
    line = sys.stdin.readline()
    if not line:
        return 0
    # `python -m jupyter_book.cli.main` does nothing and exits 0, hence the call below.
    from jupyter_book.cli.main import main as jupyter_book

    request = json.loads(line)
    os.environ.update(request["env"])
    sys.argv[1:] = request["arguments"]
    try:
        jupyter_book()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _load() -> None:
    for name in LOADED:
        with contextlib.suppress(ImportError):  # what a book does not use it need not have
            importlib.import_module(name)


if __name__ == "__main__":
    main()
