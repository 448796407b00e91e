"""Boxes and lists apart from the text: notes, exercises and solutions, asides, the bibliography."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import admonitionlabels

from .escape import content, escape, string
from .figures import child_of
from .render import Scope, handles, render_all

TONES = {
    **dict.fromkeys(("warning", "caution", "danger", "error", "attention"), "warn"),
    **dict.fromkeys(("exercise_node", "exercise_enumerable_node", "solution_node"), "task"),
    **dict.fromkeys(("sidebar", "topic"), "aside"),
}


@handles("attention", "caution", "danger", "error", "hint", "important", "note", "seealso", "tip", "warning")
def admonition(node: nodes.Element, scope: Scope) -> str:
    """Return a note of a named kind under the name that Sphinx gives it in the book's language."""
    kind = type(node).__name__
    return callout(node, scope, escape(str(admonitionlabels[kind])))


@handles("admonition", "sidebar", "topic")
def titled(node: nodes.Element, scope: Scope) -> str:
    """Return a box under its own title; a local table of contents is left out, the book has one."""
    if "contents" in node.get("classes", []):
        return ""
    return callout(node, scope, own_title(node, scope))


@handles("exercise_node", "solution_node")
def exercise(node: nodes.Element, scope: Scope) -> str:
    """Return an exercise without number, or a solution, which names its exercise."""
    return callout(node, scope, own_title(node, scope))


@handles("exercise_enumerable_node")
def numbered_exercise(node: nodes.Element, scope: Scope) -> str:
    """Return an exercise under the number that the HTML gives it."""
    numbers = scope.book.env.toc_fignumbers.get(scope.docname, {}).get("exercise", {})
    number = next((numbers[name] for name in node["ids"] if name in numbers), ())
    name = scope.book.config.numfig_format["exercise"] % ".".join(map(str, number))
    return callout(node, scope, escape(name) + own_title(node, scope))


def own_title(node: nodes.Element, scope: Scope) -> str:
    """Return the words of a box's title, or nothing."""
    title = child_of(node, nodes.title)
    return render_all(title.children, scope) if title is not None else ""


def callout(node: nodes.Element, scope: Scope, title: str) -> str:
    """Return a box in the tone of its kind: calm, warning, task or aside."""
    names = [*node.get("classes", []), type(node).__name__]
    tone = next((TONES[name] for name in names if name in TONES), "calm")
    body = [child for child in node.children if not isinstance(child, nodes.title)]
    text = content(render_all(body, scope.inside(boxed=True)))
    return f"#callout({string(tone)}, {content(title)}, {text})\n\n"


@handles("citation")
def citation(node: nodes.Element, scope: Scope) -> str:
    """Return one entry of the bibliography, its later lines indented; its label only if the text cites by label."""
    mark, style = child_of(node, nodes.label), getattr(scope.book.config, "bibtex_reference_style", "label")
    tag = f"#strong[\\[{escape(mark.astext())}\\]] " if mark is not None and style == "label" else ""
    text = render_all([child for child in node if child is not mark], scope.inside(boxed=True)).strip()
    return f"#entry[{tag}{text}]\n\n"
