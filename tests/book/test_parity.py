"""HTML, PDF and EPUB are one book: the same pages, headings, bound numbers, figures, tables and citations.

The ledger says which exhibits must be there. Where the outputs differ on purpose, `DIFFERENCES` says so; nothing else may.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pypdf
import pytest

from malibook.press.contents import documents
from malibook.press.epub.contents import LEFT_OUT
from tests.book.reading import Epub, Reading, article, squeeze

pytestmark = pytest.mark.slow
DIFFERENCES = {
    "book/explore": "needs a script: the EPUB leaves it out, the PDF says where its events stand",
    "book/evidence-tables": "its two long tables stand where they can be searched; the PDF says that it leaves them out",
    "search": "full-text search and its index are pages of the HTML only; readers of PDF and EPUB have their own",
    "genindex": "the same, for the list of terms; the PDF prints its own index",
    "code": "the HTML shows the code of a chapter on demand; PDF and EPUB are the reader's edition, without it",
    "downloads": "the HTML links files; PDF and EPUB print their names",
    "tips": "the HTML shows a term's definition where it stands; PDF and EPUB link it",
    "launch": "buttons that open a notebook elsewhere (class html-only) stand on the screen alone",
    "furniture": "how to cite a page and what to download stand below the pages of the HTML only",
}
NEAR = 9  # letters beside a bound number that must be the same
NOT_PRINTED = ("book/evidence-tables",)  # what these pages cite need not be in the PDF


class Printed:
    """The text of the PDF; what a page break divides, with figures and running heads between, is in it too."""

    def __init__(self, pages: list[str]) -> None:
        self.pages = [squeeze(page) for page in pages]
        self.whole = "".join(self.pages)

    def __contains__(self, text: str) -> bool:
        return text in self.whole or any(self._divided(text, *pair) for pair in itertools.pairwise(self.pages))

    @staticmethod
    def _divided(text: str, page: str, following: str) -> bool:
        foot = page[-len(text) - 12 :]  # the page number may stand behind the text
        return any(text[:cut] in foot and text[cut:] in following for cut in range(4, len(text) - 3))


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """The documents that all three hold."""
    return [name for name in documents() if name not in LEFT_OUT]


@pytest.fixture(scope="module")
def html(built: Path, pages) -> dict[str, Reading]:
    return {name: article(built / "_build" / "html" / f"{name}.html") for name in pages}


@pytest.fixture(scope="module")
def epub(built: Path, pages) -> dict[str, list[Reading]]:
    book = Epub(built / "_build" / "epub" / "mali.epub")
    return {name: book.readings(name) for name in pages}


@pytest.fixture(scope="module")
def pdf(pdf_pages) -> Printed:
    return Printed(pdf_pages)


@pytest.fixture(scope="module")
def entries(built: Path) -> list[dict]:
    return json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))


def every(readings: list[Reading], *kinds: str) -> list[tuple[str, str]]:
    return [item for reading in readings for item in reading.all(*kinds)]


def test_only_declared_pages_are_missing_from_one_of_them(built):
    assert {*LEFT_OUT, *NOT_PRINTED} <= set(DIFFERENCES)
    spine = {re.sub(r"-\d+$", "", n[5:-6]) for n in Epub(built / "_build" / "epub" / "mali.epub").spine}
    shown = {
        p.relative_to(built / "_build/html").with_suffix("").as_posix() for p in built.glob("_build/html/*/*.html")
    }
    assert {n for n in documents() if n not in spine or n not in shown} <= set(LEFT_OUT)


def test_the_same_pages_in_the_same_order(built, pages, html):
    spine = [n[5:-6] for n in Epub(built / "_build" / "epub" / "mali.epub").spine]
    assert [name for name in spine if name in pages] == pages
    marks = [squeeze(title) for title in outline(pypdf.PdfReader(built / "_build" / "pdf" / "mali.pdf"))]
    place = -1
    for name in pages:
        title = squeeze(html[name].all("h1")[0][1])
        place = next((n for n, mark in enumerate(marks) if n > place and re.sub(r"^\d+\.?", "", mark) == title), -1)
        assert place >= 0, f"the PDF has no bookmark {title!r} where {name} should be"


def outline(pdf: pypdf.PdfReader) -> list[str]:
    def walk(items):
        for item in items:
            yield from walk(item) if isinstance(item, list) else [item.title]

    return list(walk(pdf.outline))


def test_the_same_headings(html, epub, pdf):
    for name, page in html.items():
        headings = [text for _, text in page.all("h1", "h2")]
        assert [text for _, text in every(epub[name], "h1", "h2")] == headings, name
        for text in headings:
            assert squeeze(text) in pdf, (name, text)


def test_the_same_bound_numbers_in_prose(html, epub, pdf, entries):
    known = {f"n-{e['chapter']}-{e['key'].replace('_', '-')}": e["text"] for e in entries if e["kind"] == "number"}
    count = 0
    for name, page in html.items():
        numbers = page.all("number")
        assert every(epub[name], "number") == numbers, name
        for key, text in numbers:
            assert squeeze(text) == squeeze(known[key]), (name, key)
        for before, text, after in page.around("number", NEAR):
            assert before + text in pdf or text + after in pdf, (name, before, text, after)
        count += len(numbers)
    assert count > 300


def test_every_bound_number_has_its_entry_in_each(html, epub, pdf, entries):
    numbers = [e for e in entries if e["kind"] == "number"]
    assert len(numbers) > 300
    shown = squeeze(html["book/numbers"].whole)
    held = squeeze("".join(reading.whole for reading in epub["book/numbers"]))
    for e in numbers:
        entry = squeeze(f"{e['text']} {e['unit']} {e['key']}")
        for where, text in (("html", shown), ("epub", held), ("pdf", pdf)):
            assert entry in text, (where, e["key"])


def test_the_same_figures_with_the_same_words(html, epub, pdf, entries):
    for chapter in {e["chapter"] for e in entries}:
        due = {e["key"]: e["alt"] for e in entries if e["kind"] == "figure" and e["chapter"] == chapter}
        name = f"notebooks/{chapter}"
        captions = html[name].all("figcaption")
        assert [key for key, _ in captions if key] and {key for key, _ in captions} == set(due), name
        same_captions(captions, every(epub[name], "figcaption"), pdf, name)
        assert dict(picture_texts(html[name].pictures)) == due, name
        held = [picture for reading in epub[name] for picture in reading.pictures]
        assert dict(picture_texts(held)) == due, name


def test_the_same_tables_cell_by_cell(html, epub, pdf, entries):
    for chapter in {e["chapter"] for e in entries}:
        name = f"notebooks/{chapter}"
        due = {e["key"] for e in entries if e["kind"] == "table" and e["chapter"] == chapter}
        captions = html[name].all("caption")
        assert {key for key, _ in captions} == due, name
        same_captions(captions, every(epub[name], "caption"), pdf, name)
    for name, page in html.items():
        cells = [files_unnamed(text) for _, text in page.all("td")]
        assert [files_unnamed(text) for _, text in every(epub[name], "td")] == cells, name


def same_captions(shown: list[tuple[str, str]], held: list[tuple[str, str]], pdf: Printed, name: str) -> None:
    """Hold captions, with their numbers, of the EPUB and the PDF against those of the HTML."""
    assert [(k, files_unnamed(t)) for k, t in held] == [(k, files_unnamed(t)) for k, t in shown], name
    for key, text in shown:
        number = re.match(r"(Fig\.|Table) \d+", text)
        assert number, (name, key)
        assert squeeze(text)[: len(squeeze(number[0])) + 30] in pdf, (name, key)


def picture_texts(pictures: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(re.sub(r"(\.light)?\.svg$", "", file), " ".join(alt.split())) for file, alt in pictures]


def files_unnamed(text: str) -> str:
    """Return a text without the file names that stand for links in the EPUB."""
    return re.sub(r": [\w.-]+\.(?:csv|zip|json|ipynb)\b", "", text)


def test_the_same_citations_and_the_same_bibliography(html, epub, pdf):
    cited = set()
    for name, page in html.items():
        citations = page.all("citation")
        assert every(epub[name], "citation") == citations, name
        cited |= {key for key, _ in citations}
        for text in {text for _, text in citations if name not in NOT_PRINTED}:
            assert squeeze(text) in pdf, (name, text)
    sources = html["book/sources"].all("source")
    assert len(sources) > 400
    assert every(epub["book/sources"], "source") == sources
    assert cited <= {key for key, _ in sources}
    for key, text in sources:
        assert squeeze(re.sub(r"^\[\d+\] ?", "", text))[:30] in pdf, (key, text)
