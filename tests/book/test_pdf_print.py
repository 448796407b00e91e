"""The PDF as a book on paper, and for those who hear it: front matter, full pages, margins, tags, both papers."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ContentStream, DictionaryObject

from malibook.press.contents import documents
from malibook.press.typst.compile import compile_book

pytestmark = pytest.mark.slow
INNER = 50.0  # pt: no link lies nearer to the edge of the sheet
ROMAN = re.compile(r"[ivx]+")
NUMBERS_PAGE = 55  # bound numbers that a page of their list holds at least
EMPTY = 150  # characters, running head and page number included, below which a page without picture is nearly empty
DRAWS = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh"}


@pytest.fixture(scope="session")
def letter(built: Path, tmp_path_factory) -> pypdf.PdfReader:
    """The same book on US Letter, from the source that the builder left."""
    source = built / "_build" / "aside" / "pdf" / "_build" / "typst" / "source"
    target = tmp_path_factory.mktemp("letter") / "mali-letter.pdf"
    compile_book(source, target, 0, {}, "us-letter")
    return pypdf.PdfReader(target)


@pytest.fixture(scope="session")
def tags(pdf) -> list[DictionaryObject]:
    """All elements of the structure tree, in reading order."""
    return list(elements(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def elements(node: object) -> Iterator[DictionaryObject]:
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def marks(pdf: pypdf.PdfReader) -> dict[str, int]:
    """Return the first page of each bookmark, counted from 0."""

    def walk(items):
        for item in items:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield item.title, pdf.get_destination_page_number(item)

    found: dict[str, int] = {}
    for title, page in walk(pdf.outline):
        found.setdefault(title, page)
    return found


def links(page: pypdf.PageObject) -> list[DictionaryObject]:
    return [note for item in page.get("/Annots", []) if (note := item.get_object())["/Subtype"] == "/Link"]


def test_the_title_page_says_which_book_this_is(pages, root):
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"Version {version}" in pages[0]
    assert re.search(r"Commit [0-9a-f]{10}|Commit no commit", pages[0])
    assert re.search(r"Data \d+\.\d+\.\d+ \([0-9a-f]{12}\)", pages[0])


def test_contents_take_two_pages_and_the_lists_of_figures_and_tables_are_whole(pdf, pages, entries):
    begins = marks(pdf)
    assert 1 <= begins["Figures"] - begins["Contents"] <= 2
    front = " ".join(pages[begins["Figures"] : begins["Mali, 2012–2026"]])
    for kind, word in (("figure", "Fig."), ("table", "Table")):
        listed = {int(n) for n in re.findall(rf"\b{re.escape(word)} (\d+)\b", front)}
        assert listed == set(range(1, 1 + sum(e["kind"] == kind for e in entries)))


def test_the_front_matter_has_roman_numbers_and_the_body_arabic_ones(pdf):
    start = marks(pdf)["Mali, 2012–2026"]
    assert all(ROMAN.fullmatch(label) for label in pdf.page_labels[1:start])
    assert pdf.page_labels[start:] == [str(n) for n in range(1, len(pdf.pages) - start + 1)]


def test_the_list_of_numbers_is_condensed(pdf, entries):
    begins = marks(pdf)
    taken = begins["Data dictionary"] - begins["Every number"]
    assert sum(e["kind"] == "number" for e in entries) / taken >= NUMBERS_PAGE


def test_no_page_is_nearly_empty(pdf, pages):
    for number, (page, text) in enumerate(zip(pdf.pages, pages, strict=True)):
        if number and "/XObject" not in page["/Resources"]:
            assert len(text) > EMPTY, f"page {number + 1}: {text}"


def test_references_into_other_chapters_name_the_right_page(pdf, pages):
    begins: dict[str, int] = {}
    for title, page in marks(pdf).items():  # the list of all numbers names the chapters a second time
        begins.setdefault(re.match(r"\w*", title)[0], page)
    found = re.findall(r"\bChapter (\d) ?(?:\(|, )p\. ?(\d+)\b", " ".join(pages))
    assert len(found) > 20
    for chapter, page in found:
        assert pdf.page_labels[begins[chapter]] == page


def test_it_prints_no_code_and_says_where_the_code_is(pdf, pages):
    place = marks(pdf)["Where the code is"]
    for name in (name for name in documents() if name.startswith("notebooks/")):
        assert f"{name}.ipynb" in pages[place].replace(" ", "").replace("\u200b", "")
    code = re.compile(r"\bfrom malibook\S* import\b|\bimport (?:numpy|pandas|matplotlib)\b")
    assert not [number for number, text in enumerate(pages, 1) if code.search(text)]


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_links_keep_to_the_text_and_lead_somewhere(paper, pdf, letter):
    book = pdf if paper == "a4" else letter
    for number, page in enumerate(book.pages, 1):
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        for note in links(page):
            left, low, right, top = (float(x) for x in note["/Rect"])
            assert INNER < left < right < wide - INNER, (number, note["/Rect"])
            assert INNER < low <= top < high - INNER, (number, note["/Rect"])
            assert "/Dest" in note or "/A" in note
            assert note.get("/Contents"), number


def test_us_letter_is_the_same_book_on_other_sheets(pdf, letter):
    sizes = Counter(tuple(sorted(float(x) for x in page.mediabox[2:])) for page in letter.pages)
    assert set(sizes) == {(612.0, 792.0)}
    assert list(marks(letter)) == list(marks(pdf))
    assert len(pdf.pages) < len(letter.pages) < 1.2 * len(pdf.pages)


def test_metadata_name_the_book(pdf):
    root = pdf.trailer["/Root"]
    assert pdf.metadata.author
    assert {"Mali", "Wagner Group", "MINUSMA"} <= set(pdf.metadata.get("/Keywords").split(", "))
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_every_picture_is_described_and_every_head_of_a_table_has_its_scope(tags, entries):
    alts = [tag.get("/Alt", "") for tag in tags if tag["/S"] == "/Figure"]
    assert len(alts) == sum(e["kind"] == "figure" for e in entries)
    assert min(map(len, alts)) > 60
    heads = [tag["/A"] for tag in tags if tag["/S"] == "/TH"]
    assert heads
    assert all("/Scope" in str(attributes) for attributes in heads)
    tables = [{child["/S"] for child in elements(tag["/K"])} for tag in tags if tag["/S"] == "/Table"]
    assert all({"/TH", "/TD"} <= kinds for kinds in tables)


def test_headings_nest_without_gaps(tags):
    levels = [int(tag["/S"][2:]) for tag in tags if re.fullmatch(r"/H\d", tag["/S"])]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_every_link_is_in_the_tag_tree(pdf, tags):
    told = {kid.raw_get("/Obj").idnum for tag in tags if tag["/S"] == "/Link" for kid in objects_of(tag)}
    drawn = {item.idnum for page in pdf.pages for item in page.get("/Annots", [])}
    assert len(drawn) > 1000
    assert drawn <= told
    assert all(page["/Tabs"] == "/S" for page in pdf.pages if links(page))


def objects_of(tag: DictionaryObject) -> list[DictionaryObject]:
    """Return the references from a tag to annotations."""
    kids = tag["/K"].get_object()
    found = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    return [kid for kid in found if isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR"]


def test_nothing_is_drawn_outside_the_tags(pdf):
    """Whatever a page paints belongs to a tag or is marked as an artefact; every ninth page stands for all."""
    for number in range(0, len(pdf.pages), 9):
        depth = 0
        for _, operator in ContentStream(pdf.pages[number].get_contents(), pdf).operations:
            depth += (operator in (b"BDC", b"BMC")) - (operator == b"EMC")
            assert depth or operator not in DRAWS, f"page {number + 1}: {operator}"


def test_accents_can_be_copied_out(pages):
    whole = " ".join(pages)
    for word in ("Ménaka", "Ségou", "Goïta", "Opération", "Modibo Keïta"):
        assert word in whole
    assert "\ufffd" not in whole
