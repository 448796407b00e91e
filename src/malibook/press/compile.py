"""Compile the staged book with Jupyter Book: strictly, offline, to a folder aside."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from malibook.errors import BookError
from malibook.press.outcome import main_file
from malibook.press.processes import end_group, finish, start
from malibook.press.provenance import Provenance
from malibook.startup import PARENT

WRITERS = "MALIBOOK_WRITERS"  # the environment variable that says how many processes may write pages
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(r"(WARNING|ERROR|CRITICAL)|Error:|Exception occurred")
_BROKEN = re.compile(r"^Exception occurred:\n(.*?)(?:^The full traceback.*|\Z)", re.M | re.S)
BUILDERS = {"html": ["--builder", "html"], "pdf": ["--builder", "custom", "--custom-builder", "typst"]}
_waiting: list[subprocess.Popen[str]] = []


@dataclass(frozen=True)
class Compiled:
    """One output of the book: the folder it lies in, and what it complained of."""

    kind: str
    folder: Path
    problems: tuple[str, ...]


def base(kinds: Iterable[str]) -> list[str]:
    """Return what Jupyter Book must compile for these outputs: the EPUB is bound from the HTML."""
    wanted = set(kinds)
    return [kind for kind in ("html", "pdf") if kind in wanted or (kind == "html" and "epub" in wanted)]


def compile_book(kind: str, stage: Path, out: Path, origin: Provenance, writers: int = 1) -> Compiled:
    """Compile the stage to `html` or `pdf` in `out`, `writers` processes writing pages; every warning is a problem.

    Where Sphinx breaks down over what an earlier build left in `out`, it is compiled once more from nothing.
    """
    kept = out.exists()
    made, crashed = _compile(kind, stage, out, origin, writers)
    if crashed and kept:
        shutil.rmtree(out, ignore_errors=True)
        made, _ = _compile(kind, stage, out, origin, writers)
    return made


def _compile(kind: str, stage: Path, out: Path, origin: Provenance, writers: int) -> tuple[Compiled, bool]:
    options = ["--path-output", str(out), "-n", "-W", "--keep-going", "-q", *BUILDERS[kind]]
    request = {"arguments": ["build", str(stage), *options], "env": {WRITERS: str(writers)}}
    done = finish(_compiler(origin), json.dumps(request) + "\n")
    text = _ANSI.sub("", done.stdout + done.stderr)
    problems = breakdown(text)
    problems += complaints(_BROKEN.sub("", text) if problems else text, stage)
    crashed = bool(done.returncode) and ("Exception occurred" in text or "Traceback" in text or not problems)
    if not problems and done.returncode:
        last = " | ".join(text.strip().splitlines()[-4:])
        what = f"jupyter-book ended with exit code {done.returncode}: {last}"
        problems = [str(BookError(what, where=f"compilation of {kind}", remedy="build again; it may have been ended"))]
    folder = out / "_build" / {"html": "html", "pdf": "typst"}[kind]
    due = folder / main_file(kind)
    if not problems and not due.exists():
        crashed = True
        problems = [
            str(BookError("was not made, though jupyter-book reported success", where=due.name, remedy="report this"))
        ]
    return Compiled(kind, folder, tuple(problems)), crashed


@contextlib.contextmanager
def compilers(count: int, origin: Provenance) -> Iterator[Callable[[], None]]:
    """Yield what has compilers load, once, beside other work; those that nobody asked anything end with it."""
    once, begun = threading.Lock(), False

    def load() -> None:
        nonlocal begun
        with once:
            if not begun:
                begun = True
                _waiting.extend(_started(origin) for _ in range(count))

    try:
        yield load
    finally:
        while _waiting:
            end_group(_waiting[-1])
            finish(_waiting.pop())


def _compiler(origin: Provenance) -> subprocess.Popen[str]:
    """Return a compiler, one that is loaded where there is one."""
    while _waiting:
        process = _waiting.pop()
        if process.poll() is None:
            return process
    return _started(origin)


def _started(origin: Provenance) -> subprocess.Popen[str]:
    return start([sys.executable, "-m", "malibook.press.compiler"], environment(origin))


def bind_epub(html: Path, stage: Path, out: Path, origin: Provenance) -> Compiled:
    """Make the EPUB in `out` from the HTML that Sphinx wrote: the pages need not be read a second time."""
    from malibook.press.epub import make_epub

    shutil.rmtree(out, ignore_errors=True)
    return Compiled("epub", out, tuple(make_epub(html, stage, out / main_file("epub"), origin)))


def environment(origin: Provenance) -> dict[str, str]:
    """Return the environment of a compilation: the commit's time as the only clock, a fixed hash seed."""
    return dict(os.environ) | {
        "SOURCE_DATE_EPOCH": str(origin.epoch),
        "PYTHONHASHSEED": "0",
        "MALIBOOK_COMMIT": origin.commit,
        "MALIBOOK_DATA": f"{origin.data_version} ({origin.data_hash})",
        "NO_COLOR": "1",
        PARENT: str(os.getpid()),
    }


def breakdown(text: str) -> list[str]:
    """Return in one message what Sphinx broke down over, empty where it did not: what it prints besides says nothing."""
    found = _BROKEN.search(text)
    said = [line.strip() for line in found[1].splitlines() if line.strip()] if found else []
    if not said:
        return []
    remedy = "mend what it names; where it names nothing, build again: one of its processes was ended"
    return [str(BookError(f"Sphinx broke down: {said[-1]}", where="compilation", remedy=remedy))]


def complaints(text: str, stage: Path) -> list[str]:
    """Return the warnings and errors in Sphinx's output, with the stage's folder taken off their paths."""
    found = [line.strip() for line in text.splitlines() if _COMPLAINT.search(line)]
    ours = [line.replace(f"{stage}{os.sep}", "").replace(str(stage), "") for line in found]
    return list(dict.fromkeys(line for line in ours if "build finished with problems" not in line))
