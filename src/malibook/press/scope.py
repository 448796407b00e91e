"""What of the book an edition takes: the chapters and pages that apply, and for each that does not, why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from malibook.errors import BookError
from malibook.evidence import home_country, root
from malibook.press.contents import named_documents
from malibook.press.ledger import contract
from malibook.press.notebooks import chapters, elsewhere, every_chapter
from malibook.press.sayings import country_name, listed

HOME, DIFFERS, GLOSSARY = "book/welcome", "book/what-differs", "book/glossary"
BOUND = re.compile(r"\{n\}`([\w-]+)/[\w-]+`")


def chapters_for(country: str, without: Mapping[str, str]) -> dict[str, str]:
    """Return every chapter with the reason why an edition leaves it out, empty where it takes it.

    A chapter that has no number is for editions about other countries alone, and is no chapter of an edition about this one.

    `without` are the chapters that the edition itself leaves out, with the reason; beyond them a chapter whose contract names
    `countries` is left out of an edition for another one.
    """
    return {
        name: without.get(name) or _about_others(name, country)
        for name in (chapters() if country == home_country() else every_chapter())
    }


def documents_for(country: str, taken: Mapping[str, str], about: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return every document of the contents with the reason why it is left out, empty where it stands.

    `taken` says so of chapters; `about` names the pages that are about one country. A page that binds numbers of a chapter
    that is left out goes too, but for the glossary, whose terms the chapters use.
    """
    out = {}
    for document in all_documents(country):
        folder, _, name = document.rpartition("/")
        if folder == "notebooks":
            out[document] = taken.get(name, "")
        else:
            out[document] = "" if document in (HOME, GLOSSARY) else _page(document, country, taken, about)
    return out


def all_documents(country: str) -> list[str]:
    """Return the documents of the contents; about another country, the chapters without a number come before the numbered ones."""
    named = named_documents()
    if country == home_country():
        return named
    more = [document for name in elsewhere() if (document := f"notebooks/{name}") not in named]
    at = next((at for at, document in enumerate(named) if document.startswith("notebooks/")), len(named))
    return [*named[:at], *more, *named[at:]]


def _about_others(name: str, country: str) -> str:
    named = contract(name).get("countries")
    return "" if not named or country in named else f"it is about {_names(named)}"


def _page(document: str, country: str, taken: Mapping[str, str], about: Mapping[str, Collection[str]]) -> str:
    owners = [code for code, pages in about.items() if document in pages]
    if owners and country not in owners:
        return f"it is about {_names(owners)}"
    try:
        text = (root() / f"{document}.md").read_text(encoding="utf-8")
    except OSError as error:
        where, remedy = f"{document}.md", "restore it with git"
        raise BookError(f"cannot be read: {error.strerror}", where=where, remedy=remedy) from None
    absent = sorted({name for name in BOUND.findall(text) if taken.get(name)})
    return f"it binds numbers of {listed(absent)}" if absent else ""


def _names(codes: Collection[str]) -> str:
    names = [country_name(code) for code in codes]
    return f"{names[0]} alone" if len(names) == 1 else listed(names)
