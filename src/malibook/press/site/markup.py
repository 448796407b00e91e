"""Lighter markup: what Sphinx writes and no style needs is taken out, wide tables get a frame that scrolls.

Each change leaves what a reader sees and what a link leads to as it was.
"""

from __future__ import annotations

import re

# Letters of code that have no colour, words of literal text, and names of roles: wrapped singly, and styled by nothing.
_IDLE = re.compile(
    r'<span class="(?:n|p|o|w|nb|nn|fm|vm|pre|doc|std std-ref|std std-doc|std std-term|std std-numref|xref std std-term)">([^<]*)</span>'
)
_LITERAL = re.compile(r'<code class="[^"]*\bliteral\b[^"]*">')
_DOWNLOAD = re.compile(r'(<a class="[^"]*\bdownload\b[^"]*"[^>]*>)<code\b[^>]*>(.*?)</code></a>', re.S)
_CELL = re.compile(r' class="(?:row-odd|row-even)"')
_HEAD_CELL = re.compile(r'<th class="head(?: ([^"]*))?"')
_TABLE = re.compile(r'<table class="([^"]*)"((?: id="[^"]*")?)>(.*?)</table>', re.S)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.S)
_CHAPTER = re.compile(r'<h1><span class="section-number">(\d+)\. </span>')
_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h\d[^>]*>(.*?)</h\d>", re.S)


def light(page: str) -> str:
    """Return a page with the same text and look in fewer letters and elements."""
    page = _IDLE.sub(r"\1", _IDLE.sub(r"\1", page))
    page = _DOWNLOAD.sub(r"\1\2</a>", page)
    page = _CHAPTER.sub(r'<h1><span class="section-number">Chapter \1 </span>', _LITERAL.sub("<code>", page))
    page = _HEAD_CELL.sub(lambda found: f'<th class="{found[1]}"' if found[1] else "<th", _CELL.sub("", page))
    return framed(page.replace(' title="Link to this heading"', "").replace(' title="Link to this image"', ""))


def framed(page: str) -> str:
    """Return a page whose tables stand in frames that scroll by finger, wheel and keyboard, each frame with a name."""
    return _TABLE.sub(lambda found: _frame(found, page), page)


def _frame(found: re.Match[str], page: str) -> str:
    if "indextable" in found[1]:
        return found[0]
    caption = _CAPTION.search(found[3])
    name = _words(caption[1]) if caption else _nearest(page, found.start())
    label = f"Table: {name}" if not name.startswith("Table") else name
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label[:120]}">{found[0]}</div>'


def _nearest(page: str, place: int) -> str:
    """Return the heading that a table without a caption stands under."""
    start = max(page.rfind("<h1", 0, place), page.rfind("<h2", 0, place), page.rfind("<h3", 0, place))
    found = _HEADING.search(page, start) if start >= 0 else None
    return _words(found[1]) if found else "of this page"


def _words(markup: str) -> str:
    text = " ".join(_TAG.sub("", re.sub(r'<a class="headerlink".*?</a>', "", markup, flags=re.S)).split())
    return text.replace('"', "&quot;")
