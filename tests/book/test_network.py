"""Every page in a real browser with the network logged: nothing from another host, nothing missing, no error."""

from __future__ import annotations

import pytest

from .browsing import visiting

pytestmark = pytest.mark.slow
WAIT = "Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => {}); }))"


@pytest.fixture(scope="module")
def visit(built):
    with visiting(built) as one:
        yield one


def test_no_page_asks_another_host_or_fails_or_complains(visit):
    """Images far down the page are fetched too; a breach of the content security policy is an error on the console."""
    for name in visit.names:
        visit.open(name)
        visit.page.evaluate(WAIT)
    assert len(visit.names) >= 20
    assert visit.log == []


def test_the_log_would_show_a_request_to_another_host_and_a_file_that_is_missing(visit):
    visit.open(visit.names[0])
    visit.page.evaluate("fetch('http://example.org/x').catch(() => {})")
    visit.page.evaluate(
        "new Promise((done) => { const i = new Image(); i.onerror = done; i.src = 'missing.png'; document.body.append(i); })"
    )
    visit.page.evaluate(
        "{ const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.head.append(s); }"
    )
    told = "\n".join(visit.log)
    visit.log.clear()
    assert "example.org" in told
    assert "404: " in told
    assert "Content Security Policy" in told
    assert visit.page.evaluate("window.broken") is None


def test_reading_needs_no_script(built, visit):
    context = visit.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in visit.names:
        page.goto(visit.base + name)
        text = page.locator("main").inner_text()
        assert len(text) > 100 or "search" in name or "404" in name, name
    context.close()
