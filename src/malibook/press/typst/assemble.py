"""The book as a sequence: its documents in the order of the contents, resolved, pruned and with known link targets."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from .escape import content, escape, label

if TYPE_CHECKING:
    from .builder import TypstBuilder

HIDDEN = {  # myst-nb's hide modes -> what the printed book leaves out
    "input": ("cell_code_source",),
    "output": ("cell_code_output",),
    "input+output": ("cell_code_source", "cell_code_output"),
    "all": ("cell_code_source", "cell_code_output"),
}

INDEXED = ("index-", "term-")  # how the ids begin that Sphinx's index leads to


@dataclass(frozen=True)
class Chapter:
    """A document's place in the book: depth 1 opens a page; `part` names the part that it opens, if any."""

    docname: str
    depth: int
    part: str = ""
    in_part: bool = False


def sequence(env) -> list[Chapter]:
    """Return every document of the contents once, in reading order, beginning with the root."""
    root = env.config.root_doc
    found = [Chapter(root, 1), *below(env, root, 1, in_part=False)]
    unique: dict[str, Chapter] = {}
    for chapter in found:
        unique.setdefault(chapter.docname, chapter)
    return list(unique.values())


def below(env, docname: str, depth: int, in_part: bool) -> Iterator[Chapter]:
    """Yield the documents under one document; those of a captioned toctree of the root form a part."""
    for toctree in env.get_doctree(docname).findall(addnodes.toctree):
        part = (toctree.get("caption") or "") if docname == env.config.root_doc else ""
        inside = in_part or bool(part)
        for name in toctree["includefiles"]:
            yield Chapter(name, depth, part, inside)
            part = ""
            yield from below(env, name, depth + 1, inside)


def resolve(builder: TypstBuilder, docname: str) -> nodes.document:
    """Return a document's tree with its references resolved, images chosen and unprinted parts removed."""
    builder.current_docname = docname
    tree = builder.env.get_doctree(docname)
    builder.env.resolve_references(tree, docname, builder)
    prune(tree)
    builder.post_process_images(tree)
    return tree


def prune(tree: nodes.document) -> None:
    """Remove what a printed book does not hold: toctrees, hidden code, text meant for other formats."""
    for toctree in list(tree.findall(addnodes.toctree)):
        holder = toctree.parent
        holder.remove(toctree)
        if isinstance(holder, nodes.compound) and not holder.children and holder.parent is not None:
            holder.parent.remove(holder)
    for cell in list(tree.findall(nodes.container)):
        unwanted = HIDDEN.get(cell.get("hide_mode", ""), ())
        for part in [child for child in cell.children if child.get("nb_element") in unwanted]:
            cell.remove(part)


def link_targets(tree: nodes.document, docname: str) -> set[str]:
    """Return the labels that links may name in a document; footnotes are not among them, they move to their page."""
    names = {label(docname)}
    for node in tree.findall(nodes.Element):
        if not isinstance(node, nodes.footnote | nodes.footnote_reference):
            names.update(label(docname, identifier) for identifier in node.get("ids", []))
    return names


def link_uses(tree: nodes.document, docname: str) -> set[str]:
    """Return the labels that a document's links name, and those of its own that the index may name."""
    names = set()
    for link in tree.findall(nodes.reference):
        uri = html.unescape(link.get("refuri", ""))
        if "refid" in link or uri.startswith("#"):
            names.add(label(docname, link.get("refid") or uri[1:]))
        elif uri.startswith("%"):
            names.add(label(*uri[1:].split("#", 1)))
    marked = (identifier for node in tree.findall(nodes.Element) for identifier in node.get("ids", []))
    return names | {label(docname, identifier) for identifier in marked if identifier.startswith(INDEXED)}


def footnotes(tree: nodes.document) -> dict[str, nodes.footnote]:
    """Return a document's footnotes by id."""
    return {identifier: note for note in tree.findall(nodes.footnote) for identifier in note["ids"]}


def opening(chapter: Chapter) -> str:
    """Return what precedes a document: the title of the part that it opens, or a new page for a chapter."""
    if chapter.part:
        return f"#part{content(escape(chapter.part))}\n"
    return "#new-page\n" if chapter.depth == 1 else ""
