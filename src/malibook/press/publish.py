"""Compile only what is due, and put the result where readers find it.

An output stands while the staged tree, the press itself, the lock, Python and the commit are what they were and its
files are as they were published. Sphinx's own leavings are trusted only from the same press and a clock that runs on.
"""

from __future__ import annotations

import json
import platform
import shutil
import time
from functools import cache
from pathlib import Path

from malibook.evidence import root
from malibook.press import places
from malibook.press.compile import Compiled
from malibook.press.contents import documents
from malibook.press.furniture import furnish
from malibook.press.harden import harden
from malibook.press.hashes import short, source_hash, tree_hash
from malibook.press.imports import HOME
from malibook.press.outcome import main_file, paper
from malibook.press.provenance import Provenance
from malibook.press.swap import clear, replace_folder, restore_folder, write_whole

ROOMS = ("press", "house")  # of the library: what the other rooms make lies in the stage
# Sphinx's leavings and what no reader asks for.
UNWANTED = ("*.typ", "img", "_sources", ".buildinfo*", "*.map", "*.doctree", "objects.inv.tmp", "*.pickle")


def compile_key(kind: str, contents: str, origin: Provenance) -> str:
    """Return a hash of everything that an output is made from, of whose stage `contents` is the hash."""
    return short(f"{kind} {contents} {press_hash()} {origin} {paper() if kind == 'pdf' else ''}".encode())


def stands(kind: str, key: str, part: str = "key") -> bool:
    """Return whether the published output was made from just this, and nobody touched it since.

    With `part` "pages", whether its pages were: then it may still be due for what is set into them.
    """
    restore_folder(places.folder() / kind)
    entry = _published().get(kind, {})
    return entry.get(part) == key and entry.get("tree") == tree_hash(places.folder() / kind)


def ready(aside: Path) -> None:
    """Clear away what another press, other contents or a clock ahead of ours left in Sphinx's folder: it would be stale."""
    mark, newest = aside / ".made-by", aside / "_build" / ".doctrees" / "environment.pickle"
    made_by = short(
        " ".join([press_hash(), *documents()]).encode()
    )  # Sphinx leaves the page of a document that is gone
    try:
        same = mark.read_text(encoding="utf-8") == made_by and newest.stat().st_mtime <= time.time()
    except (OSError, ValueError):
        same = False
    if not same:
        clear(aside)
    write_whole(mark, made_by)


def prepare(made: Compiled) -> Path:
    """Copy an output beside the last good one and finish it there; Sphinx keeps its own copy for the next build."""
    fresh = places.folder() / f".next-{made.kind}"
    clear(fresh)
    try:
        shutil.copytree(made.folder, fresh, ignore=shutil.ignore_patterns(*UNWANTED))
        if made.kind == "html":
            furnish(fresh, places.folder() / "stage")
            harden(fresh)
    except BaseException:
        clear(fresh)  # half a book, which would keep a full disk full
        raise
    return fresh


def publish(kind: str, fresh: Path, key: str, pages: str) -> Path:
    """Put a finished output in the place of the last one and remember what it and its pages were made from."""
    target = places.folder() / kind
    entry = {"key": key, "pages": pages, "tree": tree_hash(fresh)}
    replace_folder(fresh, target)
    write_whole(_record(), json.dumps(_published() | {kind: entry}, indent=1, sort_keys=True) + "\n")
    return target / main_file(kind)


@cache
def press_hash() -> str:
    """Return a hash of the press's own source, the lock and Python: what turns a stage into a book."""
    parts = [*(source_hash(HOME / room) for room in ROOMS), platform.python_version()]
    return short(" ".join(parts).encode() + (root() / "requirements.txt").read_bytes())


def _record() -> Path:
    return places.folder() / "published.json"


def _published() -> dict[str, dict[str, str]]:
    try:
        kept = json.loads(_record().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {kind: entry for kind, entry in kept.items() if isinstance(entry, dict)} if isinstance(kept, dict) else {}
