"""Sections and their headings: numbers as in the HTML, levels without gaps, link targets that survive."""

from __future__ import annotations

from docutils import nodes

from .escape import anchor, content, label, string
from .figures import child_of
from .numbers import is_listing, listings
from .render import Scope, claim, claim_inner, handles, render, render_all

FRAMES = ("findings", "fine")
KINDS = {1: "chapter", 2: "section", 3: "subsection"}


@handles("section", own_targets=True)
def section(node: nodes.Element, scope: Scope) -> str:
    """Return a section; each block is preceded by a comment with its source line, for error messages.

    One that holds a chapter's findings is framed, one of small print is set so; the lists of bound numbers, one a chapter, run on in columns.
    """
    inner = scope.inside(depth=scope.depth + 1)
    listed = [child for child in node.children if is_listing(child)]
    parts = [
        f"\n{source_mark(child)}{listings(listed, inner) if child in listed[:1] else opening_block(child, inner)}\n"
        for child in node.children
        if child not in listed[1:]
    ]
    body = "".join(parts)
    frame = next((name for name in FRAMES if node[0].astext() in getattr(scope.book.config, f"typst_{name}")), None)
    return f"#{frame}[{body}]" if frame else body


def opening_block(node: nodes.Node, scope: Scope) -> str:
    """Return a block; a paragraph in bold that follows a chapter's title is the question that it answers."""
    first = scope.depth == 1 and node is child_of(node.parent, nodes.paragraph)
    words = [child for child in node.children if child.astext()] if first else []  # MyST leaves empty texts round them
    if len(words) == 1 and isinstance(words[0], nodes.strong):
        return f"#question{content(render_all(words[0].children, scope))}\n\n"
    return render(node, scope)


def source_mark(node: nodes.Node) -> str:
    """Return a comment line that says which source line a block comes from."""
    return f"// @{node.line}\n" if getattr(node, "line", None) else ""


@handles("title", own_targets=True)
def title(node: nodes.Element, scope: Scope) -> str:
    """Return a section's heading; a title elsewhere becomes a line of its own, out of the contents."""
    parent = node.parent
    if not isinstance(parent, nodes.section):
        return minor_title(node, scope)
    opening = [label(scope.docname)] if opens_document(parent) else []
    first, *others = [*opening, *claim(parent, scope), *claim_inner(node, scope), ""]
    kind, number = KINDS.get(scope.depth, "minor"), section_number(parent, scope)
    listed = str(scope.depth <= contents_depth(scope)).lower()
    head = f"#head({string(kind)}, {scope.depth + scope.lift}, {string(number)}, listed: {listed})"
    head += heading_body(node, scope)
    return head + (f"#label({string(first)})" if first else "") + "".join(anchor(name) for name in others if name)


def contents_depth(scope: Scope) -> int:
    """Return how deep the contents go here: a document's front matter may say `typst_toc_depth` for itself."""
    own = str(scope.book.env.metadata.get(scope.docname, {}).get("typst_toc_depth", ""))
    return int(own) if own.isdigit() else scope.book.config.typst_toc_depth


def heading_body(node: nodes.Element, scope: Scope) -> str:
    """Return the words of a heading, fit to be repeated in the contents and the running head."""
    return content(render_all(node.children, scope.inside(titling=True, heading=True)))


def opens_document(node: nodes.Element) -> bool:
    """Tell whether this is the first section of its document."""
    return isinstance(node.parent, nodes.document) and node is next(node.parent.findall(nodes.section))


def section_number(node: nodes.Element, scope: Scope) -> str:
    """Return the number that Sphinx gave this section ("2.1"), or nothing."""
    numbers = scope.book.env.toc_secnumbers.get(scope.docname, {})
    keys = [f"#{identifier}" for identifier in node["ids"]] + ([""] if opens_document(node) else [])
    found = next((numbers[key] for key in keys if numbers.get(key)), ())
    return ".".join(str(part) for part in found)


@handles("subtitle", "rubric", "centered")
def minor_title(node: nodes.Element, scope: Scope) -> str:
    """Return a bold line that heads what follows, outside the contents."""
    return f"#minor-title[{render_all(node.children, scope)}]\n\n"
