"""The pages that Sphinx built, read for what the furniture needs: title, description, sections, numbers of exhibits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

LONGEST = 200  # characters of a description
SHORTEST = 40  # a paragraph with fewer says too little of a page
FOLDERS = ("book", "notebooks")
_ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.S)
_HIDDEN = re.compile(
    r'<span class="gloss-tip".*?</span>|<a class="headerlink".*?</a>|<details\b[^>]*\bhide\b.*?</details>|<pre\b.*?</pre>|<script\b.*?</script>|<style\b.*?</style>|<svg\b.*?</svg>',
    re.S,
)
_CITED = re.compile(r'\s*<span class="bibtex-citation".*?</span>', re.S)
_TAG = re.compile(r"<[^>]+>")
_BLOCK = re.compile(r"</?(?:p|td|th|li|dd|dt|tr|div|figcaption|caption|h\d|br)\b[^>]*>")
_HEAD = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.S)
_NUMBERED = re.compile(r'<span class="section-number">.*?</span>', re.S)
_CAPTION = re.compile(
    r'<(?:figure|table|div)\b[^>]*\bid="((?:fig|tbl)-[\w-]+)"(?:(?!<(?:figure|table)\b).)*?<span class="caption-number">(.*?)</span>',
    re.S,
)


@dataclass
class Page:
    """One page of the book as it was built: `path` without its suffix, and the whole text of its file."""

    path: str
    text: str

    @property
    def is_chapter(self) -> bool:
        """Return whether an executed notebook stands behind the page."""
        return self.path.startswith("notebooks/")

    @property
    def name(self) -> str:
        """Return the page's name without its folder."""
        return self.path.rpartition("/")[2]

    @cached_property
    def article(self) -> str:
        """Return what the page says, in HTML, without what surrounds it."""
        found = _ARTICLE.search(self.text)
        return found[1] if found else ""

    @cached_property
    def title(self) -> str:
        """Return the page's heading without its number."""
        found = _HEAD.search(self.article)
        return words(_NUMBERED.sub("", found[1])) if found else self.name

    @cached_property
    def description(self) -> str:
        """Return the page's first paragraph that says something, cut after a sentence or a word; empty for none."""
        after = _HEAD.split(self.article, maxsplit=1)[-1]
        for part in re.finditer(r"<p\b[^>]*>(.*?)</p>", _CITED.sub("", _HIDDEN.sub("", after)), re.S):
            text = words(part[1])
            if len(text) >= SHORTEST:
                return shortened(text)
        return ""


def read_pages(folder: Path) -> list[Page]:
    """Return every page of the book below a built folder, in order of their paths."""
    paths = sorted(p for name in FOLDERS for p in (folder / name).glob("*.html"))
    return [Page(p.relative_to(folder).with_suffix("").as_posix(), p.read_text(encoding="utf-8")) for p in paths]


def caption_numbers(pages: list[Page]) -> dict[str, str]:
    """Return what the book calls each exhibit (`Fig. 4`, `Table 12`) by its key."""
    return {key: words(number) for page in pages for key, number in _CAPTION.findall(page.article)}


def words(markup: str) -> str:
    """Return the text of a piece of HTML, blanks single, without what opens only on hovering and without code."""
    text = _TAG.sub("", _BLOCK.sub(" ", _HIDDEN.sub("", markup)))
    return " ".join(unescape(text).split())


def shortened(text: str) -> str:
    """Return a text of at most 200 characters: whole sentences, else whole words and an ellipsis."""
    if len(text) <= LONGEST:
        return text
    head = text[:LONGEST]
    end = max(head.rfind(mark) for mark in (". ", "? ", "! "))
    return head[: end + 1] if end > LONGEST // 3 else head[: LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def link_up(path: str) -> str:
    """Return how a page leads to the book's first folder."""
    return "../" * path.count("/")


def heads(article: str) -> Iterator[re.Match[str]]:
    """Yield the headings of an article, each with its section's anchor (1) and its markup (2)."""
    return re.finditer(
        r'<section\b[^>]*\bid="([^"]+)"[^>]*>\s*(?:<span[^>]*></span>\s*)*<h[1-6]\b[^>]*>(.*?)</h[1-6]>', article, re.S
    )
