"""sphinx-design on paper: cards in columns, folded parts unfolded, tabs one after the other; notebook cells."""

from __future__ import annotations

import re

from docutils import nodes

from .blocks import through
from .escape import array, content, string
from .figures import child_of
from .inline import link_target
from .render import Scope, handles, render, render_all

ROW_COLUMNS = re.compile(r"^sd-row-cols-(?:\w\w-)?(\d+)$")
MOST_COLUMNS = 3  # side by side on a printed page


@handles("container")
def container(node: nodes.Element, scope: Scope) -> str:
    """Return a container by its role in sphinx-design or myst-nb; any other only groups."""
    role = node.get("design_component") or node.get("nb_element") or ""
    return ROLES.get(role, through)(node, scope)


def card(node: nodes.Element, scope: Scope) -> str:
    """Return a framed card; one that is a link as a whole gets the link on its title."""
    links = [link for link in node.findall(nodes.reference) if "sd-stretched-link" in link.get("classes", [])]
    target = next((found for link in links if (found := link_target(link, scope))), None)
    for link in links:
        link.parent.remove(link)
    inner = scope.inside(boxed=True)
    return f"#card({string(target or '')})[{render_all(node.children, inner).strip()}]\n\n"


def grid_row(node: nodes.Element, scope: Scope) -> str:
    """Return cards side by side, as many as the author asks for on a wide screen, three at most."""
    asked = [int(match[1]) for name in node["classes"] if (match := ROW_COLUMNS.match(name))]
    count = max(1, min([MOST_COLUMNS, len(node.children), *([max(asked)] if asked else [])]))
    inner = scope.inside(boxed=True)
    return f"#cards({count}, {array(content(render(item, inner)) for item in node.children)})\n\n"


def unfolded(node: nodes.Element, scope: Scope) -> str:
    """Return a dropdown or tab opened: nothing folds on paper."""
    title = child_of(node, nodes.rubric)
    body = [child for child in node.children if child is not title]
    head = content(render_all(title.children, scope)) if title is not None else "[]"
    return f'#callout("aside", {head}, {content(render_all(body, scope.inside(boxed=True)))})\n\n'


def heading(node: nodes.Element, scope: Scope) -> str:
    """Return the title or header of a card."""
    return f"#card-title[{render_all(node.children, scope).strip()}]\n\n"


def footer(node: nodes.Element, scope: Scope) -> str:
    """Return the foot of a card."""
    return f"#small[{render_all(node.children, scope).strip()}]\n\n"


ROLES = {
    "card": card,
    "card-header": heading,
    "card-title": heading,
    "card-footer": footer,
    "grid-row": grid_row,
    "dropdown": unfolded,
    "tab-item": unfolded,
}
