"""Which countries the tables of the current book hold."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from malibook.evidence.package import resources, root

TABLE, COLUMN = "violence_year", "iso3"


def countries() -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-3 codes in `violence_year`, in order; raise `BookError` where there is no package."""
    listed = resources()
    path = root() / "data" / listed[TABLE].path if TABLE in listed else None
    return _codes(path, path.stat().st_mtime_ns) if path and path.is_file() else ()


@cache
def _codes(path: Path, stamp: int) -> tuple[str, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(sorted({row[COLUMN] for row in csv.DictReader(lines) if row.get(COLUMN)}))
