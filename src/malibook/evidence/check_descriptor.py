"""Check what the descriptor says: nothing left unsaid, no file undescribed, no table cut short or published too finely."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from malibook.evidence.check_package import DESCRIPTOR_PATH, Package, problem_at, tables
from malibook.evidence.problem import Problem

REDISTRIBUTION = ("allowed", "aggregate-only", "not verified")
NEEDED = ("title", "description", "licenses", "sources")
NEEDED_OWN = ("citation", "short_citation", "vintage", "coverage", "known_gaps", "row_floor")
# Columns that an aggregate-only table may carry besides counts: regions and countries, quarters and years, and labels.
COARSE_TEXT = {"iso3", "country", "region", "acled_admin1", "vintage", "note", "season", "kind", "type"}
COARSE_COUNTS = {"events", "deaths", "months", "year", "value", "population"}
QUARTERS = ("-01-01", "-04-01", "-07-01", "-10-01")


def complete_description(package: Package) -> Iterator[Problem]:
    """Yield what the descriptor leaves unsaid: of a table its licence, vintage, gaps; of a field its meaning and unit."""
    for resource in package.resources:
        name = resource["name"]
        for key in (*NEEDED, *(f"malibook:{part}" for part in NEEDED_OWN)):
            if resource.get(key) in (None, "", []):
                yield _unsaid(key, f"table {name} does not state it", "write it; 'not verified' is an answer")
        for licence in resource.get("licenses", []):
            yield from _unclear_licence(name, licence)
        for field in resource.get("schema", {}).get("fields", []):
            if not field.get("description"):
                yield _unsaid(f"{name}.{field['name']}", "has no description", "say what it means")
            if field.get("type") in ("integer", "number") and not field.get("unit"):
                yield _unsaid(f"{name}.{field['name']}", "has no unit", "add its unit")


def stray_files(package: Package) -> Iterator[Problem]:
    """Yield files in `tables/` and `geo/` that the descriptor does not list."""
    listed = {resource["path"] for resource in package.resources}
    remedy = "describe it in datapackage.json or remove it"
    for path in sorted([*package.folder.glob("tables/*"), *package.folder.glob("geo/*")]):
        relative = path.relative_to(package.folder).as_posix()
        if relative not in listed:
            yield Problem(f"data/{relative}", None, "", "", "is not described", remedy)
    if (package.folder / ".refresh").exists():
        message, remedy = (
            "is what a refresh that was stopped has left",
            "run `malibook data refresh` again: it undoes it",
        )
        yield Problem("data/.refresh", None, "", "", message, remedy)


def whole_text(package: Package) -> Iterator[Problem]:
    """Yield tables that hold a NUL byte, which is no character of any text: most often what a broken disk leaves."""
    for resource in package.resources:
        path = package.folder / resource["path"]
        content = path.read_bytes() if path.is_file() else b""
        if (at := content.find(b"\0")) >= 0:
            line, remedy = content[:at].count(b"\n") + 1, "restore the file with git, or take the byte out"
            yield Problem(f"data/{resource['path']}", line, "", "", "holds a NUL byte", remedy)


def row_floors(package: Package) -> Iterator[Problem]:
    """Yield tables and maps with fewer rows than the descriptor says they must have: a truncated file."""
    for resource in package.resources:
        count, floor = _row_count(package, resource), resource.get("malibook:row_floor") or 0
        if count is not None and count < floor:
            message = f"has fewer rows than the floor of {floor}"
            remedy = "restore the rows, or lower malibook:row_floor in datapackage.json with a reason"
            yield Problem(f"data/{resource['path']}", None, "", f"{count} rows", message, remedy)


def redistribution(package: Package) -> Iterator[Problem]:
    """Yield columns and dates finer than region and quarter in a table whose licence allows aggregates only."""
    remedy = "publish sums by region and quarter only"
    for resource, frame in tables(package):
        allowed = {licence.get("malibook:redistribution") for licence in resource.get("licenses", [])}
        if "aggregate-only" not in allowed:
            continue
        for name in frame.columns:
            if name not in COARSE_TEXT | COARSE_COUNTS | {"quarter"}:
                message = "is finer than region and quarter; the licence allows aggregates only"
                yield Problem(f"data/{resource['path']}", None, name, "", message, remedy)
        if "quarter" in frame:
            for row in frame.index[~frame["quarter"].str.endswith(QUARTERS)]:
                value = frame.at[row, "quarter"]
                yield problem_at(resource, row, "quarter", value, "is no first day of a quarter", remedy)


def _row_count(package: Package, resource: dict[str, Any]) -> int | None:
    if resource["name"] in package.frames:
        return len(package.frames[resource["name"]])
    path = package.folder / resource["path"]
    if "schema" in resource or not path.is_file():
        return None
    return len(json.loads(path.read_text(encoding="utf-8")).get("features", []))


def _unclear_licence(name: str, licence: dict[str, Any]) -> Iterator[Problem]:
    given = str(licence.get("malibook:redistribution", ""))
    if given not in REDISTRIBUTION:
        message = f"table {name}: {given or 'nothing'} is no answer"
        yield _unsaid("malibook:redistribution", message, f"one of: {', '.join(REDISTRIBUTION)}")
    if not licence.get("malibook:licence_checked"):
        message = f"the licence of table {name} is undated"
        yield _unsaid("malibook:licence_checked", message, "write the date of the check, or 'not verified'")


def _unsaid(field: str, message: str, remedy: str) -> Problem:
    return Problem(DESCRIPTOR_PATH, None, field, "", message, remedy)
