"""The run panel at a chapter's foot: what it was made from, with which parameters, and what it shows."""

from __future__ import annotations

from typing import Any

import papermill

from malibook.evidence import Parameters, allowed, describe
from malibook.house.wording import escape
from malibook.press import places
from malibook.press.imports import literal
from malibook.press.ledger import Ledger
from malibook.press.notebooks import elsewhere, path_of
from malibook.press.provenance import Provenance
from malibook.press.sayings import listed


def run_panel(ledger: Ledger, origin: Provenance) -> str:
    """Return the panel as MyST, for screen and paper alike."""
    tables = ", ".join(f"[{name}](#table-{name})" for name in ledger.opened)
    said, rows = _parameters(ledger)
    edition = places.current()
    named = {"Edition": f"`{edition.name}`, not the published one: [](../book/what-differs.md)"} if edition else {}
    facts = named | {
        "Data": f"version {origin.data_version}, SHA-256 `{origin.data_hash}`; tables read: {tables}",
        "Date of the data": _vintages(ledger.opened),
        "Code": f"commit `{origin.commit}`; packages pinned by lock `{origin.lock_hash}`",
        "Exhibits": f"{_counts(ledger)}; every number is traced in [](../book/numbers.md)",
        "Parameters": said,
    }
    items = [f"{name}\n: {text}\n" for name, text in facts.items()]
    body = [*items, *rows]
    return "\n".join(["## About this run", "", ":::::{container} run-panel", "", *body, ":::::"])


def defaults(chapter: str) -> dict[str, tuple[Any, str]]:
    """Return each parameter of a chapter as it is printed: its default and what its comment says."""
    declared = papermill.inspect_notebook(str(path_of(chapter)))
    return {name: (literal(info["default"]), info["help"]) for name, info in declared.items()}


def notice(ledger: Ledger) -> str:
    """Return the box for the head of a chapter whose run is not the published one, empty for one that is.

    A chapter without a number has no published run, and its sentences are about whichever country it runs for: no box either.
    """
    if ledger.chapter in elsewhere():
        return ""
    there = defaults(ledger.chapter)
    given = {
        name: value for name, value in ledger.parameters.items() if name in there and str(value) != str(there[name][0])
    }
    if not given:
        return ""
    changed = listed([f"`{name}` is {value} (published: {there[name][0]})" for name, value in given.items()])
    said = (
        "Numbers, figures and tables are of this run. Sentences were written for the published one, and follow the choice where "
        "they can: where a sentence and a number do not agree, the number holds."
    )
    return f":::{{admonition}} Not the published run\n:class: note\n\nIn this run {changed}. {said}\n:::"


def _counts(ledger: Ledger) -> str:
    """Return how many of each kind a chapter shows; remarks only where there are any."""
    words = {"figure": "figure", "table": "table", "number": "bound number", "remark": "remark"}
    counted = [(len(ledger.keys(kind)), word) for kind, word in words.items()]
    return ", ".join(f"{n:,} {word}{'s' * (n != 1)}" for n, word in counted if n or word != "remark")


def _vintages(tables: tuple[str, ...]) -> str:
    """Return the vintages of the tables that a chapter read, each once, in the order in which they were read."""
    found = [part.strip() for name in tables for part in describe(name).vintage.split(";")]
    return "; ".join(escape(_small(text)) for text in dict.fromkeys(found) if text)


def _small(text: str) -> str:
    """Return a text as it stands within a sentence: a first word that is no name in small letters."""
    return text[0].lower() + text[1:] if text.startswith(("Compiled", "Judged")) else text


def _parameters(ledger: Ledger) -> tuple[str, list[str]]:
    """Return how many parameters a chapter has and how many a rerun changed, and a table of them, empty for none."""
    rows, changed = [], 0
    for name, (default, about) in defaults(ledger.chapter).items():
        value, published = (escape(str(v)) for v in (ledger.parameters.get(name, default), default))
        same = value == published
        changed += not same
        may_be = escape(allowed(name, ledger.chapter)) if name in Parameters.model_fields else "–"
        rows.append(f"| `{name}` | {value} | {'the same' if same else published} | {may_be} | {escape(about or '–')} |")
    if not rows:
        return "none", []
    said = "as published" if not changed else f"{changed} of {len(rows)} not as published"
    return said, ["| Parameter | This run | As published | Allowed | What it is |", "|:---|:---|:---|:---|:---|", *rows]
