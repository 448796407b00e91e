"""Check the data package: schema, keys, references, ranges, floors, licences. Offline, and each fault in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from malibook.evidence import check_cells, check_descriptor
from malibook.evidence.check_package import DESCRIPTOR, DESCRIPTOR_PATH, Package, read_package
from malibook.evidence.check_schema import Each, schema_problems, serially
from malibook.evidence.problem import Problem

__all__ = ["Package", "Problem", "read_package", "validate"]

RULES: tuple[Callable[[Package], Iterator[Problem]], ...] = (
    check_descriptor.complete_description,
    check_descriptor.stray_files,
    check_descriptor.whole_text,
    check_descriptor.row_floors,
    check_cells.list_references,
    check_cells.ordered_ranges,
    check_cells.iso_dates,
    check_cells.ordered_dates,
    check_cells.fitting_precision,
    check_descriptor.redistribution,
    check_cells.corrections_apply,
)


def validate(data_dir: Path | str, each: Each = serially) -> list[Problem]:
    """Return everything that is wrong with the data package in `data_dir`; an empty list means that it is in order.

    Frictionless checks the descriptor, types, constraints, primary and foreign keys; our own rules check what a schema
    cannot say. Nothing is fetched from the network. `each` may have tables read side by side, as in `schema_problems`.
    """
    folder = Path(data_dir)
    fault = _unreadable(folder / DESCRIPTOR)
    if fault:
        return [fault]
    problems = list(schema_problems(folder / DESCRIPTOR, each))
    if any(problem.table == DESCRIPTOR_PATH for problem in problems):
        return problems  # without a sound descriptor the rules have nothing to go by
    package = read_package(folder)
    for rule in RULES:
        problems.extend(rule(package))
    return problems


def _unreadable(path: Path) -> Problem | None:
    name = DESCRIPTOR_PATH
    if not path.is_file():
        return Problem(name, None, "", "", "is not there", "run inside the book's folder")
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return Problem(
            name, getattr(error, "lineno", None), "", "", f"is not valid JSON: {error}", "mend the named line"
        )
    if not isinstance(descriptor, dict) or not descriptor.get("resources"):
        return Problem(name, None, "resources", "", "lists no table", "restore the file from version control")
    return _twice(descriptor["resources"])


def _twice(listed: Any) -> Problem | None:
    """Return the first table, or file, that a descriptor lists twice: pages and downloads could show but one of them."""
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    for key, what in (("name", "table"), ("path", "file")):
        given = [entry[key] for entry in entries if isinstance(entry.get(key), str)]
        for value in given:
            if given.count(value) > 1:
                names = " and ".join(str(entry.get("name")) for entry in entries if entry.get(key) == value)
                more = f", as {names}" if key == "path" else ""
                return Problem(DESCRIPTOR_PATH, None, key, value, f"lists this {what} twice{more}", "take one out")
    return None
