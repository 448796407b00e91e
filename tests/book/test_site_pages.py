"""The built pages as files: figures sized, late and in two palettes; tables framed; nothing of a theme that is not used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SPARE = (
    "fontawesome",
    "bootstrap",
    "pydata-sphinx-theme",
    "sphinx-book-theme",
    "togglebutton",
    "design-tabs",
    "clipboard",
)


@pytest.fixture(scope="module")
def html(built: Path) -> Path:
    return built / "_build" / "html"


def pages(html: Path) -> dict[str, str]:
    found = [*html.glob("book/*.html"), *html.glob("notebooks/*.html")]
    assert len(found) > 15
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_every_figure_is_sized_late_and_has_a_dark_twin(html):
    count = 0
    for name, page in pages(html).items():
        for picture in re.findall(r"<figure.*?</figure>", page, re.S):
            if ".svg" not in picture:
                continue
            image = re.search(r"<img [^>]*>", picture)[0]
            for part in ('loading="lazy"', 'decoding="async"', "width=", "height=", "alt="):
                assert part in image, (name, image[:200])
            twin = re.search(r'<source srcset="\.\./_images/([^"]+\.dark\.svg)"', picture)
            assert twin and (html / "_images" / twin[1]).is_file(), (name, image[:200])
            count += 1
    assert count > 60


def test_a_drawing_and_its_twin_are_the_same_drawing(html):
    twins = sorted((html / "_images").glob("*.dark.svg"))
    assert len(twins) > 60
    bare = re.compile(r'#[0-9a-fA-F]{6}\b| fill="[^"]*"')
    for twin in twins[::7]:
        drawing = twin.with_name(twin.name.replace(".dark.svg", ".svg")).read_text(encoding="utf-8")
        assert bare.sub("", drawing) == bare.sub("", twin.read_text(encoding="utf-8")), twin.name


def test_every_table_stands_in_a_frame_that_scrolls_and_has_a_name(html):
    count = 0
    for name, page in pages(html).items():
        for found in re.finditer(r'(<div class="wide[^>]*>)?<table class="([^"]*)"', page):
            if "indextable" not in found[2] and "xtable" not in found[2]:
                assert found[1], (name, found[2])
                assert re.search(r'tabindex="0" aria-label="[^"]{6,}"', found[1]), (name, found[1])
                count += 1
    assert count > 60


def test_nothing_of_the_theme_that_is_not_used_is_left(html):
    for path in (html / "_static").rglob("*"):
        assert not any(word in path.name for word in SPARE), path
    for name, page in pages(html).items():
        loaded = " ".join(re.findall(r"<(?:link|script)[^>]*>", page))
        assert not any(word in loaded for word in SPARE), name


def test_a_page_has_one_title_and_marks_where_it_stands(html):
    for name, page in pages(html).items():
        assert page.count("<h1") == 1, name
        assert page.count('class="bd-article"') == 1, name
        assert 'href="#main-content"' in page and 'id="main-content"' in page, name
        assert 'class="current' in page or "toctree-l1 current" in page, name


def test_the_chapters_open_with_their_question_and_what_they_find(html):
    for path in (html / "notebooks").glob("0*.html"):
        page = path.read_text(encoding="utf-8")
        assert re.search(r"<h1>.*?</h1>\s*<p><strong>[^<]*\?", page, re.S), path.name
