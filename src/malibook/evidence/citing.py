"""How to cite a table of the package: its citation line, its licence, and BibTeX of the table and what it rests on."""

from __future__ import annotations

import re
from typing import Any

from malibook.evidence.package import describe, descriptor

_REFERENCE = re.compile(r"(?P<author>[^()]+?) \((?P<year>\d{4})\)\. (?P<title>.+)")
_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$"})


def cite(table: str) -> str:
    """Return citation, licence, vintage and BibTeX of a table; raise `BookError`, with the nearest name, for another."""
    resource = describe(table)
    raw = next(r for r in descriptor()["resources"] if r["name"] == table)
    licences = "; ".join(_licence(licence) for licence in raw["licenses"])
    entries = [_table_entry(raw), *(_source_entry(table, n, s) for n, s in enumerate(raw["sources"], start=1))]
    head = [
        f"{resource.title}. Table {table} of {descriptor()['title']}, version {descriptor()['version']}.",
        f"Source: {resource.citation}",
        f"Vintage: {resource.vintage}",
        f"Licence: {licences}",
    ]
    return "\n".join([*head, "", *entries])


def _licence(licence: dict[str, Any]) -> str:
    where = f", {licence['path']}" if licence.get("path") else ""
    passing = licence["malibook:redistribution"]
    return f"{licence['title']}{where} (redistribution: {passing}; checked: {licence['malibook:licence_checked']})"


def _table_entry(raw: dict[str, Any]) -> str:
    package = descriptor()
    fields = {
        "author": "{" + package["contributors"][0]["title"] + "}",
        "title": f"{raw['title']} (table {raw['name']})",
        "howpublished": f"{package['title']}, version {package['version']}",
        "note": raw["malibook:citation"],
    }
    return _entry(f"malibook_{raw['name']}", fields)


def _source_entry(table: str, number: int, source: dict[str, str]) -> str:
    found = _REFERENCE.fullmatch(source["title"])
    if found:
        names = found["author"].replace(" and ", ", ").replace("., ", ". and ")
        author = names.replace(" et al.", " and others")
        fields = {"author": author, "year": found["year"], "title": found["title"]}
    else:
        fields = {"title": source["title"]}
    if source.get("path"):
        fields["url"] = source["path"]
    return _entry(f"malibook_{table}_source{number}", fields)


def _entry(key: str, fields: dict[str, str]) -> str:
    body = ",\n".join(f"  {k} = {{{v if k == 'url' else v.translate(_SPECIAL)}}}" for k, v in fields.items())
    return f"@misc{{{key},\n{body}\n}}"
