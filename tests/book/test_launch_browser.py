"""The launch buttons on a built chapter, in a browser with its network logged: nothing is asked before a click."""

from __future__ import annotations

from dataclasses import replace

import pytest

from malibook.press.furniture.book import book_facts
from malibook.press.furniture.launch import launch_panel
from malibook.press.furniture.pages import Page
from malibook.press.provenance import provenance

from .browsing import visiting

pytestmark = pytest.mark.slow
CHAPTER = "notebooks/03-tinzaouatene"
SOURCE = "https://github.com/sahel/mali"


@pytest.fixture(scope="module")
def visit(built, tmp_path_factory):
    """The built book in links, one chapter of it with the buttons that it has where the repository is known."""
    book = tmp_path_factory.mktemp("launch")
    html = book / "_build" / "html"
    (html / CHAPTER).parent.mkdir(parents=True)
    source = built / "_build" / "html"
    kept = [p for p in source.iterdir() if p.name != "notebooks"] + list((source / "notebooks").iterdir())
    for path in kept:
        (html / path.relative_to(source)).symlink_to(path)
    page = html / f"{CHAPTER}.html"
    text = page.read_text(encoding="utf-8")
    panel = launch_panel(Page(CHAPTER, text), replace(book_facts(provenance()), repository=SOURCE))
    assert panel and text.count("</article>") == 1
    page.unlink()
    added = "" if "page-launch" in text else panel  # this machine may name a repository to all its builds
    page.write_text(text.replace("</article>", f"{added}</article>"), encoding="utf-8")
    with visiting(book) as one:
        yield one


def test_reading_hovering_and_unfolding_ask_no_other_host(visit):
    visit.open(f"{CHAPTER}.html")
    links = visit.page.locator(".page-launch a")
    assert links.all_inner_texts() == ["Binder", "Colab", "Codespaces"]
    for link in links.all():
        link.hover()
        link.focus()
    visit.page.locator(".page-launch summary").click()
    assert visit.page.locator(".page-launch pre").is_visible()
    visit.page.wait_for_load_state("networkidle")
    assert visit.log == []


def test_a_click_would_be_seen(visit):
    """The log of the test above is empty because nothing was asked, not because nothing is seen."""
    visit.open(f"{CHAPTER}.html")
    visit.page.locator(".page-launch a").first.focus()
    visit.page.keyboard.press("Enter")  # a key hits the link, whatever above it still takes its height
    for _ in range(100):  # a slow machine needs longer than half a second
        if visit.log:
            break
        visit.page.wait_for_timeout(200)
    told = "\n".join(visit.log)
    visit.log.clear()
    assert "mybinder.org" in told
