"""References to what an edition leaves out: they become words that say so, since a link to nothing fails the build."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass

from malibook.press.ledger import KINDS, contract
from malibook.press.notebooks import every_chapter

NOT_HERE = "not in this edition"
_LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]+)\.(?:md|ipynb)(?:#[^)]*)?\)")
_NUMBER = re.compile(r"\{n\}`([\w-]+)/([\w-]+)`")
_NUMREF = re.compile(r"\{numref\}`(?:[^`<]*<)?([\w-]+)>?`")


@dataclass(frozen=True)
class Present:
    """What an edition holds: its documents, the numbers that its runs bound, the figures and tables that they showed."""

    documents: Collection[str]
    numbers: Collection[str]
    exhibits: Collection[str]


def degraded(text: str, document: str, present: Present) -> str:
    """Return the MyST of a document with each reference to what is not there turned into words."""
    folder, _, own = document.rpartition("/")

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[2]))
        if "://" in found[2] or target in present.documents:
            return found[0]
        name = found[1] or f"*{target.rpartition('/')[2].replace('-', ' ')}*"
        return f"{name} ({NOT_HERE})"

    def number(found: re.Match[str]) -> str:
        if f"{found[1]}/{found[2]}" in present.numbers or (found[1] == own and folder == "notebooks"):
            return found[0]
        return f"[a number of {found[1][3:].replace('-', ' ')}, {NOT_HERE}]"

    def numref(found: re.Match[str]) -> str:
        return found[0] if found[1] in present.exhibits or _owner(found[1]) == own else _instead(found[1])

    return _NUMREF.sub(numref, _NUMBER.sub(number, _LINK.sub(link, text)))


def _instead(key: str) -> str:
    kind = "a table" if key.startswith("tbl") else "a figure"
    return f"{kind} ({NOT_HERE})"


def _owner(key: str) -> str:
    """Return the chapter whose contract names an exhibit, optional ones too; empty for none."""
    for chapter in every_chapter():
        promised = contract(chapter)
        if any(key in promised.get(f"{kind}s", []) for kind in KINDS):
            return chapter
    return ""
