"""Typst source into PDF/UA: fixed fonts, fixed time, and errors that name the page of the book they come from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from sphinx.errors import SphinxError
from sphinx.util import logging

logger = logging.getLogger(__name__)
PLACE = re.compile(r"┌─ (?:\\\\\?\\)?(?P<file>[^\n]+?):(?P<line>\d+):\d+")
GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
SCREEN = 22  # lines of one error report
MOST_ERRORS = 3
PAPERS = {"a4": ("a4",), "us-letter": ("us-letter",), "both": ("a4", "us-letter")}


class TypstBuildError(SphinxError):
    """The PDF could not be made."""

    category = "Typst error"


def compile_papers(folder: Path, targets: Mapping[str, Path], epoch: int | None, sources: dict[str, str]) -> None:
    """Compile the book once for each paper, side by side. Raises TypstBuildError."""
    with ThreadPoolExecutor(len(targets)) as pool:
        waiting = [pool.submit(compile_book, folder, path, epoch, sources, paper) for paper, path in targets.items()]
        for future in waiting:
            future.result()


def compile_book(folder: Path, target: Path, epoch: int | None, sources: dict[str, str], paper: str = "a4") -> None:
    """Write the PDF of `folder/main.typ` on this paper to `target`; log the compiler's warnings.

    `epoch` is the time in the PDF's metadata, in seconds (None: no time at all). `sources` maps the file names of
    the generated parts to the documents they were made from. Raises TypstBuildError on any error, among them a
    character that no bundled font can show.
    """
    import typst  # here, not above: every compiler of the book loads this module, the PDF's alone needs that one

    with TemporaryDirectory() as fonts:
        bundle_fonts(Path(fonts))
        try:
            _, warnings = typst.compile_with_warnings(
                folder / "main.typ",
                output=target,
                root=folder,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                sys_inputs={"paper": paper},
                timestamp=epoch or 0,
            )
        except typst.TypstError as error:
            raise TypstBuildError(report(error.diagnostic or error.message, folder, sources)) from None
    for warning in warnings:
        logger.warning("typst: %s", locate(warning.diagnostic or warning.message, folder, sources))


def bundle_fonts(folder: Path) -> None:
    """Put matplotlib's DejaVu fonts into a folder: its other fonts hold a glyph for everything, empty boxes."""
    import matplotlib  # as typst above

    for font in sorted((Path(matplotlib.get_data_path()) / "fonts" / "ttf").glob("DejaVu*.ttf")):
        shutil.copyfile(font, folder / font.name)


def report(diagnostic: str, folder: Path, sources: dict[str, str]) -> str:
    """Return one screen about what went wrong: for each error the document and line, then Typst's own words."""
    errors = [part.strip() for part in re.split(r"\n(?=error: )", diagnostic.strip()) if part.strip()]
    shown = [locate(part, folder, sources) for part in errors[:MOST_ERRORS]]
    more = f"\n… and {len(errors) - len(shown)} more" if len(errors) > len(shown) else ""
    return "\n".join("\n\n".join(shown).splitlines()[:SCREEN]) + more


def locate(diagnostic: str, folder: Path, sources: dict[str, str]) -> str:
    """Return a diagnostic with the document and line it stems from written above it."""
    place = PLACE.search(diagnostic)
    document = sources.get(Path(place["file"]).name) if place else None
    if place and document:
        text = (folder / "documents" / Path(place["file"]).name).read_text("utf-8")
        line = source_line(text.splitlines()[: int(place["line"])])
        return f"{document}{line}: {diagnostic.strip()}"
    glyph = GLYPH.search(diagnostic)
    return f"{pictures_with(glyph[1], folder)}{diagnostic.strip()}" if glyph else diagnostic.strip()


def source_line(above: Sequence[str]) -> str:
    """Return ", line 12" or ", cell 3, line 2" from the nearest source mark above the error."""
    number = next((int(line[4:]) for line in reversed(above) if re.fullmatch(r"// @\d+", line)), 0)
    if number >= 10000:
        return f", cell {number // 10000}, line {number % 10000}"
    return f", line {number}" if number else ""


def pictures_with(text: str, folder: Path) -> str:
    """Return a line naming the SVG pictures that hold a text, for Typst does not say where a glyph is missing."""
    found = [path.name for path in sorted(folder.glob("images/*.svg")) if text in path.read_text("utf-8", "replace")]
    return f"in the picture {', '.join(found)}:\n" if found else ""
