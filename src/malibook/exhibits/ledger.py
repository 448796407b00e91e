"""The ledger: what a run of one chapter showed, and from which rows and sources.

Every exhibit is one record. It travels inside the executed notebook, as an output of its own MIME type, so a
notebook that papermill ran anywhere carries all that the press needs: no side files, no shared folder.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from malibook.errors import BookError
from malibook.evidence import (
    Parameters,
    check_served,
    describe,
    forget_opened,
    key_of,
    left_out,
    opened,
    resources,
    source_ids,
    split_list,
)
from malibook.exhibits.style import use_style
from malibook.mime import MIME

KEYS_KEPT = 12


@dataclass
class Chapter:
    """One run of one chapter: its name, its parameters and the exhibits that it has shown so far."""

    name: str
    parameters: Parameters
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


_current: Chapter | None = None


def open_chapter(name: str, parameters: Parameters) -> Chapter:
    """Begin a chapter's ledger, forget what an earlier one read, and set the house style.

    Raises `BookError` where the chapter cannot serve one of the parameters, as `malibook run` does before it starts a kernel.
    """
    global _current
    values = parameters.model_dump(mode="json", include=parameters.model_fields_set)
    check_served(name, values)
    forget_opened()
    use_style()
    _current = Chapter(name, parameters)
    _emit({"kind": "chapter", "key": name, "parameters": values}, {"text/plain": f"Chapter {name}: {values}"})
    return _current


def record(entry: dict[str, Any], shown: dict[str, Any]) -> None:
    """Enter one exhibit in the ledger and show it; raise `BookError` for a key used twice or no chapter open.

    What rests on a table that the run's `dataset` leaves out is neither entered nor shown.
    """
    chapter = current()
    key = f"{entry['kind']}:{entry['key']}"
    if key in chapter.records and get_ipython() is None:
        raise BookError(
            f"the key {entry['key']!r} is used twice", where=chapter.name, remedy="give each exhibit its own key"
        )
    left = left_out(chapter.parameters.dataset)
    if any(table in left for table in _tables_of(entry)):
        return
    entry = entry | {"chapter": chapter.name, "opened": [name for name in opened() if name not in left]}
    chapter.records[key] = entry
    _emit(entry, shown)


def _tables_of(entry: dict[str, Any]) -> list[str]:
    named = [source["id"] for source in entry.get("sources", []) if source["kind"] == "table"]
    return [*named, *(part["table"] for part in entry["rows"])] if entry["kind"] == "number" else named


def current() -> Chapter:
    """Return the open chapter; raise `BookError` where none is."""
    if _current is None:
        raise BookError("no chapter is open", where="exhibits", remedy='call open_chapter("01-…", P) first')
    return _current


def chosen_phases() -> str:
    """Return what divides the time in the open chapter, by its parameter `phases`; as published where none is open."""
    return (_current.parameters if _current else Parameters()).phases


def resolve_sources(names: list[str] | None, rows: list[pd.DataFrame], key: str) -> list[dict[str, str]]:
    """Return the sources of an exhibit, each as {kind: table | document, id, text}.

    A name is a table of the data package or the id of a document in `sources`. Without names, the tables of `rows`
    count. Raises `BookError` for an unknown name, a table that this run never opened, or no source at all.
    """
    wanted = list(names or dict.fromkeys(f.attrs.get("table", "") for f in rows))
    known, documents = resources(), source_ids()
    out = []
    for name in wanted:
        if name in known and name not in opened():
            raise BookError(
                f"names {name!r} as its source, but this chapter never opened it",
                where=f"exhibit {key}",
                remedy="load() it",
            )
        if name in known:
            out.append({"kind": "table", "id": name, "text": known[name].citation, "short": known[name].short_citation})
        elif name in documents:
            out.append({"kind": "document", "id": name, "text": name, "short": name})
        else:
            raise BookError(
                f"unknown source {name!r}",
                where=f"exhibit {key}",
                remedy="name a table or an id of data/tables/sources.csv",
            )
    if not out:
        raise BookError("has no source", where=f"exhibit {key}", remedy="give sources=[…] or rows=… of a loaded table")
    return out


def trace(rows: pd.DataFrame | list[pd.DataFrame], key: str) -> list[dict[str, Any]]:
    """Return which rows of which tables a number rests on: table, count, the first keys, the documents they cite."""
    frames = rows if isinstance(rows, list) else [rows]
    return [_trace_one(frame, key) for frame in frames]


def _trace_one(frame: pd.DataFrame, key: str) -> dict[str, Any]:
    table = frame.attrs.get("table")
    if not table:
        raise BookError(
            "rows= is not a part of a loaded table",
            where=f"number {key}",
            remedy="pass the filtered frame that load() gave",
        )
    if frame.empty:
        raise BookError(
            f"rests on no row of {table}", where=f"number {key}", remedy="check the filter and the parameters"
        )
    resource = describe(table)
    named = [frame[name] for name in resource.key]  # rows of a frame cost ten times as much to take apart
    keys = [key_of(row, resource) for row in _rows(named, slice(KEYS_KEPT))]
    last = key_of(next(_rows(named, slice(-1, None))), resource)
    cited = sorted({s for cell in frame["sources"].unique() for s in split_list(cell)} if "sources" in frame else ())
    return {"table": table, "count": len(frame), "keys": keys, "last": last, "cites": cited}


def _rows(columns: list[pd.Series], part: slice) -> Iterator[dict[Hashable, Any]]:
    """Yield a part of the rows of some columns, each as a dictionary."""
    names = [column.name for column in columns]
    return (dict(zip(names, row, strict=True)) for row in zip(*(c.iloc[part] for c in columns), strict=True))


def _emit(entry: dict[str, Any], shown: dict[str, Any]) -> None:
    if get_ipython() is not None:
        display(shown | {MIME: entry}, raw=True)
