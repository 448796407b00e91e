"""The built HTML, read as a reader's browser reads it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from malibook.press.check import Page, check_html
from malibook.press.contents import documents

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def html(built: Path) -> Path:
    return built / "_build" / "html"


@pytest.fixture(scope="session")
def entries(built: Path) -> list[dict]:
    return json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))


def text_of(page: Path) -> str:
    return " ".join("".join(Page(page).text).split())


def test_the_check_finds_nothing(html):
    assert check_html(html, documents()) == []


def test_every_document_is_there_and_the_index_leads_in(html):
    for name in documents():
        assert (html / f"{name}.html").stat().st_size > 3000
    assert (html / "index.html").exists()


def test_no_page_asks_another_host_for_anything(html):
    for path in html.rglob("*.html"):
        loads = [url for url in Page(path).loads if re.match(r"(?:https?:)?//", url)]
        assert loads == [], path.name


def test_every_figure_stands_on_its_page_with_its_alt_text_and_its_data(html, entries):
    for e in (e for e in entries if e["kind"] == "figure"):
        page = (html / "notebooks" / f"{e['chapter']}.html").read_text(encoding="utf-8")
        assert f'id="{e["key"]}"' in page
        plain = page.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", '"').replace("&#x27;", "'")
        assert e["alt"] in plain, e["key"]
        assert f"{e['key']}.csv" in page


def test_figures_and_tables_are_numbered_and_captioned(html, entries):
    for e in (e for e in entries if e["kind"] in ("figure", "table")):
        page = (html / "notebooks" / f"{e['chapter']}.html").read_text(encoding="utf-8")
        block = page[page.index(f'id="{e["key"]}"') :][:200_000]
        assert re.search(r'class="caption-number">(Fig\.|Table) \d', block), e["key"]


def test_every_bound_number_that_prose_calls_has_its_entry(html, entries):
    listed = Page(html / "book" / "numbers.html").ids
    numbers = [e for e in entries if e["kind"] == "number"]
    assert len(numbers) > 60
    for e in numbers:
        assert f"n-{e['chapter']}-{e['key']}" in listed


def test_downloads_hold_the_plotted_data(html, entries):
    offered = {p.name for p in (html / "_downloads").rglob("*.csv")}
    assert {f"{e['key']}.csv" for e in entries if e["kind"] in ("figure", "table")} <= offered


def test_no_page_shows_a_machine(html):
    for path in [*html.rglob("*.html"), html / "_static" / "search-data.js"]:
        assert not re.search(r"(?<![\w.])/(?:tmp|home|root|Users)/|site-packages", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_the_run_panel_tells_what_a_chapter_was_made_from(html):
    for path in (html / "notebooks").glob("*.html"):
        text = text_of(path)
        for part in ("About this run", "SHA-256", "Parameters", "tables read"):
            assert part in text, (path.name, part)


def test_the_notices_appear(html):
    for path in (html / "notebooks").glob("*.html"):
        assert "imply no judgement" in text_of(path)


def test_a_marked_term_is_described_by_its_definition(html):
    for path in (html / "notebooks").glob("0[1-5]*.html"):
        page = path.read_text(encoding="utf-8")
        links = re.findall(r'<span class="gloss"><a [^>]*href="([^"]+)" aria-describedby="([^"]+)">', page)
        assert len(links) >= 6, path.name
        for target, tip in links:
            assert target.startswith("../book/glossary.html#term-")
            shown = re.findall(rf'<span class="gloss-tip" role="tooltip" id="{tip}">(.*?)</span>', page, re.S)
            assert len(shown) == 1 and len(shown[0]) > 30, (path.name, tip)
            assert "{" not in shown[0] and "[" not in shown[0], (path.name, shown[0])


def test_the_sources_page_lists_what_is_cited_once(html):
    listed = re.findall(r'<div class="citation" id="([^"]+)"', (html / "book" / "sources.html").read_text("utf-8"))
    assert len(listed) > 400
    assert len(listed) == len(set(listed))


def test_the_policy_page_sets_out_the_advice_and_what_was_counted(html):
    text = text_of(html / "book" / "policy-options.html")
    for part in ("Priority: build up local forces.", "20 commitments of 78", "does not hold", "cannot be judged"):
        assert part in text, part
