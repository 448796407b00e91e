"""What the stage holds for the furniture: the book's facts, each chapter's downloads, the cards.

The slow ones, by nbconvert and Pillow, are made again only where what they are made from changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import nbformat
from nbformat import NotebookNode

from malibook.evidence import country_name, home_country, load, root
from malibook.evidence.package import as_kept
from malibook.mime import MIME
from malibook.press import places
from malibook.press.applies import applicable
from malibook.press.exercises import section, wants, with_exercises
from malibook.press.furniture.book import FILE, Book, book_facts, write_book
from malibook.press.furniture.card import card
from malibook.press.furniture.cite import WHOLE
from malibook.press.furniture.launch import startable
from malibook.press.furniture.myst import Names
from malibook.press.furniture.standalone import script, standalone, title_of
from malibook.press.hashes import short, source_hash
from malibook.press.imports import HOME
from malibook.press.ledger import Ledger
from malibook.press.notebooks import path_of
from malibook.press.provenance import Provenance
from malibook.press.references import labels
from malibook.press.subject import with_country

MADE = "_generated/furniture.json"  # what each slow file was made from
STARTS = "_generated/startable.json"  # where chapters may be opened: read by nobody, but a change makes the pages due
CARDS = "_exhibits/cards"
ROOMS = ("press", "exhibits", "house", "evidence", "coursework")
SKYLINE = "Bars: deaths in organised violence by month (UCDP, best estimate)"


class Stage(Protocol):
    """What of the press's stage is used here."""

    folder: Path

    def write(self, relative: str, text: str | bytes) -> None:
        """Write one file."""


def lay_furniture(stage: Stage, ledgers: list[Ledger], origin: Provenance) -> None:
    """Write the furniture of a build into the stage."""
    book = book_facts(origin)
    stage.write(FILE, write_book(book))
    stage.write(STARTS, json.dumps(startable()) + "\n")
    before, now = _before(stage.folder), {}
    tool = _tool_hash()

    def slow(relative: str, key: str, make: Callable[[], str | bytes]) -> None:
        path, made_from = stage.folder / relative, short(f"{tool} {key}".encode())
        stands = path.is_file() and before.get(relative) == [made_from, short(path.read_bytes())]
        content = path.read_bytes() if stands else make()
        content = content.encode() if isinstance(content, str) else content
        stage.write(relative, content)
        now[relative] = [made_from, short(content)]

    documents = _documents()
    numbers = {f"{x.chapter}/{e['key']}": e["text"] for x in ledgers for e in x.exhibits if e["kind"] == "number"}
    for ledger in ledgers:
        _lay_chapter(stage, ledger, numbers, documents, book, slow)
    stage_card(slow, WHOLE.rpartition("/")[2], book.short_title, book)
    stage.write(MADE, json.dumps(now, indent=1, sort_keys=True) + "\n")


def slim(executed: NotebookNode) -> str:
    """Return an executed notebook without the second copy of each drawing that its ledger holds."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            if "image/svg+xml" in output.get("data", {}):
                output.data[MIME].pop("svg", None)
    return json.dumps(executed, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def stage_card(slow: Callable[..., None], name: str, title: str, book: Book) -> None:
    """Write the card of a page, over the months of the country that the edition is about, by the dataset that it takes."""
    edition = places.current()
    country = edition.country if edition else home_country()
    dataset = edition.parameters.get("dataset", "") if edition else ""
    below = (
        SKYLINE if country == home_country() else SKYLINE.replace("by month", f"in {country_name(country)} by month")
    )
    key = f"{title} {book.title} {book.data_hash} {below} {dataset}".rstrip()
    slow(f"{CARDS}/{name}.png", key, lambda: card(title, book.title, below, country, dataset))


def _lay_chapter(
    stage: Stage,
    ledger: Ledger,
    numbers: dict[str, str],
    documents: dict[str, dict[str, str]],
    book: Book,
    slow: Callable[..., None],
) -> None:
    name = ledger.chapter
    base = f"_exhibits/{name}/{name}"
    committed = as_kept(path_of(name))
    run = (places.folder() / "executed" / f"{name}.ipynb").read_text(encoding="utf-8")
    source = with_country(applicable(nbformat.v4.reads(committed.decode()), ledger.parameters), ledger.parameters)
    tasks = section(name) if wants(source) else ""
    text = committed.decode()
    known = json.dumps([numbers, documents], sort_keys=True)
    whole = f"{run} {text} {tasks} {known} {book.title} {book.author} {book.data_hash}"

    @cache
    def executed() -> NotebookNode:
        return nbformat.v4.reads(run)

    def page() -> str:
        names = Names(name, numbers, {e["key"] for e in ledger.exhibits if e["kind"] != "number"}, documents)
        prose = applicable(with_exercises(executed(), name), ledger.parameters)
        return standalone(with_country(prose, ledger.parameters), names, book)

    stage.write(f"{base}.ipynb", committed)
    slow(f"{base}.html", whole, page)
    slow(f"{base}-executed.ipynb", run, lambda: slim(executed()))  # after the page: it takes drawings out
    slow(f"{base}.py", f"{text} {tasks} {ledger.parameters}", lambda: script(with_exercises(source, name)))
    stage_card(slow, name, title_of(source), book)


def _documents() -> dict[str, dict[str, str]]:
    """Return every document of the package by its id, missing values as empty text, with the label that it is cited by."""
    named = labels()
    rows = load("sources").fillna("").astype(str).to_dict("records")
    return {row["id"]: row | {"label": named[row["id"]]} for row in rows}


def _before(folder: Path) -> dict[str, Any]:
    try:
        kept = json.loads((folder / MADE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _tool_hash() -> str:
    """Return a hash of what makes the slow files: every room of the library that they pass through, and the lock."""
    rooms = [source_hash(HOME / room) for room in ROOMS]
    return " ".join([*rooms, short((root() / "requirements.txt").read_bytes())])
