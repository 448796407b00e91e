"""The pages that data write: dictionary, timeline, who is who, bibliography.

Prose pages in `book/` take them in with `{include}`, so that an author can write around them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pandas as pd

from malibook.evidence import Resource, data_version, forget_opened, load, opened, resources, root
from malibook.house.wording import escape, escape_inline, format_value
from malibook.press.actors import who_is_who
from malibook.press.chronicle import timeline
from malibook.press.contents import documents
from malibook.press.explore.page import explore
from malibook.press.ledger import Ledger
from malibook.press.lookup import cite_cell, claims, events
from malibook.press.policy import cost_table, recommendation_table
from malibook.press.provenance import Provenance
from malibook.press.readers import readers
from malibook.press.references import cited_bibliography, sources_by_kind

# The files that are written from tables alone, by their path in the stage.
FROM_TABLES: dict[str, Callable[[], str]] = {
    "book/references.bib": cited_bibliography,
    "_generated/sources-by-kind.md": sources_by_kind,
    "_generated/timeline.md": timeline,
    "_generated/who-is-who.md": who_is_who,
    "_generated/explore.md": explore,
    "_generated/corrections.md": lambda: _corrections(),
    "_generated/events.md": events,
    "_generated/claims.md": claims,
    "_generated/policy-advice.md": recommendation_table,
    "_generated/policy-costs.md": cost_table,
}


def generated_pages(ledgers: list[Ledger], provenance: Provenance) -> dict[str, str]:
    """Return every generated file of the stage by its path."""
    traced = _traced()
    used = readers(ledgers, {path: tables for path, (_, tables) in traced.items()})
    return {path: text for path, (text, _) in traced.items()} | {
        "_generated/data-dictionary.md": "\n\n".join(_dictionary(r, used[r.name]) for r in resources().values()),
        "_generated/edition.md": _edition(ledgers, provenance),
    }


def tables_of_files() -> dict[str, tuple[str, ...]]:
    """Return, for each generated file of the stage, the tables that it is written from."""
    return {path: tables for path, (_, tables) in _traced().items()}


def _traced() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return text and tables of each of these files; the same data are read once in a build, not once a use."""
    return _traced_of(str(root()), data_version(), _wanted())


def _wanted() -> tuple[str, ...]:
    """Return the files of `FROM_TABLES` that a page takes in; the bibliography is wanted by the configuration."""
    prose = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root() / "book").glob("*.md")))
    return tuple(path for path in FROM_TABLES if path.startswith("book/") or f"../{path}" in prose)


@cache
def _traced_of(book: str, version: tuple[str, str], wanted: tuple[str, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    out = {}
    for path in wanted:
        forget_opened()
        out[path] = (FROM_TABLES[path](), opened())
    forget_opened()
    return out


def _dictionary(resource: Resource, used: dict[str, list[str]]) -> str:
    lines = [f"(table-{resource.name})=", f"## {resource.name}: {resource.title}", "", resource.description, ""]
    facts = {
        "Cite as": resource.citation,
        "Licence": f"{resource.licence} (redistribution: {resource.redistribution})",
        "Vintage": resource.vintage,
        "Coverage": resource.coverage,
        "Known gaps": resource.known_gaps,
    }
    lines += [f"- **{name}** {_prose(text)}" for name, text in facts.items() if text]
    lines.append(f"- **Read by** {_readers(used)}")
    if resource.fields:
        rows = [f"| `{f.name}` | {f.type} | {_prose(f.description)} |" for f in resource.fields]
        lines += ["", "| column | type | meaning |", "|:---|:---|:---|", *rows]
    return "\n".join(lines)


def _readers(used: dict[str, list[str]]) -> str:
    """Return who reads a table, each a link: chapters by their number, pages by their name."""
    order = [name.rpartition("/")[2] for name in documents() if name.startswith("notebooks/")]
    links = [f"[chapter {order.index(name) + 1}](../notebooks/{name}.ipynb)" for name in used["chapters"]]
    links += [f"[{name.replace('-', ' ')}]({name}.md)" for name in used["pages"] if f"book/{name}" in documents()]
    return ", ".join(links) or "no chapter and no page; kept for reuse"


def _prose(text: str) -> str:
    """Return a description with its `code` kept as code and all else shown as it is."""
    return "".join(part if i % 2 else escape_inline(part) for i, part in enumerate(re.split(r"(`[^`]+`)", text)))


def _corrections() -> str:
    fixes = load("corrections")
    if fixes.empty:
        return "No correction has been declared since the first edition."
    out = ["| table | row | column | was | is | why | source |", "|:---|:---|:---|:---|:---|:---|:---|"]
    for r in fixes.fillna("").itertuples():
        cells = [r.table, r.key, r.field, r.old, r.new, r.reason]
        out.append("| " + " | ".join(escape(c) for c in cells) + f" | {cite_cell(r.source)} |")
    return "\n".join(out)


def _edition(ledgers: list[Ledger], origin: Provenance) -> str:
    date = pd.Timestamp(origin.epoch, unit="s")
    numbers = sum(len(x.keys("number")) for x in ledgers)
    return (
        f"Edition of {format_value(date)}, commit `{origin.commit}`, data version {origin.data_version} "
        f"(`{origin.data_hash}`). {numbers} numbers in its prose are bound to data: [](numbers.md) lists them."
    )
