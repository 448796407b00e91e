"""What a run needs of the book, in one piece: a cluster's workers have the installed library and no book beside them."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path

from malibook.evidence import root
from malibook.press import downloads
from malibook.press.hashes import short
from malibook.press.notebooks import path_of


def pack(notebooks: Iterable[str]) -> bytes:
    """Return the data package, the lock and these notebooks as one zip, the same bytes for the same files."""
    top = root()
    files = [p for p in (top / "data").rglob("*") if p.is_file()] + [top / "requirements.txt"]
    files += [path_of(name) for name in notebooks]
    return downloads.pack({path.relative_to(top).as_posix(): path.read_bytes() for path in files})


def unpack(blob: bytes, beside: Path) -> Path:
    """Return a folder in `beside` that holds what was packed, made once; whoever finds it finds it whole."""
    folder = beside / f"malibook-{short(blob)}"
    if not folder.is_dir():
        part = beside / f".{folder.name}-{uuid.uuid4().hex[:8]}"
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            archive.extractall(part)
        try:
            part.rename(folder)
        except OSError:  # another worker of this machine was first
            if not folder.is_dir():
                raise
    return folder
