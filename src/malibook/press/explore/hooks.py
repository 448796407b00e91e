"""What Sphinx must do for the page *Explore*: load its files there alone, and let its links find their documents."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

HOME = "book/explore"


def page_files(app: Sphinx, pagename: str, *rest: Any) -> None:
    """Load the page's script and style sheet on this page, and on no other."""
    if pagename == HOME and app.builder.format == "html":
        app.add_css_file("explore.css")
        app.add_js_file("explore.js", loading_method="defer")


def name_documents(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each entry of the bibliography an address that lasts, ``doc-`` and the document's id, beside Sphinx's number."""
    if app.builder.format != "html":
        return
    keys = {c.citation_id: c.key for c in app.env.get_domain("cite").citations}
    for entry in doctree.findall(nodes.citation):
        if entry["ids"] and entry["ids"][0] in keys:
            entry["ids"].append(f"doc-{keys[entry['ids'][0]]}")


def setup(app: Sphinx) -> None:
    """Connect both to the events of a build."""
    app.connect("html-page-context", page_files)
    app.connect("doctree-resolved", name_documents)
