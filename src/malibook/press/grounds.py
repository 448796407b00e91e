"""Find paragraphs of prose that state facts and show no ground: no bound number, citation, link or word of inference.

A report for authors, not a proof: a sentence can be wrong with a citation beside it. What is looked at are paragraphs that name a
date, or say of a party that it did something; headings, lists of exercises, rules and questions are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from malibook.press.notebooks import read

GROUND = re.compile(
    r"\{n\}`|\{cite:\w+\}`|\{numref\}`|\]\([^)]+\)|\{term\}`[^`]*<"  # bound, cited, shown, linked
    r"|\b(?:we|our|ours) (?:infer|inference|reading|judgement|choice|observation|rules?|tables?|copy|division|sources|documents|data)\b"
    r"|\b(?:infer|inference|inferences|fact base|in our (?:reading|judgement)|as far as)\b|\bthis (?:book|chapter|page)(?:’s|'s)?\b|\bwe (?:find|looked|found|leave|hold|read)\b"
    r"|`\w+`",  # a table or a parameter by its name
    re.I,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
CLAIM = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\b"
    r"|\b(?:army|French|France|Wagner|Russians?|JNIM|Islamic State|UN|Bamako|ECOWAS|MINUSMA|rebels|Kyiv|CSP|FLA|UCDP|ACLED)\b"
    r"[^.]*?\b(?:was|were|had|took|killed|said|says|left|attacked|fell|lost|came|began|ended|announced|counted|counts?|codes?|fought)\b"
)
_PASSED = re.compile(r"\A(?:#|\||:{3,}|```|\d+\. |\([\w-]+\)=|---)|\?\**\s*\Z")
FREE = ("exercises",)  # sections that ask and do not state


@dataclass(frozen=True)
class Bare:
    """A paragraph that states facts and shows no ground."""

    where: str
    text: str

    def __str__(self) -> str:
        """Return the finding on one line."""
        return f"{self.where}: {' '.join(self.text.split())[:140]}"


def bare_paragraphs(text: str, where: str) -> list[Bare]:
    """Return the paragraphs of one Markdown text that state something and show no ground for it."""
    out, section = [], ""
    for block in _blocks(text):
        if block.startswith("#"):
            section = block.lstrip("# ").casefold()
        elif section not in FREE and not _PASSED.search(block) and CLAIM.search(block) and not GROUND.search(block):
            out.append(Bare(where, block))
    return out


def bare_in_notebook(path: Path) -> list[Bare]:
    """Return the bare paragraphs of a chapter; the sections run on from cell to cell."""
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    return bare_paragraphs("\n\n".join(cells), path.name)


def _blocks(text: str) -> list[str]:
    """Return paragraphs and single list items, without front matter, options of directives and fenced code."""
    text = re.sub(r"\A---\n.*?\n---\n|^```.*?^```$|^:[\w-]+:.*$", "", text, flags=re.S | re.M)
    parts = re.split(r"\n\s*\n|\n(?=- |\* |#)|(?<=\n)(?=\d+\. )", text)
    return [part.strip() for part in parts if part.strip()]
