"""Find the table of a file that fits a format, and the columns in it; say what the file is where none fits."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass

from malibook.evidence.loaders import formats
from malibook.evidence.loaders.columns import Column, Format
from malibook.evidence.loaders.grid import Grid
from malibook.evidence.loaders.refusal import RefusedError, refuse
from malibook.evidence.problem import Problem

PREAMBLE = 30  # rows before the header: UNHCR writes 14, the World Bank 4
_YEAR = re.compile(r"(\d{4})( \[YR\d{4}\])?")


@dataclass(frozen=True)
class Header:
    """Where a table's header stands and where its needed columns are; row 0: the file has none."""

    grid: Grid
    row: int
    width: int
    places: tuple[tuple[Column, int], ...]
    preamble: tuple[str, ...]


def find(grids: list[Grid], wanted: Format, path: str) -> Header:
    """Return the header of the one table that fits; raise `RefusedError` where none does, or several do."""
    tops = [(grid, [cells for _, cells in itertools.islice(grid.rows(), PREAMBLE)]) for grid in grids]
    found = [header for grid, rows in tops if (header := _header(grid, rows, wanted))]
    if len(found) > 1:
        names = ", ".join(header.grid.where.removeprefix(path).lstrip("/, ") for header in found)
        raise refuse(path, f"holds several tables that fit: {names}", "give the one file that is meant, unpacked")
    if found:
        return found[0]
    if not tops:
        raise refuse(path, "is a workbook without a sheet", wanted.source)
    grid, rows = min(tops, key=lambda top: len(_lacking(top[1], wanted)))
    raise _explained(grid, rows, wanted)


def _header(grid: Grid, rows: list[list[str]], wanted: Format) -> Header | None:
    for index, cells in enumerate(rows):
        if not _missing(cells, wanted):
            preamble = tuple(cell for row in rows[:index] for cell in row if cell.strip())
            return Header(grid, index + 1, len(cells), _places(grid, index + 1, cells, wanted), preamble)
    first = next((cells for cells in rows if cells), [])
    if wanted.layout and len(first) in (len(wanted.layout), len(wanted.layout) + 1) and first[0].strip().isdecimal():
        return Header(grid, 0, len(first), _places(grid, 0, list(wanted.layout), wanted), ())
    return None


def _places(grid: Grid, row: int, cells: list[str], wanted: Format) -> tuple[tuple[Column, int], ...]:
    names = [_plain(cell) for cell in cells]
    places = []
    for column in wanted.columns:
        hits = [index for index, name in enumerate(names) if name in _spellings(column)]
        if len({names[index] for index in hits}) < len(hits):
            raise refuse(
                grid.where,
                "has this column twice",
                "download the file again; do not join files side by side",
                row=row,
                field=cells[hits[0]],
            )
        if hits:
            places.append((column, hits[0]))
    if wanted.years:
        years = [(match[1], index) for index, cell in enumerate(cells) if (match := _YEAR.fullmatch(cell.strip()))]
        places += [(Column(year, "number", empty=True), index) for year, index in years]
    return tuple(places)


def _missing(cells: list[str], wanted: Format) -> list[str]:
    names = {_plain(cell) for cell in cells}
    lacking = [c.name for c in wanted.columns if not c.optional and not names & _spellings(c)]
    if wanted.years and not any(_YEAR.fullmatch(cell.strip()) for cell in cells):
        lacking.append("a column for each year")
    return lacking


def _lacking(rows: list[list[str]], wanted: Format) -> list[str]:
    """Return what the best row lacks of the needed columns."""
    return min((_missing(cells, wanted) for cells in rows if cells), key=len, default=["a header row"])


def _explained(grid: Grid, rows: list[list[str]], wanted: Format) -> RefusedError:
    needed = [c for c in wanted.columns if not c.optional]
    lacking = _lacking(rows, wanted)
    if not rows:
        return refuse(grid.where, "holds no row", wanted.source)
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        again = [next(csv.reader([cells[0]], delimiter=mark)) if len(cells) == 1 else cells for cells in rows]
        if len(_lacking(again, wanted)) < len(lacking) and len(_lacking(again, wanted)) < len(needed) / 2:
            remedy = "download it again with commas; a spreadsheet that rewrote it also rewrites dates and decimals"
            return refuse(grid.where, f"is separated by {name}, not commas", remedy)
    for other in formats.ALL:
        if other is not wanted and not _lacking(rows, other):
            return refuse(
                grid.where, f"is not {wanted.title} but {other.title}", f"give it with {other.option}; {wanted.source}"
            )
    if len(lacking) > len(needed) / 2:
        start = ", ".join(next((cells for cells in rows if any(cells)), [])[:6])
        return refuse(grid.where, f"is not a file of {wanted.title}", wanted.source, row=1, value=start)
    return RefusedError(
        Problem(grid.where, None, name, "", "column is missing", f"use a release that has it: {wanted.source}")
        for name in lacking
    )


def _spellings(column: Column) -> set[str]:
    return {_plain(name) for name in (column.name, *column.spellings)}


def _plain(name: str) -> str:
    return " ".join(name.replace("’", "'").lower().split())
