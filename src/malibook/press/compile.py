"""Compile the staged book with Jupyter Book: strictly, offline, to a folder aside."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from malibook.errors import BookError
from malibook.press.complaints import complaints, plain, remove_logs
from malibook.press.halted import ended_if_halted
from malibook.press.outcome import main_file
from malibook.press.processes import end_group, finish, start
from malibook.press.provenance import Provenance
from malibook.startup import PARENT

WRITERS = "MALIBOOK_WRITERS"  # the environment variable that says how many processes may write pages
BUILDERS = {"html": ["--builder", "html"], "pdf": ["--builder", "custom", "--custom-builder", "typst"]}
HALTED, CRASHED = "halted", "crashed"
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

    Where Sphinx breaks down over what an earlier build left in `out`, or was stopped, it is compiled once more from nothing.
    """
    kept = out.exists()
    made, again = _compile(kind, stage, out, origin, writers)
    if again == HALTED or (again and kept):
        shutil.rmtree(out, ignore_errors=True)
        made, _ = _compile(kind, stage, out, origin, writers)
    return made


def _compile(kind: str, stage: Path, out: Path, origin: Provenance, writers: int) -> tuple[Compiled, str]:
    """Return what was made, and why it may be tried once more: `HALTED`, `CRASHED`, or empty."""
    options = ["--path-output", str(out), "-n", "-W", "--keep-going", "-q", *BUILDERS[kind]]
    request = {"arguments": ["build", str(stage), *options], "env": {WRITERS: str(writers)}}
    compiler = _compiler(origin)
    with ended_if_halted(compiler) as halted:
        done = finish(compiler, json.dumps(request) + "\n")
    folder = out / "_build" / {"html": "html", "pdf": "typst"}[kind]
    if halted.is_set():
        return Compiled(kind, folder, (_halted(kind),)), HALTED
    text = plain(done.stdout + done.stderr)
    remove_logs(text)
    problems = complaints(text, stage)
    crashed = bool(done.returncode) and ("Exception occurred" in text or "Traceback" in text or not problems)
    if not problems and done.returncode:
        last = " | ".join(text.strip().splitlines()[-4:])
        what = f"jupyter-book ended with exit code {done.returncode}: {last}"
        problems = [str(BookError(what, where=f"compilation of {kind}", remedy="build again; it may have been ended"))]
    due = folder / main_file(kind)
    if not problems and not due.exists():
        crashed = True
        problems = [
            str(BookError("was not made, though jupyter-book reported success", where=due.name, remedy="report this"))
        ]
    return Compiled(kind, folder, tuple(problems)), CRASHED if crashed else ""


def _halted(kind: str) -> str:
    what = "a process of Sphinx was stopped (SIGSTOP), and the compilation ended, for it would have waited for ever"
    return str(BookError(what, where=f"compilation of {kind}", remedy="see who stops processes here, then build again"))


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
