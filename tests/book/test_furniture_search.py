"""The search in a browser, from disk and over http: it finds, it folds accents, it can be used by keyboard alone."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing of what it is asked for."""

    def log_message(self, *words) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def roots(built: Path) -> Iterator[dict[str, str]]:
    """Return where the book is found: from disk, and over http."""
    folder = built / "_build" / "html"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"disk": folder.as_uri() + "/", "http": f"http://127.0.0.1:{server.server_port}/"}
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser) -> Iterator:
    """A new window that remembers what went wrong in it, and what it asked for."""
    window = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    window.faults, window.asked = [], []
    window.on("console", lambda m: window.faults.append(m.text) if m.type in ("error", "warning") else None)
    window.on("pageerror", lambda e: window.faults.append(str(e)))
    window.on("requestfailed", lambda r: window.faults.append(r.url))
    window.on("request", lambda r: window.asked.append((r.resource_type, r.url)))
    yield window
    window.context.close()


def until(page, expression: str) -> None:
    """Wait for a condition; Playwright's own waiting evaluates strings in the page, which the page's policy refuses."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


@pytest.mark.parametrize("way", ["disk", "http"])
def test_a_word_without_its_accent_is_found_by_keyboard_alone(page, roots, way):
    page.goto(roots[way] + "search.html")
    for _ in range(60):  # past the skip link and the contents, as somebody without a mouse comes
        if page.evaluate("document.activeElement.matches('main input[name=q]')"):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('main input[name=q]')")
    page.keyboard.type("menaka")
    page.wait_for_selector("#search-results li")
    found = page.inner_text("#search-results")
    assert "Ménaka" in found
    assert int(page.inner_text("#search-status").partition(" ")[0]) > 20
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{first}")
    assert page.evaluate("document.querySelector(location.hash) !== null")
    assert page.faults == []
    assert [url for kind, url in page.asked if kind in ("fetch", "xhr")] == []
    assert [url for _, url in page.asked if not url.startswith((roots[way], "data:"))] == []


@pytest.mark.parametrize("way", ["disk", "http"])
def test_the_box_of_a_chapter_leads_to_the_results(page, roots, way):
    page.goto(roots[way] + "notebooks/03-tinzaouatene.html?x=1")
    if not page.locator("input[name=q]:visible").count():
        page.keyboard.press("Control+k")  # a theme that keeps its box out of sight
    box = page.locator("input[name=q]:visible").first
    box.fill("sandstorm")
    box.press("Enter")
    page.wait_for_selector("#search-results li mark")
    assert "sandstorm" in page.inner_text("#search-results").lower()
    assert page.faults == []


def test_what_is_not_there_is_said(page, roots):
    page.goto(roots["disk"] + "search.html?q=xyzzyx")
    until(page, "document.getElementById('search-status').textContent.includes('xyzzyx')")
    assert page.inner_text("#search-status").startswith("No places")
    assert page.locator("#search-results li").count() == 0


def test_the_citation_can_be_copied_and_stands_there_without_a_script(page, browser, roots):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(roots["http"] + "notebooks/03-tinzaouatene.html", wait_until="networkidle")
    page.press(
        ".cite-page summary", "Enter"
    )  # a key: long tables above may still take their height and move what is clicked
    page.press(".cite-page pre + .cite-copy", "Enter")
    until(page, "document.querySelector('pre + .cite-copy').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@incollection{malibook-03-tinzaouatene")
    bare = browser.new_context(java_script_enabled=False).new_page()
    bare.goto(roots["disk"] + "notebooks/03-tinzaouatene.html")
    bare.press(".cite-page summary", "Enter")
    assert "@incollection" in bare.inner_text(".cite-page pre")
    assert bare.locator(".cite-copy").count() == 0
    bare.context.close()


def test_the_missing_page_leads_to_the_book_from_any_depth(page, roots, built):
    text = (built / "_build" / "html" / "404.html").read_text(encoding="utf-8")
    base = "http://localhost:9"
    for path, due in (
        ("/book/gone.html", "/"),
        ("/a/b/notebooks/x/y/gone.html", "/a/b/"),
        ("/repo/gone.html", "/repo/"),
    ):
        page.route("**/*", lambda route: route.fulfill(status=404, content_type="text/html", body=text))
        page.goto(base + path)
        assert page.evaluate("document.querySelector('a[data-path]').href") == f"{base}{due}index.html"


def test_a_chapter_as_one_page_opens_from_disk_and_asks_for_nothing(page, roots, tmp_path, built):
    alone = tmp_path / "alone.html"
    shutil.copyfile(built / "_build" / "html" / "downloads" / "03-tinzaouatene.html", alone)
    page.goto(alone.as_uri())
    drawn = page.evaluate("[...document.images].map((i) => i.complete && i.naturalWidth > 100)")
    assert len(drawn) == 9
    assert all(drawn)
    assert page.faults == []
    assert [url for _, url in page.asked if not url.startswith(("data:", alone.as_uri()))] == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
