"""Read an upstream file row by row, check every cell that is needed, and keep the rows that are wanted.

Memory holds one batch of rows and what is kept, never the whole file.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders.cells import BadCellError, parse
from malibook.evidence.loaders.columns import Column, Format
from malibook.evidence.loaders.grid import Row
from malibook.evidence.loaders.headers import Header, find
from malibook.evidence.loaders.opening import opened
from malibook.evidence.loaders.refusal import MOST, RefusedError, refuse
from malibook.evidence.loaders.upload import Upload, digest, refuse_garbled
from malibook.evidence.problem import Problem

BATCH = 20_000
CUT = "download the file again, to the end"
Bounds = dict[str, tuple[object, object]]


def read(
    path: Path,
    wanted: Format,
    keep: Callable[[pd.DataFrame], pd.Series] | None = None,
    watch: tuple[str, ...] = (),
    bounds: Bounds | None = None,
) -> Upload:
    """Return the rows of `path` for which `keep` is true, typed; `watch` names columns whose values are counted.

    `bounds` narrows columns to low and high values for this file. Optional columns that the file lacks are all missing.
    Raises `RefusedError` with up to ten problems: file, row, field, value, remedy.
    """
    for part, what in wanted.not_named:
        if part in path.name.lower():
            raise refuse(str(path), f"is a sister file: it {what}", wanted.source)
    counts: dict[str, Counter] = {name: Counter() for name in watch}
    kept, total, last, pool = [], 0, 0, {}
    with opened(path, strict=wanted.strict, separators=wanted.separators) as grids:
        header = find(grids, wanted, str(path))
        places = [(_bounded(column, bounds or {}), place) for column, place in header.places]
        for numbers, cells in _batches(header, wanted):
            frame = _typed(numbers, cells, places, wanted.missing, header.grid.where, pool)
            total, last = total + len(frame), numbers[-1]
            for name, counter in counts.items():
                counter.update(frame[name].dropna() if name in frame else ())
            kept.append(frame if keep is None else frame[keep(frame)])
        where, name = header.grid.where, header.grid.name
    if not total:
        raise refuse(where, "holds a header but no row", CUT)
    names = [column.name for column in wanted.columns]
    frame = pd.concat(kept, ignore_index=True)
    frame = frame.assign(**{name: None for name in names if name not in frame})
    if header.grid.notes and max(place for _, place in header.places) == header.width - 1:
        remedy = f"{CUT}; if the publisher's file ends so, add a line end to it"
        raise refuse(where, "has no line end, and its last figure may be cut off", remedy, row=last)
    notes = list(dict.fromkeys(header.grid.notes))
    upload = Upload(path, where, name, frame, total, counts, header.preamble, digest(path), notes)
    refuse_garbled(upload, [column.name for column, _ in places if column.kind == "text"])
    return upload


def _batches(header: Header, wanted: Format) -> Iterator[tuple[list[int], list[tuple[str, ...]]]]:
    pick = itemgetter(*(place for _, place in header.places))
    rows = _data_rows(header, wanted)
    while batch := list(itertools.islice(rows, BATCH)):
        columns = list(zip(*(pick(cells) for _, cells in batch), strict=True))
        yield [number for number, _ in batch], columns


def _data_rows(header: Header, wanted: Format) -> Iterator[Row]:
    rows = header.grid.rows()
    for number, cells in rows:
        if number <= header.row or not any(cells):
            continue
        if wanted.footer and cells[0].startswith(wanted.footer):
            return
        if number == header.row + 1 and all(cell.startswith("#") for cell in cells if cell):
            continue  # tags of the Humanitarian Exchange Language
        if len(cells) != header.width:
            cells = _fitted(header, number, cells, next(rows, None) is None)
        yield number, cells


def _fitted(header: Header, number: int, cells: list[str], last: bool) -> list[str]:
    """Return a row of a workbook at full width; refuse a CSV row of another width, saying where it is the cut end."""
    short = len(cells) < header.width
    if header.grid.ragged and (short or not any(cells[header.width :])):
        return (cells + [""] * (header.width - len(cells)))[: header.width]
    what = f"has {len(cells)} cells where the header has {header.width}"
    if short and last:
        raise refuse(header.grid.where, f"{what}: the file is cut off here", CUT, row=number)
    remedy = "download the file again; check the commas and quotation marks of this row"
    raise refuse(header.grid.where, what, remedy, row=number)


def _typed(
    numbers: list[int],
    cells: list[tuple[str, ...]],
    places: list[tuple[Column, int]],
    missing: tuple[str, ...],
    where: str,
    pool: dict[object, object],
) -> pd.DataFrame:
    """Return a batch with typed columns; `pool` lets equal texts of all batches be one."""
    columns: dict[str, object] = {"row": numbers}
    problems: list[Problem] = []
    for (column, _), texts in zip(places, cells, strict=True):
        values, bad = {}, {}
        for text in set(texts):
            try:
                value = parse(text, column, missing)
                values[text] = pool.setdefault(value, value) if isinstance(value, str) else value
            except BadCellError as error:
                bad[text] = error
        if bad:
            problems += [_problem(where, n, column, t, bad[t]) for n, t in zip(numbers, texts, strict=True) if t in bad]
        elif not problems:
            columns[column.name] = _series([values[text] for text in texts], column)
    if problems:
        raise RefusedError(sorted(problems, key=lambda problem: problem.row or 0)[: MOST * 100])
    return pd.DataFrame(columns)


def _series(values: list[object], column: Column) -> pd.Series:
    kinds = {"whole": "Int64" if None in values else "int64", "number": "float64", "month": "int64"}
    return pd.Series(values, dtype=kinds.get(column.kind, "object"))


def _problem(where: str, row: int, column: Column, text: str, error: BadCellError) -> Problem:
    if text.strip().lower() in {column.name, *(name.lower() for name in column.spellings)}:
        return Problem(
            where, row, column.name, text, "is the header again: two files were joined", "give them one by one"
        )
    return Problem(where, row, column.name, text, str(error), error.remedy)


def _bounded(column: Column, bounds: Bounds) -> Column:
    low, high = bounds.get(column.name, (None, None))
    return replace(column, low=column.low if low is None else low, high=column.high if high is None else high)
