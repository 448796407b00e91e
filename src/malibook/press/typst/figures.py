"""Pictures: numbered figures with caption and alt text, and plain images."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util import logging

from .escape import anchor, array, content, escape, string
from .render import Scope, claim, claim_inner, handles, render_all

logger = logging.getLogger(__name__)
LENGTH = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(px|pt|mm|cm|in|em|%)?\s*$")
OPENING = 3600  # characters of a chapter that fill about one page, with its title
SHORT = 90  # characters of a caption that the list of figures shows before it is cut
ENOUGH = 40  # characters that a shortened caption has at least


@handles("figure", own_targets=True)
def figure(node: nodes.Element, scope: Scope) -> str:
    """Return a figure: floating to the head or foot of a page unless it stands inside something else."""
    caption = child_of(node, nodes.caption)
    body = "".join(picture(image, scope, caption) for image in node.findall(nodes.image))
    extra = [child for child in node if not isinstance(child, nodes.caption | nodes.legend | nodes.image)]
    body += render_all([child for child in extra if not child.next_node(nodes.image)], scope.inside(boxed=True))
    options = f"float: {'none' if scope.boxed else placement(node)}"
    return exhibit("picture", node, scope, options, content(body), legend(node, scope))


def placement(node: nodes.Element) -> str:
    """Return where a figure may float: to the foot of the page near a chapter's beginning, whose head is its title."""
    before = 0
    for text in node.document.findall(nodes.Text):
        before += len(text)
        if before > OPENING:
            return "auto"
        if text.parent is not None and is_within(text, node):
            return "bottom"
    return "auto"


def is_within(node: nodes.Node, holder: nodes.Node) -> bool:
    """Tell whether a node stands inside another."""
    while node is not None and node is not holder:
        node = node.parent
    return node is holder


def below(node: nodes.Element) -> str:
    """Return about how high a figure's caption and small print are, in Typst's units."""
    small = sum(len(part.astext()) for part in node if isinstance(part, nodes.legend))
    caption = sum(len(part.astext()) for part in node if isinstance(part, nodes.caption))
    return f"{20 + 11 * -(-caption // 95) + 10 * -(-small // 112)}pt"


def exhibit(function: str, node: nodes.Element, scope: Scope, options: str, body: str, legend: str = "none") -> str:
    """Return a call of the template for a figure or table, with number, captions and link targets."""
    caption = child_of(node, nodes.caption if function == "picture" else nodes.title)
    number = exhibit_number(node, scope, "figure" if function == "picture" else "table")
    names = claim(node, scope) + claim_inner(node, scope)
    long = short = "none"
    if caption is not None:
        long = content(render_all(caption.children, scope.inside(titling=True)))
        short = content(escape(shorten(bare_text(caption))))
    arguments = f"number: {string(number)}, short: {short}, caption: {long}, legend: {legend}, {options}"
    return f"#{function}(ids: {array(map(string, names))}, {arguments},\n  {body},\n)\n\n"


def exhibit_number(node: nodes.Element, scope: Scope, kind: str) -> str:
    """Return the number as the HTML prints it ("Fig. 2.1"), or nothing for an unnumbered exhibit."""
    numbers = scope.book.env.toc_fignumbers.get(scope.docname, {}).get(kind, {})
    found = next((numbers[name] for name in node["ids"] if name in numbers), None)
    if found is None or not scope.book.config.numfig:
        return ""
    return scope.book.config.numfig_format[kind] % ".".join(str(part) for part in found)


def child_of(node: nodes.Element, kind: type) -> nodes.Element | None:
    """Return the first child of this kind, or None."""
    return next((child for child in node.children if isinstance(child, kind)), None)


def bare_text(node: nodes.Element) -> str:
    """Return a caption's text without its footnote marks."""
    return "".join(
        text.astext() for text in node.findall(nodes.Text) if not isinstance(text.parent, nodes.footnote_reference)
    )


def shorten(caption: str) -> str:
    """Return a caption for the list of figures: whole if short, else its first sentence, or the first clause of that."""
    text = " ".join(caption.split())
    ends = [match.start() for match in re.finditer(r"[.!?](?= [A-ZÀ-Ý«“])|[.!?]$", text)]
    first = text[: next((end for end in ends if end >= ENOUGH), len(text))]
    clauses = [match.start() for match in re.finditer(r"[;:,](?= )", first[: SHORT + 1])]
    early = next((end for end in reversed(clauses) if end >= ENOUGH), None)
    return first if len(first) <= SHORT or early is None else first[:early]


def legend(node: nodes.Element, scope: Scope) -> str:
    """Return what stands below a figure's caption, such as its sources."""
    parts = [child for child in node if isinstance(child, nodes.legend)]
    return content(render_all(parts, scope.inside(boxed=True, plain=True))) if parts else "none"


@handles("image", own_targets=True)
def image(node: nodes.Element, scope: Scope) -> str:
    """Return an image without caption: on its own, or as high as the line it stands in."""
    names = "".join(anchor(name) for name in claim(node, scope))
    if isinstance(node.parent, nodes.TextElement) and len(node.parent.children) > 1:
        code = image_code(node, scope)
        return names + (f"#box(height: 1em, baseline: .15em, {code})" if code else "")
    return f"{names}#lone-image[{picture(node, scope)}]\n\n"


def picture(node: nodes.Element, scope: Scope, caption: nodes.Node | None = None) -> str:
    """Return the call that draws an image, sized as asked but never wider or higher than the page."""
    code = image_code(node, scope, caption)
    size = f"width: {length(node.get('width'), node)}, factor: {node.get('scale', 100)}%"
    size += f", below: {below(node.parent)}" if isinstance(node.parent, nodes.figure) and not scope.boxed else ""
    return f"#fit({size}, {code})" if code else ""


def image_code(node: nodes.Element, scope: Scope, caption: nodes.Node | None = None) -> str:
    """Return the Typst image, or nothing after a warning if there is no such file."""
    name = scope.book.images.get(node["uri"])
    if name is None:
        logger.warning("typst: image file not found: %s", node["uri"], location=node)
        return ""
    return f"image({string('/images/' + name)}, alt: {string(alt_text(node, caption))})"


def alt_text(node: nodes.Element, caption: nodes.Node | None) -> str:
    """Return an image's alt text; where there is none, warn and use the caption."""
    alt = " ".join(node.get("alt", "").split())
    if alt:
        return alt
    logger.warning("typst: image without alt text: %s", node["uri"], location=node, type="typst", subtype="alt")
    return bare_text(caption) if caption is not None else node["uri"].rsplit("/", 1)[-1]


def length(text: str | None, node: nodes.Element) -> str:
    """Return a width of docutils ("80%", "300px", "12cm") in Typst's units; auto if none is given."""
    if not text:
        return "auto"
    match = LENGTH.match(str(text))
    if match is None:
        logger.warning("typst: image width not understood: %s", text, location=node)
        return "auto"
    amount, unit = float(match[1]), match[2] or "px"
    return f"{amount * 0.75:g}pt" if unit == "px" else f"{amount:g}{unit}"
