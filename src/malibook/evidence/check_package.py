"""The data package as the checks read it: descriptor, and every table as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.evidence.problem import Problem

DESCRIPTOR = "datapackage.json"
DESCRIPTOR_PATH = f"data/{DESCRIPTOR}"


@dataclass(frozen=True)
class Package:
    """The data package as read for checking: its folder, its descriptor, and every table as text."""

    folder: Path
    descriptor: dict[str, Any]
    frames: dict[str, pd.DataFrame]

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Return the resources as the descriptor lists them."""
        return self.descriptor["resources"]


def read_package(data_dir: Path) -> Package:
    """Return the package with every table that has the columns it should, all cells as text, empty where missing.

    A table that cannot be read or has other columns is left out: Frictionless reports it.
    """
    descriptor = json.loads((data_dir / DESCRIPTOR).read_text(encoding="utf-8"))
    frames = {}
    for resource in descriptor["resources"]:
        frame = _read_table(data_dir / resource["path"])
        expected = [field["name"] for field in resource.get("schema", {}).get("fields", [])]
        if frame is not None and expected and list(frame.columns) == expected:
            frames[resource["name"]] = frame
    return Package(data_dir, descriptor, frames)


def tables(package: Package) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield each table that could be read, with its resource."""
    for resource in package.resources:
        if resource["name"] in package.frames:
            yield resource, package.frames[resource["name"]]


def key_of(resource: dict[str, Any], row: pd.Series) -> str:
    """Return a row's primary key as text, its parts joined by a slash."""
    names = resource["schema"].get("primaryKey", [])
    return "/".join(row[name] for name in ([names] if isinstance(names, str) else names))


def problem_at(resource: dict[str, Any], row: int, field: str, value: str, message: str, remedy: str) -> Problem:
    """Return a problem of one cell; `row` counts data rows from 0, the problem counts lines of the file."""
    return Problem(f"data/{resource['path']}", row + 2, field, value, message, remedy)


def _read_table(path: Path) -> pd.DataFrame | None:
    if path.suffix != ".csv" or not path.is_file():
        return None
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except ValueError:  # not UTF-8, or rows of unequal length
        return None
    shifted = not isinstance(frame.index, pd.RangeIndex)  # a first row longer than the header moves every column
    return None if shifted else frame
