"""Bound numbers of two runs of the same chapters, side by side: the published edition and another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from malibook.evidence import root
from malibook.press.ledger import Ledger
from malibook.press.notebooks import path_of, read
from malibook.press.sayings import counted
from malibook.press.scope import HOME

PLACE = "in order"  # the unit of a rank: two places lower is no change in percent
FINDS = "## What this chapter finds"
_LOCAL = re.compile(r"\{n\}`((?:[\w-]+/)?[\w-]+)`")


@dataclass(frozen=True)
class Pair:
    """One bound number as published and as this edition has it; `None` where one of the two runs did not bind it."""

    chapter: str
    key: str
    before: dict[str, Any] | None
    now: dict[str, Any] | None

    @property
    def same(self) -> bool:
        """Return whether both runs print the same."""
        return self.before is not None and self.now is not None and self.before["text"] == self.now["text"]

    @property
    def change(self) -> str:
        """Return the change as a reader wants it: shares in points, ranks in places, else in percent; words where it is no quantity."""
        if self.before is None or self.now is None:
            return "only here" if self.before is None else "not here"
        if self.same:
            return "none"
        old, new = self.before["value"], self.now["value"]
        if not (_is_number(old) and _is_number(new)):
            return "other"
        if self.before.get("unit") == self.now.get("unit") == PLACE:
            return f"{counted(abs(new - old), 'place')} {'lower' if new > old else 'higher'}"
        if self.before["text"].endswith("%") and self.now["text"].endswith("%"):
            return f"{100 * (new - old):+.0f} points".replace("-", "−")
        return f"{new / old - 1:+.0%}".replace("-", "−") if old > 0 else f"{new - old:+,.3g}".replace("-", "−")


def pairs(published: Iterable[Ledger], here: Iterable[Ledger]) -> list[Pair]:
    """Return every bound number of the chapters that `here` has, in the order in which its runs bound them."""
    before = {ledger.chapter: _numbers(ledger) for ledger in published}
    out = []
    for ledger in here:
        old, new = before.get(ledger.chapter, {}), _numbers(ledger)
        out += [Pair(ledger.chapter, key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    return out


def headlines(chapters: Iterable[str]) -> set[tuple[str, str]]:
    """Return the numbers that carry the book: those of the welcome page and of what each chapter says that it finds."""
    page = root() / f"{HOME}.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = {(key.partition("/")[0], key.partition("/")[2]) for key in _LOCAL.findall(text) if "/" in key}
    for chapter in chapters:
        for key in _LOCAL.findall(_findings(chapter)):
            owner, slash, rest = key.partition("/")
            found.add((owner, rest) if slash else (chapter, key))
    return found


def _findings(chapter: str) -> str:
    """Return the section of a chapter that says what it finds; empty where it has none."""
    prose = "\n\n".join(cell.source for cell in read(path_of(chapter)).cells if cell.cell_type == "markdown")
    _, head, after = prose.partition(FINDS)
    return re.split(r"^## ", after, maxsplit=1, flags=re.M)[0] if head else ""


def _numbers(ledger: Ledger) -> dict[str, dict[str, Any]]:
    return {e["key"]: e for e in ledger.exhibits if e["kind"] == "number"}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
