"""Editions: named sets of parameters in `editions.toml` that build the whole book, or what of it applies, under other choices."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from malibook.errors import BookError, shown
from malibook.evidence import Parameters, check_served, home_country, root
from malibook.press.contents import named_documents
from malibook.press.declared import defaults_of
from malibook.press.notebooks import every_chapter
from malibook.press.places import PUBLISHED
from malibook.press.sayings import country_name, country_title
from malibook.press.scope import DIFFERS, HOME, chapters_for, documents_for

FILE = "editions.toml"
FIELDS = {"title": str, "note": str, "parameters": dict, "without": dict, "keeps": dict}
OF_COUNTRY = "country-"  # country-caf: the edition for a country that no edition names
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Edition:
    """One edition that is not the published one, resolved and checked.

    `given` holds, by chapter, the parameters that its runs take; `keeps` the parameters that a chapter takes as published though
    the edition sets them, with the reason; `left_out` the documents without a place in it, with the reason.
    """

    name: str
    title: str
    note: str
    parameters: Mapping[str, Any]
    given: Mapping[str, Mapping[str, Any]]
    documents: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    keeps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def chapters(self) -> tuple[str, ...]:
        """Return the chapters that it has, in order."""
        return tuple(self.given)

    @property
    def country(self) -> str:
        """Return the ISO 3166-1 alpha-3 code of the country that it is about."""
        return self.parameters.get("country", home_country())


def names() -> dict[str, str]:
    """Return every edition that `editions.toml` names with its title, the published one first."""
    return {PUBLISHED: "the book as committed"} | {
        name: entry.get("title", name) for name, entry in _declared()["editions"].items()
    }


def edition(name: str) -> Edition | None:
    """Return an edition by its name, None for the published one.

    Raises `BookError` where no edition has that name, and where what `editions.toml` says of it is not allowed.
    """
    known = _declared()
    if name == PUBLISHED:
        return None
    entry = known["editions"].get(name)
    if entry is None and name.startswith(OF_COUNTRY):
        return edition_of_country(name.removeprefix(OF_COUNTRY).upper())
    if entry is None:
        listed = [PUBLISHED, *known["editions"]]
        near = difflib.get_close_matches(name, listed, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise BookError(f"unknown edition {shown(name)}", where=FILE, remedy=f"{hint}known: {', '.join(listed)}")
    return _resolved(name, entry, known["pages"])


def edition_of_country(code: str) -> Edition | None:
    """Return the edition for a country: the one that `editions.toml` names, else one made for it; None for the book's own.

    Raises `BookError` for a country that the tables do not hold.
    """
    code = Parameters(country=code).country
    if code == home_country():
        return None
    known = _declared()
    for name, entry in known["editions"].items():
        if entry.get("parameters") == {"country": code}:
            return _resolved(name, entry, known["pages"])
    note = f"What the tables hold of {country_name(code)}, by the chapters that are not about one country alone."
    title = f"{country_title(code)}: what the tables hold"
    entry = {"title": title, "note": note, "parameters": {"country": code}}
    return _resolved(f"{OF_COUNTRY}{code.lower()}", entry, known["pages"])


def _resolved(name: str, entry: dict[str, Any], about: Mapping[str, list[str]]) -> Edition:
    where = f"{FILE}, edition {name}"
    given = entry.get("parameters", {})
    values = _checked(given, where)
    country = values.get("country", home_country())
    taken = chapters_for(country, _without(entry.get("without", {}), where))
    inside = [chapter for chapter, why in taken.items() if not why]
    if not inside:
        raise BookError("no chapter is left", where=where, remedy="leave fewer of them out, or choose another country")
    keeps = _keeps(entry.get("keeps", {}), values, where)
    runs = {chapter: _run(chapter, values, keeps.get(chapter, {}), where) for chapter in inside}
    for parameter in (
        name for name in values if name != "country"
    ):  # the country decides which chapters it has, whether they take it or not
        if not any(parameter in taken for taken in runs.values()):
            known = sorted({p for chapter in inside for p in defaults_of(chapter)})
            remedy = f"take it out; its chapters take: {', '.join(known) or 'none'}"
            raise BookError(f"no chapter of this edition takes the parameter {parameter!r}", where=where, remedy=remedy)
    documents = documents_for(country, taken, about)
    left = {document: why for document, why in documents.items() if why}
    kept = [document for document in documents if document not in left]
    kept.insert(kept.index(HOME) + 1 if HOME in kept else 0, DIFFERS)
    title, note = entry.get("title", name), entry.get("note", "")
    return Edition(name, title, note, values, runs, tuple(kept), left, keeps)


def _checked(given: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the parameters as the chapters take them; the message of a refusal names file, edition and parameter."""
    try:
        checked = Parameters(**given).model_dump(mode="json")
    except BookError as error:
        raise BookError(error.what, where=where, remedy=_remedy(error)) from None
    return {name: checked[name] for name in given}


