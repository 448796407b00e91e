"""Who reads which table: what chapters and pages really opened, held against what the descriptor declares.

A run records the tables that it opens, so the declaration can be checked, and written, from the runs themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from malibook.errors import BookError
from malibook.evidence import descriptor, root
from malibook.evidence.package import MARKER, OPTIONAL
from malibook.press.ledger import Ledger
from malibook.press.swap import write_whole

KINDS = {"chapters": "malibook:chapters", "pages": "malibook:pages"}
REMEDY = "run `malibook data chapters --write` and commit data/datapackage.json"
INCLUDED = re.compile(r"\{include\} \.\./(_generated/[\w-]+\.md)")
Readers = dict[str, dict[str, list[str]]]


def readers(ledgers: list[Ledger], files: Mapping[str, tuple[str, ...]]) -> Readers:
    """Return, for each table, its `chapters` and `pages` in order of name.

    `files` says which tables each generated file of the stage was written from; a page reads what it takes in.
    """
    pages = _pages(files)
    return {
        raw["name"]: {
            "chapters": sorted(x.chapter for x in ledgers if raw["name"] in x.opened),
            "pages": sorted(page for page, tables in pages.items() if raw["name"] in tables),
        }
        for raw in descriptor()["resources"]
    }


def reader_problems(ledgers: list[Ledger], files: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return where the descriptor declares a reader that did not open the table, or leaves out one that did.

    A table that comes only with a data refresh is left out: which chapters show it cannot be known before.
    """
    really, out = readers(ledgers, files), []
    for raw in descriptor()["resources"]:
        if raw["name"] not in OPTIONAL:
            for kind, key in KINDS.items():
                where = f"{MARKER}, table {raw['name']}, {key}"
                found = _differences(raw.get(key), really[raw["name"]][kind])
                out += [str(BookError(what, where=where, remedy=REMEDY)) for what in found]
    return out


def declare(ledgers: list[Ledger], files: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Write the real readers of each table into the descriptor; return one line for each table that changed."""
    really, changed = readers(ledgers, files), []
    whole = descriptor()
    resources = []
    for raw in whole["resources"]:
        stated = {key: really[raw["name"]][kind] for kind, key in KINDS.items()}
        if any(raw.get(key) != value for key, value in stated.items()):
            names = [name for value in stated.values() for name in value]
            changed.append(f"{raw['name']}: {', '.join(names) or 'no reader'}")
        resources.append(_placed(raw, stated))
    if changed:
        text = json.dumps(whole | {"resources": resources}, ensure_ascii=False, indent=2) + "\n"
        write_whole(root() / MARKER, text)
    return changed


def _differences(declared: Any, read: list[str]) -> list[str]:
    if not isinstance(declared, list):
        return [f"is not declared; read by: {', '.join(read) or 'none'}"]
    extra = [f"names {name}, which did not open the table" for name in declared if name not in read]
    return extra + [f"leaves out {name}, which opened the table" for name in read if name not in declared]


def _pages(files: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Return the tables that each page of the book is written from."""
    out: dict[str, set[str]] = {}
    for path in sorted((root() / "book").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        taken = INCLUDED.findall(text) + (["book/references.bib"] if "{bibliography}" in text else [])
        tables = {table for file in taken for table in files.get(file, ())}
        if tables:
            out[path.stem] = tables
    return out


def _placed(raw: dict, stated: dict[str, list[str]]) -> dict:
    """Return a resource with its readers after the row floor, or where they stood."""
    if all(key in raw for key in stated):
        return raw | stated
    out = {}
    for key, value in raw.items():
        if key not in stated:
            out[key] = value
        if key == "malibook:row_floor":
            out |= stated
    return out | stated
