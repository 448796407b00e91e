"""What Sphinx must do for the page *Explore*: load its files there alone, and let its links find their documents."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from malibook.press.explore.addresses import document_addresses

HOME, SOURCES = "book/explore", "book/sources"


def page_files(app: Sphinx, pagename: str, *rest: Any) -> None:
    """Load the page's script and style sheet on this page, and on no other."""
    if pagename == HOME and app.builder.format == "html":
        app.add_css_file("explore.css")
        app.add_js_file("explore.js", loading_method="defer")


def number_documents(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each entry of the bibliography the id that the page *Explore* links to, beside Sphinx's own."""
    if app.builder.format != "html":
        return
    keys, addresses = {c.citation_id: c.key for c in app.env.get_domain("cite").citations}, document_addresses()
    for entry in doctree.findall(nodes.citation):
        if entry["ids"] and entry["ids"][0] in keys:
            entry["ids"].append(addresses[keys[entry["ids"][0]]])


def renumbered(app: Sphinx, env: BuildEnvironment, *rest: Any) -> list[str]:
    """Return the page with the bibliography where a document came or went: the numbers of the others have moved."""
    now = document_addresses()
    before, env.malibook_documents = getattr(env, "malibook_documents", None), now
    return [] if before == now else sorted({SOURCES} & env.found_docs)


def setup(app: Sphinx) -> None:
    """Connect them to the events of a build."""
    app.connect("html-page-context", page_files)
    app.connect("env-get-outdated", renumbered)
    app.connect("doctree-resolved", number_documents)
