"""The page *Explore* in a browser: by keyboard, by its address, without a script, and as axe-core judges it."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from malibook.evidence import load, phase_of, split_list
from malibook.press.explore.hooks import document_addresses

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: no browser to drive")
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to show the page in"),
]
LIMIT = 60_000
FALLS = "events shown"


@pytest.fixture(scope="module")
def browser() -> Iterator:
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def address(built: Path) -> str:
    return (built / "_build" / "html" / "book" / "explore.html").as_uri()


@pytest.fixture
def page(browser, address) -> Iterator:
    """The page, opened from disk; whatever the browser complained of fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one, said = context.new_page(), []
    one.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    one.on("pageerror", lambda error: said.append(str(error)))
    one.goto(address)
    yield one
    context.close()
    assert said == []


def shown(page) -> set[str]:
    return set(page.eval_on_selector_all(".xtable tr[id]:not([hidden])", "rows => rows.map(row => row.id.slice(2))"))


def lit(page, drawing: str) -> int:
    return page.locator(f".{drawing} a:not(.off)").count()


def test_each_filter_shows_what_the_data_say_in_table_map_and_timeline(page):
    events = load("events")
    wanted = {
        ("p", "wagner"): set(events[phase_of(events["date"]) == "wagner"]["id"]),
        ("a", "fama"): {r.id for r in events.itertuples() if "fama" in split_list(r.actors)},
        ("l", "kidal"): set(events[events["place"] == "kidal"]["id"]),
        ("l", "r/Kidal"): set(events[events["region"] == "Kidal"]["id"]),
    }
    for (name, value), ids in wanted.items():
        page.select_option(f"select[name={name}]", value)
        assert shown(page) == ids, (name, value)
        assert lit(page, "xmap") == lit(page, "xtime") == len(ids)
        assert page.locator(".xcount").inner_text().startswith(f"{len(ids)} of {len(events)} {FALLS}")
        page.select_option(f"select[name={name}]", "")
    page.check("input[value=coup]")
    assert shown(page) == set(events[events["category"] == "coup"]["id"])
    page.check("input[value=handover]")
    assert shown(page) == set(events[events["category"].isin(["coup", "handover"])]["id"])
    page.click("button[type=reset]")
    assert len(shown(page)) == len(events)


def test_every_choice_of_a_filter_shows_as_many_as_it_says(page):
    for name in ("p", "l", "a"):
        for option in page.eval_on_selector_all(
            f"select[name={name}] option[value]:not([value=''])", "all => all.map(o => [o.value, o.textContent])"
        ):
            page.select_option(f"select[name={name}]", option[0])
            assert len(shown(page)) == int(re.search(r"\((\d+)\)$", option[1])[1]), option
        page.select_option(f"select[name={name}]", "")


def test_a_word_is_found_without_its_accents(page):
    page.fill(".xform input[name=q]", "segou villages")
    assert shown(page) and len(shown(page)) < 10
    page.fill(".xform input[name=q]", "no xyzzy")
    assert shown(page) == set()
    assert "Show all" in page.locator(".xcount").inner_text()


def test_it_works_by_keyboard_alone(page):
    page.focus("select[name=p]")
    page.keyboard.press("O")  # Operation Serval
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "l"
    few = shown(page)
    assert 0 < len(few) < 30
    page.focus(".xwalk input")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    told = page.locator(".xwalk input").get_attribute("aria-valuetext")
    title = page.locator(".xcard h3").inner_text()
    assert told.startswith("2 of") or told.startswith("3 of")
    assert title in told
    assert page.locator(".xcard a[href*='sources.html#d']").count() > 0
    page.focus(".xtold button")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("document.activeElement.parentNode.open") is True
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentNode.open") is False


def test_no_mark_is_a_stop_on_the_way_through_the_page(page):
    page.focus("select[name=p]")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('svg')")


def test_a_mark_brings_its_event_with_claims_and_sources_beside_the_map(page):
    target = page.eval_on_selector("#e-2024-07-25-tinzaouatene details [id]", "p => p.id")
    for drawing in ("xmap", "xtime"):
        page.click("button[type=reset]")
        page.locator(f".{drawing} a[href='#{target}']").dispatch_event("click")
        assert page.locator(".xcard h3").inner_text() == "Battle of Tinzaouatene"
        assert page.locator(".xcard .xclaims li").count() > 20
        assert page.locator(".xfigure a.now").count() == 2
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_pointing_at_a_row_lights_its_marks(page):
    page.focus("#e-2024-07-25-tinzaouatene summary")
    assert page.locator(".xfigure a.on").count() == 2


def test_the_address_holds_what_is_chosen_and_the_back_button_takes_it_back(page, address):
    page.select_option("select[name=p]", "serval")
    page.check("input[value=battle]")
    both = shown(page)
    assert page.evaluate("location.hash") == "#p=serval&k=battle"
    page.go_back()
    assert page.evaluate("location.hash") == "#p=serval"
    assert not page.is_checked("input[value=battle]")
    page.go_back()
    assert len(shown(page)) == len(load("events"))
    page.goto("about:blank")
    page.goto(address + "#p=serval&k=battle&event=2013-01-11-serval-begins")
    assert shown(page) <= both
    assert page.input_value("select[name=p]") == "serval"


def test_an_address_of_one_event_opens_its_row_and_one_that_is_nonsense_shows_all(page, address):
    page.goto("about:blank")
    page.goto(address + "#e-2024-07-25-tinzaouatene")
    assert page.locator("#e-2024-07-25-tinzaouatene details").get_attribute("open") is not None
    page.goto("about:blank")
    page.goto(address + "#p=atlantis&k=picnic&event=none&%E0%A4%A")
    assert page.input_value("select[name=p]") == ""


def test_without_a_script_the_table_stands_and_a_mark_leads_into_it(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    rows = page.locator(".xtable tr[id]")
    assert rows.count() == len(load("events"))
    assert rows.last.is_visible()
    assert page.locator(".xmap").is_visible() and page.locator(".xtime").is_visible()
    assert not page.locator(".xform").is_visible()
    assert page.locator(".explore :is(input, select, button):visible").count() == 0
    mark = page.locator(".xtime a").first
    mark.click(force=True)
    target = mark.get_attribute("href")
    assert page.url.endswith(target)
    assert page.locator(target).is_visible()  # the browser opens what it is led into
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser, address, theme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.click(".xwalk button:last-child")
    page.locator("#e-2022-03-27-moura summary").click()
    page.wait_for_timeout(300)  # marks fade in
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page, context=".explore")
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_links_to_documents_lead_to_their_entries_and_the_page_is_small(built):
    html = built / "_build" / "html"
    page = (html / "book" / "explore.html").read_text(encoding="utf-8")
    sources = (html / "book" / "sources.html").read_text(encoding="utf-8")
    for number in set(re.findall(r'sources\.html#(d\d+)"', page)):
        assert f'id="{number}"' in sources
    entry = sources[sources.index(f'id="{document_addresses()["wp_serval"]}"') :].partition('<div class="citation"')[0]
    assert "wiki/Operation_Serval" in entry
    own = page[page.index('<div class="explore">') : page.index("</article>")]
    files = [(html / "_static" / name).read_bytes() for name in ("explore.js", "explore.css")]
    sizes = [sum(len(gzip.compress(part, 9, mtime=0)) for part in (text.encode(), *files)) for text in (own, page)]
    print(f"explore as built, compressed: {sizes[0]:,} bytes of its own; with the frame of every page {sizes[1]:,}")
    assert sizes[0] < LIMIT
    assert "explore.js" not in (html / "book" / "timeline.html").read_text(encoding="utf-8")
