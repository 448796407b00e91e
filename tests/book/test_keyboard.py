"""The book by keyboard alone: the way in, a focus that shows, no trap, menus and definitions that close."""

from __future__ import annotations

import pytest

from .browsing import visiting

pytestmark = pytest.mark.slow
CHAPTER = "notebooks/01-french-intervention.html"
HERE = """() => {
  const el = document.activeElement, style = getComputedStyle(el), box = el.getBoundingClientRect();
  return {
    tag: el.tagName, text: (el.innerText || el.value || el.getAttribute("aria-label") || "").trim().slice(0, 60),
    href: el.getAttribute("href") || "", inside: !!el.closest("main"), nav: !!el.closest("nav"),
    shown: el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none",
    mark: (el.dataset.mark ??= String((window.marks = (window.marks || 0) + 1))),
  };
}"""


@pytest.fixture(scope="module")
def visit(built):
    with visiting(built) as one:
        yield one


def tab(visit, times: int = 1, key: str = "Tab") -> dict:
    """Press a key and return what has the focus then."""
    for _ in range(times):
        visit.page.keyboard.press(key)
    return visit.page.evaluate(HERE)


def test_the_first_stop_leads_past_the_navigation_into_the_text(visit):
    for name in (CHAPTER, "book/welcome.html", "search.html"):
        visit.open(name)
        first = tab(visit)
        assert first["tag"] == "A" and first["href"].startswith("#"), name
        assert first["shown"] and "skip" in first["text"].lower(), name
        visit.page.keyboard.press("Enter")
        assert tab(visit)["inside"], name


@pytest.mark.parametrize("width", [1440, 390])
def test_every_stop_is_seen_and_none_is_a_trap(visit, width):
    """From the top of a short page to its end, through the contents into the text, each stop marked and on the screen."""
    visit.open("book/corrections.html", width)
    stops = []
    for _ in range(200):
        stop = tab(visit)
        if stop["tag"] == "BODY" or (stops and stop["mark"] == stops[0]["mark"]):
            break
        stops.append(stop)
    assert len({s["mark"] for s in stops}) == len(stops) > 8
    assert [s["text"] or s["tag"] for s in stops if not s["shown"]] == []
    assert [s["text"] or s["tag"] for s in stops if not s["ring"]] == []
    assert stops[-1]["inside"] or stops[-1]["nav"]
    back = tab(visit, 1, "Shift+Tab")
    assert back["mark"] in {s["mark"] for s in stops} or back["tag"] == "BODY"


def test_the_focus_shows_on_each_kind_of_control_in_light_and_dark(visit):
    for scheme in ("light", "dark"):
        visit.open(CHAPTER, scheme=scheme)
        for kind in ("main p a", "header a", "header button", "main summary", "[role=search] input"):
            control = visit.page.locator(kind).locator("visible=true").first
            control.focus()
            visit.page.keyboard.press("Shift+Tab")
            visit.page.keyboard.press("Tab")
            assert visit.page.evaluate(HERE)["ring"], (scheme, kind)


def test_a_definition_opens_with_the_focus_and_escape_closes_it(visit):
    visit.open(CHAPTER)
    term = visit.page.locator("main a[aria-describedby]").first
    tip = visit.page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert not tip.is_visible()
    term.focus()
    tip.wait_for(state="visible", timeout=3000)
    visit.page.keyboard.press("Escape")
    tip.wait_for(state="hidden", timeout=3000)
    assert visit.page.evaluate(HERE)["href"] == term.get_attribute("href")


def test_folded_data_opens_by_keyboard_and_its_table_can_be_scrolled(visit):
    visit.open(CHAPTER)
    summary = visit.page.locator("summary", has_text="Show the data").first
    summary.focus()
    visit.page.keyboard.press("Enter")
    table = summary.locator("xpath=..").locator("table")
    table.wait_for(state="visible", timeout=3000)
    assert table.locator("thead th[scope=col]").count() >= 2
    assert table.locator("tbody th[scope=row]").count() == table.locator("tbody tr").count()


@pytest.mark.parametrize("name", [CHAPTER, "book/glossary.html"])
def test_the_menu_of_a_narrow_screen_opens_and_closes_by_keyboard(visit, name):
    visit.open(name, 390)
    button = visit.page.get_by_role("button", name="Contents", exact=True)
    link = visit.page.get_by_role("link", name="Glossary", exact=True).first
    assert not link.is_visible()
    button.focus()
    visit.page.keyboard.press("Enter")
    link.wait_for(state="visible", timeout=3000)
    assert tab(visit)["nav"], "the next stop is in the menu"
    visit.page.keyboard.press("Escape")
    link.wait_for(state="hidden", timeout=3000)
    assert visit.page.evaluate(HERE)["text"] == "Contents", "the focus is back on the button"


def test_a_search_by_keyboard_finds_a_place(visit):
    visit.open(CHAPTER)
    visit.page.locator("header [role=search] input").focus()
    visit.page.keyboard.type("Menaka")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/search.html?q=Menaka*")
    visit.page.locator("main a", has_text="").first.wait_for(timeout=5000)
    visit.page.wait_for_function("document.querySelector('main').innerText.includes('Ménaka')", timeout=5000)
