"""The only door to the tables: typed, corrected, traced."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.evidence.derived import in_force
from malibook.evidence.package import Resource, describe, root

MOST_KEPT = (
    5_000_000  # bytes of a table that is kept once read: pages and figures ask for the same ones again and again
)

_opened: list[str] = []
_kept: dict[str, tuple[Resource, str, pd.DataFrame]] = {}  # as described, from which bytes, the frame


def load(name: str) -> pd.DataFrame:
    """Return one table, typed by its schema, with the declared corrections applied.

    Dates are `datetime64`, integers `Int64`, numbers `float64`, booleans `boolean`, all else strings; a missing
    value is missing, never zero. `frame.attrs["table"]` names the table, so that a number made from a part of the
    frame can say where it comes from. Raises `BookError` for an unknown table, a value of the wrong type, or a computed
    table that is out of date.
    """
    resource = describe(name)
    _opened.append(name)
    path, _ = in_force(name)
    content, corrections = _bytes(path, resource), _bytes(root() / "data" / describe("corrections").path, resource)
    digest = hashlib.sha256(content + corrections).hexdigest()
    kept = _kept.get(name)
    if kept is None or kept[0] is not resource or kept[1] != digest:
        kept = (resource, digest, _frame(resource, content, corrections))
        if len(content) <= MOST_KEPT:
            _kept[name] = kept
    return kept[2].copy(deep=False)  # pandas copies what is written to: no caller can change what another one gets


def _bytes(path: Path, resource: Resource) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        where, remedy = f"data/{resource.path}", "run `malibook check`"
        raise BookError(f"cannot be read: {error}", where=where, remedy=remedy) from None


def _frame(resource: Resource, content: bytes, corrections: bytes) -> pd.DataFrame:
    where = f"data/{resource.path}"
    try:
        raw = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BookError(f"cannot be read: {error}", where=where, remedy="run `malibook check`") from None
    if not isinstance(raw.index, pd.RangeIndex):  # pandas would move every column by one, without a word
        remedy = "check the commas and quotation marks of this row"
        raise BookError("has more cells than the header has columns", where=f"{where}, row 2", remedy=remedy)
    missing = [f.name for f in resource.fields if f.name not in raw.columns]
    if missing:
        raise BookError(f"lacks the column {missing[0]!r}", where=where, remedy="run `malibook check`")
    if resource.name != "corrections":
        raw = _corrected(raw, resource, corrections)
    frame = raw.assign(**{f.name: _typed(raw[f.name], f.type, resource) for f in resource.fields})
    frame.attrs["table"] = resource.name
    return frame


def opened() -> tuple[str, ...]:
    """Return the tables opened since `forget_opened`, in order of first opening: what a run really read."""
    return tuple(dict.fromkeys(_opened))


def forget_opened() -> None:
    """Begin a new trace; a chapter calls this when it starts."""
    _opened.clear()


@contextlib.contextmanager
def untraced() -> Iterator[None]:
    """Open tables without being taken for a reader of them: for ids and names, which are no evidence."""
    before = list(_opened)
    try:
        yield
    finally:
        _opened[:] = before


def geo(name: str) -> dict[str, Any]:
    """Return one GeoJSON layer of the package (`mali_regions`, `neighbours`, `rivers`)."""
    resource = describe(name)
    _opened.append(name)
    return json.loads((root() / "data" / resource.path).read_text(encoding="utf-8"))


def split_list(cell: Any) -> list[str]:
    """Return the ids in a list cell (`"a;b"`), an empty list for a missing one."""
    return [] if pd.isna(cell) else [part for part in str(cell).split(";") if part]


def key_of(row: Mapping[Any, Any] | pd.Series, resource: Resource) -> str:
    """Return a row's primary key as text, its parts joined by a slash; a part that is missing is a dash."""
    parts = ("–" if pd.isna(row[name]) else row[name] for name in resource.key)
    return "/".join(p.strftime("%Y-%m-%d") if isinstance(p, pd.Timestamp) else str(p) for p in parts)


def _corrected(raw: pd.DataFrame, resource: Resource, corrections: bytes) -> pd.DataFrame:
    declared = pd.read_csv(io.BytesIO(corrections), dtype=str, keep_default_na=False)
    declared = declared[declared["table"] == resource.name]
    for fix in declared.to_dict("records"):
        keys = raw[list(resource.key)].astype(str).agg("/".join, axis=1)
        hit = keys == fix["key"]
        now = raw.loc[hit, fix["field"]].fillna("") if fix["field"] in raw else pd.Series(dtype=str)
        if not now.isin([fix["old"], fix["new"]]).any():
            raise BookError(
                f"correction of {fix['field']!r} finds no value {fix['old']!r}",
                where=f"data/tables/corrections.csv, {resource.name} {fix['key']}",
                remedy="correct the key or the old value",
            )
        raw.loc[hit, fix["field"]] = fix["new"] or None
    return raw


def _typed(column: pd.Series, kind: str, resource: Resource) -> pd.Series:
    try:
        if kind in ("date", "datetime"):
            return pd.to_datetime(column, format="%Y-%m-%d")
        if kind in ("integer", "year"):
            return pd.to_numeric(column).astype("Int64")
        if kind == "number":
            return pd.to_numeric(column).astype("float64")
        if kind == "boolean":
            return column.map({"true": True, "false": False}).astype("boolean")
    except (ValueError, TypeError) as error:
        where = f"data/{resource.path}, column {column.name}"
        raise BookError(f"is not of type {kind}: {error}", where=where, remedy="run `malibook check`") from None
    return column.astype("str")