def _remedy(error: BookError) -> str:
    return str(error).partition("\n  remedy: ")[2] or "give an allowed value"


def _run(chapter: str, values: dict[str, Any], keeps: Mapping[str, str], where: str) -> dict[str, Any]:
    """Return the edition's parameters that a chapter declares and does not keep as published, held against its own defaults."""
    defaults = defaults_of(chapter)
    given = {name: value for name, value in values.items() if name in defaults and name not in keeps}
    checked = _checked(defaults | given, f"{where}, with the other parameters of notebooks/{chapter}.ipynb")
    try:
        check_served(chapter, checked)
    except BookError as error:
        remedy = f"{_remedy(error)}; or let the chapter keep it as published ([editions.NAME.keeps]), or leave it out"
        raise BookError(error.what, where=f"{where}, {error.where}", remedy=remedy) from None
    return given


def _without(entry: dict[str, Any], where: str) -> dict[str, str]:
    """Return the chapters that an edition leaves out with its reasons; raise `BookError` for one that is not there."""
    for chapter, why in entry.items():
        if chapter not in every_chapter():
            _unknown(chapter, every_chapter(), f"{where}, without", "chapter")
        if not isinstance(why, str) or not why:
            remedy = 'write "04-withdrawal-aftermath" = "why it is left out"'
            raise BookError(f"{chapter} has no reason", where=f"{where}, without", remedy=remedy)
    return entry


def _keeps(entry: dict[str, Any], values: dict[str, Any], where: str) -> dict[str, dict[str, str]]:
    for chapter, kept in entry.items():
        if chapter not in every_chapter():
            _unknown(chapter, every_chapter(), f"{where}, keeps", "chapter")
        if not isinstance(kept, dict) or not all(isinstance(why, str) and why for why in kept.values()):
            remedy = 'write {estimate = "why this chapter keeps it as published"}'
            raise BookError("is not a table of reasons", where=f"{where}, keeps, {chapter}", remedy=remedy)
        for name in kept:
            if name not in values:
                _unknown(name, list(values), f"{where}, keeps, {chapter}", "parameter of the edition")
    return entry


def _declared() -> dict[str, Any]:
    """Return `editions.toml` as `editions` and `pages`, empty where there is none; raise `BookError` where it is malformed."""
    path = root() / FILE
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise BookError(
            f"cannot be read: {error}", where=FILE, remedy="mend that line, or restore it with git"
        ) from None
    for name in whole:
        if name not in ("editions", "pages"):
            _unknown(name, ["editions", "pages"], FILE, "table")
    found = {"editions": whole.get("editions", {}), "pages": whole.get("pages", {})}
    _tables(found)
    _pages(found["pages"])
    return found


def _pages(about: Mapping[str, list[Any]]) -> None:
    """Raise `BookError` where `[pages]` names a country that the tables do not hold, or a page that the book does not have."""
    known = [document for document in named_documents() if not document.startswith("notebooks/")]
    for code, documents in about.items():
        where = f"{FILE}, pages, {code}"
        _checked({"country": code}, where)
        for document in documents:
            if document not in known:
                _unknown(str(document), known, where, "page")


def _tables(found: dict[str, Any]) -> None:
    for part, entries in found.items():
        kind = dict if part == "editions" else list
        for name, entry in entries.items() if isinstance(entries, dict) else [(part, entries)]:
            if not isinstance(entries, dict) or not isinstance(entry, kind):
                remedy = f"write it as [editions.{name}]" if kind is dict else f'write {name} = ["book/PAGE"]'
                raise BookError(
                    f"{shown(name)} is not a {'table' if kind is dict else 'list'}", where=FILE, remedy=remedy
                )
    for name, entry in found["editions"].items():
        if name == PUBLISHED or name.startswith(OF_COUNTRY) or not _NAME.fullmatch(name):
            remedy = "small letters, digits and dashes, at most 40; not published, not country-…"
            raise BookError(f"an edition cannot be called {shown(name)}", where=FILE, remedy=remedy)
        for key, value in entry.items():
            if key not in FIELDS:
                _unknown(key, list(FIELDS), f"{FILE}, edition {name}", "field")
            if not isinstance(value, FIELDS[key]) or not value:
                kind = {str: "text", dict: "a table", list: "a list"}[FIELDS[key]]
                raise BookError(
                    f"{key} must be {kind}, and not empty", where=f"{FILE}, edition {name}", remedy="mend it"
                )


def _unknown(name: str, known: list[str], where: str, kind: str) -> None:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise BookError(f"unknown {kind} {shown(name)}", where=where, remedy=f"{hint}known: {', '.join(known)}")
