"""What Frictionless finds in the package, turned into our one-line problems with a remedy."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from malibook.evidence.problem import Problem

REMEDIES = {
    "blank-header": "name the column as datapackage.json does",
    "blank-label": "name the column as datapackage.json does",
    "blank-row": "delete the empty row",
    "constraint-error": "write a value that datapackage.json allows for this field",
    "duplicate-label": "keep one column of this name",
    "encoding-error": "save the file as UTF-8",
    "extra-cell": "check the commas and quotation marks of this row",
    "extra-label": "remove the column, or describe it in datapackage.json",
    "foreign-key": "use an id that the other table has, or add the row there",
    "incorrect-label": "order and name the columns as datapackage.json does",
    "missing-cell": "check the commas and quotation marks of this row",
    "missing-label": "add the column, in the order of datapackage.json",
    "primary-key": "give each row its own key",
    "scheme-error": "restore the file, or remove its entry from datapackage.json",
    "type-error": "write the value in the type that datapackage.json gives the field",
    "unique-error": "give each row its own value",
}
DEFAULT_REMEDY = "make the table and datapackage.json agree"
Work = Callable[[Path], list[Problem]]
Each = Callable[[Iterable[Path], Work], Iterable[list[Problem]]]


def serially(paths: Iterable[Path], work: Work) -> Iterable[list[Problem]]:
    """Yield what `work` returns for each file, one after the other."""
    return map(work, paths)


def schema_problems(descriptor: Path, each: Each = serially) -> Iterator[Problem]:
    """Yield what Frictionless reports on the package at `descriptor`: metadata first, then table by table.

    `each` returns what a function returns for each of many files, in their order: it may work on them side by side.
    """
    from frictionless import FrictionlessException, Package  # half a second, and only a check needs it

    try:
        package = Package.from_descriptor(str(descriptor))
    except FrictionlessException as error:
        for reason in error.reasons or [error.error]:
            yield Problem(f"data/{descriptor.name}", None, "", "", reason.message, "mend the descriptor")
        return
    tables = {descriptor.parent / (resource.path or ""): resource for resource in package.resources}
    apart = len(tables) == len(package.resources) and all(map(Path.is_file, tables))
    found = each(tables, lambda path: _found(tables[path])) if apart else map(_found, package.resources)
    for problems in found:
        yield from problems


def _found(resource: Any) -> list[Problem]:
    headed = header_problems(resource)
    if headed:  # whose cells would all be held against the wrong columns
        return headed
    report = resource.validate()
    errors = report.errors + [error for task in report.tasks for error in task.errors]
    return [_problem(resource, error) for error in errors]


def header_problems(resource: Any) -> list[Problem]:
    """Return the columns that a CSV file lacks, and those that the descriptor does not know; none where it has both alike."""
    path, due = Path(resource.basepath or "", resource.path or ""), list(resource.schema.field_names)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            labels = next(csv.reader(lines), []) if path.suffix == ".csv" else due
    except (OSError, ValueError, csv.Error):  # which Frictionless says
        return []
    if not due or len(set(labels)) < len(labels) or "" in labels:
        return []
    where, out = f"data/{resource.path}", []
    for name in (name for name in due if name not in labels):
        out.append(Problem(where, 1, name, "", "lacks this column", REMEDIES["missing-label"]))
    for name in (name for name in labels if name not in due):
        out.append(Problem(where, 1, name, "", "datapackage.json does not know this column", REMEDIES["extra-label"]))
    return out


def _problem(resource: Any, error: Any) -> Problem:
    field, value = getattr(error, "field_name", ""), getattr(error, "cell", "")
    message = error.note or error.message
    if error.type == "foreign-key":
        field, value = "/".join(error.field_names), "/".join(error.field_cells)
        message = f"is no {'/'.join(error.reference_field_names)} of {error.reference_name or resource.name}"
    elif error.type == "primary-key":
        row = dict(zip(resource.schema.field_names, error.cells, strict=False))
        field = "/".join(resource.schema.primary_key)
        value = "/".join(row.get(name, "") for name in resource.schema.primary_key)
    return Problem(
        f"data/{resource.path}",
        getattr(error, "row_number", None),
        field or getattr(error, "label", "") or "",
        value or "",
        message,
        REMEDIES.get(error.type, DEFAULT_REMEDY),
    )
