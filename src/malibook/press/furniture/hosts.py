"""The files that hosts and crawlers ask for: the page for what is not there, robots.txt and, with an address, a sitemap."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit
from xml.sax.saxutils import escape as xml_escape

from malibook.press.furniture.book import Book
from malibook.press.furniture.meta import head_tags
from malibook.press.furniture.pages import FOLDERS, Page

MISSING = "404.html"
STYLE = """:root{color-scheme:light dark;background:Canvas;color:CanvasText}
body{max-width:40rem;margin:12vh auto 4rem;padding:0 1.2rem;font:1.05rem/1.6 system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif}
h1{line-height:1.2}ul{padding-left:1.1rem}li{margin:.25rem 0}
body{background:#fff;color:#1d1d1d}a{color:#0b4a8f}
@media (prefers-color-scheme:dark){body{background:#14202b;color:#eee}a{color:#9cc8ff}}"""
# A host shows this page at any depth. All of the book's pages lie in a few folders: what comes before one is its root.
FIND_ROOT = """const found = location.pathname.match(/^(.*?\\/)(?:%s)\\//);
const root = found ? found[1] : location.pathname.replace(/[^/]*$/, "");
for (const link of document.querySelectorAll("a[data-path]")) link.href = root + link.dataset.path;"""


def not_found(pages: list[Page], book: Book) -> str:
    """Return the page that a host shows where there is none; it loads nothing, so it looks the same at any depth.

    With a configured address its links are absolute. Without one they fit the commonest case, a page gone from one of
    the book's folders, and a script corrects them for any other depth.
    """
    base = urlsplit(book.site).path if book.site else "../"
    script = "" if book.site else f"<script>{FIND_ROOT % '|'.join([*FOLDERS, 'downloads'])}</script>\n"
    links = [_link(base, f"{page.path}.html", page.title) for page in pages]
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>Page not found – {escape(book.short_title, quote=False)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>This page is not in the book</h1>
<p>The address may be mistyped. The book keeps the addresses of its pages: one that was here before is listed below, perhaps under
another name. Start at {_link(base, "index.html", book.title)}, or {_link(base, "search.html", "search the book")}.</p>
<h2>All pages</h2>
<ul>
{chr(10).join(f"<li>{link}</li>" for link in links)}
</ul>
</main>
{script}</body>
</html>
"""


def front_door(first: Page, book: Book) -> str:
    """Return the page at the book's own address: it leads to the first page, by a link too, and carries that page's card."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={escape(first.path)}.html">
<link rel="icon" href="_static/favicon.svg">
<title>{escape(book.title, quote=False)}</title>
{head_tags(first, book)}
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(book.title, quote=False)}</h1>
<p><a href="{escape(first.path)}.html">Open the book</a></p>
</main>
</body>
</html>
"""


def robots(book: Book) -> str:
    """Return robots.txt: everything may be read; where the address is known it names the sitemap."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {book.address('sitemap.xml')}\n" if book.site else "")


def sitemap(pages: list[Page], book: Book) -> str:
    """Return the sitemap of a book whose address is known."""
    urls = "".join(f"<url><loc>{xml_escape(book.address(page.path + '.html'))}</loc></url>\n" for page in pages)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{urls}</urlset>\n'


def _link(base: str, path: str, text: str) -> str:
    return f'<a href="{escape(base + path)}" data-path="{escape(path)}">{escape(text, quote=False)}</a>'
