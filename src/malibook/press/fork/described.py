"""What the descriptor says of a fork and of each of its tables: which rows there are, who reads them, what is still missing."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd

from malibook.evidence.identity import COUNTRY, FILES
from malibook.press.fork.chapters import FIRST, FIRST_READS, called
from malibook.press.fork.request import Request
from malibook.press.notebooks import elsewhere, path_of, read

ORIGIN = "malibook:derived_from"
EMPTY = "Empty:"
FLOOR = 0.95  # of the rows at hand: a table cut short is found, a corrected one passes


def identity(whole: dict[str, Any], request: Request) -> dict[str, Any]:
    """Return what a fork's package says of itself, and from which book it was made."""
    origin = {"title": whole["title"], "version": whole["version"], "contributors": whole.get("contributors", [])}
    return {
        "name": f"{request.stem}-book",
        "title": f"{request.title}: data of the report book",
        "version": "0.1.0",
        "description": f"Series on organised violence in {request.name}, kept or rebuilt from open data, and tables to be filled by "
        "hand. Missing values are empty, never zero. Every field is described in its table's schema.",
        "keywords": [request.name, "armed conflict"],
        "contributors": [{"title": request.author.removeprefix("To write: "), "role": "author"}],
        COUNTRY: request.country,
        FILES: request.stem,
        ORIGIN: origin,
    }


def described_as(raw: dict[str, Any], frame: pd.DataFrame, request: Request, taken: list[str], had: int) -> dict:
    """Return a table's description as it is for the rows that the fork keeps: its sources, licence and vintage stay."""
    new = copy.deepcopy(raw)
    new["malibook:row_floor"] = int(len(frame) * FLOOR)
    new["malibook:chapters"] = sorted(_readers(raw, taken))
    new["malibook:pages"] = [raw["name"]] if raw["name"] in ("corrections", "sources") else []
    if exceptions := raw.get("malibook:range_exceptions"):
        keys = row_keys(frame, raw)
        new["malibook:range_exceptions"] = [e for e in exceptions if e["key"] in keys]
    if len(frame) == had:
        return new
    new["malibook:coverage"] = _coverage(frame, request)
    if frame.empty:
        new["malibook:known_gaps"] = [nothing(request)]
    return new


def row_keys(frame: pd.DataFrame, raw: dict[str, Any]) -> set[str]:
    """Return the keys of a table's rows, as corrections name them."""
    columns = fields_of(raw["schema"].get("primaryKey", []))
    return {"/".join(row[name] for name in columns) for row in frame.to_dict("records")}


def fields_of(value: str | list[str]) -> list[str]:
    """Return the fields of a key, of which a descriptor names one alone or several in a list."""
    return [value] if isinstance(value, str) else list(value)


def nothing(request: Request) -> str:
    """Return what is said of a table without a row."""
    return f"Nothing has been collected for {request.name}: the table waits for its first row."


def _coverage(frame: pd.DataFrame, request: Request) -> str:
    if frame.empty:
        return f"{EMPTY} nothing collected for {request.name} yet"
    if "iso3" in frame:
        date = next((c for c in ("year", "month", "start") if c in frame), None)
        span = f"; {frame[date].min()[:4]}–{frame[date].max()[:4]}" if date else ""
        return ", ".join(c for c in request.countries if c in set(frame["iso3"])) + span
    return f"What the book that this one was made from holds of {request.name}"


def _readers(raw: dict[str, Any], taken: list[str]) -> set[str]:
    """Return the chapters of a fork that read a table, by what they are called there.

    The descriptor says nothing of chapters that this book has only for others: their code does.
    """
    named = {c for c in raw.get("malibook:chapters", []) if c in taken}
    named |= {c for c in taken if c in elsewhere() and f'load("{raw["name"]}")' in _code(c)}
    return {called(c) for c in named} | ({FIRST} if raw["name"] in FIRST_READS else set())


def _code(chapter: str) -> str:
    return "\n".join(cell.source for cell in read(path_of(chapter)).cells if cell.cell_type == "code")
