"""Read an Excel workbook sheet by sheet, a row at a time; only values, never formulas or links."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from malibook.evidence.loaders import archives
from malibook.evidence.loaders.grid import Grid, Row
from malibook.evidence.loaders.refusal import RefusedError, refuse

AGAIN = "download the workbook again, or export CSV"


@contextmanager
def sheets(source: BinaryIO, path: Path, where: str) -> Iterator[list[Grid]]:
    """Open a workbook and give its sheets as grids. `path` names the archive for messages, `where` the workbook."""
    import openpyxl  # a second to import, and few refreshes read a workbook

    try:
        with zipfile.ZipFile(source) as parts:
            archives.check_sizes(path, parts.infolist())
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except RefusedError:
        raise
    except Exception as error:
        raise refuse(where, f"cannot be read as a workbook ({error})", AGAIN) from None
    try:
        yield [Grid(f"{where}, sheet {s.title}", Path(where).name, _reader(s, where), True) for s in book.worksheets]
    finally:
        book.close()


def _reader(sheet: Any, where: str) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        try:
            sheet.reset_dimensions()  # some writers state the sheet's size wrongly, and rows would be lost
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, [_text(value) for value in values]
        except RefusedError:
            raise
        except Exception as error:
            raise refuse(f"{where}, sheet {sheet.title}", f"is damaged ({error})", AGAIN) from None

    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return str(value)
