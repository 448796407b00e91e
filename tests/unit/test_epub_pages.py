"""How a page of HTML becomes a page of the EPUB: what goes, what stays, where links lead."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import tostring

from malibook.press.epub.clean import clean, words
from malibook.press.epub.contents import LONG, Page, _pieces
from malibook.press.epub.links import places, settle_links
from malibook.press.epub.parse import article, fragment

CODE = (
    '<div class="cell tag_hide-input"><details class="admonition hide above-input"><summary>Show</summary>'
    '<div class="cell_input"><pre><span class="kn">import</span> <span class="nn">os</span></pre></div></details></div>'
)
TERM = (
    '<span class="gloss"><a href="glossary.html#term-A" aria-describedby="g">A</a>'
    '<span class="gloss-tip" role="tooltip" id="g">what it is</span></span>'
)


def text_of(html: str) -> str:
    return tostring(clean(fragment(html)), encoding="unicode")


def settled(html: str, name: str = "book/one", **others: str) -> tuple[str, list[str]]:
    pages = [Page(n, n.rpartition("-")[0] or n, n, "", clean(fragment(h))) for n, h in {name: html, **others}.items()]
    known = places(Path("nowhere"), pages)
    settle_links(pages[0], known)
    return tostring(pages[0].tree, encoding="unicode"), known.problems


def test_markup_that_is_not_xml_is_read_like_markup_that_is():
    strict = fragment('<div><p>a<br/>b<input disabled="" /></p><p>c</p></div>')
    loose = fragment("<div><p>a<br>b<input disabled></p></b><p>c</p></div>")
    assert tostring(strict) == tostring(loose)


def test_what_is_left_open_is_closed():
    assert tostring(fragment("<div><p>a &nbsp;<em>b</div>")) == b"<div><p>a &#160;<em>b</em></p></div>"


def test_an_article_is_found_and_its_colours_go(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<main><article class="bd-article"><code><span class="pre">x\x0b</span></code></article></main>')
    assert tostring(article(page)) == b'<article class="bd-article"><code>x</code></article>'


def test_code_tips_and_links_to_headings_go_and_the_text_around_them_stays():
    found = text_of(
        f'<div><h1>T<a class="headerlink" href="#t">#</a></h1>one {CODE}two {TERM} three<nav>x</nav>.</div>'
    )
    assert words(fragment(found)) == "Tone two A three."
    assert "import" not in found
    assert "aria-describedby" not in found


def test_what_opens_on_a_click_stands_open():
    found = text_of("<div><details><summary>More</summary><p>text</p></details></div>")
    assert found == '<div><div><div class="summary">More</div><p>text</p></div></div>'


def test_a_language_is_said_in_both_ways():
    assert text_of('<p><span lang="fr">élan</span></p>') == '<p><span lang="fr" xml:lang="fr">élan</span></p>'


def test_a_wide_table_names_its_columns_in_each_cell_and_a_narrow_one_does_not():
    def table(columns: int) -> str:
        heads = "".join(f"<th>h{n}</th>" for n in range(columns))
        cells = "".join(f"<td>{n}</td>" for n in range(columns))
        return text_of(f"<div><table><thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table></div>")

    assert '<td data-label="h4">4</td>' in table(5)
    assert "data-label" not in table(4)
    assert '<div class="scroll"><table>' in table(4)
    assert '<th scope="col">h0</th>' in table(4)


def test_links_lead_to_pages_of_the_epub():
    found, problems = settled(
        '<p><a href="#here" id="here">a</a><a href="../notebooks/two.html#x">b</a><a href="three.html">c</a></p>',
        **{"notebooks/two": '<p id="x">x</p>'},
    )
    assert problems == []
    assert 'href="#here"' in found
    assert 'href="../notebooks/two.xhtml#x"' in found
    assert "<span>c</span>" in found  # a page that only the HTML has


def test_a_link_into_a_page_in_several_files_leads_to_the_right_one():
    found, _ = settled('<p><a href="two.html#y">b</a></p>', **{"book/two": "<p/>", "book/two-2": '<p id="y"/>'})
    assert 'href="two-2.xhtml#y"' in found


def test_a_dead_link_and_a_missing_picture_are_problems():
    _, problems = settled('<p><a href="#gone">a</a><img src="../_images/none.svg" alt="x"/></p>')
    assert len(problems) == 2
    assert "book/one#gone" in problems[0]
    assert "none.svg" in problems[1]


def test_a_download_becomes_the_name_of_its_file():
    found, _ = settled(
        '<p><a class="download" download="" href="../_downloads/ab/fig-1.csv"><code>Data</code></a>.</p>'
    )
    assert found == "<p><span>Data: fig-1.csv</span>.</p>"


def test_citations_are_marked_where_they_stand_and_where_they_are_listed():
    sources = (
        '<div class="citation-list"><div class="citation" id="s1"><span class="label">[1]</span><p>A</p></div></div>'
    )
    found, _ = settled('<p><a href="sources.html#s1">A, 2012</a></p>', **{"book/sources": sources})
    assert '<a href="sources.xhtml#s1" epub:type="biblioref" role="doc-biblioref">' in found
    assert '<li id="s1" epub:type="biblioentry"><span class="label">' in text_of(sources)


def test_a_long_page_is_cut_between_its_sections_and_loses_nothing():
    section = f'<section id="s%d"><h2>H%d</h2><p>{"word " * (LONG // 15)}</p></section>'
    whole = "<div><section><h1>T</h1>" + "".join(section % (n, n) for n in range(6)) + "</section></div>"
    pieces = _pieces(fragment(whole))
    assert len(pieces) > 2
    assert [h.text for p in pieces for h in p.iter("h2")] == [f"H{n}" for n in range(6)]
    assert "".join(words(p) for p in pieces).replace(" ", "") == words(fragment(whole)).replace(" ", "")
    short = fragment("<div><section><h1>T</h1><section/></section></div>")
    assert _pieces(short) == [short]
