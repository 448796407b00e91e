"""What archives and catalogues read of the book: `.zenodo.json` and `codemeta.json`, made from CITATION.cff and pyproject.toml.

CITATION.cff is the one place where title, authors, version, date, licences and keywords are written; `disagreements`
says where another file tells something else.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from malibook.errors import BookError
from malibook.press.swap import write_whole

CITATION, PROJECT, CONFIG = "CITATION.cff", "pyproject.toml", "_config.yml"
NEEDED = ("title", "abstract", "authors", "version", "date-released", "license", "keywords")


@dataclass(frozen=True)
class Facts:
    """The book as it is catalogued: `licences` as SPDX ids, code first; `address` of the repository, or empty."""

    title: str
    abstract: str
    authors: tuple[dict[str, str], ...]
    version: str
    date: str
    licences: tuple[str, ...]
    keywords: tuple[str, ...]
    address: str


def facts(root: Path) -> Facts:
    """Return what CITATION.cff says; raise `BookError` where it cannot be read or lacks a field."""
    raw = read_yaml(root / CITATION)
    lacking = [name for name in NEEDED if not raw.get(name)]
    if lacking:
        raise BookError(f"lacks {', '.join(lacking)}", where=CITATION, remedy="fill these fields in")
    licences = raw["license"] if isinstance(raw["license"], list) else [raw["license"]]
    try:
        authors = tuple({k: str(v) for k, v in author.items()} for author in raw["authors"])
    except (AttributeError, TypeError):
        remedy = "write each as `- name: …`, or `- family-names: …` and `given-names: …`"
        raise BookError("authors is no list of authors", where=CITATION, remedy=remedy) from None
    return Facts(
        title=str(raw["title"]),
        abstract=" ".join(str(raw["abstract"]).split()),
        authors=authors,
        version=str(raw["version"]),
        date=str(raw["date-released"]),
        licences=tuple(map(str, licences)),
        keywords=tuple(map(str, raw["keywords"])),
        address=str(raw.get("repository-code", "")),
    )


def generated(root: Path) -> dict[str, str]:
    """Return the files that are made from CITATION.cff and pyproject.toml, by name; the same text each time."""
    book, project = facts(root), project_table(root)
    return {".zenodo.json": _text(zenodo(book)), "codemeta.json": _text(codemeta(book, project))}


def write_generated(root: Path) -> list[str]:
    """Write the generated files where they differ; return the names of those written."""
    due = [(name, text) for name, text in generated(root).items() if read_text(root / name) != text]
    for name, text in due:
        write_whole(root / name, text)
    return [name for name, _ in due]


def zenodo(book: Facts) -> dict[str, Any]:
    """Return the deposit as Zenodo reads it. It takes one licence, that of the code; the note names all."""
    others = ", ".join(book.licences[1:])
    note = f"Text and figures: {others}. " if others else ""
    made = {
        "title": book.title,
        "description": book.abstract,
        "upload_type": "software",
        "access_right": "open",
        "creators": [_creator(author) for author in book.authors],
        "version": book.version,
        "publication_date": book.date,
        "license": book.licences[0],
        "keywords": list(book.keywords),
        "language": "eng",
        "notes": f"Code: {book.licences[0]}. {note}Each data table: its own licence, named in data/datapackage.json.",
    }
    return made | ({"related_identifiers": [_from(book.address)]} if book.address else {})


def codemeta(book: Facts, project: dict[str, Any]) -> dict[str, Any]:
    """Return the description in the words of CodeMeta 3.0."""
    made = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": book.title,
        "identifier": project["name"],
        "description": book.abstract,
        "author": [_agent(author) for author in book.authors],
        "version": book.version,
        "datePublished": book.date,
        "license": [f"https://spdx.org/licenses/{name}" for name in book.licences],
        "keywords": list(book.keywords),
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": sorted(project["dependencies"]),
    }
    return made | ({"codeRepository": book.address} if book.address else {})


def project_table(root: Path) -> dict[str, Any]:
    """Return the `[project]` table of pyproject.toml; raise `BookError` where it cannot be read."""
    try:
        return tomllib.loads((root / PROJECT).read_text(encoding="utf-8"))["project"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise BookError(f"cannot be read: {error}", where=PROJECT, remedy="restore it with git") from None


def name_of(author: dict[str, str]) -> str:
    """Return an author's name as it is printed: given names first."""
    return author.get("name") or f"{author.get('given-names', '')} {author.get('family-names', '')}".strip()


def _creator(author: dict[str, str]) -> dict[str, str]:
    family = ", ".join(filter(None, (author.get("family-names"), author.get("given-names"))))
    orcid = {"orcid": author["orcid"].rpartition("/")[2]} if author.get("orcid") else {}
    at = {"affiliation": author["affiliation"]} if author.get("affiliation") else {}
    return {"name": author.get("name") or family} | orcid | at


def _agent(author: dict[str, str]) -> dict[str, str]:
    if "name" in author:
        return {"@type": "Organization", "name": author["name"]}
    names = {"givenName": author.get("given-names", ""), "familyName": author.get("family-names", "")}
    return {"@type": "Person"} | names | ({"@id": author["orcid"]} if author.get("orcid") else {})


def _from(address: str) -> dict[str, str]:
    return {"identifier": address, "relation": "isSupplementTo", "resource_type": "software"}


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file's mapping, an empty one where it holds none; raise `BookError` where it cannot be read."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        cause = str(error).splitlines()[0]
        raise BookError(f"cannot be read: {cause}", where=path.name, remedy="restore it with git") from None
    return raw if isinstance(raw, dict) else {}


def read_text(path: Path) -> str:
    """Return a file's text; empty where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
