"""Open an upstream file safely, whatever it claims to be: CSV, a zip archive, a workbook, or something else altogether.

The first bytes decide, not the name. What cannot be data (a web page saved as CSV, a pointer of git-lfs, an old Excel file) is
refused with what it is and what to do.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from malibook.evidence.loaders import archives, delimited, workbook
from malibook.evidence.loaders.grid import Grid, Row
from malibook.evidence.loaders.refusal import refuse

UNPACK = "unpack it first, or download the CSV"
CSV_PLEASE = "download the data as CSV"
SIGNS = (
    (b"\x1f\x8b", "is packed with gzip", UNPACK),
    (b"7z\xbc\xaf", "is a 7z archive", UNPACK),
    (b"Rar!", "is a RAR archive", UNPACK),
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Excel file (.xls) or is locked with a password",
        "save it as .xlsx, or download CSV",
    ),
    (b"%PDF", "is a PDF: probably the codebook", CSV_PLEASE),
    (b"RDX", "is an R data file", CSV_PLEASE),
    (b"PAR1", "is a Parquet file", CSV_PLEASE),
    (b"<stata_dta", "is a Stata file", CSV_PLEASE),
    (b"\xff\xfe", "is UTF-16 text ('Unicode text' in Excel)", "save it as 'CSV UTF-8', or download it again"),
    (b"\xfe\xff", "is UTF-16 text", "save it as UTF-8, or download it again"),
)
TEXT_SIGNS = (
    ("<!doctype html", "is a web page, not data: the download failed or needs a login", "log in and download again"),
    ("<html", "is a web page, not data: the download failed or needs a login", "log in and download again"),
    ("<?xml", "is an XML file or error message, not CSV", CSV_PLEASE),
    ("{", "is JSON: an answer or error of a web service", CSV_PLEASE),
    ("[{", "is JSON: an answer of a web service", CSV_PLEASE),
    ("version https://git-lfs", "is a pointer of git-lfs, not the file", "run `git lfs pull` where it came from"),
)


@contextmanager
def opened(path: Path, *, strict: bool = True, separators: str = ",") -> Iterator[list[Grid]]:
    """Open `path` and give the tables it may hold: one of a CSV file, one a member or sheet otherwise.

    Raises `RefusedError`, with file, row, value and remedy, for whatever is no data file, here or while the rows are read.
    """
    how = {"strict": strict, "separators": separators}
    head = _head(path)
    if head.startswith(b"PK"):
        with archives.archive(path) as packed, ExitStack() as stack:
            yield _packed(path, packed, stack, how)
    else:
        _recognise(path, head)
        notes: list[str] = []
        yield [Grid(str(path), path.name, lambda: _file_rows(path, how, notes), notes=notes)]


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise refuse(str(path), "is a folder", "name the file in it")
        if path.exists() and not path.is_file():
            raise refuse(str(path), "is a pipe or a device, not a file", "save the download to a file and name that")
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise refuse(str(path), f"cannot be read: {error.strerror}", "check the path and its permissions") from None
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise refuse(str(path), "is empty", "download the file again")
    return head


def _recognise(path: Path, head: bytes) -> None:
    for sign, what, remedy in SIGNS:
        if head.startswith(sign):
            raise refuse(str(path), what, remedy)
    start = head.removeprefix(delimited.BOM).lstrip().decode("utf-8", errors="replace").lower()
    for sign, what, remedy in TEXT_SIGNS:
        if start.startswith(sign):
            raise refuse(str(path), what, remedy)


def _packed(path: Path, packed: zipfile.ZipFile, stack: ExitStack, how: dict) -> list[Grid]:
    names = {info.filename for info in packed.infolist()}
    if "xl/workbook.xml" in names:
        return stack.enter_context(workbook.sheets(stack.enter_context(path.open("rb")), path, str(path)))
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refuse(str(path), "is a spreadsheet of another kind (.xlsb, .ods)", "save it as .xlsx, or download CSV")
    return [grid for info in archives.data_members(path, packed) for grid in _member(path, packed, info, stack, how)]


def _member(path: Path, packed: zipfile.ZipFile, info: zipfile.ZipInfo, stack: ExitStack, how: dict) -> list[Grid]:
    where = f"{path}/{info.filename}"
    if not info.filename.lower().endswith(".xlsx"):
        return [Grid(where, Path(info.filename).name, lambda: _member_rows(path, packed, info, where, how))]
    copy = stack.enter_context(tempfile.SpooledTemporaryFile(1 << 24))  # noqa: SIM115 (the stack closes it)
    with archives.member(path, packed, info) as stream:
        while part := stream.read(1 << 20):
            copy.write(part)
    return stack.enter_context(workbook.sheets(copy, path, where))


def _file_rows(path: Path, how: dict, notes: list[str]) -> Iterator[Row]:
    with path.open("rb") as stream:
        yield from delimited.rows(stream, str(path), notes=notes, **how)


def _member_rows(path: Path, packed: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, how: dict) -> Iterator[Row]:
    with archives.member(path, packed, info) as stream:
        _recognise(Path(where), _peek(stream))
        stream.seek(0)
        yield from delimited.rows(stream, where, **how)


def _peek(stream: BinaryIO) -> bytes:
    head = stream.read(4096)
    if not head.strip():
        raise EOFError("it is empty")
    return head
