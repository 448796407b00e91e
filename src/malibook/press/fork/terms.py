"""The glossary of a fork: the terms of method, and those that its chapters and pages mark."""

from __future__ import annotations

import re
from collections.abc import Iterable

from malibook.evidence import root
from malibook.press.fork.templates import template
from malibook.press.notebooks import path_of, read
from malibook.press.scope import BOUND

METHOD = (
    "Armed group",
    "Best, low and high estimate",
    "Candidate data",
    "Claim",
    "Counting rule",
    "Dispute",
    "Fatality",
    "Non-state violence",
    "One-sided violence",
    "State-based violence",
    "UCDP",
)
TERM = re.compile(r"\{term\}`(?:([^`<]*?)\s*<([^>`]+)>|([^`]+))`")


def glossary(taken: Iterable[str]) -> str:
    """Return the glossary page of a fork with the chapters `taken`."""
    body = "\n\n".join(f"{term}\n{text}" for term, text in wanted(taken).items())
    return template("glossary.md").replace("{{entries}}", body)


def wanted(taken: Iterable[str]) -> dict[str, str]:
    """Return the entries that a fork takes, in order: of method, marked by chapters and pages, and marked by these in turn.

    One that binds numbers of a chapter that stays behind, or says something of the country of the forked book alone, stays behind.
    """
    known, taken = entries(), set(taken)
    fit = {term: text for term, text in known.items() if {chapter for chapter in BOUND.findall(text)} <= taken}
    by_small = {term.casefold(): term for term in fit}
    prose = [template("pages"), *(cell.source for name in sorted(taken) for cell in read(path_of(name)).cells)]
    found, waiting = set[str](), [*METHOD, *marked("\n".join(prose))]
    while waiting:
        term = by_small.get(waiting.pop().casefold(), "")
        if term and term not in found:
            found.add(term)
            waiting += marked(fit[term])
    out = {term: text for term, text in fit.items() if term in found}
    return {term: unmarked(text, out) for term, text in out.items()}


def entries() -> dict[str, str]:
    """Return this book's entries by their terms, each definition as it is indented."""
    text = (root() / "book" / "glossary.md").read_text(encoding="utf-8")
    inside = text.partition(":::{glossary}\n")[2].partition("\n:::")[0]
    return {term: body for block in inside.split("\n\n") for term, _, body in [block.strip("\n").partition("\n")]}


def marked(text: str) -> list[str]:
    """Return the terms that a text marks."""
    return [found[2] or found[3] for found in TERM.finditer(text)]


def unmarked(text: str, kept: Iterable[str]) -> str:
    """Return a text in which only terms of `kept` are marked; the others are words."""
    small = {term.casefold() for term in kept}

    def word(found: re.Match[str]) -> str:
        return found[0] if (found[2] or found[3]).casefold() in small else (found[1] or found[3])

    return TERM.sub(word, text)
