"""Check what the cells say together: references in lists, low ≤ best ≤ high, dates in order, corrections that apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from malibook.evidence.check_package import DESCRIPTOR_PATH, Package, key_of, problem_at, tables
from malibook.evidence.problem import Problem

DATE_PAIRS = (("date", "date_end"), ("start", "end"), ("period_start", "period_end"), ("founded", "ended"))


def list_references(package: Package) -> Iterator[Problem]:
    """Yield ids in list cells (`a;b`) that the table they point to does not have, and ids listed twice."""
    described = {resource["name"]: resource for resource in package.resources}
    for resource, frame in tables(package):
        for column, target in (resource.get("malibook:lists") or {}).items():
            table, _, field = target.partition(".")
            fields = [f["name"] for f in described.get(table, {}).get("schema", {}).get("fields", [])]
            if column not in frame or field not in fields:
                message = f"list column {column!r} of {resource['name']} points nowhere"
                remedy = "name a table and column as table.column"
                yield Problem(DESCRIPTOR_PATH, None, "malibook:lists", target, message, remedy)
            elif table in package.frames:
                known = set(package.frames[table][field])
                yield from _bad_lists(resource, frame[column], known, table)


def ordered_ranges(package: Package) -> Iterator[Problem]:
    """Yield rows where low ≤ best ≤ high does not hold, and declared exceptions that no row needs."""
    for resource, frame in tables(package):
        allowed = {(e["key"], e["field"]) for e in resource.get("malibook:range_exceptions", [])}
        used = set()
        for low, high in _range_pairs(frame):
            lower, upper = (pd.to_numeric(frame[name], errors="coerce") for name in (low, high))
            for row in frame.index[lower > upper]:
                place = (key_of(resource, frame.loc[row]), high)
                used.add(place)
                if place not in allowed:
                    message = f"is below {low} ({frame.at[row, low]})"
                    yield problem_at(resource, row, high, frame.at[row, high], message, "check the source's range")
        for key, field in sorted(allowed - used):
            message = f"exception for {resource['name']} {key} is not needed"
            yield Problem(DESCRIPTOR_PATH, None, "malibook:range_exceptions", field, message, "remove it")


def iso_dates(package: Package) -> Iterator[Problem]:
    """Yield dates that are not written as year-month-day with two digits each, which some readers let pass."""
    for resource, frame in tables(package):
        dates = [field["name"] for field in resource["schema"]["fields"] if field["type"] == "date"]
        for name in dates:
            odd = (frame[name] != "") & ~frame[name].str.fullmatch(r"\d{4}-\d{2}-\d{2}")
            for row in frame.index[odd]:
                yield problem_at(resource, row, name, frame.at[row, name], "is no ISO date", "write it as 2024-07-25")


def ordered_dates(package: Package) -> Iterator[Problem]:
    """Yield rows that end before they begin."""
    for resource, frame in tables(package):
        for begin, end in DATE_PAIRS:
            if begin in frame and end in frame:
                both = (frame[begin] != "") & (frame[end] != "")
                for row in frame.index[both & (frame[end] < frame[begin])]:
                    message = f"lies before {begin} ({frame.at[row, begin]})"
                    yield problem_at(resource, row, end, frame.at[row, end], message, "swap or correct the dates")


def fitting_precision(package: Package) -> Iterator[Problem]:
    """Yield dates known to the month or year only that are not written as its first day."""
    endings = {"month": "-01", "year": "-01-01"}
    for resource, frame in tables(package):
        for column in (name for name in frame.columns if name.endswith("_precision")):
            date = column.removesuffix("_precision")
            if date not in frame:
                continue
            for precision, ending in endings.items():
                rough = (frame[column] == precision) & (frame[date] != "") & ~frame[date].str.endswith(ending)
                for row in frame.index[rough]:
                    message = f"is known to the {precision} only, yet names a day"
                    remedy = f"write the first day of the {precision}"
                    yield problem_at(resource, row, date, frame.at[row, date], message, remedy)


def corrections_apply(package: Package) -> Iterator[Problem]:
    """Yield corrections that name no table, row or field, or whose old and new value the table does not hold."""
    resources = {resource["name"]: resource for resource in package.resources}
    frame = package.frames.get("corrections", pd.DataFrame())
    for row, fix in frame.iterrows():
        rows = package.frames.get(fix["table"])
        if rows is None:
            fault = ("table", "is no table of the package", "name a table of the package")
        elif fix["field"] not in rows:
            fault = ("field", f"is no column of {fix['table']}", "name a column of the table")
        elif not _finds(rows, resources[fix["table"]], fix):
            fault = (
                "key",
                f"finds no row of {fix['table']} with the old or new value",
                "correct the key or the values",
            )
        else:
            continue
        yield problem_at(resources["corrections"], row, fault[0], fix[fault[0]], *fault[1:])


def _finds(rows: pd.DataFrame, resource: dict[str, Any], fix: pd.Series) -> bool:
    keys = rows.apply(lambda row: key_of(resource, row), axis=1)
    return rows.loc[keys == fix["key"], fix["field"]].isin([fix["old"], fix["new"]]).any()


def _range_pairs(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for low in (name for name in frame.columns if name.endswith("_low")):
        stem = low.removesuffix("_low")
        order = [name for name in (low, f"{stem}_best", stem, f"{stem}_high") if name in frame]
        yield from ((a, b) for i, a in enumerate(order) for b in order[i + 1 :])


def _bad_lists(resource: dict[str, Any], column: pd.Series, known: set[str], table: str) -> Iterator[Problem]:
    for row, text in column.items():
        ids = text.split(";") if text else []
        for unknown in sorted(set(ids) - known):
            remedy = f"use an id that {table} has, or add the row there"
            yield problem_at(resource, row, str(column.name), unknown, f"is no id of {table}", remedy)
        if len(ids) != len(set(ids)):
            yield problem_at(resource, row, str(column.name), text, "names an id twice", "name each id once")
