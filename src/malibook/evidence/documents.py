"""The names of the documents behind the tables, read without pandas: who only looks a name up need not load it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from malibook.evidence.package import describe, root


def source_ids() -> frozenset[str]:
    """Return the id of every document in `sources`; not traced, since an id is a name and no evidence."""
    return frozenset(_column("id"))


def source_titles() -> frozenset[str]:
    """Return the title of every document in `sources`; not traced either."""
    return frozenset(filter(None, _column("title")))


def _column(name: str) -> tuple[str, ...]:
    path = root() / "data" / describe("sources").path
    return _read(path, name, path.stat().st_mtime_ns)


@cache
def _read(path: Path, name: str, stamp: int) -> tuple[str, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row[name] for row in csv.DictReader(file))
