"""What the search page searches: every section, event, claim, term and number of the book, as a script that it loads.

A script and not JSON: a page opened from disk may load a script beside it, but may not fetch a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from malibook.press.furniture.pages import Page, heads, words

DATA = "_static/search-data.js"
SPHINX_LEFT = ("searchindex.js", "_static/searchtools.js", "_static/language_data.js")
SPHINX_TAGS = re.compile(
    r'\s*<script[^>]*\bsrc="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"[^>]*></script>'
)
_LABEL = re.compile(r"^\[\d+\] ")  # the running number of a source
_NAMED = re.compile(r"\s*(<strong>.*?</strong>|[^<]+(?=</span>))", re.S)
_ENTRY = re.compile(r'<(?:tr|dt|span|div|p)\b[^>]*\bid="((?:event|claim|n|term|source)-[^"]+)"[^>]*>')
_NOSCRIPT = re.compile(r"<noscript>(?:(?!</noscript>).)*JavaScript.*?</noscript>\s*", re.S)
_RESULTS = '<div id="search-results"></div>'
LONGEST_TITLE = 90
NEAR = 1000  # characters within which an entry's row has begun
HELP = """<noscript><p>The search needs JavaScript. Without it: the <a href="{timeline}">timeline</a>, the
<a href="{terms}">glossary</a>, <a href="{numbers}">every number</a> and your browser’s own search within a page.</p></noscript>
<p id="search-status" role="status"></p>
<ol id="search-results" class="found-places"></ol>
<script defer src="_static/search-data.js"></script>
<script defer src="_static/search.js"></script>"""
PLACES = {"timeline": "book/timeline.html", "terms": "book/glossary.html", "numbers": "book/numbers.html"}


def search_data(pages: list[Page], entries: list[list[tuple[str, str, str]]]) -> str:
    """Return the script: pages as `[path, title]`, entries of each page as `[page, anchor, title, text]`."""
    found = [[at, *entry] for at, of_page in enumerate(entries) for entry in of_page]
    data = {"pages": [[f"{page.path}.html", page.title] for page in pages], "entries": found}
    return f"window.malibookSearch = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def entries_of(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield anchor, title and text of each section of a page, and of each entry that has an address of its own."""
    article = page.article
    cuts = [(m.start(), m.end(), m.end(), m[1], words(m[2])) for m in heads(article)]
    for m in _ENTRY.finditer(article):
        begin = _begin(article, m.start())
        cuts.append((begin, begin, m.end(), m[1], ""))
    cuts.sort()
    for (_, start, named, anchor, title), (end, *_) in zip(cuts, [*cuts[1:], (len(article),)], strict=True):
        text = _LABEL.sub("", words(article[start:end]))
        if title or text:
            yield anchor, title or _brief(article[named:end], text), text


def search_page(text: str, folder: Path) -> str:
    """Return Sphinx's search page with our search in it; a page without a place for results is returned as it is."""
    known = {name: path for name, path in PLACES.items() if (folder / path).exists()}
    filled = HELP.format(**{name: known.get(name, "index.html") for name in PLACES})
    return _NOSCRIPT.sub("", text).replace(_RESULTS, filled)


def _begin(article: str, at: int) -> int:
    """Return where an entry begins: with its row, where its address stands on a part of one."""
    row = article.rfind("<tr", max(0, at - NEAR), at)
    return row if row >= 0 and "</tr>" not in article[row:at] else at


def _brief(markup: str, text: str) -> str:
    """Return an entry's title: what stands in its own mark or in bold, else the beginning of its text."""
    named = _NAMED.match(markup)
    if named and re.search(r"[^\W\d]{3}", words(named[1])):
        return words(named[1])
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rpartition(" ")[0] + " …"
