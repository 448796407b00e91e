"""No page is wider than its window, down to 320 px; no text is cut, out of its box or upon other text."""

from __future__ import annotations

import pytest

from malibook.press.look.figures import crowded, drawings
from malibook.press.look.overflow import EXCEPTIONS, overflows, script

from .browsing import visiting

pytestmark = pytest.mark.slow
FRAME = '<html lang="en"><body style="margin: 0; font: 16px sans-serif">'
PLANTED = {
    "page wider than the window": '<p style="width: 2000px">wide</p>',
    "box beyond the window": '<p style="width: 2000px">wide</p>',
    "image beyond the window": '<img alt="x" width="900" height="20" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "text cut at the side": '<p style="width: 60px; overflow: hidden; white-space: nowrap">longer than sixty pixels</p>',
    "text cut below": '<p style="width: 90px; height: 20px; overflow: hidden">so many words that they take three lines</p>',
    "text out of its box": '<p style="width: 40px; background: red">Unbreakableness</p>',
    "text upon text": '<h2 style="margin: 0">A heading</h2><p style="margin: -1.2em 0 0">and a paragraph upon it</p>',
}
GOOD = (
    '<p>Words <b>in</b> a <a href="#">line</a> that break where they must, and so on, and on.</p>'
    '<div style="overflow-x: auto"><table><tr><td style="min-width: 900px">wide, but it scrolls</td></tr></table></div>'
    '<span style="position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)">Only heard</span>'
    '<table><thead style="position: absolute; clip-path: inset(50%)"><tr><th>Only heard too</th></tr></thead></table><p>Seen</p>'
    '<details><summary>Folded</summary><p style="width: 2000px">not to be seen</p></details>'
)


@pytest.fixture(scope="module")
def visit(built):
    with visiting(built) as one:
        yield one


def test_everything_fits_on_every_page(visit):
    found = []
    for name in visit.names:
        visit.open(name)
        found += [f"{name} {line}" for line in overflows(visit.page)]
    assert found == []


def test_the_check_finds_each_kind_of_fault(visit):
    for kind, markup in PLANTED.items():
        visit.page.set_content(FRAME + markup)
        assert any(kind in line for line in overflows(visit.page, [390])), kind


def test_the_check_leaves_good_pages_alone(visit):
    visit.page.set_content(FRAME + GOOD)
    assert list(overflows(visit.page, [390])) == []


def test_no_exception_stands_without_a_reason(visit):
    assert all(len(reason) > 20 for _, reason in EXCEPTIONS)
    assert script().startswith("//")


def test_no_text_in_a_figure_lies_upon_other_text_or_leaves_the_drawing(built, visit):
    folder = built / "_build" / "html" / "_images"
    paths = drawings(folder)
    assert len(paths) > 60
    assert crowded(visit.page, paths) == []


def test_the_check_of_figures_finds_both_faults(visit, tmp_path):
    word = '<g transform="translate({} 20) scale(.1 -.1)"><use href="#a"/><use href="#a" x="60"/></g>'
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><defs><path id="a" d="M0 0h50v80h-50z"/></defs>'
    )
    for name, places in {"good": (10, 60), "overlap": (10, 14), "outside": (10, 193)}.items():
        (tmp_path / f"{name}.svg").write_text(head + "".join(word.format(x) for x in places) + "</svg>")
    told = crowded(visit.page, sorted(tmp_path.glob("*.svg")))
    assert [line.split(":")[0] for line in told] == ["outside.svg", "overlap.svg"]
