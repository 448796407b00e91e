"""The data package as it lies on disk: where it is, and what its descriptor says of each table."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from malibook.errors import BookError

_here: ContextVar[Path | None] = ContextVar("book", default=None)
CHECKOUT = Path(__file__).resolve().parents[3]
MARKER = Path("data") / "datapackage.json"
# Tables that a package may be without, and how a reader is told so.
OPTIONAL = {
    "violence_events": "UCDP's events one by one are not in this copy of the data: maps and tables of actors rest on counts "
    "by month, quarter or region instead. `malibook data refresh --ucdp-ged FILE` adds them.",
}


@dataclass(frozen=True)
class Field:
    """One column: its name, Frictionless type, meaning, unit and constraints."""

    name: str
    type: str
    description: str
    unit: str = ""
    constraints: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Resource:
    """One table or map of the package, as `datapackage.json` describes it."""

    name: str
    path: Path
    title: str
    description: str
    citation: str
    short_citation: str
    licence: str
    redistribution: str
    vintage: str
    coverage: str
    known_gaps: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    lists: tuple[tuple[str, str], ...]
    chapters: tuple[str, ...]
    pages: tuple[str, ...]

    def field(self, name: str) -> Field:
        """Return one column's description; raise `BookError` where the table has no such column."""
        for field in self.fields:
            if field.name == name:
                return field
        known = ", ".join(f.name for f in self.fields)
        raise BookError(f"no column {name!r}", where=f"table {self.name}", remedy=f"columns are: {known}")


@contextmanager
def at(folder: Path) -> Iterator[None]:
    """Make `folder` the book of this thread alone: a worker may do runs of several books side by side."""
    token = _here.set(folder)
    try:
        yield
    finally:
        _here.reset(token)


def root() -> Path:
    """Return the book's folder: the one `at` names, `MALIBOOK_ROOT`, else the nearest one above the working directory, else this checkout."""
    if (here := _here.get()) is not None:
        return here
    named = os.environ.get("MALIBOOK_ROOT")
    here = Path.cwd()
    candidates = [Path(named)] if named else [here, *here.parents, CHECKOUT]
    for folder in candidates:
        if (folder / MARKER).is_file():
            return _resolved(folder.absolute())
    raise BookError(
        "no data package found",
        where=str(candidates[0] / MARKER),
        remedy="run inside the book's folder, or set MALIBOOK_ROOT to it",
    )


@cache
def _resolved(folder: Path) -> Path:
    """Return a folder without links in its path: asked for with every table and number, it is looked up once."""
    return folder.resolve()


@cache
def _read_descriptor(path: Path, stamp: int) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def descriptor() -> dict[str, Any]:
    """Return `datapackage.json` as a dictionary; raise `BookError` where it is not valid JSON."""
    path = root() / MARKER
    try:
        return _read_descriptor(path, path.stat().st_mtime_ns)
    except ValueError as error:
        raise BookError(f"is not valid JSON: {error}", where=str(MARKER), remedy="mend the named line") from None


def forget_descriptor() -> None:
    """Have `datapackage.json` read again by whoever asks next."""
    _read_descriptor.cache_clear()
    _read_resources.cache_clear()


def resources() -> dict[str, Resource]:
    """Return every resource of the package by name."""
    path = root() / MARKER
    descriptor()  # says it plainly where the file cannot be read
    return _read_resources(path, path.stat().st_mtime_ns)


@cache
def _read_resources(path: Path, stamp: int) -> dict[str, Resource]:
    return {raw["name"]: _resource(raw) for raw in _read_descriptor(path, stamp)["resources"]}


def describe(name: str) -> Resource:
    """Return one resource; raise `BookError`, with the nearest name, where the package has none of that name."""
    known = resources()
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise BookError(
            f"no table {name!r} in the data package", where=str(MARKER), remedy=hint + f"tables: {', '.join(known)}"
        )
    return known[name]


def has(name: str) -> bool:
    """Return whether the package holds a table: optional ones, such as `violence_events`, come with a data refresh."""
    listed = resources()
    return name in listed and (root() / "data" / listed[name].path).is_file()


def absence(name: str) -> str:
    """Return the sentence that tells a reader what is missing without an optional table; empty where it is there."""
    return "" if has(name) else OPTIONAL.get(name, f"The table {name} is not in this copy of the data.")


def as_kept(path: Path) -> bytes:
    """Return a file as git keeps it: the lines of a text end in LF, whatever an editor or a checkout for Windows made of them."""
    content = path.read_bytes()
    return content.replace(b"\r\n", b"\n") if b"\r\n" in content and b"\0" not in content else content


def data_version() -> tuple[str, str]:
    """Return the package's version and the first 12 hex digits of a SHA-256 over all its files."""
    digest = hashlib.sha256(as_kept(root() / MARKER))
    for resource in sorted(resources().values(), key=lambda r: r.name):
        digest.update(resource.name.encode() + b"\0" + as_kept(root() / "data" / resource.path))
    return descriptor()["version"], digest.hexdigest()[:12]


def _resource(raw: dict[str, Any]) -> Resource:
    schema, licences = raw.get("schema", {}), raw.get("licenses") or [{}]
    return Resource(
        name=raw["name"],
        path=_inside(raw["path"], raw["name"]),
        title=raw.get("title", raw["name"]),
        description=raw.get("description", ""),
        citation=raw.get("malibook:citation", ""),
        short_citation=raw.get("malibook:short_citation") or raw.get("malibook:citation", ""),
        licence=licences[0].get("title") or licences[0].get("name", ""),
        redistribution=licences[0].get("malibook:redistribution", ""),
        vintage=_text(raw.get("malibook:vintage")),
        coverage=_text(raw.get("malibook:coverage")),
        known_gaps=_text(raw.get("malibook:known_gaps")),
        fields=tuple(_field(f) for f in schema.get("fields", [])),
        key=_as_tuple(schema.get("primaryKey", ())),
        lists=tuple(sorted((raw.get("malibook:lists") or {}).items())),
        chapters=_as_tuple(raw.get("malibook:chapters", ())),
        pages=_as_tuple(raw.get("malibook:pages", ())),
    )


def _inside(path: str, name: str) -> Path:
    """Return a resource's path; raise `BookError` where it would lead out of `data/`."""
    if Path(path).is_absolute() or ".." in Path(path).parts or "\\" in path or ":" in path:
        raise BookError(
            f"the path {path!r} leads out of data/", where=f"{MARKER}, {name}", remedy="name a file in data/"
        )
    return Path(path)


def _field(raw: dict[str, Any]) -> Field:
    constraints = tuple(sorted((k, json.dumps(v)) for k, v in raw.get("constraints", {}).items()))
    return Field(raw["name"], raw.get("type", "string"), raw.get("description", ""), raw.get("unit", ""), constraints)


def _as_tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _text(value: Any) -> str:
    """Return what the descriptor says as one text: sentences follow one another, other parts are set apart by semicolons."""
    if not isinstance(value, list):
        return str(value or "")
    parts = [str(part) for part in value]
    return (" " if all(part.endswith(".") for part in parts) else "; ").join(parts)
