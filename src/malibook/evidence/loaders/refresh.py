"""Rebuild the derived tables from upstream files: read, derive, merge, check a copy, show what changes, write all or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.evidence.checks import validate
from malibook.evidence.loaders import (
    countries,
    difference,
    from_acled,
    from_context,
    from_displacement,
    gates,
    ucdp_events,
)
from malibook.evidence.loaders.difference import Difference
from malibook.evidence.loaders.from_candidates import candidates
from malibook.evidence.loaders.from_ucdp import country_year, ged
from malibook.evidence.loaders.merge import merge, read_table
from malibook.evidence.loaders.part import Harvest
from malibook.evidence.loaders.redescribe import redescribe
from malibook.evidence.loaders.refusal import RefusedError
from malibook.evidence.loaders.replacing import ASIDE, recover, replace_all
from malibook.evidence.problem import Problem

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Files:
    """The upstream files of one refresh, each where it was given."""

    ucdp_ged: Path | None = None
    ucdp_candidate: tuple[Path, ...] = ()
    ucdp_country_year: Path | None = None
    acled: Path | None = None
    hdx: Path | None = None
    unhcr: Path | None = None
    idmc: Path | None = None
    world_bank: tuple[Path, ...] = ()
    vdem: Path | None = None


@dataclass(frozen=True)
class Choices:
    """How to refresh: for which countries (the first one's regions are shown), and what to let pass."""

    countries: tuple[str, ...] = countries.DEFAULT
    dry_run: bool = False
    allow_older: bool = False
    accept_large_changes: bool = False
    accessed: str | None = None  # YYYY-MM, for ACLED's citation


@dataclass(frozen=True)
class Outcome:
    """What a refresh found and did: the files read, notes, differences by table, the files written below the data folder."""

    files: tuple[str, ...]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]
    written: tuple[str, ...] = field(default=())


def refresh(files: Files, data: Path, choices: Choices = Choices()) -> Outcome:
    """Bring the tables of the package in `data` up to what `files` hold and return what that changes.

    Nothing is written on a dry run, where nothing changes, or where anything is refused: `RefusedError` says why, one
    line a problem, and the folder is as it was, byte for byte.
    """
    if files == Files():
        raise BookError("no file to refresh from", where="malibook data refresh", remedy="name one: --ucdp-ged FILE …")
    if not choices.dry_run:
        recover(data)
    descriptor = _descriptor(data)
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    present = {name: _present(data, resources, name) for name in difference.TOTALS | {"democracy": ()}}
    harvest = _harvest(files, choices, present)
    resources.setdefault("violence_events", ucdp_events.resource())
    _pass_gates(harvest, present, resources, choices)
    tables = {part.table for part in harvest.parts}
    merged = {t: merge(t, present[t], [p for p in harvest.parts if p.table == t]) for t in sorted(tables)}
    found = [difference.compare(t, present[t], merged[t], resources[t]["schema"]["primaryKey"]) for t in merged]
    new = _new_files(descriptor, resources, merged, harvest, found)
    if new:
        _check_copy(data, new)
        if not choices.dry_run:
            replace_all(data, new)
    written = () if choices.dry_run else tuple(new)
    return Outcome(tuple(harvest.files), tuple(harvest.notes), tuple(found), written)


def _harvest(files: Files, choices: Choices, present: dict[str, pd.DataFrame]) -> Harvest:
    """Read every file; where some are refused, raise all their problems together."""
    wanted, home = choices.countries, choices.countries[0]
    context = {name: tuple(dict.fromkeys([*wanted, *present[name]["iso3"]])) for name in ("population", "democracy")}
    steps: list[tuple[Any, Callable[[Any, Harvest], None]]] = [
        (files.ucdp_ged, lambda path, h: ged(path, wanted, h)),
        (files.ucdp_candidate, lambda paths, h: candidates(paths, wanted, h)),
        (files.ucdp_country_year, lambda path, h: country_year(path, wanted, h)),
        (files.hdx, lambda path, h: from_acled.workbook(path, home, choices.accessed, h)),
        (files.acled, lambda path, h: from_acled.export(path, home, choices.accessed, h)),
        (files.unhcr, lambda path, h: from_displacement.unhcr(path, wanted, h)),
        (files.idmc, lambda path, h: from_displacement.idmc(path, wanted, h)),
        (files.world_bank, lambda p, h: from_context.world_bank(p, context["population"], present["population"], h)),
        (files.vdem, lambda path, h: from_context.vdem(path, context["democracy"], h)),
    ]
    harvest, problems = Harvest(), []
    for given, step in steps:
        if given:
            try:
                harvest.stamp(step, given)
            except RefusedError as error:
                problems += error.problems
    if problems:
        raise RefusedError(problems)
    return harvest


def _pass_gates(
    harvest: Harvest, present: dict[str, pd.DataFrame], resources: dict[str, dict], choices: Choices
) -> None:
    problems: list[Problem] = []
    for part in harvest.parts:
        old, resource = present[part.table], resources[part.table]
        if not choices.allow_older:
            problems += gates.older(part, old, str(resource["malibook:vintage"]))
        if not choices.accept_large_changes:
            problems += gates.jumps(part, old, resource["schema"]["primaryKey"])
    if problems:
        raise RefusedError(problems)


def _new_files(
    descriptor: dict[str, Any],
    resources: dict[str, dict],
    merged: dict[str, pd.DataFrame],
    harvest: Harvest,
    found: list[Difference],
) -> dict[str, bytes]:
    """Return the files that change, path below the data folder to content; the descriptor comes last."""
    out: dict[str, bytes] = {}
    for name in (d.table for d in found if not d.nothing):
        parts = [part for part in harvest.parts if part.table == name]
        resources[name] = redescribe(resources[name], merged[name], parts, harvest.digests_of(name))
        out[resources[name]["path"]] = merged[name].to_csv(index=False, lineterminator="\n").encode("utf-8")
    if not out:
        return {}
    listed = {resource["name"] for resource in descriptor["resources"]} | {d.table for d in found if not d.nothing}
    kept = [resources[name] for name in sorted(resources) if name in listed]
    text = json.dumps(descriptor | {"resources": kept}, ensure_ascii=False, indent=2) + "\n"
    return out | {DESCRIPTOR: text.encode("utf-8")}


def _check_copy(data: Path, new: dict[str, bytes]) -> None:
    """Validate the package as it would be, in a copy; raise its problems."""
    with tempfile.TemporaryDirectory(prefix="malibook-refresh-") as folder:
        stage = Path(folder) / "data"
        shutil.copytree(data, stage, ignore=shutil.ignore_patterns(ASIDE))
        for name, content in new.items():
            (stage / name).write_bytes(content)
        if problems := validate(stage):
            raise RefusedError(problems)


def _descriptor(data: Path) -> dict[str, Any]:
    path = data / DESCRIPTOR
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise BookError("no data package here", where=str(path), remedy="name its folder with --data DIR") from None
    except ValueError as error:
        raise BookError(f"is not valid JSON: {error}", where=str(path), remedy="mend the named line") from None


def _present(data: Path, resources: dict[str, dict], name: str) -> pd.DataFrame:
    resource = resources.get(name)
    if resource is None and name == "violence_events":
        return pd.DataFrame(columns=[f["name"] for f in ucdp_events.resource()["schema"]["fields"]], dtype=object)
    if resource is None:
        raise BookError(f"lacks the table {name}", where=str(data / DESCRIPTOR), remedy="restore the descriptor")
    return read_table(data / resource["path"], [f["name"] for f in resource["schema"]["fields"]])
