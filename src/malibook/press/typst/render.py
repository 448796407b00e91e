"""From doctree to Typst: a table of functions, one for each kind of node, and nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from docutils import nodes
from sphinx.util import logging

from .columns import breakable
from .escape import anchor, escape, label

logger = logging.getLogger(__name__)


@dataclass
class Book:
    """What all documents of one build share."""

    env: Any
    config: Any
    targets: set[str] = field(default_factory=set)  # labels that a link may name
    wanted: set[str] = field(default_factory=set)  # those of them that a link or the index does name
    emitted: set[str] = field(default_factory=set)  # labels written so far: Typst refuses doubles
    images: dict[str, str] = field(default_factory=dict)  # uri in the doctree -> file name in the build folder
    faults: list[str] = field(default_factory=list)  # what could not be printed: the build fails for it


@dataclass(frozen=True)
class Scope:
    """Where the renderer is: which document, how deep, and what the place allows."""

    book: Book
    docname: str
    depth: int = 0  # of the last heading: 1 chapter, 2 section …
    lift: int = 0  # added to the depth for the heading level: 1 inside a part
    boxed: bool = False  # in a list, card, callout or table: no float, no page of its own
    tabular: bool = False  # in a table cell: long words get places to break
    titling: bool = False  # in a heading or caption, which the contents repeat: no link targets there
    heading: bool = False  # in a heading: no links either, the contents would send the reader elsewhere
    plain: bool = False  # small print: links are not coloured
    compact: bool = False  # a page to look things up in: smaller tables
    footnotes: Mapping[str, nodes.Element] = field(default_factory=dict)

    def inside(self, **changes: object) -> Scope:
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


Handler = Callable[[Any, Scope], str]
HANDLERS: dict[str, Handler] = {}
OWN_TARGETS: set[str] = set()  # node kinds whose handler writes its link targets itself


def handles(*names: str, own_targets: bool = False) -> Callable[[Handler], Handler]:
    """Register a function as the renderer of these node classes (and of their subclasses)."""

    def register(function: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = function
            if own_targets:
                OWN_TARGETS.add(name)
        return function

    return register


def render(node: nodes.Node, scope: Scope) -> str:
    """Return the Typst markup of one node, link targets included."""
    if isinstance(node, nodes.Text):
        return escape(breakable(node.astext()) if scope.tabular else node.astext())
    for cls in type(node).__mro__:
        if cls.__name__ in HANDLERS:
            body = HANDLERS[cls.__name__](node, scope)
            return body if cls.__name__ in OWN_TARGETS else anchors(node, scope) + body
    return report_unknown(node, scope)


def render_all(items: Iterable[nodes.Node], scope: Scope) -> str:
    """Return the markup of several nodes, one after the other."""
    return "".join(render(item, scope) for item in items)


def report_unknown(node: nodes.Node, scope: Scope) -> str:
    """Log a node that has no renderer, with its place, and remember it: the build fails at the end."""
    name = type(node).__name__
    logger.error("typst: cannot print a <%s> node in %s%s", name, scope.docname, cell_of(node), location=node)
    scope.book.faults.append(name)
    return ""


def cell_of(node: nodes.Node | None) -> str:
    """Return ", cell 3, line 2" for a node of a notebook (myst-nb counts 10000 lines a cell), else nothing."""
    while node is not None and node.line is None:
        node = node.parent
    if node is None or node.line < 10000:
        return ""
    return f", cell {node.line // 10000}, line {node.line % 10000}"


def anchors(node: nodes.Node, scope: Scope) -> str:
    """Return the invisible link targets of a node's ids."""
    return "" if scope.titling else "".join(anchor(name) for name in claim(node, scope))


def claim(node: nodes.Node, scope: Scope) -> list[str]:
    """Return the labels of a node that are wanted and still have to be written, and count all as written."""
    book, names = scope.book, []
    for identifier in getattr(node, "attributes", {}).get("ids", []):
        name = label(scope.docname, identifier)
        if name in book.targets and name not in book.emitted:
            book.emitted.add(name)
            names.append(name)
    return [name for name in names if name in book.wanted]


def claim_inner(node: nodes.Element, scope: Scope) -> list[str]:
    """Return the labels of all nodes below this one: for headings and captions, which hold none themselves."""
    return [name for child in node.findall(nodes.Element) if child is not node for name in claim(child, scope)]
