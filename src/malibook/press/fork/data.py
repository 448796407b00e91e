"""The data of a fork: the rows of its countries, and what these and its chapters refer to; other tables stay, empty, with their schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.evidence import descriptor, root
from malibook.evidence.derived import KEY
from malibook.evidence.loaders.merge import read_table
from malibook.evidence.loaders.refresh import refresh
from malibook.evidence.loaders.request import Choices, Files, Outcome
from malibook.evidence.package import OPTIONAL
from malibook.press.fork.chapters import RENAMED, named_ids
from malibook.press.fork.described import EMPTY, described_as, fields_of, identity, nothing, row_keys
from malibook.press.fork.request import Request
from malibook.press.fork.wording import worded
from malibook.press.fork.years import add_years

Frames = dict[str, pd.DataFrame]
EVENTS, BY_REGION = "violence_events", "violence_region_quarter"


def lay_data(folder: Path, request: Request, taken: list[str]) -> None:
    """Write the data package of a fork with the chapters `taken`."""
    whole = descriptor()
    described = {raw["name"]: raw for raw in whole["resources"] if "schema" in raw and _wanted(raw, taken)}
    frames = {name: _read(raw) for name, raw in described.items()}
    kept = _kept(frames, described, request, named_ids(taken))
    resources = []
    for name in described:
        path = folder / "data" / described[name]["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        kept[name].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
        resources.append(described_as(described[name], kept[name], request, taken, len(frames[name])))
    for raw in (
        raw for raw in whole["resources"] if "schema" not in raw and set(raw["malibook:chapters"]) & set(taken)
    ):
        resources.append(_map(folder, raw, taken))
    package = whole | identity(whole, request) | {"resources": [worded(raw, request) for raw in resources]}
    _write(folder / "data" / "datapackage.json", package)


def refreshed(data: Path, files: Files, choices: Choices, request: Request) -> Outcome:
    """Bring official files into the fork's tables and return what that changed; raises `RefusedError`."""
    outcome, path = refresh(files, data, choices), data / "datapackage.json"
    package, waits = json.loads(path.read_text(encoding="utf-8")), nothing(request)
    add_years(data, package, request)
    by_event = any(raw["name"] == EVENTS for raw in package["resources"])
    for raw in package["resources"]:
        if raw["name"] in OPTIONAL:
            raw["malibook:chapters"] = []  # what the forked book's chapters do with it
        elif raw["name"] == BY_REGION and by_event:  # the profile then tells regions by events
            raw["malibook:chapters"] = [c for c in raw["malibook:chapters"] if c not in RENAMED.values()]
        gaps = [gap for gap in raw["malibook:known_gaps"] if gap != waits or raw["malibook:coverage"].startswith(EMPTY)]
        raw["malibook:known_gaps"] = gaps or ["To be judged: which gaps the new rows have."]
    _write(path, package | {"resources": [worded(raw, request) for raw in package["resources"]]})
    return outcome


def _kept(frames: Frames, described: dict[str, Any], request: Request, named: set[str]) -> Frames:
    """Return the rows that a fork keeps: those of its countries, and again and again what they refer to."""
    masks = {name: _own(name, frame, request, named) for name, frame in frames.items()}
    changed = True
    while changed:
        changed = False
        for table, column, target, field in _references(described):
            cells = frames[table].loc[masks[table], column]
            ids = {part for cell in cells for part in cell.split(";") if part}
            found = frames[target][field].isin(ids) & ~masks[target]
            changed = changed or bool(found.any())
            masks[target] |= found
    kept = {name: frame[masks[name]].reset_index(drop=True) for name, frame in frames.items()}
    kept["corrections"] = _still_apply(kept, described)
    return kept


def _own(name: str, frame: pd.DataFrame, request: Request, named: set[str]) -> pd.Series:
    """Return which rows of a table are a fork's own: of its countries, of its own country, or named by a chapter."""
    if "iso3" in frame:
        return frame["iso3"].isin(request.countries)
    if "origin_iso3" in frame:
        return frame["origin_iso3"] == request.country
    if "country" in frame:
        return (frame["country"] == request.country) | frame["id"].isin(named)
    if name == "conflict_year":
        return frame["conflict"].str.startswith(f"{request.name.removeprefix('the ')}:")
    return frame["id"].isin(named) if "id" in frame else pd.Series(False, index=frame.index)


def _references(described: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return every reference of one table to another: table, column, target, field."""
    out = []
    for name, raw in described.items():
        for key in raw["schema"].get("foreignKeys", []):
            columns, fields = (fields_of(part) for part in (key["fields"], key["reference"]["fields"]))
            target = key["reference"]["resource"] or name
            out += [(name, c, target, f) for c, f in zip(columns, fields, strict=True)]
        out += [(name, column, *to.split(".")) for column, to in (raw.get("malibook:lists") or {}).items()]
    return out


def _still_apply(kept: Frames, described: dict[str, Any]) -> pd.DataFrame:
    """Return the corrections of rows that the fork has."""
    fixes = kept["corrections"]
    mask = [row.key in row_keys(kept[row.table], described[row.table]) for row in fixes.itertuples()]
    return fixes[pd.Series(mask, index=fixes.index, dtype=bool)]


def _wanted(raw: dict[str, Any], taken: list[str]) -> bool:
    """Return whether a fork has a table at all: one that the book computes itself goes where no chapter of the fork reads it."""
    return KEY not in raw or bool(set(raw["malibook:chapters"]) & set(taken))


def _map(folder: Path, raw: dict[str, Any], taken: list[str]) -> dict[str, Any]:
    """Write a map that a chapter of the fork draws, and return its description."""
    path = folder / "data" / raw["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((root() / "data" / raw["path"]).read_bytes())
    return raw | {"malibook:chapters": [c for c in raw["malibook:chapters"] if c in taken], "malibook:pages": []}


def _read(raw: dict[str, Any]) -> pd.DataFrame:
    return read_table(root() / "data" / raw["path"], [field["name"] for field in raw["schema"]["fields"]])


def _write(path: Path, package: dict[str, Any]) -> None:
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
