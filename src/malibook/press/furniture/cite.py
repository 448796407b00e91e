"""How to cite one page: a line of text and a BibTeX entry, on the page itself and as a file for reference managers."""

from __future__ import annotations

from html import escape

from malibook.press.furniture.book import Book

_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$"})
WHOLE = "book/welcome"  # the page that stands for the book


def citation(book: Book, page: str, title: str) -> str:
    """Return the citation of a page as a sentence; `page` is its path without a suffix."""
    where = f"{book.title}." if page == WHOLE else f"“{title}”, in {book.title}."
    address = f" {book.address(page + '.html')}" if book.site else ""
    return f"{book.author} ({book.year}): {where} {edition(book)}.{address}"


def edition(book: Book) -> str:
    """Return which edition it is: version, commit, data."""
    made = made_from(book)
    return f"Version {book.version}, {made[0].lower()}{made[1:]}"


def made_from(book: Book) -> str:
    """Return what an edition was made from: commit and data."""
    commit = f"Commit {book.commit}" if book.commit != "no commit" else "No commit"
    return f"{commit}, data version {book.data_version} ({book.data_hash})"


def bibtex(book: Book, page: str, title: str) -> str:
    """Return the citation of a page as a BibTeX entry."""
    whole = page == WHOLE
    fields = {"author": f"{{{_tex(book.author)}}}", "title": f"{{{_tex(book.title if whole else title)}}}"}
    fields |= {} if whole else {"booktitle": f"{{{_tex(book.title)}}}"}
    fields |= {"year": book.year, "edition": f"Version {_tex(book.version)}", "note": _tex(made_from(book))}
    fields |= {"url": book.address(page + ".html")} if book.site else {}
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    key = "malibook" if whole else f"malibook-{page.rpartition('/')[2]}"
    return f"@{'book' if whole else 'incollection'}{{{key},\n{body}\n}}\n"


def cite_panel(book: Book, page: str, title: str) -> str:
    """Return the folded box of a page; without a script its text can be marked and copied."""
    entry = bibtex(book, page, title).strip()
    return "\n".join(
        [
            '<details class="cite-page" id="cite-this-page">',
            "<summary>Cite this page</summary>",
            f'<p class="cite-text" data-copy>{escape(citation(book, page, title), quote=False)}</p>',
            f'<pre class="cite-bibtex" data-copy tabindex="0" aria-label="BibTeX">{escape(entry, quote=False)}</pre>',
            "</details>",
        ]
    )


def _tex(text: str) -> str:
    return text.translate(_SPECIAL)
