"""Which chapters must run, and why: told from what lies on disk, without loading what a run needs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from malibook.errors import BookError
from malibook.press import places
from malibook.press.fresh import changes, stale
from malibook.press.notebooks import chapters, every_chapter, path_of
from malibook.press.warm.environment import warm_up


def folder() -> Path:
    """Return where the executed chapters lie."""
    return places.folder() / "executed"


def executed(name: str) -> Path:
    """Return where the executed notebook of a chapter lies."""
    return folder() / f"{name}.ipynb"


def record(name: str) -> Path:
    """Return where it is written what the last good run of a chapter depended on."""
    return folder() / f"{name}.json"


def wanted() -> dict[str, dict[str, Any]]:
    """Return the chapters of the present edition, each with the parameters that it gives them."""
    edition = places.current()
    if edition is None:
        return {name: {} for name in chapters()}
    return {name: dict(given) for name, given in edition.given.items()}


def known() -> dict[str, dict[str, Any]]:
    """Return every chapter that can run in the present edition, those too that it runs only to compare another one with it."""
    return {name: {} for name in every_chapter()} | wanted()


def due(only: Collection[str] | None = None, *, force: bool = False) -> dict[str, str]:
    """Return every chapter, or those of `only`, with the reason why it must run, empty where its last run stands."""
    chosen = wanted() if only is None else {name: given for name, given in known().items() if name in only}
    return {
        name: "asked for" if force else stale(record(name), executed(name), name, given)
        for name, given in chosen.items()
    }


def why() -> list[str]:
    """Return, chapter by chapter, whether it would run, and each part of its key that changed, before and now."""
    out = []
    given = wanted()
    for name, reason in due().items():
        out.append(f"{name}: {'would run: ' + reason if reason else 'stands'}")
        if reason and record(name).exists():
            try:
                found = changes(record(name), name, given[name])
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
    for name in wanted():
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            cells = json.loads(path_of(name).read_text(encoding="utf-8"))["cells"]
            out += ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return out
