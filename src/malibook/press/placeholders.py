"""Find what is still to be written: visible placeholders in the prose of a book, with file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from malibook.evidence import root
from malibook.press.notebooks import chapters, path_of

MARK = re.compile(r"\bTo write: (?P<what>[^\n\"\\]*)")
PAPERS = ("README.md", "CITATION.cff", "CONTRIBUTING.md")


@dataclass(frozen=True)
class Placeholder:
    """One thing that is still to be written."""

    where: str
    line: int
    what: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.where}:{self.line}: {self.what}"


def placeholders() -> list[Placeholder]:
    """Return every placeholder of the book's pages, chapters and papers, in order of files and lines."""
    pages = sorted((root() / "book").glob("*.md"))
    notebooks = [path_of(name) for name in chapters()]
    papers = [path for name in PAPERS if (path := root() / name).is_file()]
    return [found for path in (*papers, *pages, *notebooks) for found in _in(path)]


def _in(path: Path) -> list[Placeholder]:
    where = path.relative_to(root()).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    found = ((number, MARK.search(line)) for number, line in enumerate(lines, 1))
    return [Placeholder(where, number, hit["what"].strip(" *#")) for number, hit in found if hit]
