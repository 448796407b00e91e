"""What is made of one executed chapter: the page that opens from disk, the script, the run panel, the search entries."""

from __future__ import annotations

import ast
import io
import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest

from malibook.exhibits import MIME
from malibook.press import places
from malibook.press.check import Page as Read
from malibook.press.editions import edition, edition_of_country
from malibook.press.furniture import lay
from malibook.press.furniture.book import Book
from malibook.press.furniture.card import HEIGHT, WIDTH, card
from malibook.press.furniture.find import entries_of, search_data, search_page
from malibook.press.furniture.lay import SKYLINE, slim, stage_card
from malibook.press.furniture.myst import Names, document, plain
from malibook.press.furniture.pages import Page
from malibook.press.furniture.panel import notice, run_panel
from malibook.press.furniture.standalone import picture, script, standalone
from malibook.press.ledger import Ledger
from malibook.press.provenance import Provenance
from malibook.press.stage import staged

BOOK = Book("Mali: a war", "The team", "2026", "1.2.0", "abc123", "0.9", "ffff", "")
ROW = {
    "author": "Anna & Co",
    "publisher": "RFI",
    "date": "2024-07-28",
    "title": "A title",
    "url": "https://example.org/?a=1&b=2",
    "kind": "press",
    "id": "rfi1",
    "text_read": "yes",
    "label": "Anna & Co, 2024b",
}
SVG = '<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">\n <title>50% of é &amp; so</title>\n <path fill="#fff" d="M 0 0"/>\n</svg>'
SOURCES = [
    {"kind": "document", "id": "rfi1", "text": "rfi1"},
    {"kind": "table", "id": "claims", "text": "This book’s fact base (claims)"},
]


def names() -> Names:
    numbers = {"03-x/dead": "84", "01-y/all": "1,023"}
    return Names("03-x", numbers, {"fig-3-map", "tbl-3-dead"}, {"rfi1": ROW})


