"""What stands between lines: headings, paragraphs, lists, quotations, code, notes to the reader."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from .escape import anchor, array, content, escape, label, string
from .render import Scope, anchors, claim, claim_inner, handles, render, render_all

KINDS = {1: "chapter", 2: "section", 3: "subsection"}
NUMBERING = {"arabic": "1.", "loweralpha": "a.", "upperalpha": "A.", "lowerroman": "i.", "upperroman": "I."}
SILENT = (
    "comment", "substitution_definition", "index", "highlightlang", "tabular_col_spec", "meta", "pending",
    "system_message", "footnote", "label", "docinfo", "field_list", "colspec", "toctree", "start_of_file",
    "exercise_end_node", "solution_start_node", "solution_end_node", "only_", "nodes_",
)  # fmt: skip


@handles(*SILENT)
def nothing(node: nodes.Element, scope: Scope) -> str:
    """Return nothing: these nodes carry no text of their own, or it is printed elsewhere."""
    return ""


@handles("document", "compound", "container", "glossary", "only", "decoration")
def through(node: nodes.Element, scope: Scope) -> str:
    return render_all(node.children, scope)


@handles("section", own_targets=True)
def section(node: nodes.Element, scope: Scope) -> str:
    """Return a section; each block is preceded by a comment with its source line, for error messages."""
    inner = scope.inside(depth=scope.depth + 1)
    return "".join(f"\n{source_mark(child)}{render(child, inner)}\n" for child in node.children)


def source_mark(node: nodes.Node) -> str:
    """Return a comment line that names where a block comes from."""
    return f"// @{node.source}:{node.line}\n" if getattr(node, "line", None) else ""


@handles("title", own_targets=True)
def title(node: nodes.Element, scope: Scope) -> str:
    """Return a section's heading; other titles are printed by what they entitle."""
    parent = node.parent
    if not isinstance(parent, nodes.section):
        return f"#minor-title{heading_body(node, scope)}\n\n"
    names = claim(parent, scope) + claim_inner(node, scope)
    if opens_document(parent):
        names.insert(0, label(scope.docname))
    number = section_number(parent, scope)
    kind = KINDS.get(scope.depth, "minor")
    first, *others = [*names, ""]
    head = f"#head({string(kind)}, {scope.depth + scope.lift}, {string(number)}, {heading_body(node, scope)})"
    return head + (f"#label({string(first)})" if first else "") + "".join(anchor(name) for name in others if name)


def heading_body(node: nodes.Element, scope: Scope) -> str:
    return content(render_all(node.children, scope.inside(titling=True)))


def opens_document(node: nodes.Element) -> bool:
    """Tell whether this is the first section of its document."""
    return isinstance(node.parent, nodes.document) and node is next(node.parent.findall(nodes.section))


def section_number(node: nodes.Element, scope: Scope) -> str:
    """Return the number that Sphinx gave this section, as in the HTML ("2.1"), or nothing."""
    numbers = scope.book.env.toc_secnumbers.get(scope.docname, {})
    keys = [f"#{identifier}" for identifier in node["ids"]] + ([""] if opens_document(node) else [])
    found = next((numbers[key] for key in keys if numbers.get(key)), ())
    return ".".join(str(part) for part in found)


@handles("subtitle", "rubric", "centered")
def rubric(node: nodes.Element, scope: Scope) -> str:
    return f"#minor-title{heading_body(node, scope)}\n\n"


@handles("paragraph", "compact_paragraph", "attribution_")
def paragraph(node: nodes.Element, scope: Scope) -> str:
    return render_all(node.children, scope) + "\n\n"


@handles("bullet_list")
def bullet_list(node: nodes.Element, scope: Scope) -> str:
    return f"#list(tight: {tight(node)}, {items(node, scope)})\n\n"


@handles("enumerated_list")
def enumerated_list(node: nodes.Element, scope: Scope) -> str:
    start = f"start: {node['start']}, " if node.get("start", 1) != 1 else ""
    style = NUMBERING.get(node.get("enumtype", "arabic"), "1.")
    return f"#enum(tight: {tight(node)}, {start}numbering: {string(style)}, {items(node, scope)})\n\n"


def items(node: nodes.Element, scope: Scope) -> str:
    """Return the entries of a list as Typst arguments."""
    inner = scope.inside(boxed=True)
    return ", ".join(content(anchors(item, inner) + render_all(item.children, inner)) for item in node.children)


def tight(node: nodes.Element) -> str:
    """Return whether all entries are single paragraphs (each perhaps with a list below), as a Typst boolean."""
    return str(all(sum(isinstance(x, nodes.paragraph) for x in item) < 2 for item in node.children)).lower()
