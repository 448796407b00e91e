"""Say whether an executed chapter still stands: same code, parameters, tables, library and lock."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import malibook
from malibook.evidence import describe, root
from malibook.press.ledger import Ledger
from malibook.press.notebooks import code_hash, path_of, read


def key_parts(chapter: str, parameters: dict[str, Any], opened: tuple[str, ...]) -> dict[str, str]:
    """Return what a run of this chapter depends on, part by part, each as a short hash."""
    parts = {
        "code": code_hash(read(path_of(chapter))),
        "parameters": _hash(json.dumps(parameters, sort_keys=True).encode()),
        "library": library_hash(),
        "lock": _hash((root() / "requirements.txt").read_bytes()),
        "descriptor": _hash((root() / "data" / "datapackage.json").read_bytes()),
    }
    for table in sorted({*opened, "corrections"}):
        parts[f"table {table}"] = _hash((root() / "data" / describe(table).path).read_bytes())
    return parts


def stale(record: Path, executed: Path, chapter: str, parameters: dict[str, Any]) -> str:
    """Return why a chapter must run again, or an empty text where its last run still stands."""
    if not executed.exists() or not record.exists():
        return "no earlier run"
    try:
        before = json.loads(record.read_text(encoding="utf-8"))
        now = key_parts(chapter, parameters, tuple(before["opened"]))
        if _hash(executed.read_bytes()) != before["executed"]:
            return "the executed notebook was changed by hand"
    except (ValueError, KeyError, TypeError):
        return "the record of the last run cannot be read"
    changed = [name for name in now if now[name] != before["parts"].get(name)]
    return f"{', '.join(changed)} changed" if changed else ""


def remember(record: Path, executed: Path, ledger: Ledger, parameters: dict[str, Any]) -> None:
    """Write down what a good run depended on."""
    parts = key_parts(ledger.chapter, parameters, ledger.opened)
    entry = {"opened": list(ledger.opened), "parts": parts, "executed": _hash(executed.read_bytes())}
    record.write_text(json.dumps(entry, indent=1, sort_keys=True) + "\n", encoding="utf-8")


@cache
def library_hash() -> str:
    """Return a hash of the library's source, the press and its pages apart: they do not change what a cell computes."""
    folder = Path(malibook.__file__).parent
    digest = hashlib.sha256()
    for room in ("evidence", "analysis", "exhibits"):
        for path in sorted((folder / room).rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
