"""What machines read in a page's head: description, the card for links elsewhere, the page's own address, schema.org."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from malibook.press.furniture.book import Book
from malibook.press.furniture.card import HEIGHT, WIDTH
from malibook.press.furniture.cite import WHOLE
from malibook.press.furniture.pages import Page

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DATA = "book/data-dictionary"


def head_tags(page: Page, book: Book) -> str:
    """Return the tags of a page's head.

    An address in them must be absolute: without a configured one, `og:url`, `og:image` and `canonical` are left out.
    """
    title, about, url = _title(page, book), page.description, book.address(f"{page.path}.html")
    image = book.address(f"cards/{card_of(page)}.png")
    tags = [_meta("name", "description", about), _meta("name", "author", book.author)]
    graph = {"og:title": title, "og:description": about, "og:type": "book" if page.path == WHOLE else "article"}
    graph |= {"og:site_name": book.short_title, "og:locale": "en_GB", "og:url": url, "og:image": image}
    if image:
        graph |= {
            "og:image:width": str(WIDTH),
            "og:image:height": str(HEIGHT),
            "og:image:alt": f"{title}, above a bar chart of deaths by month",
        }
    tags += [_meta("property", name, text) for name, text in graph.items()]
    card = {
        "twitter:card": "summary_large_image" if image else "summary",
        "twitter:title": title,
        "twitter:description": about,
    }
    tags += [_meta("name", name, text) for name, text in card.items()]
    if url and 'rel="canonical"' not in page.text:
        tags.append(f'<link rel="canonical" href="{escape(url)}">')
    tags.append(f'<script type="application/ld+json">{_json(structured(page, book))}</script>')
    return "\n".join(tag for tag in tags if tag)


def card_of(page: Page) -> str:
    """Return whose card a page shows: a chapter its own, any other the book's."""
    return page.name if page.is_chapter else WHOLE.rpartition("/")[2]


def structured(page: Page, book: Book) -> dict[str, Any]:
    """Return what a page is, in the words of schema.org: the book, a chapter of it, or its data set."""
    whole = {"@type": "Book", "name": book.title, "author": {"@type": "Organization", "name": book.author}}
    whole |= {
        "inLanguage": "en",
        "datePublished": book.year,
        "bookEdition": f"{book.version}, {book.commit}",
        "license": LICENCE,
    }
    whole |= {"url": book.address(f"{WHOLE}.html")} if book.site else {}
    if page.path == WHOLE:
        return {"@context": "https://schema.org"} | whole | {"description": page.description}
    kind = "Dataset" if page.path == DATA else "Chapter"
    part = {"@context": "https://schema.org", "@type": kind, "name": page.title, "description": page.description}
    part |= {
        "author" if kind == "Chapter" else "creator": whole["author"],
        "inLanguage": "en",
        "license": LICENCE,
        "isPartOf": whole,
    }
    part |= {"version": f"{book.data_version} ({book.data_hash})"} if kind == "Dataset" else {}
    return part | ({"url": book.address(f"{page.path}.html")} if book.site else {})


def _title(page: Page, book: Book) -> str:
    return book.title if page.path == WHOLE else page.title


def _meta(kind: str, name: str, text: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(text)}">' if text else ""


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
