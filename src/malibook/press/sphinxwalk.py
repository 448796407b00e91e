"""Walks through docutils' trees: with a stack instead of recursion, and not at all for what a tree does not hold.

Some sixty transforms look through each page from beginning to end, most of them for a class of nodes that it has none of.
The classes in a page are found once; from then on every node that is made, or set into any tree, adds its own. So what is
known is never less than what is there, and a walk for anything else ends before it begins.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.util.nodes import NodeMatcher


class Kinds:
    """The classes of nodes in one page, the last one asked about."""

    def __init__(self) -> None:
        self._page: Callable[[], Any] = lambda: None
        self._kinds: set[type] = set()
        self._answers: dict[Any, tuple[int, bool]] = {}

    def may_hold(self, page: nodes.document, kind: type | tuple[type, ...]) -> bool:
        """Return whether a page may hold a node of this class, or of one of these."""
        if self._page() is not page:
            self._page, self._kinds = weakref.ref(page), {nodes.Text, *map(type, _walk(page, nodes.Node))}
            self._answers.clear()
        count, answer = self._answers.get(kind, (0, False))
        if count != len(self._kinds):  # which only grow
            answer = any(issubclass(one, kind) for one in self._kinds)
            self._answers[kind] = (len(self._kinds), answer)
        return answer

    def add(self, node: nodes.Node) -> None:
        """Take note of a node that may come into the page, with all below it."""
        self._kinds.add(type(node))
        if node.children:
            self._kinds.update(map(type, _walk(node, nodes.Node)))

    def add_class(self, kind: type) -> None:
        """Take note of the class of a node that was just made."""
        self._kinds.add(kind)


KINDS = Kinds()


def walk_without_recursion() -> None:
    """Put these walks in the place of docutils' own, which pass each node up through as many generators as it is deep."""
    nodes.Node._fast_findall = walk_of
    nodes.Node._superfast_findall = walk
    if hasattr(nodes.Node.findall, "slow"):
        return
    nodes.Node.findall = _findall(nodes.Node.findall)
    nodes.Node.setup_child = _noting_child(nodes.Node.setup_child)
    nodes.Element.__init__ = _noting_self(nodes.Element.__init__)


def walk(start: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node and all below it in the order of the text; what a caller changes while walking is seen, as before."""
    return _walk(start, nodes.Node)


def walk_of(start: nodes.Node, kind: type | tuple[type, ...]) -> Iterator[nodes.Node]:
    """Yield what `walk` does, nodes of one class only, or of one of several: most questions ask for that."""
    if not isinstance(start, nodes.document) or KINDS.may_hold(start, kind):
        yield from _walk(start, kind)


def _walk(start: nodes.Node, kind: type | tuple[type, ...]) -> Iterator[nodes.Node]:
    stack = [iter((start,))]
    while stack:
        for node in stack[-1]:
            if isinstance(node, kind):
                yield node
            if node.children:
                stack.append(iter(node.children))
                break
        else:
            stack.pop()


def _findall(slow: Callable[..., Iterator[nodes.Node]]) -> Callable[..., Iterator[nodes.Node]]:
    """Return docutils' `findall`, quick for the usual question: this node and all below it that fulfil a condition."""

    @functools.wraps(slow)
    def findall(self, condition=None, include_self=True, descend=True, siblings=False, ascend=False):
        if not include_self or not descend or siblings or ascend:
            return slow(self, condition, include_self, descend, siblings, ascend)
        if condition is None:
            return walk(self)
        if isinstance(condition, type):
            return walk_of(self, condition)
        classes = condition.classes if type(condition) is NodeMatcher else ()
        return (node for node in walk_of(self, classes or nodes.Node) if condition(node))

    findall.slow = slow
    return findall


def _noting_child(slow: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(slow)
    def setup_child(self, child):
        slow(self, child)
        KINDS.add(child)

    return setup_child


def _noting_self(slow: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(slow)
    def made(self, *args, **more):
        slow(self, *args, **more)
        KINDS.add_class(type(self))

    return made
