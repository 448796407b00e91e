"""What a reader may take away: each chapter's data and the whole package, as zip files that are the same every time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from malibook.evidence import Resource, descriptor, resources
from malibook.evidence.derived import KEY, holds, in_force
from malibook.evidence.package import as_kept
from malibook.press.ledger import Ledger

STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: a build's clock must not show in its bytes


def chapter_zip(ledger: Ledger) -> bytes:
    """Return one chapter's data: what each exhibit shows, the tables that the chapter read, licences and citations."""
    files = {f"exhibits/{e['key']}.csv": e["csv"].encode() for e in ledger.exhibits if "csv" in e}
    numbers = [
        {k: e[k] for k in ("key", "text", "value", "unit", "how", "rows")}
        for e in ledger.exhibits
        if e["kind"] == "number"
    ]
    files["numbers.json"] = _json(numbers)
    return pack(files | package_files(ledger.opened))


def package_zip() -> bytes:
    """Return the whole data package."""
    return pack(package_files(resources()))


def package_files(names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of a data package that holds these tables and whatever their keys point to.

    A computed table that is out of date, which no chapter of this book can have opened, is left out.
    """
    wanted = closure(names)
    known, whole = resources(), descriptor()
    kept = [_as_in_force(raw) for raw in whole["resources"] if raw["name"] in wanted and holds(raw["name"])]
    files = {"datapackage.json": _json(whole | {"resources": kept})}
    for raw in kept:
        files[raw["path"]] = as_kept(in_force(raw["name"])[0])
    files["LICENCES.txt"] = _licences([known[raw["name"]] for raw in kept]).encode()
    return files


def _as_in_force(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a table's entry with the record of the file that is handed out, which may be made anew."""
    made = in_force(raw["name"])[1]
    return raw | {KEY: asdict(made)} if made else raw


def closure(names: Iterable[str]) -> set[str]:
    """Return the tables named and, again and again, those that their foreign keys and list columns refer to."""
    by_name = {raw["name"]: raw for raw in descriptor()["resources"]}
    wanted, queue = set[str](), list(names)
    while queue:
        name = queue.pop()
        if name in wanted or name not in by_name:
            continue
        wanted.add(name)
        raw = by_name[name]
        queue += [key["reference"]["resource"] or name for key in raw.get("schema", {}).get("foreignKeys", [])]
        queue += [target.split(".")[0] for target in (raw.get("malibook:lists") or {}).values() if target]
    return wanted


def pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of these files: sorted, dated alike, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(entry, files[name])
    return buffer.getvalue()


def _licences(tables: list[Resource]) -> str:
    lines = ["Each table has its own licence. Cite its makers; a table that says so is for non-commercial use.", ""]
    for table in tables:
        lines += [
            f"{table.name}: {table.licence} (redistribution: {table.redistribution})",
            f"  cite as: {table.citation}",
            "",
        ]
    return "\n".join(lines)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