def executed() -> nbformat.NotebookNode:
    figure = {
        "kind": "figure",
        "key": "fig-3-map",
        "alt": 'A "map"',
        "caption": "The map.",
        "note": "See {n}`dead`.",
        "sources": SOURCES,
        "svg": SVG,
    }
    table = {
        "kind": "table",
        "key": "tbl-3-dead",
        "caption": "The dead.",
        "note": "",
        "sources": SOURCES,
        "markdown": "| who | dead |\n|:---|---:|\n| a {cite:p}`rfi1` | 84 |",
    }
    remark = {"kind": "remark", "key": "gap", "title": "Missing", "text": "No {term}`UCDP` here."}
    number = {"kind": "number", "key": "dead", "text": "84"}
    outputs = [
        nbformat.v4.new_output(
            "display_data", {MIME: e, "text/plain": "x"} | ({"image/svg+xml": SVG} if "svg" in e else {})
        )
        for e in (number, figure, table, remark)
    ]
    prose = "(here)=\n# The battle\n\nAt least {n}`dead` of {n}`01-y/all` ({numref}`fig-3-map`, {numref}`fig-9-far`), says {cite:t}`rfi1` {cite:p}`rfi1`; see [](../book/glossary.md) and [*mort*]{lang=fr}."
    cells = [
        nbformat.v4.new_markdown_cell(prose),
        nbformat.v4.new_code_cell("import os"),
        nbformat.v4.new_code_cell("x = 1 < 2", outputs=outputs),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_roles_become_text_and_links():
    out = plain(
        "{n}`dead`, {term}`CSP`, {term}`they <CSP>`, {numref}`fig-3-map`, {doc}`a page <../book/x>`, [x](../book/y.md)",
        names(),
    )
    assert out == "84, CSP, they, [⟦fig-3-map⟧](#fig-3-map), a page, x"
    assert plain("{n}`none`", names()) == "[03-x/none]"


def test_the_standalone_page_holds_everything_and_asks_for_nothing(tmp_path):
    page = standalone(executed(), names(), BOOK)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    read = Read(tmp_path / "page.html")
    assert [url for url in read.loads if not url.startswith("data:")] == []
    assert read.bare_images == []
    text = " ".join("".join(read.text).split())
    for part in (
        "At least 84 of 1,023",
        "⟦fig-3-map⟧",
        "⟦fig-9-far⟧",
        "[Anna & Co, 2024b]",
        "glossary",
        "No UCDP here.",
        "See 84.",
        "⟦citation⟧",
    ):
        assert part in text, part
    assert "{" not in text
    assert '<span lang="fr"><em>mort</em></span>' in page
    assert {"fig-3-map", "tbl-3-dead", "source-rfi1"} <= read.ids
    assert page.count("<details") == 1, "code without anything to see between stands behind one switch"
    assert "x = 1 &lt; 2" in page
    assert "<script" not in page
    assert re.search(r"https://example.org/\?a=1&amp;b=2", page)


def test_a_drawing_comes_out_of_its_address_as_it_went_in():
    address = picture(SVG)
    found = re.search(r'src="([^"]*)"', f'<img src="{address}">')[1]
    drawing = ElementTree.fromstring(unquote(unescape(found).partition(",")[2]))
    assert drawing[0].text == "50% of é & so"
    assert drawing[1].get("fill") == "#fff"


def test_the_same_notebook_gives_the_same_page():
    assert standalone(executed(), names(), BOOK) == standalone(executed(), names(), BOOK)


def test_the_script_is_python_and_holds_the_code():
    text = script(executed())
    ast.parse(text)
    assert "x = 1 < 2" in text
    assert "# # The battle" in text


def test_the_executed_notebook_keeps_each_drawing_once():
    nb = nbformat.reads(slim(executed()), as_version=4)
    nbformat.validate(nb)
    outputs = nb.cells[2].outputs
    assert outputs[1].data["image/svg+xml"] == SVG
    assert "svg" not in outputs[1].data[MIME]
    assert outputs[1].data[MIME]["caption"] == "The map."


def test_a_document_is_listed_with_its_address():
    line = document(ROW)
    assert line.startswith("Anna &amp; Co, 2024b. A title. RFI, 2024-07-28.")
    assert 'href="https://example.org/?a=1&amp;b=2"' in line


def test_the_card_has_the_size_that_links_are_shown_in():
    from PIL import Image

    content = card("Withdrawal and aftermath, June 2025 – October 2026", "A book", "Bars")
    assert Image.open(io.BytesIO(content)).size == (WIDTH, HEIGHT) == (1200, 630)
    assert len(content) < 60_000
    assert content == card("Withdrawal and aftermath, June 2025 – October 2026", "A book", "Bars")


def test_the_card_of_an_edition_shows_the_months_of_its_own_country():
    drawn = {}

    def slow(relative, key, make):
        drawn[key] = make()

    for one in (None, edition_of_country("CAF")):
        with places.of(one):
            stage_card(slow, "welcome", "A title", BOOK)
    (_, mali), (key, other) = drawn.items()
    assert mali == card("A title", BOOK.title, SKYLINE) and "in the Central African Republic by month" in key
    below = key.partition("ffff ")[2]
    assert other == card("A title", BOOK.title, below, "CAF") != card("A title", BOOK.title, below, "MLI")


def test_the_card_of_an_edition_without_candidate_data_ends_where_they_begin():
    drawn = {}

    def slow(relative, key, make):
        drawn[key] = make()

    for one in (None, edition("without-candidates")):
        with places.of(one):
            stage_card(slow, "welcome", "A title", BOOK)
    published, without = drawn.values()
    assert published != without == card("A title", BOOK.title, SKYLINE, "MLI", "without-candidates")


@pytest.mark.parametrize(
    ("given", "published", "said"), [("best", "the same", "as published"), ("high", "best", "1 of 4 not as published")]
)
def test_the_run_panel_says_which_parameters_are_not_the_published_ones(given, published, said):
    parameters = {"start": "2022-07-01", "end": "2024-12-31", "estimate": given}
    exhibits = [
        {"kind": k, "key": f"{k}{i}"}
        for k, n in (("figure", 2), ("table", 1), ("number", 3), ("remark", 1))
        for i in range(n)
    ]
    ledger = Ledger("03-tinzaouatene", parameters, exhibits, {}, ("claims", "violence_month"))
    panel = run_panel(ledger, Provenance("abc", 0, "0.1.0", "d474", "10cc"))
    assert f"| `estimate` | {given} | {published} |" in panel
    assert f"Parameters\n: {said}\n" in panel
    assert "2 figures, 1 table, 3 bound numbers, 1 remark;" in panel
    assert "compiled to 2026-10-07; UCDP GED 25.1" in panel
    assert "[violence_month](#table-violence_month)" in panel


def test_a_page_whose_run_is_not_the_published_one_says_so_at_its_head():
    published = {"start": "2022-07-01", "end": "2024-12-31", "estimate": "best", "counting_rule": "admission"}
    assert notice(Ledger("03-tinzaouatene", published)) == ""
    assert notice(Ledger("country-profile", {"country": "NER"})) == "", "it has no published run"
    box = notice(Ledger("03-tinzaouatene", published | {"estimate": "high", "counting_rule": "witness"}))
    assert (
        "In this run `estimate` is high (published: best) and `counting_rule` is witness (published: admission)." in box
    )
    source = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_markdown_cell("B")])
    page = staged(
        source, Ledger("03-tinzaouatene", published | {"estimate": "high"}), Provenance("a", 0, "1", "d", "1")
    )
    assert [cell.source.split("\n")[0] for cell in page.cells[:3]] == [
        "# A",
        ":::{admonition} Not the published run",
        "B",
    ]
    assert (
        staged(source, Ledger("03-tinzaouatene", published), Provenance("a", 0, "1", "d", "1")).cells[1].source == "B"
    )


