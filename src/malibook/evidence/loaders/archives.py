"""Look into a zip archive without trusting it: nothing is unpacked to disk by name, sizes and ratios are bounded."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from malibook.evidence.loaders.refusal import refuse

MOST_BYTES = 4 * 1024**3  # unpacked; V-Dem's file has 0.4 GB, GED's 0.3 GB
MOST_RATIO = 200  # unpacked to packed; V-Dem's file has 15, GED's 7
SMALL = 256 * 1024**2  # below this a ratio proves nothing: text is read as it is unpacked, and columns may be empty
SMALL_PART = 16 * 1024**2  # of a workbook: its shared texts are held in memory
MOST_MEMBERS = 2000
DATA = {".csv", ".txt", ".tsv", ".xlsx"}
NO_DATA = ("__macosx/", "._", "readme", "metadata_", "footnotes", "codebook", "licen")
DOWNLOAD = "download the file again; do not repack it"


@contextmanager
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive; a broken one, here or while it is read, is refused by name."""
    try:
        with zipfile.ZipFile(path) as opened:
            yield opened
    except zipfile.BadZipFile as error:
        broken = f"is a broken or cut-off zip archive ({error})"
        raise refuse(str(path), broken, "download the file again, to the end") from None


def data_members(path: Path, opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members that can hold data, after checking that none is a bomb, locked or an archive in itself."""
    members = [info for info in opened.infolist() if not info.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise refuse(str(path), f"holds {len(members):,} files", DOWNLOAD)
    found = [info for info in members if _is_data(info.filename)]
    name, times = Counter(info.filename for info in members).most_common(1)[0] if members else ("", 0)
    if times > 1:
        raise refuse(str(path), f"holds {name} more than once", DOWNLOAD)
    for info in found:
        _check(path, info)
    if not found:
        inside = ", ".join(info.filename for info in members[:5]) or "nothing"
        raise refuse(
            str(path), f"holds no CSV and no workbook (inside: {inside})", "choose the CSV version of the data"
        )
    return found


def check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive (a workbook is one) whose members unpack to more than a data file can have."""
    for info in members:
        _check(path, info, SMALL_PART)
    total = sum(info.file_size for info in members)
    if total > MOST_BYTES:
        raise refuse(str(path), f"would unpack to {total / 1024**3:,.1f} GB", DOWNLOAD)


@contextmanager
def member(path: Path, opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """Open one member for reading; what the archive gets wrong about it is refused."""
    try:
        with opened.open(info) as stream:
            yield stream  # type: ignore[misc]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise refuse(
            f"{path}/{info.filename}", f"cannot be unpacked ({error})", "download the file again, to the end"
        ) from None


def _check(path: Path, info: zipfile.ZipInfo, small: int = SMALL) -> None:
    where = f"{path}/{info.filename}"
    if info.flag_bits & 1:
        raise refuse(where, "is locked with a password", "download the open version of the file")
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > MOST_BYTES or (info.file_size > small and ratio > MOST_RATIO):
        size = f"{info.file_size / 1024**2:,.0f} MB from {info.compress_size / 1024**2:,.1f} MB"
        raise refuse(where, f"would unpack to {size}: a zip bomb, not a data file", DOWNLOAD)


def _is_data(name: str) -> bool:
    base = PurePosixPath(name.replace("\\", "/"))
    hidden = name.lower().startswith("__macosx/") or base.name.lower().startswith(NO_DATA)
    return base.suffix.lower() in DATA and not hidden
