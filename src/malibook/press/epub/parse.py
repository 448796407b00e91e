"""Read the article of a built HTML page into an element tree.

Sphinx's HTML is almost always XML too and then read as that, in a quarter of the time; raw HTML in prose and extensions
need not be, so an HTML parser stands by. Spans that only colour or classify are taken off first: half of a page's bytes.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, fromstring

from malibook.errors import BookError

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ARTICLE = re.compile(r'<article class="bd-article"[^>]*>.*</article>', re.S)
_PLAIN = re.compile(r'<span class="(?:[a-z]{1,2}\d?|pre|doc|fn-bracket|std std-\w+|xref std std-\w+)">([^<]*)</span>')
_ENTITIES = '<!DOCTYPE html [<!ENTITY nbsp "&#160;"> <!ENTITY shy "&#173;">]>'
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Reader(HTMLParser):
    """Builds a tree from tags as they come; an end tag closes whatever was left open inside its element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder, self.open = TreeBuilder(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, if it is open."""
        while tag in self.open:
            last = self.open.pop()
            self.builder.end(last)
            if last == tag:
                break

    def handle_data(self, data: str) -> None:
        """Add text."""
        self.builder.data(data)


def article(path: Path) -> Element:
    """Return the article of a built page, without the theme around it; raise `BookError` where the page has none."""
    found = _ARTICLE.search(path.read_text(encoding="utf-8"))
    if not found:
        raise BookError("holds no article", where=path.name, remedy="report this: the theme changed its pages")
    return fragment(_NOT_XML.sub("", _PLAIN.sub(r"\1", found[0])))


def fragment(html: str) -> Element:
    """Return the tree of a piece of HTML that has one outermost element."""
    try:
        return fromstring(_ENTITIES + html)
    except ParseError:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        for tag in reversed(reader.open):
            reader.builder.end(tag)
        return reader.builder.close()