ARTICLE = """<article class="bd-article"><section id="top"><h1>Events<a class="headerlink" href="#top">#</a></h1><p>All of Ménaka.</p>
<table><tbody>
<tr class="row"><td><p>2022-03-27</p></td><td><p><span id="event-2022-moura"><strong>Moura</strong></span> The army enters.</p></td></tr>
<tr class="row"><td><p>2022-06-13</p></td><td><p><span id="event-2022-menaka"><strong>France leaves Ménaka</strong></span> By road.</p></td></tr>
</tbody></table></section><section id="second"><h2>More</h2><pre>hidden_code()</pre><p>“Quoted” text.</p></section></article>"""


def test_each_section_and_each_row_with_an_address_can_be_found():
    found = list(entries_of(Page("book/evidence-tables", ARTICLE)))
    assert [entry[0] for entry in found] == ["top", "event-2022-moura", "event-2022-menaka", "second"]
    assert [entry[1] for entry in found] == ["Events", "Moura", "France leaves Ménaka", "More"]
    assert found[1][2] == "2022-03-27 Moura The army enters."
    assert "hidden_code" not in found[3][2]


def test_search_data_is_a_script_and_not_a_file_to_fetch():
    page = Page("book/evidence-tables", ARTICLE)
    text = search_data([page], [list(entries_of(page))])
    assert text.startswith("window.malibookSearch = {")
    assert "Ménaka" in text


def test_the_search_page_gets_our_search(tmp_path):
    page = '<div class="bd-search-container"><noscript><p>Error: JavaScript</p></noscript><form></form><div id="search-results"></div></div>'
    out = search_page(page, tmp_path)
    assert "Error" not in out
    assert out.count("_static/search.js") == 1
    assert "<noscript>" in out


@pytest.mark.parametrize("room", lay.ROOMS)
def test_downloads_are_made_again_where_a_room_changed_that_they_pass_through(room, tmp_path, monkeypatch):
    monkeypatch.setattr(lay, "HOME", tmp_path)
    for name in (*lay.ROOMS, "analysis"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "a.py").write_text("A = 1", encoding="utf-8")
    before = lay._tool_hash()
    (tmp_path / "analysis" / "deep" / "a.py").write_text("A = 2", encoding="utf-8")
    assert lay._tool_hash() == before
    (tmp_path / room / "deep" / "a.py").write_text("A = 2", encoding="utf-8")
    assert lay._tool_hash() != before
