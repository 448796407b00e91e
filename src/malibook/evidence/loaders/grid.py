"""What an opened file is to the loaders: named rows of text cells, whatever it was on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Row = tuple[int, list[str]]  # the row's number as a spreadsheet shows it, and its cells

LONGEST_CELL = 16 * 1024 * 1024


@dataclass(frozen=True)
class Grid:
    """One table of a file: how to name it to the reader, and its rows, from the first one each time they are asked for."""

    where: str
    name: str  # of the file or member: publishers write the release into it
    rows: Callable[[], Iterator[Row]]
    ragged: bool = False  # a workbook leaves out empty cells at the end of a row
    notes: list[str] = field(default_factory=list)  # what is odd about the rows, once they were read
