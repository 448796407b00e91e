"""What stands inside a line: emphasis, code, links, footnote marks, small pictures."""

from __future__ import annotations

import html
import re

from docutils import nodes
from sphinx.util import logging

from .columns import breakable
from .escape import content, escape, label, string
from .render import Scope, handles, render, render_all

logger = logging.getLogger(__name__)
WEB = ("http://", "https://", "mailto:")
LAST_SPACE = re.compile(r" (?=[\d.]+$)")
MOST_PAGES = 3  # references with a page number in one paragraph
CHECKBOX = {True: "☑", False: "☐"}


@handles("inline", "generated", "acronym", "problematic", "PassthroughTextElement")
def plain(node: nodes.Element, scope: Scope) -> str:
    """Return the content as it is; a class may ask for a small label."""
    body = render_all(node.children, scope)
    return f"#badge{content(body)}" if "sd-badge" in node.get("classes", []) else body


@handles("abbreviation")
def abbreviation(node: nodes.Element, scope: Scope) -> str:
    """Return an abbreviation with its explanation, which the web page shows on hovering."""
    meaning = node.get("explanation", "")
    return render_all(node.children, scope) + (escape(f" ({meaning})") if meaning else "")


@handles("emphasis", "title_reference", "literal_emphasis")
def emphasis(node: nodes.Element, scope: Scope) -> str:
    return f"#emph{content_inline(node, scope)}"


@handles("strong", "literal_strong")
def strong(node: nodes.Element, scope: Scope) -> str:
    return f"#strong{content_inline(node, scope)}"


@handles("subscript")
def subscript(node: nodes.Element, scope: Scope) -> str:
    return f"#sub{content_inline(node, scope)}"


@handles("superscript")
def superscript(node: nodes.Element, scope: Scope) -> str:
    return f"#super{content_inline(node, scope)}"


@handles("literal")
def literal(node: nodes.Element, scope: Scope) -> str:
    """Return code in a line; a cross-reference that Sphinx wraps in a literal stays running text."""
    if {"xref", "std"} & set(node.get("classes", [])):
        return escape(node.astext())
    text = node.astext()
    return f"#raw({string(breakable(text) if scope.tabular else text)})"


def content_inline(node: nodes.Element, scope: Scope) -> str:
    """Return the children as a content block, white space kept: it may part words."""
    return f"[{render_all(node.children, scope)}]"


@handles("reference")
def reference(node: nodes.Element, scope: Scope) -> str:
    """Return a link: within the book, to the web, or, for anything a printed page cannot reach, its text alone."""
    if len(node.children) == 1 and isinstance(node[0], nodes.image):
        return render(node[0], scope)
    target = None if scope.heading else link_target(node, scope)
    if target is None:
        return render_all(node.children, scope)
    if target.startswith(WEB):
        return f"#weblink({string(target)}){content_inline(node, scope)}"
    if scope.plain or "bound-number" in classes_within(node):
        return f"#numref({string(target)}){content_inline(node, scope)}"
    if scope.titling or not is_far(target, scope) or in_a_row(node, scope):
        return f"#xref({string(target)}){content_inline(node, scope)}"
    marks = ', open: ", ", close: ""' if scope.tabular or in_brackets(node) else ""
    return f"#farref({string(target)}{marks}){content_inline(node, scope)}"


def is_far(target: str, scope: Scope) -> bool:
    """Tell whether a link leaves its document for a place worth turning pages for: not a term or a source."""
    docname, _, place = target.partition("#")
    return docname != scope.docname and not (place and docname in scope.book.config.typst_compact)


def in_a_row(node: nodes.Element, scope: Scope) -> bool:
    """Tell whether a link stands in a row of several, or within the text of a table: page numbers would clutter it."""
    block = block_of(node)
    far = [link for link in block.findall(nodes.reference) if is_far(link_target(link, scope) or "#", scope)]
    return len(far) > MOST_PAGES or (scope.tabular and block.astext() != node.astext())


def in_brackets(node: nodes.Element) -> bool:
    """Tell whether a bracket is open before this node."""
    before = ""
    for text in block_of(node).findall(nodes.Text):
        if text.parent is node or text.parent.parent is node:
            break
        before += text.astext()
    return before.count("(") > before.count(")")


def block_of(node: nodes.Element) -> nodes.Element:
    """Return the paragraph, or other block of text, in which a node stands."""
    while isinstance(node.parent, nodes.TextElement):
        node = node.parent
    return node


@handles("number_reference")
def number_reference(node: nodes.Element, scope: Scope) -> str:
    """Return a reference such as "Fig. 2.1", its name and number kept on one line."""
    for text in list(node.findall(nodes.Text)):
        text.parent.replace(text, nodes.Text(LAST_SPACE.sub("\u00a0", text.astext())))
    return reference(node, scope)


def link_target(node: nodes.Element, scope: Scope) -> str | None:
    """Return the label or web address that a reference leads to, or None if it leads nowhere on paper."""
    uri = html.unescape(node.get("refuri", ""))  # MyST keeps addresses escaped
    if uri.startswith(WEB):
        return uri
    if "refid" in node or uri.startswith("#"):
        target = label(scope.docname, node.get("refid") or uri[1:])
    elif uri.startswith("%"):
        target = label(*uri[1:].split("#", 1))
    else:
        return None
    if target not in scope.book.targets:
        logger.warning("typst: the link target %s is not in the printed book", target, location=node)
        return None
    return target


def classes_within(node: nodes.Element) -> set[str]:
    """Return the classes of a node and of all below it."""
    return {name for child in node.findall(nodes.Element) for name in child.get("classes", [])}


@handles("download_reference")
def download(node: nodes.Element, scope: Scope) -> str:
    """Return nothing, or the text within a sentence: a file beside the web page is not beside the printed one."""
    small_print = node.parent is not None and node.parent.astext().startswith("Source:")
    return "" if small_print else escape(node.astext())


@handles("footnote_reference", own_targets=True)
def footnote_mark(node: nodes.Element, scope: Scope) -> str:
    """Return the footnote itself at its first mark, a repeated mark afterwards."""
    note = scope.footnotes.get(node.get("refid", ""))
    if note is None:
        logger.warning("typst: footnote %s has no text", node.astext(), location=node)
        return ""
    name = label(scope.docname, "footnote-" + note["ids"][0])
    if name in scope.book.emitted:
        mark = f"#footnote(label({string(name)}))"
    else:
        scope.book.emitted.add(name)
        parts = [child for child in note.children if not isinstance(child, nodes.label)]
        mark = f"#footnote{content(render_all(parts, scope.inside(boxed=True)))}#label({string(name)})"
    return f"#in-place[{mark}]" if scope.titling else mark


@handles("raw")
def raw(node: nodes.Element, scope: Scope) -> str:
    """Return what raw HTML can mean on paper: a line break, a tick box; Typst passes through; the rest is skipped."""
    formats, text = node.get("format", "").split(), node.astext()
    if "typst" in formats:
        return text
    if "html" in formats and "task-list-item-checkbox" in text:
        return CHECKBOX["checked" in text] + " "
    return "#linebreak()" if text.strip().lower() in ("<br>", "<br/>", "<br />") else ""
