"""Whether a build has anything to do at all, told without loading what a build needs.

The key covers every file that a build reads or leaves for the next one; where it is what it was after the last good
build, and the published files are as they were published, nothing is checked, run, laid out or compiled again.
"""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path

import malibook
from malibook.errors import BookError
from malibook.evidence import root
from malibook.press import places
from malibook.press.hashes import short, source_hash, tree_hash
from malibook.press.lacking import of_edition
from malibook.press.outcome import Outcome, Run, paper
from malibook.press.provenance import provenance
from malibook.press.swap import write_whole

READ = ("book", "notebooks", "data", "coursework")
STARTS = (".binder/postBuild", ".colab/start.py", ".devcontainer/devcontainer.json")  # those of press.furniture.launch
SINGLE = ("_config.yml", "_toc.yml", "editions.toml", "requirements.txt", *STARTS)
ADDRESSES = ("MALIBOOK_SITE_URL", "MALIBOOK_REPOSITORY_URL")  # those of press.furniture.book, which is heavy to load
LEFT = ("ledger.json", "receipt.json")


def standing(kinds: tuple[str, ...]) -> Outcome | None:
    """Return the outcome of a build that has nothing to do, None where there is something to do."""
    started = time.monotonic()
    try:
        kept = json.loads(_record().read_text(encoding="utf-8"))
        key = _key(inputs())
        same = all(kept[kind] == [key, tree_hash(places.folder() / kind)] for kind in kinds)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, BookError):
        return None
    if not same:
        return None
    edition = places.current()
    chapters = edition.chapters if edition else sorted(p.stem for p in (root() / "notebooks").glob("[0-9]*.ipynb"))
    seconds = {"in all": round(time.monotonic() - started, 2)}
    return Outcome(
        runs=[Run(name) for name in chapters], outputs=dict.fromkeys(kinds, "stands"), seconds=seconds, **of_edition()
    )


def remember_standing(kinds: tuple[str, ...], began: str) -> None:
    """Write down the state of things after a good build of these outputs from the inputs of which `began` is the key.

    Where a file was edited while the build ran, nothing is written: what was published may not have it.
    """
    if inputs() != began:
        return
    try:
        kept = json.loads(_record().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    key = _key(began)
    kept |= {kind: [key, tree_hash(places.folder() / kind)] for kind in kinds}
    write_whole(_record(), json.dumps(kept, indent=1, sort_keys=True) + "\n")


def inputs() -> str:
    """Return a hash of all that a build reads: prose, notebooks, data, configuration, lock, library, Python, what was asked."""
    given = " ".join(os.environ.get(name, "") for name in ADDRESSES)
    asked = f"{provenance()} {given} {paper()}"
    parts = [platform.python_version(), asked, source_hash(Path(malibook.__file__).parent)]
    parts += [source_hash(root() / name) for name in READ]
    parts += [short((root() / name).read_bytes()) for name in SINGLE if (root() / name).is_file()]
    return short(" ".join(parts).encode())


def _key(read: str) -> str:
    left = [short((places.folder() / name).read_bytes()) for name in LEFT]
    return short(" ".join([read, source_hash(places.folder() / "executed"), *left]).encode())


def _record() -> Path:
    return places.folder() / "standing.json"
