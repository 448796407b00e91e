"""`data`: rows that a notebook of a sweep hands to the press, every number in full."""

from __future__ import annotations

import pandas as pd

from malibook.exhibits.ledger import record


def data(key: str, frame: pd.DataFrame) -> None:
    """Enter a frame in the ledger as CSV: ISO dates, numbers in the shortest form that gives the same number back.

    It is shown nowhere in a book; no rows are as good as some. Raises `BookError` for a key used twice or no chapter open.
    """
    text = frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")
    entry = {"kind": "data", "key": key, "rows": len(frame), "csv": text}
    record(entry, {"text/plain": f"{key}: {len(frame)} rows"})
