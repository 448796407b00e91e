"""Rebuild the derived tables from upstream files: read, derive, merge, check a copy, show what changes, write all or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.errors import BookError
from malibook.evidence.checks import validate
from malibook.evidence.loaders import (
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
from malibook.evidence.loaders.replacing import ASIDE, recover, replace_all, state_of, unwritable
from malibook.evidence.loaders.request import DEFAULTS, Choices, Files, Outcome
from malibook.evidence.problem import Problem

__all__ = ["Choices", "Files", "Outcome", "refresh"]

DESCRIPTOR = "datapackage.json"


def refresh(files: Files, data: Path, choices: Choices = DEFAULTS) -> Outcome:
    """Bring the tables of the package in `data` up to what `files` hold and return what that changes.

    Nothing is written on a dry run, where nothing changes, or where anything is refused: `RefusedError` says why, one
    line a problem, and the folder is as it was, byte for byte.
    """
    if files == Files():
        raise BookError("no file to refresh from", where="malibook data refresh", remedy="name one: --ucdp-ged FILE …")
    if not choices.dry_run:
        recover(data)
    state, descriptor = state_of(data), _descriptor(data)
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    present = {name: _present(data, resources, name) for name in difference.TOTALS | {"democracy": ()}}
    harvest = _harvest(files, choices, present)
    resources.setdefault("violence_events", ucdp_events.resource())
    _pass_gates(harvest, present, resources, choices)
    with _aside(data) as stage:
        found = [_stage(stage, name, present.pop(name), resources, harvest) for name in harvest.tables()]
        new = _describe(stage, descriptor, resources, found)
        if new and (problems := validate(stage)):
            raise RefusedError(problems)
        if new and not choices.dry_run:
            replace_all(data, {name: stage / name for name in new}, state)
    return Outcome(tuple(harvest.files), tuple(harvest.notes), tuple(found), () if choices.dry_run else tuple(new))


@contextmanager
def _aside(data: Path) -> Iterator[Path]:
    """Give a copy of the package in the folder for temporary files, to try the new tables on."""
    with tempfile.TemporaryDirectory(prefix="malibook-refresh-", ignore_cleanup_errors=True) as folder:
        try:
            yield Path(shutil.copytree(data, Path(folder) / "data", ignore=shutil.ignore_patterns(f"{ASIDE}*")))
        except OSError as error:
            raise unwritable(error, Path(folder)) from None


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


def _stage(stage: Path, name: str, old: pd.DataFrame, resources: dict[str, dict], harvest: Harvest) -> Difference:
    """Merge what belongs to one table, write it into the copy where it differs, and return the difference."""
    parts = harvest.hand_over(name)
    merged = merge(name, old, parts)
    found = difference.compare(name, old, merged, resources[name]["schema"]["primaryKey"])
    if not found.nothing:
        resources[name] = redescribe(resources[name], merged, parts, harvest.digests_of(name))
        merged.to_csv(stage / resources[name]["path"], index=False, lineterminator="\n", encoding="utf-8")
    return found


def _describe(
    stage: Path, descriptor: dict[str, Any], resources: dict[str, dict], found: list[Difference]
) -> list[str]:
    """Write the descriptor into the copy and return the files that differ, the descriptor last; none where nothing does."""
    changed = [d.table for d in found if not d.nothing]
    if not changed:
        return []
    listed = {resource["name"] for resource in descriptor["resources"]} | set(changed)
    kept = [resources[name] for name in sorted(resources) if name in listed]
    text = json.dumps(descriptor | {"resources": kept}, ensure_ascii=False, indent=2) + "\n"
    (stage / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
    return [*(resources[name]["path"] for name in changed), DESCRIPTOR]


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
