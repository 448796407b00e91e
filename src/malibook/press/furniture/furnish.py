"""Set the furniture into the pages that Sphinx built, before the press hardens and checks them.

Done on the finished pages and not within Sphinx: Sphinx writes only the pages whose text changed, but citation, sizes
and addresses change on all.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from malibook.press.contents import documents
from malibook.press.forks import each
from malibook.press.furniture.book import Book, read_book
from malibook.press.furniture.cite import cite_panel
from malibook.press.furniture.find import DATA, SPHINX_LEFT, SPHINX_TAGS, entries_of, search_data, search_page
from malibook.press.furniture.hosts import MISSING, front_door, not_found, robots, sitemap
from malibook.press.furniture.launch import launch_panel
from malibook.press.furniture.lay import CARDS
from malibook.press.furniture.meta import head_tags
from malibook.press.furniture.pages import Page, caption_numbers, link_up, read_pages
from malibook.press.furniture.takeaway import download_panel, lay_downloads

# As Jupyter Book writes it where the first page has another name.
FRONT, REDIRECT = "index.html", 'http-equiv="Refresh"'


def furnish(folder: Path, stage: Path) -> None:
    """Complete a built book in place, with what its stage holds."""
    book = read_book(stage)
    order = {name: at for at, name in enumerate(documents())}
    pages = sorted((p for p in read_pages(folder) if p.path in order), key=lambda p: order[p.path])
    numbers = caption_numbers(pages)
    by_path = {folder / f"{page.path}.html": page for page in pages}

    def dress(path: Path) -> list[tuple[str, str, str]]:
        page = by_path[path]
        if page.is_chapter:
            lay_downloads(page, book, stage, folder, numbers)
        _write(path, dressed(page, book, folder))
        return list(entries_of(page))

    entries = each(by_path, dress)
    shutil.copytree(stage / CARDS, folder / "cards")
    _write(folder / DATA, search_data(pages, entries))
    _write(folder / MISSING, not_found(pages, book))
    if pages and REDIRECT in (folder / FRONT).read_text(encoding="utf-8"):
        _write(folder / FRONT, front_door(pages[0], book))
    _write(folder / "robots.txt", robots(book))
    if book.site:
        _write(folder / "sitemap.xml", sitemap(pages, book))
    for name in ("search.html", "genindex.html"):
        if (folder / name).exists():
            text = SPHINX_TAGS.sub("", (folder / name).read_text(encoding="utf-8"))
            _write(folder / name, search_page(text, folder) if name == "search.html" else text)
    for name in SPHINX_LEFT:
        (folder / name).unlink(missing_ok=True)


def dressed(page: Page, book: Book, folder: Path) -> str:
    """Return a page with its head tags, its downloads and its citation."""
    own = [download_panel(page, folder), launch_panel(page, book)] if page.is_chapter else []
    panels = [panel for panel in own if panel] + [cite_panel(book, page.path, page.title)]
    body = "\n".join(['<div class="page-furniture">', *panels, "</div>"])
    script = f'<script defer src="{link_up(page.path)}_static/cite.js"></script>'
    text = SPHINX_TAGS.sub("", page.text)
    text = text.replace("</head>", f"{head_tags(page, book)}\n{script}\n</head>", 1)
    before, end, after = text.rpartition("</article>")
    return f"{before}{body}\n{end}{after}" if end else text


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
