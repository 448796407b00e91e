"""What stands between headings: paragraphs, lists, definitions, quotations, code."""

from __future__ import annotations

from docutils import nodes

from .escape import content, string
from .render import Scope, anchors, handles, render, render_all

NUMBERING = {"arabic": "1.", "loweralpha": "a.", "upperalpha": "A.", "lowerroman": "i.", "upperroman": "I."}
SOURCE_LINE = "source-line"  # the class of a paragraph below a table that names its sources
SHORT = 170  # signs: two lines at the most
LEXERS = {"ipython": "python", "ipython3": "python", "py": "python", "default": "", "none": "", "text": ""}


@handles(
    *("comment", "substitution_definition", "index", "highlightlang", "tabular_col_spec", "meta", "pending"),
    *("system_message", "footnote", "docinfo", "exercise_end_node", "solution_start_node", "solution_end_node"),
)
def nothing(node: nodes.Element, scope: Scope) -> str:
    """Return nothing: these hold no text for a reader, or it is printed where it is called for."""
    return ""


@handles("document", "compound", "container", "glossary", "only", "target")
def through(node: nodes.Element, scope: Scope) -> str:
    """Return the children alone: these only group them; a bibliography stands in two columns."""
    body = render_all(node.children, scope)
    cited = bool(node.children) and all(isinstance(child, nodes.citation) for child in node.children)
    return f"#in-columns(2){content(body)}\n\n" if cited else body


@handles("paragraph", "compact_paragraph")
def paragraph(node: nodes.Element, scope: Scope) -> str:
    """Return a paragraph, ended by an empty line; the source line of a table goes with the table.

    A short line between a heading and its text keeps with the text, so that neither is left alone at the foot of a page.
    """
    text = render_all(node.children, scope)
    if _leads(node):
        return f"#block(sticky: true){content(text)}\n\n"
    if SOURCE_LINE not in node.get("classes", []):
        return f"{text}\n\n"
    return "" if isinstance(before(node), nodes.table) else f"#small{content(text)}\n\n"


def _leads(node: nodes.Element) -> bool:
    follows = isinstance(before(node), nodes.title) and not isinstance(node.parent, nodes.document)
    return follows and node.parent.index(node) + 1 < len(node.parent) and len(node.astext()) < SHORT


def before(node: nodes.Element) -> nodes.Node | None:
    """Return the node that stands just before this one, or None."""
    place = node.parent.index(node) if node.parent is not None else 0
    return node.parent[place - 1] if place else None


@handles("bullet_list")
def bullet_list(node: nodes.Element, scope: Scope) -> str:
    """Return a list with bullets."""
    return f"#list(tight: {tight(node)}{items(node, scope)})\n\n"


@handles("enumerated_list")
def enumerated_list(node: nodes.Element, scope: Scope) -> str:
    """Return a numbered list, with its own first number and style."""
    style = string(NUMBERING.get(node.get("enumtype", "arabic"), "1."))
    return f"#enum(tight: {tight(node)}, start: {node.get('start', 1)}, numbering: {style}{items(node, scope)})\n\n"


def items(node: nodes.Element, scope: Scope) -> str:
    """Return the entries of a list as further Typst arguments."""
    inner = scope.inside(boxed=True)
    return "".join(", " + content(anchors(item, inner) + render_all(item.children, inner)) for item in node.children)


def tight(node: nodes.Element) -> str:
    """Return, as a Typst boolean, whether no entry holds more than one paragraph."""
    return str(all(sum(isinstance(child, nodes.paragraph) for child in item) < 2 for item in node.children)).lower()


@handles("definition_list", "field_list")
def definition_list(node: nodes.Element, scope: Scope) -> str:
    """Return terms, each with its explanation indented below; a glossary stands in two columns."""
    inner = scope.inside(boxed=True)
    terms = f"#definitions({', '.join(definition(item, inner) for item in node.children)})"
    return f"#in-columns(2){content(terms)}\n\n" if "glossary" in node.get("classes", []) else terms + "\n\n"


def definition(item: nodes.Element, scope: Scope) -> str:
    """Return one Typst term: its names on one line, its explanations below."""
    names = [child for child in item if isinstance(child, nodes.term | nodes.classifier | nodes.field_name)]
    bodies = [child for child in item if isinstance(child, nodes.definition | nodes.field_body)]
    head = "#h(.8em)".join(render(name, scope).strip() for name in names)
    return f"terms.item({content(anchors(item, scope) + head)}, {content(render_all(bodies, scope))})"


@handles("term", "field_name", "definition", "field_body", "line", "caption", "legend", "label")
def inner_part(node: nodes.Element, scope: Scope) -> str:
    """Return the content of a part whose frame is drawn by what holds it."""
    return render_all(node.children, scope)


@handles("classifier")
def classifier(node: nodes.Element, scope: Scope) -> str:
    """Return what kind of term it is, in italics."""
    return f"#emph[{render_all(node.children, scope)}]"


@handles("block_quote")
def block_quote(node: nodes.Element, scope: Scope) -> str:
    """Return a quotation with its attribution, if it has one."""
    inner = scope.inside(boxed=True)
    source = next((child for child in node if isinstance(child, nodes.attribution)), None)
    words = [child for child in node if child is not source]
    by = f", attribution: {content(render_all(source.children, inner))}" if source is not None else ""
    return f"#quote(block: true{by}){content(render_all(words, inner))}\n\n"


@handles("line_block")
def line_block(node: nodes.Element, scope: Scope) -> str:
    """Return lines that stay lines; inner blocks are indented."""
    lines = [
        f"#pad(left: 1.5em){content(render(line, scope))}"
        if isinstance(line, nodes.line_block)
        else render(line, scope)
        for line in node.children
    ]
    return "#linebreak()\n".join(lines) + "\n\n"


@handles("literal_block", "doctest_block")
def literal_block(node: nodes.Element, scope: Scope) -> str:
    """Return code or plain output in a frame, highlighted if its language is known."""
    language = node.get("language", "") or ""
    lang = string(LEXERS.get(language, language))
    return f"#code({string(node.astext().rstrip())}, {lang})\n\n"


@handles("transition")
def transition(node: nodes.Element, scope: Scope) -> str:
    """Return a break of thought; the line that MyST draws above its footnotes is not one."""
    return "" if "footnotes" in node.get("classes", []) else "#pause\n\n"
