"""What every loader needs: refuse a file of the wrong shape, keep integers whole, keep a missing value missing."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.errors import BookError

COUNTRIES = {
    "Burkina Faso": "BFA",
    "Central African Republic": "CAF",
    "Libya": "LBY",
    "Mali": "MLI",
    "Niger": "NER",
}


def require(raw: pd.DataFrame, columns: Iterable[str], what: str) -> pd.DataFrame:
    """Return `raw` where it has all `columns` and at least one row; raise `BookError` naming what it lacks."""
    missing = [name for name in columns if name not in raw.columns]
    if missing:
        found = ", ".join(map(str, raw.columns[:8]))
        raise BookError(
            f"lacks the column {missing[0]!r} (found: {found} …)",
            where=what,
            remedy="use the file as its publisher offers it, with its header row",
        )
    if raw.empty:
        raise BookError("holds no row", where=what, remedy="download the file again")
    return raw


def whole(column: pd.Series, what: str) -> pd.Series:
    """Return a column of counts as `Int64`; raise `BookError` for a value that is no whole number."""
    numbers = pd.to_numeric(column, errors="coerce")
    odd = (numbers.isna() & column.notna()) | (numbers.notna() & (numbers % 1 != 0))
    if odd.any():
        raise BookError(
            f"holds '{column[odd].iloc[0]}' in column {column.name!r}, row {odd[odd].index[0]}, where a whole number belongs",
            where=what,
            remedy="check the upstream file for this row",
        )
    return numbers.astype("Int64")


def month_start(column: pd.Series) -> pd.Series:
    """Return the first day of each date's month, as ISO text; takes `2025-01`, `2025-01-31` and `202501`."""
    text = column.astype(str).str.replace("-", "", regex=False).str.slice(0, 6)
    return pd.to_datetime(text, format="%Y%m").dt.strftime("%Y-%m-%d")


def total(group: pd.api.typing.SeriesGroupBy) -> pd.Series:
    """Return the sum of each group, missing (not zero) where every value in it is missing."""
    return group.sum(min_count=1)


def empty(index: pd.Index) -> pd.Series:
    """Return a column of whole numbers that are all missing: the source has no such figure."""
    return pd.Series(pd.NA, index=index, dtype="Int64")
