"""What was put in the place of the libraries' own functions gives what they gave."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from pybtex.richtext import Text
from sphinx.util.nodes import NodeMatcher

from malibook.press import sphinxwalk
from malibook.press.curly import curly
from malibook.press.sphinxspeed import read_latex_once
from malibook.press.sphinxwalk import walk, walk_without_recursion

PLAIN_FROM_LATEX = Text.from_latex

TEXT = """
Title
=====

A paragraph with *emphasis*, **strong _`target` text** and a link_.

* one

  * two

    * three

========  ========
a         b
========  ========
1         *2*
========  ========

.. _link: #target
"""


@pytest.fixture(scope="module", autouse=True)
def patched() -> None:
    walk_without_recursion()


def recursive(node: nodes.Node) -> list[nodes.Node]:
    return [node, *(below for child in node.children for below in recursive(child))]


CONDITIONS = [None, nodes.Text, nodes.paragraph, nodes.Element, lambda n: isinstance(n, nodes.list_item)]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_findall_finds_the_same_in_the_same_order(condition):
    tree = publish_doctree(TEXT)
    test = (lambda n: isinstance(n, condition)) if isinstance(condition, type) else condition or (lambda n: True)
    expected = [node for node in recursive(tree) if test(node)]
    assert [id(n) for n in tree.findall(condition)] == [id(n) for n in expected]
    assert len(expected) > 1


def test_other_questions_are_answered_by_docutils_itself():
    tree = publish_doctree(TEXT)
    first = next(tree.findall(nodes.emphasis))
    assert next(n.astext() for n in first.findall(nodes.Text, include_self=False, siblings=True)) == "emphasis"
    assert first not in list(first.findall(include_self=False))
    assert list(tree.findall(nodes.paragraph, descend=False)) == []


def test_children_added_while_walking_are_seen():
    tree = nodes.container("", nodes.paragraph("", "a"))
    seen = []
    for node in walk(tree):
        seen.append(type(node).__name__)
        if isinstance(node, nodes.paragraph) and len(tree) < 3:
            tree += nodes.paragraph("", "b")
    assert seen.count("paragraph") == 3


def test_removing_the_node_just_found_does_not_stop_the_walk():
    tree = nodes.container("", *(nodes.paragraph("", str(i)) for i in range(4)))
    for node in list(tree.findall(nodes.paragraph)):
        node.parent.remove(node)
    assert len(tree) == 0


@pytest.mark.parametrize(
    ("straight", "printed"),
    [
        ("the month's deaths", "the month’s deaths"),
        ('coded "one-sided" events', "coded “one-sided” events"),
        ("'so' (\"thus\")", "‘so’ (“thus”)"),
        ("plain", "plain"),
    ],
)
def test_quotation_marks_are_curled(straight, printed):
    assert curly(straight) == printed


LATEX = [
    "plain words", "{Whole title: with, marks (and more)!}", "é à – — …", "AT&T", "a -- b", "it''s", "``quoted''", "what?`", "a  b",
    " before", "after ", "{}", "{ }", "{a}{b}", "{a {b} c}", "\\'e", "50\\%", "~", "a~b", "", "x", "'quoted'", "line\nbreak",
    "{ac{k}}", "#1", "_x_", "tab\there", "don't", "{don't}",
]  # fmt: skip


@pytest.mark.parametrize("latex", LATEX)
def test_a_field_without_latex_reads_as_with_it(latex, monkeypatch):
    monkeypatch.setattr(Text, "from_latex", PLAIN_FROM_LATEX)
    read_latex_once()
    quick = _outcome(Text.from_latex, latex)
    assert quick == _outcome(PLAIN_FROM_LATEX, latex)


def _outcome(read, latex: str) -> str:
    try:
        return repr(read(latex))
    except Exception as error:
        return repr(type(error))


# A paragraph as it comes from a file: nobody makes its nodes while a page is worked on.
PICKLED = pickle.dumps(nodes.paragraph("", "", nodes.inline("", "", nodes.math("", "x"))))


WAYS = [
    lambda page, new: page.append(new),
    lambda page, new: page.insert(0, new),
    lambda page, new: page[0].replace_self(new),
    lambda page, new: page[0].append(new),
    lambda page, new: page.__setitem__(slice(0, 1), [new]),
    lambda page, new: page[0].extend([new.deepcopy()]),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_a_page_did_not_hold_is_found_once_it_does(way, elsewhere):
    page = publish_doctree(TEXT)
    assert list(page.findall(nodes.math)) == [] == list(page.findall(NodeMatcher(nodes.math)))
    new = pickle.loads(PICKLED)
    if elsewhere:  # another page is looked through meanwhile
        list(publish_doctree("Other").findall(nodes.math))
    way(page, new)
    assert len(list(page.findall(nodes.math))) == 1 == len(list(page.findall(NodeMatcher(nodes.math))))
    assert len(list(page.findall(nodes.Element))) > 5


def test_a_node_set_in_place_by_hand_is_found():
    page = publish_doctree(TEXT)
    assert list(page.findall(nodes.rubric)) == []
    page[0].children[0] = nodes.rubric("", "put there")
    assert [node.astext() for node in page.findall(nodes.rubric)] == ["put there"]


def test_a_page_is_looked_through_once_for_what_it_does_not_hold(monkeypatch):
    page, looked = publish_doctree(TEXT), []
    publish_doctree("Another page")  # its own transforms look through it
    inner = sphinxwalk._walk
    monkeypatch.setattr(sphinxwalk, "_walk", lambda start, kind: looked.append(kind) or inner(start, kind))
    for kind in (nodes.math, nodes.rubric, nodes.footnote, nodes.math):
        assert list(page.findall(kind)) == []
    assert looked == [nodes.Node]


def test_matchers_are_answered_as_by_sphinx():
    page = publish_doctree(TEXT)
    for matcher in (NodeMatcher(nodes.reference, refuri=Any), NodeMatcher(nodes.reference, name="no"), NodeMatcher()):
        assert list(page.findall(matcher)) == [node for node in recursive(page) if matcher(node)]
