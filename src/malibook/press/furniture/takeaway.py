"""What a reader may take from a chapter's page: data, notebook, the chapter as one file, script, citation."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path

from malibook.press.furniture.book import Book
from malibook.press.furniture.cite import bibtex, citation, edition
from malibook.press.furniture.myst import MARK
from malibook.press.furniture.pages import Page, link_up

FOLDER = "downloads"
_MARKED = re.compile(MARK.format(r"([\w-]+)"))
KINDS = {  # ending: what it is, what is in it
    "-data.zip": ("Data of this chapter", "each exhibit as CSV, the tables that it read, their licences and citations"),
    ".html": ("The chapter as one page", "opens from disk, figures and code inside"),
    ".ipynb": ("The notebook", "as committed, without outputs"),
    "-executed.ipynb": ("The notebook as it ran", "with every output"),
    ".py": ("The code as a script", "prose as comments"),
    ".bib": ("Citation", "BibTeX"),
}


def lay_downloads(page: Page, book: Book, stage: Path, folder: Path, numbers: dict[str, str]) -> None:
    """Put a chapter's downloads where its page offers them."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for ending in KINDS:
        path = target / f"{page.name}{ending}"
        kept = stage / "_exhibits" / page.name / path.name
        if ending == ".bib":
            path.write_text(bibtex(book, page.path, page.title), encoding="utf-8", newline="\n")
        elif ending == ".html":
            text = filled(kept.read_text(encoding="utf-8"), page, book, numbers)
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            shutil.copyfile(kept, path)


def filled(text: str, page: Page, book: Book, numbers: dict[str, str]) -> str:
    """Return a standalone page with what was not known when it was made: its edition, and how its exhibits are numbered."""
    known = numbers | {"edition": edition(book), "citation": citation(book, page.path, page.title)}
    return _MARKED.sub(lambda found: escape(known.get(found[1], found[1]), quote=False), text)


def download_panel(page: Page, folder: Path) -> str:
    """Return the list of a chapter's downloads, each with its size."""
    return "\n".join(
        [
            '<section class="page-downloads" id="take-this-chapter-along">',
            "<h2>Take this chapter along</h2>",
            "<ul>",
            *(_item(page, folder, ending) for ending in KINDS),
            "</ul>",
            "</section>",
        ]
    )


def size(count: int) -> str:
    """Return a number of bytes as readers know it (1 KB is 1,000 bytes)."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} KB"


def _item(page: Page, folder: Path, ending: str) -> str:
    name, about = KINDS[ending]
    path = f"{FOLDER}/{page.name}{ending}"
    many = size((folder / path).stat().st_size)
    saved = "" if ending == ".html" else " download"
    kind = ending.rpartition(".")[2]
    return f'<li><a href="{link_up(page.path)}{path}"{saved}>{name}</a> <span class="size">{kind}, {many}</span> <span class="about">{about}</span></li>'
