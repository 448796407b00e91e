"""Say whether an executed chapter still stands: same code, parameters, tables, library, Python and lock.

Only contents count, never times: a clock that was set back, a fresh checkout or a touched file change nothing here.
The tables are those that the run really opened; the library's modules those that its code reaches.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from malibook.errors import BookError
from malibook.evidence import derived, descriptor, has, resources, root
from malibook.evidence.package import OPTIONAL
from malibook.press.hashes import short, source_hash
from malibook.press.imports import HOME, file_of, modules_used
from malibook.press.notebooks import code_hash, path_of, read
from malibook.press.swap import write_whole

if TYPE_CHECKING:
    from malibook.press.ledger import Ledger

# What the descriptor says of a table that no cell can see: who reads it is a result of runs, not a cause; what it was made
# from has made its contents, which count.
UNSEEN = ("malibook:chapters", "malibook:pages", derived.KEY)


@dataclass(frozen=True)
class Change:
    """One part of a run's key that is no longer what it was; an empty hash means that there was, or is, none."""

    part: str
    before: str
    now: str


def key_parts(chapter: str, parameters: dict[str, Any], opened: tuple[str, ...]) -> dict[str, str]:
    """Return what a run of this chapter depends on, part by part, each as a short hash."""
    nb = read(path_of(chapter))
    parts = {
        "code": code_hash(nb)[:16],
        "parameters": short(json.dumps(parameters, sort_keys=True).encode()),
        "lock": short((root() / "requirements.txt").read_bytes()),
        "python": platform.python_version(),
    }
    for name in OPTIONAL:  # a chapter may show more where such a table is there, though it never opened it before
        parts[f"presence of {name}"] = str(has(name))
    for module in modules_used(c.source for c in nb.cells if c.cell_type == "code"):
        parts[f"module {module.removeprefix('malibook.')}"] = short(file_of(module).read_bytes())
    for table in sorted({*opened, "corrections"}):
        parts |= _table_parts(table)
    return parts


def changes(record: Path, chapter: str, parameters: dict[str, Any]) -> list[Change]:
    """Return what changed since the run that `record` tells of; raise `ValueError` where it cannot be read."""
    try:
        kept = json.loads(record.read_text(encoding="utf-8"))
        before, opened = dict(kept["parts"]), tuple(kept["opened"])
        if not all(isinstance(name, str) for name in (*before, *before.values(), *opened)):
            raise TypeError("names of parts and tables are text")
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no record of a run") from error
    now = key_parts(chapter, parameters, opened)
    names = [*now, *(name for name in before if name not in now)]
    return [
        Change(n, before.get(n, ""), now.get(n, "")) for n in dict.fromkeys(names) if before.get(n, "") != now.get(n)
    ]


def stale(record: Path, executed: Path, chapter: str, parameters: dict[str, Any]) -> str:
    """Return why a chapter must run again, or an empty text where its last run still stands."""
    if not executed.exists() or not record.exists():
        return "no earlier run"
    try:
        changed = changes(record, chapter, parameters)
        if short(executed.read_bytes()) != json.loads(record.read_text(encoding="utf-8"))["executed"]:
            return "the executed notebook was changed by hand"
    except (ValueError, KeyError, OSError):
        return "the record of the last run cannot be read"
    return f"{', '.join(c.part for c in changed)} changed" if changed else ""


def remember(record: Path, executed: Path, ledger: Ledger, parameters: dict[str, Any]) -> None:
    """Write down what a good run depended on."""
    parts = key_parts(ledger.chapter, parameters, ledger.opened)
    entry = {"opened": list(ledger.opened), "parts": parts, "executed": short(executed.read_bytes())}
    entry["notebook"] = short(path_of(ledger.chapter).read_bytes())
    write_whole(record, json.dumps(entry, indent=1, sort_keys=True) + "\n")


def readable() -> str:
    """Return a hash of all that a run can read: notebooks, data, library, lock; not what a notebook writes beside itself."""
    files = [*sorted((root() / "notebooks").glob("*.ipynb")), root() / "requirements.txt"]
    parts = [source_hash(root() / "data"), source_hash(HOME), *(short(path.read_bytes()) for path in files)]
    return short(" ".join(parts).encode())


def _table_parts(table: str) -> dict[str, str]:
    """Return a table's own parts; a table that is gone is a change, which the run itself will explain."""
    if table not in resources():
        return {f"table {table}": "gone"}
    try:
        content = derived.in_force(table)[0].read_bytes()
    except BookError:  # it will be made anew before anything runs
        return {f"table {table}": "out of date"}
    return {f"table {table}": short(content), f"description of {table}": short(_description(table))}


def _description(table: str) -> bytes:
    """Return what the descriptor says of one table, without what is only said about its readers."""
    raw = next(r for r in descriptor()["resources"] if r["name"] == table)
    return json.dumps({k: v for k, v in raw.items() if k not in UNSEEN}, sort_keys=True).encode()
