"""The built PDF: whole, tagged, vector, and saying the same as the HTML."""

from __future__ import annotations

import re

import pypdf
import pytest

from malibook.press.contents import documents, titles

pytestmark = pytest.mark.slow
A4 = (595.3, 841.9)


def outline(pdf: pypdf.PdfReader) -> list[str]:
    def walk(items):
        for item in items:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield item.title

    return list(walk(pdf.outline))


def squeeze(text: str) -> str:
    """Drop what typesetting changes: blanks, hyphens at line ends, the form of quotation marks."""
    text = text.translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"[\s\u00ad-]+", "", text)


def test_every_document_is_bookmarked_in_order(pdf, built):
    marks = [squeeze(mark) for mark in outline(pdf)]
    wanted = [squeeze(title) for title in titles(built / "_build" / "stage").values()]
    assert len(wanted) == len(documents())
    last = -1
    for title in wanted:  # a chapter may have a section of the same name, so each is looked for behind the last
        last = next(
            (i for i, mark in enumerate(marks) if i > last and re.fullmatch(rf"\d*{re.escape(title)}", mark)), -2
        )
        assert last >= 0, title


def test_it_has_a_title_page_contents_and_page_numbers(pdf, pages):
    assert "Mali, 2012–2026" in pages[0]
    assert "Contents" in pages[1]
    assert tuple(round(float(x), 1) for x in pdf.pages[0].mediabox[2:]) == A4
    assert pdf.metadata.title.startswith("Mali, 2012–2026")
    numbered = sum(bool(re.search(r"\b\d{1,3}\b", text)) for text in pages[2:])
    assert numbered == len(pages) - 2


def test_it_is_tagged_and_in_english(pdf):
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"].startswith("en")


def test_figures_are_vectors(pdf):
    for number, page in enumerate(pdf.pages, 1):
        held = [x.get_object().get("/Subtype") for x in page["/Resources"].get("/XObject", {}).values()]
        assert "/Image" not in held, f"page {number} holds a raster image"
        assert b"\nBI\n" not in (page.get_contents().get_data() if number % 10 == 0 else b""), (
            f"page {number}: one in its text"
        )


def test_every_font_is_embedded(pdf):
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            base = font.get_object()
            inner = base["/DescendantFonts"][0].get_object() if "/DescendantFonts" in base else base
            descriptor = inner["/FontDescriptor"].get_object()
            assert any(f"/FontFile{n}" in descriptor for n in ("", "2", "3")), base["/BaseFont"]


def test_no_page_shows_raw_markup(pages):
    for number, text in enumerate(pages, 1):
        assert not re.search(r"\{(?:n|numref|cite:\w|ref|doc|term)\}|:::|Traceback", text), number


def test_figures_and_tables_are_those_of_the_html(built, pages, entries):
    whole = " ".join(pages)
    for kind, word in (("figure", "Fig."), ("table", "Table")):
        due = [e for e in entries if e["kind"] == kind]
        in_html, in_pdf = set(), {int(n) for n in re.findall(rf"\b{re.escape(word)} (\d+)\b", whole)}
        for path in (built / "_build" / "html" / "notebooks").glob("*.html"):
            in_html |= {
                int(n)
                for n in re.findall(rf'caption-number">{re.escape(word)} (\d+)', path.read_text(encoding="utf-8"))
            }
        assert len(in_html) == len(due)
        assert in_html <= in_pdf


def test_captions_and_bound_numbers_are_in_the_pdf(pages, entries):
    whole = squeeze(" ".join(pages))
    for e in entries:
        if e["kind"] == "number":
            assert squeeze(e["text"]) in whole, e["key"]
        elif "{" not in e.get("caption", "{"):  # a remark has none
            assert squeeze(e["caption"])[:60] in whole, e["key"]


def test_prose_is_the_same_in_both(built, pages):
    whole = squeeze(" ".join(pages))
    for name in [d for d in documents() if d.startswith("notebooks/")]:
        html = (built / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")
        html = html.partition('<div class="page-furniture">')[0]  # downloads and citation are of the screen alone
        for heading in re.findall(r"<h2>(?:<span[^>]*>[^<]*</span>)?([^<]+)<", html):
            assert squeeze(heading) in whole, (name, heading)
