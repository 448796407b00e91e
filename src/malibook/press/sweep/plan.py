"""Read `sweeps.toml`, expand a sweep to its runs and give each the key of all that it depends on."""

from __future__ import annotations

import itertools
import json
import tomllib
from dataclasses import dataclass
from typing import Any

from malibook.errors import BookError, shown
from malibook.evidence import root
from malibook.press.hashes import short, source_hash, tree_hash
from malibook.press.imports import HOME
from malibook.press.notebooks import code_hash, locate, path_of, read
from malibook.press.runner import check_parameters

FILE = "sweeps.toml"
FIELDS = {"title", "notebooks", "grid", "runs", "numbers"}


@dataclass(frozen=True)
class Run:
    """One run of a sweep: chapter, checked parameters, and the key under which its result is kept."""

    notebook: str
    parameters: dict[str, Any]
    key: str


def sweeps() -> dict[str, dict[str, Any]]:
    """Return all sweeps by name; raises `BookError` where the file is missing, unreadable or has a wrong field."""
    try:
        found = tomllib.loads((root() / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BookError(f"cannot be read: {error}", where=FILE, remedy="write [name] tables in TOML") from None
    for name, sweep in found.items():
        if not isinstance(sweep, dict):
            raise BookError(f"{shown(name)} stands outside any sweep", where=FILE, remedy="put it below a [name]")
        if wrong := sorted(sweep.keys() - FIELDS):
            raise BookError(
                f"has no field {shown(wrong[0])}", where=f"{FILE}, {name}", remedy=f"known: {sorted(FIELDS)}"
            )
    return found


def combinations(name: str, sweep: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a sweep's parameter sets in order: the product of its grid, then its explicit runs, none twice."""
    grid, explicit = sweep.get("grid", {}), sweep.get("runs", [])
    if bad := [k for k, values in grid.items() if not isinstance(values, list) or not values]:
        raise BookError(f"{bad[0]} is no list of values", where=f"{FILE}, {name}, grid", remedy=f"{bad[0]} = [ … ]")
    product = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())] if grid else []
    sets = product + list(explicit)
    if not sets:
        raise BookError("has no runs", where=f"{FILE}, {name}", remedy="give it a grid or a list of runs")
    return list({json.dumps(s, sort_keys=True, default=str): s for s in sets}.values())


def plan(name: str) -> list[Run]:
    """Return all runs of a sweep; every parameter is checked here, before any kernel starts. Raises `BookError`."""
    known = sweeps()
    if name not in known:
        raise BookError(f"has no sweep {shown(name)}", where=FILE, remedy=f"known: {', '.join(known)}")
    if not known[name].get("notebooks"):
        raise BookError("names no notebooks", where=f"{FILE}, {name}", remedy='notebooks = ["06-robustness"]')
    sets = combinations(name, known[name])
    ground = [tree_hash(root() / "data"), source_hash(HOME), short((root() / "requirements.txt").read_bytes())]
    runs = []
    for chapter in map(locate, known[name]["notebooks"]):
        code = code_hash(read(path_of(chapter)))
        for given in sets:
            checked = check_parameters(chapter, given)
            runs.append(
                Run(chapter, checked, short(json.dumps([chapter, code, checked, *ground], sort_keys=True).encode()))
            )
    return runs
