"""The table of contents against the files: nothing named that is not there, nothing there that is not named."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from malibook.errors import BookError, cause
from malibook.evidence import root
from malibook.press import places
from malibook.press.notebooks import elsewhere

SUFFIXES = (".md", ".ipynb")
FORMAT = "jb-book"


def documents() -> list[str]:
    """Return the documents of the present edition, in order, without their suffix."""
    edition = places.current()
    return named_documents() if edition is None else list(edition.documents)


def named_documents() -> list[str]:
    """Return the documents that `_toc.yml` names, in order, without their suffix; raise `BookError` for a malformed file."""
    try:
        return list(_named((root() / "_toc.yml").read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BookError(f"cannot be read: {cause(error)}", where="_toc.yml", remedy="restore it with git") from None


@lru_cache(maxsize=8)
def _named(text: str) -> tuple[str, ...]:
    """Return what a table of contents names; it is asked for with every page, and YAML reads slowly."""
    toc = yaml.safe_load(text)
    if toc["format"] != FORMAT:
        raise ValueError(f"format is {toc['format']!r}, not {FORMAT!r}")
    chapters = [c["file"] for part in toc.get("parts", [toc]) for c in part.get("chapters", [])]
    return (toc["root"], *chapters)


def contents_problems() -> list[str]:
    """Return the documents that are missing, and the pages and chapters that no reader would find."""
    named = named_documents()
    lying = {
        path.relative_to(root()).with_suffix("").as_posix()
        for folder in ("book", "notebooks")
        for path in (root() / folder).iterdir()
        if path.suffix in SUFFIXES
    }
    lying -= {f"notebooks/{name}" for name in elsewhere()} - set(named)
    gone = [
        _say(f"names {name!r}, but there is no such file", "write it, or take it out")
        for name in named
        if name not in lying
    ]
    lost = [_say(f"does not name {name!r}", "add it, or move the file away") for name in sorted(lying - set(named))]
    twice = [_say(f"names {name!r} twice", "take one out") for name in sorted({n for n in named if named.count(n) > 1})]
    return gone + lost + twice


def titles(folder: Path) -> dict[str, str]:
    """Return the title of each document below `folder`: its first heading."""
    import json

    out = {}
    for name in documents():
        path = next(p for s in SUFFIXES if (p := folder / f"{name}{s}").exists())
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = "\n".join("".join(c["source"]) for c in json.loads(text)["cells"] if c["cell_type"] == "markdown")
        out[name] = next(line[2:].strip() for line in text.splitlines() if line.startswith("# "))
    return out


def _say(what: str, remedy: str) -> str:
    return str(BookError(what, where="_toc.yml", remedy=remedy))
