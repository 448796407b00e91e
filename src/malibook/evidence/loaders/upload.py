"""An upstream file as it was read: its kept rows, counts over all rows, notes, digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders.cells import IN_A_SPREADSHEET, garbled
from malibook.evidence.loaders.refusal import refuse

MOST_GARBLED = 0.2  # of the texts with letters beyond ASCII


@dataclass
class Upload:
    """What was read: the kept rows (`row` is their number in the file), how often values occur in all rows, notes."""

    path: Path
    where: str
    name: str
    frame: pd.DataFrame
    rows: int
    counts: dict[str, Counter]
    preamble: tuple[str, ...]
    sha256: str
    notes: list[str] = field(default_factory=list)


def refuse_garbled(upload: Upload, names: list[str]) -> None:
    """Refuse a file whose letters were read in a wrong encoding and saved so; a few such names are the publisher's own."""
    foreign, bad = 0, []
    for name in names:
        texts = [text for text in upload.frame[name].dropna().unique() if not text.isascii()]
        foreign += len(texts)
        bad += [(name, text) for text in texts if garbled(text)]
    if bad and len(bad) > MOST_GARBLED * foreign:
        field, text = bad[0]
        row = int(upload.frame.loc[upload.frame[field] == text, "row"].iloc[0])
        what = "is garbled, like most names with accents: the file was read in a wrong encoding and saved so"
        raise refuse(upload.where, what, IN_A_SPREADSHEET, row=row, field=field, value=text)
    if bad:
        upload.notes.append(f"{upload.where}: {len(bad)} garbled names, such as {bad[0][1]!r}: kept as published")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
