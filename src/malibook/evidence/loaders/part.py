"""What upstream files give to the tables: new rows, which old rows they replace, and what the reader must be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from malibook.evidence.loaders.upload import Upload


@dataclass(frozen=True)
class Part:
    """Rows for a table, and a test that tells which rows of the present table (all cells text) they replace."""

    table: str
    rows: pd.DataFrame
    replaces: Callable[[pd.DataFrame], pd.Series]
    vintage: str
    another: Callable[[pd.DataFrame], bool] = lambda table: False  # whether the table is of another country


@dataclass
class Harvest:
    """All that the given files give: parts, a line for each file, notes, and each file's name and digest."""

    parts: list[Part] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digests: list[dict[str, str]] = field(default_factory=list)
    _of_table: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def stamp(self, step: Callable[[Any, Harvest], None], given: Any) -> None:
        """Let one step read what was given, and remember which files each table then rests on."""
        parts, digests = len(self.parts), len(self.digests)
        step(given, self)
        for table in {part.table for part in self.parts[parts:]}:
            self._of_table.setdefault(table, []).extend(self.digests[digests:])

    def tables(self) -> list[str]:
        """Return the tables that get rows, in order of their names."""
        return sorted({part.table for part in self.parts})

    def hand_over(self, table: str) -> list[Part]:
        """Return the parts of a table and forget them: a table of events is large."""
        mine = [part for part in self.parts if part.table == table]
        self.parts = [part for part in self.parts if part.table != table]
        return mine

    def digests_of(self, table: str) -> list[dict[str, str]]:
        """Return name, title and SHA-256 of the files that gave rows to a table."""
        return self._of_table.get(table, [])

    def take(self, upload: Upload, title: str, rows: int, held: list[str]) -> None:
        """Record a file that was read: what it is, how many rows it gave, and its notes."""
        self.files.append(f"{upload.where}: {title}; {upload.rows:,} rows, {rows:,} of {', '.join(held)}")
        self.notes += upload.notes
        self.digests.append({"file": upload.path.name, "title": title, "sha256": upload.sha256})
