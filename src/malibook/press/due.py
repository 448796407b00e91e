"""Which chapters must run, and why: told from what lies on disk, without loading what a run needs."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence import root
from malibook.press.fresh import changes, stale
from malibook.press.notebooks import chapters, path_of
from malibook.press.warm.environment import warm_up


def folder() -> Path:
    """Return where the executed chapters lie."""
    return root() / "_build" / "executed"


def executed(name: str) -> Path:
    """Return where the executed notebook of a chapter lies."""
    return folder() / f"{name}.ipynb"


def record(name: str) -> Path:
    """Return where it is written what the last good run of a chapter depended on."""
    return folder() / f"{name}.json"


def due(*, force: bool = False) -> dict[str, str]:
    """Return every chapter with the reason why it must run, empty where its last run stands."""
    return {name: "asked for" if force else stale(record(name), executed(name), name, {}) for name in chapters()}


def why() -> list[str]:
    """Return, chapter by chapter, whether it would run, and each part of its key that changed, before and now."""
    out = []
    for name, reason in due().items():
        out.append(f"{name}: {'would run: ' + reason if reason else 'stands'}")
        if reason and record(name).exists():
            try:
                found = changes(record(name), name, {})
            except ValueError:
                found = []
            out += [f"  {c.part}: {c.before or 'none'} → {c.now or 'none'}" for c in found]
    return out


def start_warm(*, force: bool = False) -> None:
    """Start the warm parent at once where a chapter will have to run: it imports while the press does and checks the data.

    What cannot be read yet is left to the checks, which say what is wrong.
    """
    with contextlib.suppress(OSError, BookError):
        if any(due(force=force).values()):
            warm_up(all_code())


def all_code() -> list[str]:
    """Return the code of all chapters, cell by cell; nothing of a notebook that cannot be read."""
    out = []
    for name in chapters():
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            cells = json.loads(path_of(name).read_text(encoding="utf-8"))["cells"]
            out += ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return out
