"""The EPUB as a file: a small book bound from a folder of HTML, the same bytes each time, faults said and nothing written."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from malibook.press.compile import bind_epub
from malibook.press.epub.links import _bare
from malibook.press.provenance import Provenance

ORIGIN = Provenance("abc123", 1_700_000_000, "1.0", "data", "lock")
CONFIG = 'title: "A & B"\nauthor: Somebody\nsphinx: {config: {language: fr, typst_subtitle: "c <d>"}}\n'
TOC = "root: book/welcome\nparts:\n- caption: P\n  chapters: [{file: notebooks/01-a}, {file: book/explore}]\n"
SVG = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a"\n "b">\n<svg xmlns="http://www.w3.org/2000/svg"><metadata>m</metadata></svg>'


@pytest.fixture
def book(tmp_path) -> Path:
    for folder in ("html/book", "html/notebooks", "html/_images", "stage"):
        (tmp_path / folder).mkdir(parents=True)
    figure = '<figure id="f"><img alt="a" src="../_images/f.svg"><figcaption><p>Fig. 1 F</p></figcaption></figure>'
    pages = {
        "book/welcome": '<h1>W</h1><a href="../notebooks/01-a.html#f">f</a>',
        "notebooks/01-a": f"<h1>A</h1>{figure}",
    }
    for name, inside in pages.items():
        page = f'<article class="bd-article"><section id="s">{inside}</section></article>'
        (tmp_path / "html" / f"{name}.html").write_text(page)
    (tmp_path / "html" / "_images" / "f.svg").write_text(SVG)
    (tmp_path / "stage" / "_config.yml").write_text(CONFIG)
    (tmp_path / "stage" / "_toc.yml").write_text(TOC)
    return tmp_path


def bind(book: Path, out: str = "out", origin: Provenance = ORIGIN) -> tuple[Path, tuple[str, ...]]:
    made = bind_epub(book / "html", book / "stage", book / out, origin)
    return made.folder / "mali.epub", made.problems


def test_a_small_book_is_bound_and_is_the_same_each_time(book):
    first, problems = bind(book)
    assert problems == ()
    assert first.read_bytes() == bind(book, "again")[0].read_bytes()
    with zipfile.ZipFile(first) as bundle:
        names = bundle.namelist()
        assert names[:2] == ["mimetype", "META-INF/container.xml"]
        assert {"EPUB/book/welcome.xhtml", "EPUB/notebooks/01-a.xhtml", "EPUB/images/f.svg"} <= set(names)
        for name in names:
            if name.endswith((".xhtml", ".opf", ".svg", ".xml")):
                ElementTree.fromstring(bundle.read(name))
        assert b'lang="fr" xml:lang="fr"' in bundle.read("EPUB/title.xhtml")
        assert b"A &amp; B: c &lt;d&gt;" in bundle.read("EPUB/content.opf")
        assert b"explore" not in b"".join(bundle.read(name) for name in names if name.endswith((".opf", ".xhtml")))


def test_another_commit_is_another_edition(book):
    one, other = bind(book)[0], bind(book, "other", replace(ORIGIN, commit="def456", epoch=1_700_000_100))[0]
    texts = [zipfile.ZipFile(path).read("EPUB/content.opf") for path in (one, other)]
    assert b"2023-11-14T22:13:20Z" in texts[0]
    assert b"2023-11-14T22:15:00Z" in texts[1]
    names = [text.partition(b"urn:uuid:")[2][:36] for text in texts]
    assert names[0] != names[1]


def test_a_page_without_an_article_is_a_problem_and_nothing_is_written(book):
    (book / "html" / "notebooks" / "01-a.html").write_text("<main>no article</main>")
    path, problems = bind(book)
    assert len(problems) == 1
    assert "01-a.html: holds no article" in problems[0]
    assert not path.exists()


def test_a_dead_link_is_a_problem_and_nothing_is_written(book):
    page = book / "html" / "book" / "welcome.html"
    page.write_text(page.read_text().replace("#f", "#g"))
    path, problems = bind(book)
    assert problems == ("book/welcome: a link leads to notebooks/01-a#g, which the EPUB does not hold",)
    assert not path.exists()


def test_an_svg_loses_its_document_type_and_its_metadata_only():
    assert _bare(SVG.encode()) == b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'
