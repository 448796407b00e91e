"""The table of contents against the files: nothing named that is not there, nothing there that is not named."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from malibook.errors import BookError, cause
from malibook.evidence import root
from malibook.press import places
from malibook.press.ledger import CONTRACTS, contracted
from malibook.press.notebooks import elsewhere, path_of, shown_path

SUFFIXES = (".md", ".ipynb")
FORMAT = "jb-book"
SECTIONS = ("sphinx", "html", "execute", "parse", "repository", "latex")  # of _config.yml


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
    broken = [problem for name in sorted(lying) if (problem := _unreadable(f"{name}.md"))]
    gone = [
        _say(f"names {name!r}, but there is no such file", "write it, or take it out")
        for name in named
        if name not in lying
    ]
    lost = [_say(f"does not name {name!r}", "add it, or move the file away") for name in sorted(lying - set(named))]
    twice = [_say(f"names {name!r} twice", "take one out") for name in sorted({n for n in named if named.count(n) > 1})]
    return gone + lost + twice + broken + left_behind()


def left_behind() -> list[str]:
    """Return the contracts and exercise sheets of chapters that are not there: what a deleted or renamed one leaves."""
    sheets = sorted(path.stem for path in (root() / "coursework").glob("[0-9]*.ipynb"))
    kept = [(name, str(CONTRACTS)) for name in contracted()] + [(name, f"coursework/{name}.ipynb") for name in sheets]
    return [_orphan(name, where) for name, where in kept if not path_of(name).is_file()]


def configuration() -> dict[str, Any]:
    """Return `_config.yml`; raise `BookError` where it cannot be read, or lacks what Jupyter Book cannot do without."""
    try:
        found = yaml.safe_load((root() / "_config.yml").read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not isinstance(found.get("title"), str):
            raise TypeError("it names no title")
        wrong = [name for name in SECTIONS if not isinstance(found.get(name) or {}, dict)]
        if wrong:
            raise TypeError(f"{wrong[0]} is no list of settings, NAME: VALUE")
        return found
    except (OSError, ValueError, TypeError, yaml.YAMLError, RecursionError) as error:
        raise BookError(f"cannot be read: {cause(error)}", where="_config.yml", remedy="restore it with git") from None


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


def _unreadable(page: str) -> str:
    """Return what is wrong with a prose page as a file, before anything else reads it; empty where it is text."""
    path = root() / page
    try:
        content = path.read_bytes() if path.exists() or path.is_symlink() else b""
        content.decode("utf-8")
        what, at, remedy = "holds a NUL byte", content.find(b"\0"), "take it out"
    except OSError as error:
        return str(BookError(f"cannot be read: {error.strerror}", where=page, remedy="restore it with git"))
    except UnicodeDecodeError as error:
        what, at, remedy = "is not UTF-8", error.start, "save it as UTF-8"
    return str(BookError(what, where=f"{page}, line {content[:at].count(10) + 1}", remedy=remedy)) if at >= 0 else ""


def _orphan(name: str, where: str) -> str:
    remedy = "take it out, give it the name that the chapter has now, or restore the notebook"
    return str(BookError(f"is for {name!r}, but there is no {shown_path(name)}", where=where, remedy=remedy))


def _say(what: str, remedy: str) -> str:
    return str(BookError(what, where="_toc.yml", remedy=remedy))
