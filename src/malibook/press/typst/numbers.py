"""The page of all bound numbers on paper: what rests on the same rows stands together, and the rows are said once."""

from __future__ import annotations

from docutils import nodes

from .escape import array, content, escape, string
from .matter import chapter_name
from .render import Scope, claim, claim_inner, render_all

LISTING = "every-number"  # the class of the definition list that holds a chapter's numbers
CHAPTERS = "notebooks/"


def is_listing(node: nodes.Node) -> bool:
    """Tell whether this is a section that holds one chapter's numbers."""
    return isinstance(node, nodes.section) and any(LISTING in child.get("classes", []) for child in elements(node))


def elements(node: nodes.Element) -> list[nodes.Element]:
    """Return the children that are elements."""
    return [child for child in node.children if isinstance(child, nodes.Element)]


def listings(sections: list[nodes.section], scope: Scope) -> str:
    """Return the numbers of all chapters, running on in columns."""
    return f"#in-columns(2)[\n{''.join(listing(section, scope) for section in sections)}]\n"


def listing(section: nodes.section, scope: Scope) -> str:
    """Return one chapter's numbers under its title, in the order in which their rows first appear."""
    groups: dict[tuple[str, ...], list[nodes.Element]] = {}
    for item in section.findall(nodes.definition_list_item):
        groups.setdefault(tuple(row.astext() for row in rows_of(item)), []).append(item)
    title = f'#head("subsection", {scope.depth + scope.lift + 1}, "", listed: false){content(chapter_title(section, scope))}'
    ids = array(string(name) for name in [*claim(section, scope), *claim_inner(section[0], scope)])
    return f"{title}\n#number-list({ids}, {array(group(items, scope) for items in groups.values())})\n"


def chapter_title(section: nodes.section, scope: Scope) -> str:
    """Return the number and title of the chapter that a section of numbers is about, or the section's own title."""
    docname = CHAPTERS + section[0].astext()
    env = scope.book.env
    return escape(chapter_name(env, docname) if docname in env.titles else section[0].astext())


def group(items: list[nodes.Element], scope: Scope) -> str:
    """Return the numbers that rest on the same rows, and those rows, as the template wants them."""
    lines = [content(render_all(row.children, scope.inside(boxed=True, plain=True))) for row in rows_of(items[0])]
    for item in items:
        claim_inner(item[-1], scope)  # nothing leads to the citations in here
    return f"({array(number(item, scope) for item in items)}, {array(lines)})"


def number(item: nodes.Element, scope: Scope) -> str:
    """Return one number: its targets, value, unit, key, and how it was made."""
    term, body = item[0], item[-1]
    names = array(string(name) for name in claim(term, scope))
    value, key = term[0].astext(), term[-1].astext()
    unit = " ".join(part.astext().strip() for part in term.children[1:-1]).strip()
    told = [part for part in body.children if part not in rows_of(item)]
    how = content(render_all(told, scope.inside(boxed=True, plain=True))) if told else "none"
    return f"({names}, {content(escape(value))}, {content(escape(unit))}, {content(escape(key))}, {how})"


def rows_of(item: nodes.Element) -> list[nodes.Element]:
    """Return the paragraphs of a number's entry that name rows: they begin with a link to their table."""
    return [part for part in elements(item[-1]) if part.children and isinstance(part[0], nodes.reference)]
