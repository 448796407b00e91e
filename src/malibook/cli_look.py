"""`malibook look`: pictures of every page of the finished book, and what does not fit, for a person to leaf through."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from malibook.cli_editions import PUBLISHED, Country, EditionName, chosen
from malibook.console import end, say
from malibook.errors import BookError

Pages = Annotated[
    list[str] | None, typer.Option("--page", help="Only pages whose name holds this; may be given several times.")
]
Widths = Annotated[
    list[int] | None, typer.Option("--width", min=280, max=4000, help="Width in pixels; may be given several times.")
]


def look(
    page: Pages = None,
    width: Widths = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Draw the pages of the PDF too.")] = True,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Browsers side by side; 0: one a core.")] = 0,
    edition: EditionName = PUBLISHED,
    country: Country = None,
) -> None:
    """Photograph every page, light and dark, into `_build/look/index.html` of the edition; fail on what does not fit or load."""
    from malibook.press import places
    from malibook.press.interruption import interruptible
    from malibook.press.look.paper import draw
    from malibook.press.look.sheet import sheet
    from malibook.press.look.shots import WIDTHS, shoot

    with places.of(chosen(edition, country)):
        made, said = places.folder(), places.shown_folder()
    book, out = made / "html", made / "look"
    names = _chosen(book, page or [])
    with interruptible():
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        wanted = _papers(made / "pdf") if pdf and not page else []
        papers = {path.name: draw(path, out) for path in wanted}
        for name, files in papers.items():
            say(f"{name}: {len(files)} pages")
        shots = shoot(book, out, names, width or list(WIDTHS), jobs or os.cpu_count() or 1, say)
    findings = [f"{s.page}, {s.width} px, {s.scheme}: {fault}" for s in shots for fault in s.faults]
    (out / "index.html").write_text(sheet(shots, papers, findings), encoding="utf-8", newline="\n")
    say(f"{len(shots)} pictures of {len(names)} pages: {said}/look/index.html")
    end(findings, "a page does not fit, or asks for what it may not or cannot have")


def _chosen(book: Path, words: list[str]) -> list[str]:
    """Return the pages to look at; raise `BookError` where there is no book or no such page."""
    from malibook.press.look.browser import pages

    if not (book / "index.html").exists():
        raise BookError("there is no book yet", where="_build/html", remedy="python run.py build")
    names = pages(book)
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        known = ", ".join(name.removesuffix(".html") for name in names)
        raise BookError(f"no page is called {' or '.join(words)}", where="look --page", remedy=f"choose from: {known}")
    return chosen


def _papers(folder: Path) -> list[Path]:
    """Return the PDFs to draw; raise `BookError` where none was built."""
    found = sorted(folder.glob("*.pdf"))
    if not found:
        raise BookError("there is no PDF yet", where="_build/pdf", remedy="python run.py build, or look --no-pdf")
    return found
