"""Find numbers that were typed into prose instead of being bound to data.

What may stand as digits: dates, years and spans of years, ordinals, clock times, and names that hold a digit
(Resolution 2100, G5 Sahel, Su-24). Everything else must be a bound number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from malibook.press.notebooks import read

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NAMES = (
    r"Resolutions? \d{4}(?:(?:,| and) \d{4})*|G5|FC-G5S|Su-\d+|Mi-\d+|A400M|M5-RFP|E3|TB2|UTC[+−]\d|CSP-\w+|GED \d+\.\d|v\d+(?:\.\d+)*"
    r"|Python 3|Article \d+|Chapter [1-9]|chapters? [1-9](?: (?:to|and) [1-9])?|ISO \d+(?:-\d)?|CC BY(?:-\w+)* \d\.0|Candidate \d\d?(?:\.\d+)+|SHA-256|PDF/UA-1|A4|Natural Earth 1?\d+m"
)
_ALLOWED = [
    r"\A---\n.*?\n---$",  # front matter
    r"`{3,}.*?`{3,}",  # fenced blocks
    r"^:{3,}.*$",
    r"^:[\w-]+:.*$",  # directive options
    r"\{[\w:]+\}`[^`]*`",  # roles: bound numbers, citations, references
    r"`[^`]*`",
    r"\]\([^)]*\)|\{#[^}]*\}|<[^>]*>|^\([\w-]+\)=$",  # targets of links, anchors
    r"\$[^$]+\$",
    rf"\b\d{{1,2}}(?:[–-]\d{{1,2}})?(?: and \d{{1,2}})? (?:{_MONTHS})\b(?: \d{{4}})?",
    rf"\b(?:{_MONTHS}) \d{{1,2}}\b",
    r"\b(?:19|20)\d\d(?:[–/-](?:(?:19|20)\d\d|\d\d))?(?:s)?\b",
    r"\b\d{1,2}(?:st|nd|rd|th)\b",
    r"\b\d{1,2}[:.]\d{2}(?= (?:GMT|UTC|local))",
    rf"\b(?:{_NAMES})(?!\w)",
    r"^\s*\d+\.\s",  # numbered lists
]
_CLEAN = re.compile("|".join(f"(?:{p})" for p in _ALLOWED), re.M | re.S)
_DIGITS = re.compile(r"[\w.,%–-]*\d[\w.,%–-]*")
_WORDS = re.compile(r"\b(?:dozens?|hundreds?|thousands?|millions?|billions?)\b", re.I)
_ROUGH = re.compile(r"\b(?:hundreds|thousands|millions|dozens) of\b", re.I)


@dataclass(frozen=True)
class Loose:
    """A number in prose that nothing binds."""

    where: str
    line: int
    text: str
    context: str

    def __str__(self) -> str:
        """Return the finding on one line."""
        return f"{self.where}, line {self.line}: {self.text!r} is typed, not bound, in: {self.context}"


def loose_numbers(text: str, where: str) -> list[Loose]:
    """Return the unbound numbers in one Markdown text, with the line that each stands in."""
    blanked = _CLEAN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    blanked = _ROUGH.sub(lambda m: " " * len(m[0]), blanked)
    lines, out = text.split("\n"), []
    for pattern in (_DIGITS, _WORDS):
        for hit in pattern.finditer(blanked):
            at = blanked.count("\n", 0, hit.start())
            out.append(Loose(where, at + 1, hit[0], lines[at].strip()[:100]))
    return sorted(out, key=lambda x: x.line)


def loose_in_notebook(path: Path) -> list[Loose]:
    """Return the unbound numbers in a chapter's prose; `where` names the cell."""
    cells = read(path).cells
    return [
        found
        for number, cell in enumerate(cells, 1)
        if cell.cell_type == "markdown"
        for found in loose_numbers(cell.source, f"{path.name}, cell {number}")
    ]
