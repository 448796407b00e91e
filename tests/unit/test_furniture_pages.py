"""What is read from a built page, and what is written into it: titles, descriptions, citations, head tags."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from malibook.errors import BookError
from malibook.press.furniture.book import Book, site_address
from malibook.press.furniture.cite import bibtex, citation, cite_panel
from malibook.press.furniture.hosts import not_found, robots, sitemap
from malibook.press.furniture.meta import head_tags
from malibook.press.furniture.pages import Page, caption_numbers, shortened
from malibook.press.furniture.takeaway import filled, size

BOOK = Book("Mali: a war & its figures", "The team", "2026", "1.2.0", "abc123", "0.9", "ffff", "")
HTML = """<html><head><title>x</title></head><body><main><article class="bd-article">
<section id="moura"><h1><span class="section-number">3. </span>Moura &amp; after<a class="headerlink" href="#moura">#</a></h1>
<p>Short.</p>
<details class="admonition hide above-input"><summary><p>Show the code of this step, which is long enough</p></summary></details>
<p><strong>Who <span class="gloss"><a href="x">died</a><span class="gloss-tip" role="tooltip">A gloss.</span></span> at Moura, and how many
were they?</strong> <span class="bibtex-citation" id="id1">[<a href="y">OHCHR, 2023</a>]</span></p>
<figure class="exhibit" id="fig-3-map"><img src="a.svg"><figcaption><p><span class="caption-number">Fig. 7 </span>A map</p></figcaption></figure>
<div class="w"><table class="exhibit" id="tbl-3-dead"><caption><span class="caption-number">Table 2 </span>The dead</caption></table></div>
</section></article></main></body></html>"""
PAGE = Page("notebooks/03-moura", HTML)


def test_a_page_tells_its_title_and_what_it_is_about():
    assert PAGE.title == "Moura & after"
    assert PAGE.description == "Who died at Moura, and how many were they?"
    assert caption_numbers([PAGE]) == {"fig-3-map": "Fig. 7", "tbl-3-dead": "Table 2"}


def test_a_description_ends_with_a_sentence_or_a_word():
    long = "The first sentence is of a fair length, so that it may stand alone as it is. " + "word " * 60
    assert shortened(long) == "The first sentence is of a fair length, so that it may stand alone as it is."
    assert shortened("word " * 60).endswith("word…")
    assert len(shortened("word, " * 60)) <= 200


def test_a_citation_names_page_book_and_edition_and_an_address_only_where_there_is_one():
    text = citation(BOOK, PAGE.path, PAGE.title)
    assert (
        text
        == "The team (2026): “Moura & after”, in Mali: a war & its figures. Version 1.2.0, commit abc123, data version 0.9 (ffff)."
    )
    there = citation(replace(BOOK, site="https://example.org/mali/"), PAGE.path, PAGE.title)
    assert there.endswith(" https://example.org/mali/notebooks/03-moura.html")


def test_bibtex_escapes_and_the_first_page_is_the_book():
    entry = bibtex(BOOK, PAGE.path, PAGE.title)
    assert entry.startswith("@incollection{malibook-03-moura,")
    assert r"title = {{Moura \& after}}" in entry
    assert "url" not in entry
    whole = bibtex(replace(BOOK, site="https://example.org/"), "book/welcome", "Welcome")
    assert whole.startswith("@book{malibook,")
    assert "booktitle" not in whole
    assert "url = {https://example.org/book/welcome.html}" in whole


def test_bibtex_is_read_by_a_reader_of_bibtex():
    from pybtex.database import parse_string

    found = parse_string(bibtex(BOOK, PAGE.path, PAGE.title), "bibtex").entries["malibook-03-moura"]
    assert found.fields["year"] == "2026"
    assert "commit" in found.fields["note"].lower()
    assert str(found.persons["author"][0]) == "{The team}"


def test_the_citation_box_escapes_what_it_prints():
    panel = cite_panel(BOOK, PAGE.path, "a <b> & c")
    assert "<b>" not in panel
    assert panel.count("data-copy") == 2


def test_addresses_stand_in_the_head_only_where_one_is_configured():
    without = head_tags(PAGE, BOOK)
    for name in ("og:url", "og:image", "canonical"):
        assert name not in without
    tags = head_tags(PAGE, replace(BOOK, site="https://example.org/mali/"))
    assert '<link rel="canonical" href="https://example.org/mali/notebooks/03-moura.html">' in tags
    assert '<meta property="og:image" content="https://example.org/mali/cards/03-moura.png">' in tags
    assert '<meta name="description" content="Who died at Moura, and how many were they?">' in tags
    assert '<meta property="og:title" content="Moura &amp; after">' in tags
    welcome = head_tags(Page("book/welcome", HTML), replace(BOOK, site="https://example.org/"))
    assert "https://example.org/cards/welcome.png" in welcome


def test_machines_read_what_kind_of_page_it_is():
    kinds = {"book/welcome": "Book", "notebooks/03-moura": "Chapter", "book/data-dictionary": "Dataset"}
    for path, kind in kinds.items():
        tags = head_tags(Page(path, HTML), BOOK)
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', tags, re.S)[1])
        assert data["@type"] == kind
        assert data["license"].startswith("https://creativecommons.org/")


def test_no_text_ends_the_script_that_holds_it():
    tags = head_tags(Page("notebooks/03-moura", HTML.replace("Moura &amp; after", "&lt;/script&gt;&lt;b&gt;")), BOOK)
    assert tags.count("</script>") == 1


def test_an_address_is_taken_from_the_environment_before_the_file(monkeypatch):
    monkeypatch.delenv("MALIBOOK_SITE_URL", raising=False)
    config = {"html": {"baseurl": "https://example.org/book"}}
    assert site_address(config) == "https://example.org/book/"
    assert site_address({}) == ""
    monkeypatch.setenv("MALIBOOK_SITE_URL", "https://other.example/")
    assert site_address(config) == "https://other.example/"


@pytest.mark.parametrize("given", ["example.org", "ftp://example.org/", "https://", "https://example.org/?a=b"])
def test_what_is_no_address_is_refused(monkeypatch, given):
    monkeypatch.setenv("MALIBOOK_SITE_URL", given)
    with pytest.raises(BookError, match="remedy: give the address") as error:
        site_address({})
    assert given in str(error.value)


def test_the_missing_page_leads_home_with_and_without_an_address():
    bare = not_found([PAGE], BOOK)
    assert 'href="../notebooks/03-moura.html"' in bare
    assert "location.pathname" in bare
    full = not_found([PAGE], replace(BOOK, site="https://example.org/mali/"))
    assert 'href="/mali/notebooks/03-moura.html"' in full
    assert "<script" not in full
    for page in (bare, full):
        assert "src=" not in page
        assert "<link" not in page


def test_crawlers_are_told_of_a_sitemap_only_where_there_is_one():
    assert "Sitemap" not in robots(BOOK)
    site = replace(BOOK, site="https://example.org/")
    assert "Sitemap: https://example.org/sitemap.xml" in robots(site)
    assert "<loc>https://example.org/notebooks/03-moura.html</loc>" in sitemap([PAGE], site)


def test_a_standalone_page_is_filled_with_what_the_book_knows():
    text = filled("<b>⟦fig-3-map⟧</b> ⟦citation⟧", PAGE, BOOK, {"fig-3-map": "Fig. 7"})
    assert text.startswith("<b>Fig. 7</b> The team (2026)")
    assert "⟦" not in text


def test_sizes_are_printed_as_readers_know_them():
    assert [size(n) for n in (12, 1499, 197_000, 1_749_000)] == ["1 KB", "1 KB", "197 KB", "1.7 MB"]
