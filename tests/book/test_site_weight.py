"""What a page weighs and whom it asks: logged in a browser, on a server that compresses, with nothing kept before."""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: `python run.py setup` installs it")
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to load the pages in"),
]
FIRST, AFTER = 350_000, 150_000  # bytes as they travel, compressed
PAGES = ("book/welcome", "book/numbers", "book/evidence-tables", "book/data-dictionary", "book/sources")


class _Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves files as a public host does: text compressed, kept by the browser; what was sent is counted."""

    sent: dict[str, int]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.partition("?")[0]))
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        packed = path.suffix in (".html", ".css", ".js", ".svg", ".json", ".csv")
        body = gzip.compress(body, 6) if packed else body
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=3600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
        self.sent[self.path] = len(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the test tells."""


@pytest.fixture(scope="module")
def book(built: Path) -> Path:
    return built / "_build" / "html"


@pytest.fixture(scope="module")
def served(book: Path) -> Iterator[tuple[str, dict[str, int]]]:
    sent: dict[str, int] = {}
    handler = type("Handler", (_Compressing,), {"sent": sent})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def load(browser: Browser, served, pages: list[str], *, to_the_end: bool) -> tuple[list[int], list[str]]:
    """Open pages one after another in one browser; return the bytes that each took, and every address asked for."""
    root, sent = served
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, asked, weights = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    for name in pages:
        sent.clear()
        page.goto(f"{root}/{name}.html", wait_until="networkidle")
        if to_the_end:
            page.evaluate("for (const img of document.images) img.loading = 'eager'")
            page.wait_for_load_state("networkidle")
        weights.append(sum(sent.values()))
    context.close()
    return weights, asked


def chapters(book: Path) -> list[str]:
    return [f"notebooks/{path.stem}" for path in sorted((book / "notebooks").glob("0*.html"))]


def test_a_chapter_with_every_figure_weighs_at_most_350_kb(book, browser, served):
    for name in chapters(book):
        (weight,), _ = load(browser, served, [name], to_the_end=True)
        assert 20_000 < weight <= FIRST, f"{name} weighs {weight:,} bytes"


def test_a_page_after_the_first_weighs_at_most_150_kb(book, browser, served):
    weights, _ = load(browser, served, ["book/welcome", *chapters(book)], to_the_end=False)
    assert max(weights[1:]) <= AFTER, weights


def test_the_pages_to_look_things_up_are_no_heavier(book, browser, served):
    for name in PAGES:
        (weight,), _ = load(browser, served, [name], to_the_end=False)
        assert weight <= AFTER, f"{name} weighs {weight:,} bytes"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_only_the_figure_that_is_shown_is_fetched(book, browser, served, theme):
    root, sent = served
    sent.clear()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{root}/notebooks/03-tinzaouatene.html", wait_until="networkidle")
    drawings = [path for path in sent if path.endswith(".svg") and "/_images/" in path]
    context.close()
    assert drawings
    assert all(path.endswith(".dark.svg") == (theme == "dark") for path in drawings), drawings


def test_the_switch_for_dark_holds_on_the_next_page_and_changes_the_figures(book, browser, served):
    root, _ = served
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(f"{root}/notebooks/03-tinzaouatene.html")
    page.click(".theme-switch")
    page.goto(f"{root}/notebooks/05-regional-comparison.html", wait_until="networkidle")
    shown = page.evaluate("document.querySelector('picture img').currentSrc")
    theme = page.evaluate("document.documentElement.dataset.theme")
    context.close()
    assert theme == "dark"
    assert shown.endswith(".dark.svg")


def test_the_switch_for_code_opens_every_step_and_holds_on_the_next_page(book, browser, served):
    root, _ = served
    context = browser.new_context()
    page = context.new_page()
    closed = "[...document.querySelectorAll('details.hide')].filter(d => !d.open).length"
    page.goto(f"{root}/notebooks/03-tinzaouatene.html")
    assert page.evaluate(closed) > 3
    page.click(".code-switch")
    assert page.evaluate(closed) == 0
    page.goto(f"{root}/notebooks/05-regional-comparison.html")
    assert page.evaluate(closed) == 0
    page.click(".code-switch")
    page.reload()
    assert page.evaluate(closed) > 3
    context.close()


def test_without_a_script_the_text_stands_and_code_opens_by_hand(book, browser, served):
    root, _ = served
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{root}/notebooks/03-tinzaouatene.html")
    assert not page.locator(".switches").is_visible()
    step = page.locator("details.hide").first
    assert not step.locator("pre").first.is_visible()
    step.locator("summary").click()
    assert step.locator("pre").first.is_visible()
    page.click('button[popovertarget="book-contents"]')
    assert page.locator("#book-contents a").first.is_visible()
    context.close()


def test_nothing_on_a_page_shifts_while_it_loads(book, browser, served):
    root, _ = served
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
        "if (!e.hadRecentInput) window.shift += e.value }).observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(f"{root}/notebooks/01-french-intervention.html", wait_until="networkidle")
    shift = page.evaluate("window.shift")
    context.close()
    assert shift < 0.02


@pytest.mark.parametrize("width", [390, 1440])
def test_a_link_to_a_number_or_a_table_lands_on_it(book, browser, served, width):
    root, _ = served
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    for place in ("book/numbers.html#n-03-tinzaouatene-army-floor", "book/data-dictionary.html#table-losses"):
        page.goto(f"{root}/{place}", wait_until="networkidle")
        page.wait_for_selector(":target", state="attached")
        top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        assert 0 <= top < 200, (place, top)
    context.close()
