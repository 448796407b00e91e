"""Put new rows in the place of old ones: all cells as text, in the order the package keeps, so that no change is no change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from malibook.errors import BookError
from malibook.evidence.loaders.part import Part

# The order of rows in each table that a refresh writes.
ORDER = {
    "democracy": ["iso3", "year"],
    "displacement": ["iso3", "measure", "year"],
    "population": ["iso3", "year"],
    "refugees_by_host": ["origin_iso3", "year", "host_iso3"],
    "violence_dyad_month": ["iso3", "month", "type", "conflict_id", "dyad"],
    "violence_events": ["dataset", "iso3", "date", "id"],
    "violence_month": ["dataset", "iso3", "month"],
    "violence_part_year": ["start", "iso3", "type"],
    "violence_region_quarter": ["quarter", "region", "acled_admin1"],
    "violence_year": ["iso3", "year", "type"],
}
NUMBERS = ("conflict_id", "id", "year")
# Periods that may be covered in part: what the table holds more fully stays, and the new rows are left out.
FULLER = {"violence_part_year": ["iso3", "start"], "violence_region_quarter": ["quarter"]}


def read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Return a table with all cells as text; raise `BookError` where it is not as its descriptor says."""
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BookError(f"cannot be read: {error}", where=str(path), remedy="run `malibook data check`") from None
    if list(frame.columns) != columns:
        raise BookError("has other columns than its descriptor", where=str(path), remedy="run `malibook data check`")
    return frame


def merge(name: str, old: pd.DataFrame, parts: Iterable[Part]) -> pd.DataFrame:
    """Return a table in which the rows of `parts` stand instead of those they replace, one part after the other."""
    for part in parts:
        rows, staying = as_text(part.rows)[list(old.columns)], old[~part.replaces(old)]
        if name in FULLER:
            rows = _without_held(rows, staying, FULLER[name])
        old = pd.concat([staying, rows], ignore_index=True)
    if name == "violence_events":
        old = _final_first(old)
    return old.sort_values(ORDER[name], key=_comparable, kind="stable").reset_index(drop=True)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every cell as the text that the CSV file holds, empty where missing."""
    return pd.DataFrame({name: _text(frame[name]) for name in frame.columns}, dtype=object)


def _text(column: pd.Series) -> pd.Series:
    """Return a column as text; equal cells share one text, so that a million rows stay small."""
    codes, values = pd.factorize(column, use_na_sentinel=True)
    texts = [repr(value) if isinstance(value, float) else str(value) for value in values.tolist()]
    return pd.Series(np.array([*texts, ""], dtype=object)[codes], index=column.index)  # code -1, missing: the last


def _without_held(rows: pd.DataFrame, staying: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return the rows for periods that the table does not hold more fully already."""
    return rows[~pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(staying[key]))]


def _final_first(events: pd.DataFrame) -> pd.DataFrame:
    """Return events with final ones only where a country's month has any: candidate ones there are the same events."""
    place = events["iso3"] + events["date"].str[:7]
    final = events["dataset"] == "ucdp-ged"
    return events[final | ~place.isin(place[final])]


def _comparable(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column) if column.name in NUMBERS else column
