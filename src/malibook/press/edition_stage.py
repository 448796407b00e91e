"""What of the stage is an edition's own: its configuration, its contents, its pages, its welcome, the page *What differs*."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import yaml

from malibook.evidence import country_title, home_country, root
from malibook.press.degrade import Present, degraded
from malibook.press.differs import what_differs
from malibook.press.editions import Edition
from malibook.press.ledger import Ledger
from malibook.press.notebooks import elsewhere
from malibook.press.outcome import stem
from malibook.press.scope import DIFFERS, HOME
from malibook.press.static import STATIC, static_folder


class Stage(Protocol):
    """What of the press's stage is used here."""

    def write(self, relative: str, text: str | bytes) -> None:
        """Write one file."""

    def copy(self, source: Path, relative: str) -> None:
        """Copy a file or a folder."""


def configured(config: dict[str, Any], edition: Edition | None) -> dict[str, Any]:
    """Return the configuration with the edition's titles in the place of the published ones; unchanged for the published one."""
    if edition is None:
        return config
    short, _, rest = edition.title.partition(": ")
    sphinx = config.get("sphinx") or {}
    ours = sphinx.get("config") or {}
    theme = (ours.get("html_theme_options") or {}) | {"announcement": f"Edition {edition.name}: not the published book"}
    said = {
        "project": short,
        "typst_title": short,
        "typst_subtitle": rest[:1].upper() + rest[1:],
        "html_theme_options": theme,
    }
    if edition.country != home_country():
        said["typst_pdf_name"] = f"{stem(edition)}.pdf"
        said["typst_keywords"] = [country_title(edition.country), "armed conflict", "reproducible research"]
    return config | {"title": edition.title, "sphinx": sphinx | {"config": ours | said}}


def lay_edition(
    stage: Stage, edition: Edition, published: Sequence[Ledger], here: Sequence[Ledger], title: str, address: str
) -> None:
    """Write configuration, contents and pages of an edition; `title` and `address` are the published one's."""
    config = yaml.safe_load((root() / "_config.yml").read_text(encoding="utf-8")) or {}
    stage.write("_config.yml", _yaml(configured(config, edition)))
    toc = yaml.safe_load((root() / "_toc.yml").read_text(encoding="utf-8"))
    stage.write("_toc.yml", _yaml(contents(toc, edition)))
    stage.copy(static_folder(), STATIC)
    holds = present(edition, here)
    for document in edition.documents:
        path = root() / f"{document}.md"
        if document != DIFFERS and path.exists():
            text = path.read_text(encoding="utf-8")
            own = welcome(edition, text) if document == HOME else text
            stage.write(f"{document}.md", degraded(own, document, holds))
    stage.write(f"{DIFFERS}.md", what_differs(edition, published, here, title, address))


def present(edition: Edition, here: Sequence[Ledger]) -> Present:
    """Return what the edition holds, for references to be held against."""
    numbers = {f"{x.chapter}/{key}" for x in here for key in x.keys("number")}
    exhibits = {key for x in here for kind in ("figure", "table") for key in x.keys(kind)}
    return Present(edition.documents, numbers, exhibits)


def contents(toc: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Return the table of contents without what the edition leaves out; *What differs* comes first after the welcome."""
    parts = toc.get("parts") or [{"chapters": toc.get("chapters", [])}]
    kept = [
        part | {"chapters": [c for c in part["chapters"] if c["file"] in edition.documents]} for part in _whole(parts)
    ]
    first = {"caption": "This edition", "chapters": [{"file": DIFFERS}]}
    rest = {key: value for key, value in toc.items() if key not in ("parts", "chapters")}
    return rest | {"parts": [first, *(part for part in kept if part["chapters"])]}


def _whole(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts with the chapters without a number where the others are; an edition that has none leaves them out."""
    more = [{"file": f"notebooks/{name}"} for name in elsewhere()]
    named = [c["file"] for part in parts for c in part["chapters"]]
    more = [entry for entry in more if entry["file"] not in named]
    at = next((part for part in parts if any(c["file"].startswith("notebooks/") for c in part["chapters"])), None)
    return [part | {"chapters": [*more, *part["chapters"]]} if part is at else part for part in parts]


def welcome(edition: Edition, text: str) -> str:
    """Return the first page: the published one with a note where the edition has every chapter, else one of its own."""
    link = "[](what-differs.md)"
    if edition.country == home_country() and not any(d.startswith("notebooks/") for d in edition.left_out):
        head, _, rest = text.partition("\n")
        said = f"Its parameters are not the published ones, and the sentences were written for those: see {link}."
        box = f":::{{admonition}} Edition *{edition.name}*\n:class: note\n\n{edition.note} {said}\n:::"
        return f"{head}\n\n{box}\n{rest}"
    links = "\n".join(f"- [](../notebooks/{name}.ipynb)" for name in edition.chapters)
    return (
        f"# {edition.title.partition(': ')[0]}\n\n{edition.note}\n\n{link} says what is not in this edition and why.\n\n"
        f"## Its chapters\n\n{links}\n\n:::{{include}} ../_generated/edition.md\n:::\n"
    )


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
