"""Compile the staged book with Jupyter Book: strictly, offline, to a folder aside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from malibook.errors import BookError
from malibook.press.provenance import Provenance

# `python -m jupyter_book.cli.main` does nothing and exits 0, hence the call.
ENTRY = "from malibook.startup import skip_grammar; skip_grammar(); from jupyter_book.cli.main import main; main()"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(r"(WARNING|ERROR|CRITICAL)|Error:|Exception occurred")
BUILDERS = {"html": ["--builder", "html"], "pdf": ["--builder", "custom", "--custom-builder", "typst"]}


@dataclass(frozen=True)
class Compiled:
    """One output of Jupyter Book: the folder it lies in, and what it complained of."""

    kind: str
    folder: Path
    problems: tuple[str, ...]


def compile_book(kind: str, stage: Path, out: Path, origin: Provenance) -> Compiled:
    """Compile the stage to `html` or `pdf` in `out`; every warning counts as a problem."""
    command = [
        sys.executable,
        "-c",
        ENTRY,
        "build",
        str(stage),
        "--path-output",
        str(out),
        "-n",
        "-W",
        "--keep-going",
        "-q",
    ]
    done = subprocess.run([*command, *BUILDERS[kind]], capture_output=True, text=True, env=environment(origin))
    text = _ANSI.sub("", done.stdout + done.stderr)
    problems = complaints(text, stage)
    folder = out / "_build" / {"html": "html", "pdf": "typst"}[kind]
    if not problems and done.returncode:
        problems = [
            f"jupyter-book ended with exit code {done.returncode}: " + " | ".join(text.strip().splitlines()[-4:])
        ]
    due = folder / {"html": "index.html", "pdf": "mali.pdf"}[kind]
    if not problems and not due.exists():
        problems = [
            str(BookError("was not made, though jupyter-book reported success", where=due.name, remedy="report this"))
        ]
    return Compiled(kind, folder, tuple(problems))


def environment(origin: Provenance) -> dict[str, str]:
    """Return the environment of a compilation: the commit's time as the only clock, a fixed hash seed."""
    return dict(os.environ) | {
        "SOURCE_DATE_EPOCH": str(origin.epoch),
        "PYTHONHASHSEED": "0",
        "MALIBOOK_COMMIT": origin.commit,
        "MALIBOOK_DATA": f"{origin.data_version} ({origin.data_hash})",
        "NO_COLOR": "1",
    }


def complaints(text: str, stage: Path) -> list[str]:
    """Return the warnings and errors in Sphinx's output, with the stage's folder taken off their paths."""
    found = [line.strip() for line in text.splitlines() if _COMPLAINT.search(line)]
    ours = [line.replace(f"{stage}{os.sep}", "").replace(str(stage), "") for line in found]
    return list(dict.fromkeys(line for line in ours if "build finished with problems" not in line))
