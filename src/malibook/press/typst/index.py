"""The printed index: terms of the glossary and of {index} directives, with their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.environment.adapters.indexentries import IndexEntries

from .escape import array, content, escape, label, string

if TYPE_CHECKING:
    from .builder import TypstBuilder


def index_source(builder: TypstBuilder, title: str, emitted: set[str]) -> str:
    """Return the Typst source of the index, or nothing if no document has an entry.

    Sphinx numbers index targets afresh in each document (`index-0`), so an entry is found by document and id.
    """
    groups = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        lines = []
        for term, (links, subentries, _) in entries:
            lines.append(entry(0, term, links, emitted))
            lines += [entry(1, subterm, sublinks, emitted) for subterm, sublinks in subentries]
        groups.append(f"  ({content(escape(letter))}, {array(lines)})")
    body = ",\n".join(groups)
    return f"#index({content(escape(title))}, (\n{body},\n))\n" if groups else ""


def entry(level: int, term: str, links: list[tuple[str, str]], emitted: set[str]) -> str:
    """Return one entry: its depth, its words and the labels of the places it points to, the main one first."""
    names = [label(*uri.removeprefix("%").split("#", 1)) for _, uri in links if uri]
    return f"({level}, {content(escape(term))}, {array(string(name) for name in names if name in emitted)})"
