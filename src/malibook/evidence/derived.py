"""Tables that this book computes itself and keeps: from what each was made, and whether that is still so.

The descriptor records a hash of every part that such a table was made from. Whoever opens the table holds the record against
those parts as they are now. Where one changed, a copy made anew by the press (`_build/derived`) is opened in its place, and
where there is none either, nothing: an old result is never taken for a new one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import malibook
from malibook.errors import BookError
from malibook.evidence.package import describe, descriptor, resources, root

KEY = "malibook:derived"
REMEDY = "run `malibook data specifications --write`; a build makes it anew by itself"


@dataclass(frozen=True)
class Derivation:
    """How a table was made: by which notebook, with which parameters, and the hash of each part that it was made from."""

    by: str
    parameters: Mapping[str, Any]
    parts: Mapping[str, str]


def derived() -> list[str]:
    """Return the names of the tables that the book computes itself, in order."""
    return [raw["name"] for raw in descriptor()["resources"] if KEY in raw]


def recorded(name: str) -> Derivation | None:
    """Return how the committed table was made, None for a table that is not computed by the book."""
    raw = next((raw for raw in descriptor()["resources"] if raw["name"] == name), {})
    return read_record(raw[KEY], f"data/datapackage.json, table {name}") if KEY in raw else None


def read_record(raw: Any, where: str) -> Derivation:
    """Return a record read from JSON; raise `BookError` where it lacks a part."""
    try:
        return Derivation(str(raw["by"]), dict(raw["parameters"]), {str(k): str(v) for k, v in raw["parts"].items()})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BookError(f"{KEY} lacks by, parameters or parts", where=where, remedy=REMEDY) from None


def outdated(made: Derivation) -> list[str]:
    """Return the parts that are no longer what they were when the table was made, in the order of the record."""
    return [part for part, before in made.parts.items() if hash_of(part) != before]


def hash_of(part: str) -> str:
    """Return the present hash of a part: `table NAME`, `module NAME`, `notebook PATH` or `package NAME`; empty where it is gone."""
    kind, _, name = part.partition(" ")
    found = {"table": _table, "module": _module, "notebook": _notebook, "package": _pin}[kind](name)
    return hashlib.sha256(found.replace(b"\r\n", b"\n")).hexdigest()[:16] if found else ""


def aside(name: str) -> tuple[Path, Path]:
    """Return where the press puts a table made anew, and its record."""
    folder = root() / "_build" / "derived"
    return folder / f"{name}.csv", folder / f"{name}.json"


def in_force(name: str) -> tuple[Path, Derivation | None]:
    """Return the file to open for a table, and how it was made (None: not by this book).

    Raises `BookError` for a computed table that is out of date, committed and made anew alike.
    """
    made, changed = recorded(name), []
    if made is None:
        return root() / "data" / describe(name).path, None
    for path, record in _candidates(name, made):
        changed = changed or outdated(record)
        if not outdated(record):
            return path, record
    what = f"was made from other inputs than these: {', '.join(changed[:4])} changed"
    raise BookError(what, where=f"data/{describe(name).path}", remedy=REMEDY)


def holds(name: str) -> bool:
    """Return whether a table can be opened: not computed by this book, or of the present inputs."""
    try:
        in_force(name)
    except BookError:
        return False
    return True


def stale() -> dict[str, list[str]]:
    """Return the computed tables of which the committed copy is out of date, with the parts that changed."""
    found = {name: outdated(made) for name in derived() if (made := recorded(name))}
    return {name: parts for name, parts in found.items() if parts}


def _candidates(name: str, made: Derivation) -> Iterator[tuple[Path, Derivation]]:
    yield root() / "data" / describe(name).path, made
    table, record = aside(name)
    try:
        raw = json.loads(record.read_text(encoding="utf-8"))
        if raw["sha256"] == hashlib.sha256(table.read_bytes()).hexdigest():
            yield table, read_record(raw, record.name)
    except (OSError, ValueError, KeyError, TypeError, BookError):
        return


def _table(name: str) -> bytes:
    """Return a table's content with what decides how its cells are read."""
    if name not in resources():
        return b""
    resource = describe(name)
    path = root() / "data" / resource.path
    types = json.dumps([[f.name, f.type] for f in resource.fields])
    return types.encode() + path.read_bytes() if path.is_file() else b""


def _module(name: str) -> bytes:
    path = Path(malibook.__file__).parent.joinpath(*name.split(".")[1:]).with_suffix(".py")
    return path.read_bytes() if path.is_file() else b""


def _notebook(name: str) -> bytes:
    try:
        cells = json.loads((root() / name).read_text(encoding="utf-8"))["cells"]
        return "\0".join("".join(c["source"]) for c in cells if c["cell_type"] == "code").encode()
    except (OSError, ValueError, KeyError, TypeError):
        return b""


def _pin(name: str) -> bytes:
    """Return the version that the lock gives a package, each that it gives for one Python or system."""
    try:
        lock = (root() / "requirements.txt").read_text(encoding="utf-8")
    except OSError:
        return b""
    return " ".join(re.findall(rf"^{re.escape(name)}==([^\s;]+)", lock, re.M)).encode()
