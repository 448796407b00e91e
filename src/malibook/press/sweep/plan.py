"""Expand a sweep to its runs, check every parameter, and give each run the key of all that it depends on."""

from __future__ import annotations

import difflib
import itertools
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from malibook.errors import BookError, shown
from malibook.evidence import root
from malibook.evidence.package import at
from malibook.press.hashes import short, source_hash, tree_hash
from malibook.press.imports import HOME
from malibook.press.ledger import contract, has_contract
from malibook.press.notebooks import code_hash, locate, path_of, read
from malibook.press.runner import all_parameters
from malibook.press.sweep.declared import FILE, sweeps

NAMED = 12  # known names that a refusal lists
MOST = 1_000_000  # combinations of one grid: a slip of the hand must not fill the memory


@dataclass(frozen=True)
class Run:
    """One run of a sweep: notebook, all its parameters, those of them that the sweep gives, and its result's key."""

    notebook: str
    parameters: dict[str, Any]
    key: str
    given: dict[str, Any] = field(default_factory=dict)


def combinations(name: str, sweep: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a sweep's parameter sets in order: the product of its grid, then its explicit runs, none twice."""
    grid, explicit = sweep.get("grid", {}), sweep.get("runs", [])
    if (many := math.prod(map(len, grid.values()))) > MOST:
        raise BookError(f"has {many:,} runs, more than {MOST:,}", where=f"{FILE}, {name}", remedy="split the sweep")
    product = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())] if grid else []
    sets = product + list(explicit)
    if not sets:
        raise BookError("has no runs", where=f"{FILE}, {name}", remedy="give it a grid or a list of runs")
    return list({json.dumps(s, sort_keys=True, default=str): s for s in sets}.values())


def ground() -> dict[str, str]:
    """Return what every run of a sweep depends on: hashes of the data, of this library's source, of the lock."""
    return {
        "data": tree_hash(root() / "data"),
        "library": source_hash(HOME),
        "lock": short((root() / "requirements.txt").read_bytes()),
    }


def unknown_number(name: str, key: str, known: Iterable[str]) -> BookError:
    """Return the refusal of a number that no notebook of a sweep binds, with the nearest and the first of those that they do."""
    near = difflib.get_close_matches(key, (all_ := sorted(set(known))), 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    more = f" and {len(all_) - NAMED:,} more" if len(all_) > NAMED else ""
    remedy = f"{hint}known: {', '.join(all_[:NAMED]) or 'none'}{more}"
    return BookError(
        f"no notebook of it binds the number {shown(key)}", where=f"{FILE}, {name}, numbers", remedy=remedy
    )


def _numbers(name: str, sweep: dict[str, Any]) -> None:
    """Hold the numbers that a sweep asks for against the contracts of its chapters; what has no contract is asked after the runs."""
    wanted, asked = sweep.get("numbers", []), [locate(notebook) for notebook in sweep["notebooks"]]
    if not wanted or not all(map(has_contract, asked)):
        return
    promised = map(contract, asked)
    known = {key for one in promised for kind in ("numbers", "optional") for key in one.get(kind, [])}
    for key in wanted:
        if key not in known:
            raise unknown_number(name, key, known)


def plan(name: str) -> list[Run]:
    """Return all runs of a sweep; every parameter is checked here, before any kernel starts. Raises `BookError`."""
    with at(root()):  # sought once, not some times a run
        return _plan(name)


def _plan(name: str) -> list[Run]:
    known = sweeps()
    if name not in known:
        raise BookError(f"has no sweep {shown(name)}", where=FILE, remedy=f"known: {', '.join(known)}")
    sets, below = combinations(name, known[name]), ground()
    _numbers(name, known[name])
    runs: dict[str, Run] = {}
    for notebook in map(locate, known[name]["notebooks"]):
        code = code_hash(read(path_of(notebook)))
        for given in sets:
            whole = all_parameters(notebook, given)
            key = short(json.dumps([notebook, code, whole, below], sort_keys=True).encode())
            runs.setdefault(key, Run(notebook, whole, key, {name: whole[name] for name in given}))
    return list(runs.values())
