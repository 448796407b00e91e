"""The reader's check of built HTML, on small pages with one fault each."""

from __future__ import annotations

import pytest

from malibook.press.check import check_html

GOOD = '<html><body><h1 id="top">A</h1><a href="b.html#x">b</a><img src="f.svg" alt="Deaths rise."><code>{n}`k`</code></body></html>'


@pytest.fixture
def book(tmp_path):
    (tmp_path / "a.html").write_text(GOOD)
    (tmp_path / "b.html").write_text('<p id="x">text</p><a href="https://example.org/far">far link, not loaded</a>')
    (tmp_path / "f.svg").write_text("<svg/>")
    return tmp_path


def test_a_good_book_has_no_fault(book):
    assert check_html(book, ["a", "b"]) == []


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        ('<a href="gone.html">x</a>', "not there"),
        ('<a href="b.html#nowhere">x</a>', "anchor is not there"),
        ('<script src="https://cdn.example.org/x.js"></script>', "another host"),
        ('<link rel="stylesheet" href="//fonts.example.org/f.css">', "another host"),
        ('<img src="f.svg">', "no alt text"),
        ('<img src="f.svg" alt="_images/0123abcd.svg">', "no alt text"),
        ("<p>{n}`deaths`</p>", "raw markup"),
        ("<p>&lt;Axes: title</p>", "raw markup"),
        ("<p>Traceback (most recent call last)</p>", "raw markup"),
    ],
)
def test_each_fault_is_caught(book, markup, says):
    (book / "a.html").write_text(GOOD.replace("</body>", markup + "</body>"))
    found = check_html(book, ["a", "b"])
    assert len(found) == 1
    assert says in found[0]


def test_a_missing_chapter_is_caught(book):
    assert check_html(book, ["a", "b", "c"]) == ["c.html is in the contents, but was not built"]


def test_a_style_sheet_that_asks_outside_is_caught(book):
    (book / "s.css").write_text('@import "https://fonts.example.org/x.css";')
    assert "another host" in check_html(book, ["a", "b"])[0]
