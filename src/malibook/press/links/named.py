"""Which addresses of other hosts the book names, and where."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KINDS = ("sources", "data", "prose")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]}|]+")
_PROSE = ("README.md", "CITATION.cff", "book/*.md", "docs/*.md", "coursework/*.ipynb", "notebooks/*.ipynb")
_RESERVED = re.compile(r"https?://(?:[\w-]+\.)*(?:example\.(?:org|com|net)|localhost|127\.0\.0\.1)(?:[:/]|$)")


def named(root: Path, kinds: tuple[str, ...] = KINDS) -> dict[str, list[str]]:
    """Return each address with the places that name it; in prose, names that stand for no host (`example.org`) are left out.

    `sources` are the documents in `sources.csv`, `data` the descriptor's own addresses, `prose` those in pages and notebooks.
    """
    readers = {"sources": _sources, "data": _descriptor, "prose": _prose}
    found: dict[str, list[str]] = {}
    for kind in kinds:
        for where, address in readers[kind](root):
            if where not in found.setdefault(address, []):
                found[address].append(where)
    return dict(sorted(found.items()))


def _sources(root: Path) -> Iterator[tuple[str, str]]:
    with open(root / "data" / "tables" / "sources.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["url"]:
                yield f"sources.csv: {row['id']}", row["url"]


def _descriptor(root: Path) -> Iterator[tuple[str, str]]:
    whole = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for part in (whole | {"resources": []}, *whole["resources"]):
        where = part["name"] if "resources" not in part else "the package"
        yield from ((f"datapackage.json: {where}", address) for text in _texts(part) for address in in_text(text))


def _prose(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(p for pattern in _PROSE for p in root.glob(pattern)):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        where = path.relative_to(root).as_posix()
        yield from ((where, address) for address in in_text(text) if not _RESERVED.match(address))


def in_text(text: str) -> list[str]:
    """Return the addresses in a text, without the punctuation of the sentence behind them."""
    return [found.rstrip(".,;:!?…*") for found in _ADDRESS.findall(text)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
