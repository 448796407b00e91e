"""Read comma-separated text strictly: UTF-8, no stray bytes, quotation marks that close, every row numbered."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from malibook.evidence.loaders.grid import LONGEST_CELL, Row
from malibook.evidence.loaders.refusal import refuse

BOM = b"\xef\xbb\xbf"
AGAIN = "download the file again, and do not open and save it in a spreadsheet"


def rows(
    stream: BinaryIO, where: str, *, strict: bool = True, separators: str = ",", notes: list[str] | None = None
) -> Iterator[Row]:
    """Yield the rows of a CSV file with their number, the first being 1; an empty line is a row without cells.

    Refuses bytes that are not UTF-8, zero bytes, lines without end, and (where `strict`) quotation marks that do not
    close, naming the row. Of several `separators` the one that the first line has most of is taken. `notes` is told where the last row has no line end, as in a file that is cut off.
    """
    csv.field_size_limit(LONGEST_CELL)
    number = [0]
    separator = _separator(stream, separators)
    reader = csv.reader(_lines(stream, where, number, notes), delimiter=separator, strict=strict)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cut = "unexpected end of data" in str(error)
            what = "ends within quotation marks: the file is cut off"
            if not cut:
                what = f"has quotation marks that do not close or stand where none belong ({error})"
            raise refuse(where, what, AGAIN, row=number[0] + 1) from None
        number[0] += 1
        yield number[0], cells


def _separator(stream: BinaryIO, separators: str) -> str:
    if len(separators) == 1:
        return separators
    first = stream.read(4096).partition(b"\n")[0]
    stream.seek(0)
    return max(separators, key=lambda mark: first.count(mark.encode()))


def _lines(stream: BinaryIO, where: str, number: list[int], notes: list[str] | None) -> Iterator[str]:
    first, line, next_line = True, b"", stream.readline(LONGEST_CELL)
    while next_line:
        line, next_line = next_line, stream.readline(LONGEST_CELL)
        if notes is not None and not next_line and not line.endswith((b"\n", b"\r")):
            notes.append(f"{where}: the last row has no line end; if the publisher's has one, the file is cut off")
        if first:
            line, first = line.removeprefix(BOM), False
        if b"\0" in line:
            raise refuse(where, "holds zero bytes: it is not text, or is damaged", AGAIN, row=number[0] + 1)
        if len(line) == LONGEST_CELL:
            raise refuse(where, "has a line of 16 MB: no line breaks, or damaged", AGAIN, row=number[0] + 1)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            odd = line[max(error.start - 12, 0) : error.end + 12].decode("cp1252", errors="replace")
            remedy = "download the file again, or convert it from Windows-1252 (Latin-1) to UTF-8"
            raise refuse(where, "is not UTF-8", remedy, row=number[0] + 1, value=odd.strip()) from None
