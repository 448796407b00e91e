"""Whether all files that describe the book say the same of it: citation, archives' metadata, library, pages, PDF, changelog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from malibook.press.metadata import (
    CITATION,
    CONFIG,
    PROJECT,
    Facts,
    facts,
    generated,
    name_of,
    project_table,
    read_text,
    read_yaml,
)

CHANGELOG = "CHANGELOG.md"
_RELEASED = re.compile(r"^## (\d\S*) \((\d{4}-\d\d-\d\d)\)\s*$", re.M)


def disagreements(root: Path) -> list[str]:
    """Return one line for each file and field that says something else than CITATION.cff; empty where all agree."""
    book = facts(root)
    out = [f"{where}: {says!r}, but {CITATION} has {due!r}" for where, says, due in _held(root, book) if says != due]
    for name, text in generated(root).items():
        if read_text(root / name) != text:
            out.append(f"{name}: not what {CITATION} and {PROJECT} make it; write it with `malibook metadata --write`")
    return out


def last_release(root: Path) -> tuple[str, str]:
    """Return version and date of the changelog's newest entry that has both; two empty texts where there is none."""
    found = _RELEASED.search(read_text(root / CHANGELOG))
    return (found[1], found[2]) if found else ("", "")


def unreleased(root: Path) -> bool:
    """Return whether the changelog's section *Unreleased* has lines."""
    found = re.search(r"^## Unreleased[^\n]*\n(.*?)(?=^## |\Z)", read_text(root / CHANGELOG), re.M | re.S)
    return bool(found and found[1].strip())


def _held(root: Path, book: Facts) -> Iterator[tuple[str, Any, Any]]:
    """Yield where something is said, what, and what it should be."""
    project, config = project_table(root), read_yaml(root / CONFIG)
    ours = config.get("sphinx", {}).get("config", {})
    names = [name_of(author) for author in book.authors]
    short, _, rest = book.title.partition(": ")
    yield f"{PROJECT}: version", project.get("version"), book.version
    yield f"{PROJECT}: license", project.get("license"), book.licences[0]
    yield f"{PROJECT}: authors", [a.get("name") for a in project.get("authors", [])], names
    yield f"{PROJECT}: keywords", project.get("keywords"), list(book.keywords)
    yield (
        f"{PROJECT}: description begins with the title",
        str(project.get("description"))[: len(book.title)],
        book.title,
    )
    yield f"{CONFIG}: title", config.get("title"), book.title
    yield f"{CONFIG}: author", config.get("author"), ", ".join(names)
    yield f"{CONFIG}: copyright", str(config.get("copyright")), book.date[:4]
    yield f"{CONFIG}: project", ours.get("project"), short
    yield f"{CONFIG}: typst_title", ours.get("typst_title"), short
    yield f"{CONFIG}: typst_subtitle", str(ours.get("typst_subtitle", "")).lower(), rest.lower()
    yield f"{CONFIG}: typst_version", ours.get("typst_version"), book.version
    yield f"{CONFIG}: typst_keywords", ours.get("typst_keywords"), list(book.keywords)
    address = str((config.get("html") or {}).get("repository_url") or "").rstrip("/")
    yield f"{CONFIG}: html: repository_url", address, book.address.rstrip("/")
    yield f"{CHANGELOG}: newest release", last_release(root), (book.version, book.date)
