"""Lighter markup says the same."""

from __future__ import annotations

import re

from malibook.press.site.markup import framed, light


def text(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_idle_spans_go_and_the_text_stays():
    page = '<pre><span class="n">a</span> <span class="o">=</span> <span class="s2">"b"</span></pre>'
    assert light(page) == '<pre>a = <span class="s2">"b"</span></pre>'


def test_a_download_is_a_plain_link():
    page = '<a class="reference download internal" download="" href="x.csv"><code class="xref download docutils literal notranslate"><span class="pre">Data</span> <span class="pre">(CSV)</span></code></a>'
    assert light(page) == '<a class="reference download internal" download="" href="x.csv">Data (CSV)</a>'


def test_a_link_keeps_what_it_says_and_where_it_leads():
    page = '<a class="bound-number reference internal" href="../book/numbers.html#n-1"><span class="std std-ref">46</span></a>'
    assert light(page) == '<a class="bound-number reference internal" href="../book/numbers.html#n-1">46</a>'


def test_a_table_is_framed_under_its_caption():
    table = '<table class="exhibit" id="tbl-1">\n<caption><span class="caption-number">Table 1 </span>Losses</caption>\n<tbody></tbody></table>'
    page = framed(table)
    assert page == f'<div class="wide" role="region" tabindex="0" aria-label="Table 1 Losses">{table}</div>'


def test_a_table_without_a_caption_takes_the_name_of_its_section():
    page = framed(
        '<h2>Who &amp; what<a class="headerlink" href="#x">#</a></h2><table class="table"><tbody></tbody></table>'
    )
    assert 'aria-label="Table: Who &amp; what"' in page


def test_a_chapter_is_called_one():
    page = '<h1><span class="section-number">3. </span>Tinzaouatene</h1>'
    assert text(light(page)) == "Chapter 3 Tinzaouatene"
