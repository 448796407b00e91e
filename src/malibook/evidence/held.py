"""Which countries the tables of the current book hold."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from malibook.evidence.package import resources, root

TABLES, COLUMN = ("violence_year", "violence_month"), "iso3"


def countries() -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-3 codes of which a table holds violence by year or by month, in order.

    Raises `BookError` where there is no package.
    """
    listed = resources()
    paths = [root() / "data" / listed[name].path for name in TABLES if name in listed]
    return tuple(sorted({code for p in paths if p.is_file() for code in _codes(p, p.stat().st_mtime_ns)}))


@cache
def _codes(path: Path, stamp: int) -> tuple[str, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(sorted({row[COLUMN] for row in csv.DictReader(lines) if row.get(COLUMN)}))
