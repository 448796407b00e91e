"""The EPUB: one file made from the built HTML, so that both say the same and nothing is read twice.

`parse` takes the article out of each page, `clean` leaves out what an e-book cannot use, `links` leads every link to its
place, `matter` adds cover, title page and contents, `opf` says what the book is, `write` packs it.
"""

from __future__ import annotations

from pathlib import Path

from malibook.errors import BookError
from malibook.press.epub.contents import Facts, Page, facts, pages
from malibook.press.epub.cover import cover
from malibook.press.epub.links import places, settle_links
from malibook.press.epub.matter import contents_page, cover_page, title_page
from malibook.press.epub.opf import package_document
from malibook.press.epub.write import write_epub, xhtml
from malibook.press.provenance import Provenance

STYLE = Path(__file__).parents[1] / "templates" / "epub.css"
KINDS = {"notebooks": "bodymatter chapter", "book/welcome": "frontmatter introduction", "book/glossary": "backmatter"}


def make_epub(html: Path, stage: Path, out: Path, origin: Provenance) -> list[str]:
    """Write the built HTML book as the EPUB `out`; return what is wrong, having written nothing then."""
    try:
        book, text = facts(stage, origin), pages(stage, html)
    except (BookError, OSError) as error:
        return [f"EPUB: {error}"]
    known = places(html, text)
    for page in text:
        settle_links(page, known)
    if known.problems:
        return known.problems
    files = {f"{page.name}.xhtml": _document(page, book) for page in text}
    files |= known.pictures | _matter(book, text)
    spine = ["cover.xhtml", "title.xhtml", "nav.xhtml", *(f"{page.name}.xhtml" for page in text)]
    files["content.opf"] = package_document(book, list(files), spine)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_epub(out, files, origin.epoch)
    return []


def _document(page: Page, book: Facts) -> bytes:
    kind = next((kind for begin, kind in KINDS.items() if page.name.startswith(begin)), "")
    inside = page.tree.findall("*")
    return xhtml(page.name, page.title, book.language, inside, kind)


def _matter(book: Facts, text: list[Page]) -> dict[str, bytes]:
    picture, alt = cover(book)
    return {
        "images/cover.png": picture,
        "cover.xhtml": cover_page(book, alt),
        "title.xhtml": title_page(book),
        "nav.xhtml": contents_page(book, text),
        "epub.css": STYLE.read_bytes(),
    }
