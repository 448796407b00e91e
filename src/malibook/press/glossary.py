"""Definitions at a term's first use on a page: shown on hovering, on focus and on a tap, without a script.

An author marks a term with Sphinx's own role, ``{term}`JNIM` ``. In HTML the first mark on a page becomes a link to the glossary
that carries its definition as a description; further marks stay plain links, and so do all of them in print.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import glossary, pending_xref
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

HOME = "book/glossary"


class Glossed(nodes.Inline, nodes.TextElement):
    """A marked term in HTML: a link to the glossary (`refuri`) with its definition (`tip`, under the id `tip_id`)."""


def definitions(doctree: nodes.document) -> dict[str, str]:
    """Return the definitions of a glossary page as plain text, by the id of the term's entry."""
    found: dict[str, str] = {}
    for item in (item for part in doctree.findall(glossary) for item in part.findall(nodes.definition_list_item)):
        text = " ".join(_words(body) for body in item.findall(nodes.definition))
        found |= {name: text for term in item.findall(nodes.term) for name in term["ids"]}
    return found


def _words(body: nodes.definition) -> str:
    """Return a definition without its citations, which would lead nowhere in a description."""
    cited = {
        id(text)
        for mark in body.findall(pending_xref)
        if mark.get("refdomain") == "cite"
        for text in mark.findall(nodes.Text)
    }
    paragraphs = (
        "".join(t for t in p.findall(nodes.Text) if id(t) not in cited) for p in body.findall(nodes.paragraph)
    )
    words = " ".join(" ".join(paragraphs).split())
    return re.sub(r" ([.,;])", r"\1", words)


def gloss(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the definition beside the first mark of each term on a page, in HTML alone."""
    marks = [link for link in doctree.findall(nodes.reference) if _is_term(link)]
    if not marks or docname == HOME or app.builder.format != "html":
        return
    known = definitions(app.env.get_doctree(HOME))
    for number, link in enumerate(first_marks(marks), 1):
        name = link["refuri"].rpartition("#")[2]
        if name in known:
            new = Glossed(refuri=link["refuri"], tip=known[name], tip_id=f"gloss-{number}")
            new += link.children
            link.replace_self(new)


def first_marks(marks: list[nodes.reference]) -> list[nodes.reference]:
    """Return the first mark of each term, leaving out marks in headings, where nothing may pop up."""
    first: dict[str, nodes.reference] = {}
    for link in marks:
        if not isinstance(link.parent, nodes.title):
            first.setdefault(link.get("refuri", ""), link)
    return list(first.values())


def depend_on_glossary(app: Sphinx, doctree: nodes.document) -> None:
    """Make every page with marked terms out of date when the glossary changes."""
    if any(mark.get("reftype") == "term" for mark in doctree.findall(pending_xref)):
        app.env.note_dependency(str(Path(app.srcdir) / f"{HOME}.md"))


def visit_html(writer: HTML5Translator, node: Glossed) -> None:
    """Open the term: a link that names its definition as its description."""
    writer.body.append(
        f'<span class="gloss"><a class="reference internal" href="{escape(node["refuri"])}" '
        f'aria-describedby="{node["tip_id"]}">'
    )


def depart_html(writer: HTML5Translator, node: Glossed) -> None:
    """Close the link and add the definition, hidden until the term is hovered, focused or tapped."""
    tip = f'<span class="gloss-tip" role="tooltip" id="{node["tip_id"]}">{escape(node["tip"])}</span>'
    writer.body.append(f"</a>{tip}</span>")


def _is_term(link: nodes.reference) -> bool:
    return any("std-term" in child.get("classes", []) for child in link.findall(nodes.Element))


def setup(app: Sphinx) -> None:
    """Register the node, the transform and the script that lets Escape close a definition."""
    app.add_node(Glossed, html=(visit_html, depart_html))
    app.connect("doctree-read", depend_on_glossary)
    app.connect("doctree-resolved", gloss)
    app.add_js_file("gloss.js", loading_method="defer")
