"""axe-core on every page: WCAG 2.2 A and AA and good practice, everything unfolded, wide and narrow, light and dark.

Of long runs of like rows the first few of each build are judged (`templates/sample.js`): ten thousand cells would take
hours and say nothing new. `MALIBOOK_AXE=whole` judges every element.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import malibook.press

from .browsing import visiting

axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
pytestmark = pytest.mark.slow
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
KEPT = 2  # of each build of row, entry or word of code
# The second and fourth look ask only what colours or widths can change; the third is a release's.
LOOKS = (
    (1440, "light", {"type": "tag", "values": TAGS}),
    (1440, "dark", {"type": "rule", "values": COLOURS}),
    (390, "light", {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "region", "bypass"]}),
)
RUN = """(options) => axe.run(document, options).then(({ violations }) => violations.map((fault) =>
  `${fault.id} (${fault.impact}): ` + fault.nodes.slice(0, 4).map((node) =>
    `${node.target.join(" ")} ${node.html.slice(0, 120)} ${node.failureSummary.split("\\n")[1] || ""}`).join(" | ")))"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
SAMPLE = (Path(malibook.press.__file__).parent / "templates" / "sample.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def visit(built):
    with visiting(built) as one:
        yield one


# One page of each kind: prose, chapters with figures and with long tables, lists, search, the page that is not there.
KINDS = (
    "welcome.html", "03-tinzaouatene.html", "07-claims-on-trial.html", "explore.html", "numbers.html", "glossary.html",
    "evidence-tables.html", "sources.html", "search.html", "404.html",
)  # fmt: skip
WHOLE = os.environ.get("MALIBOOK_AXE") == "whole"
ALL_LOOKS = (*LOOKS, (390, "dark", {"type": "rule", "values": COLOURS}))


def faults(visit, looks=ALL_LOOKS if WHOLE else LOOKS) -> list[str]:
    """Return what axe says of the page that is open, in each look."""
    page, found = visit.page, []
    page.evaluate(axe.AXE_SCRIPT)
    for width, scheme, rules in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
        found += [f"{width} px {scheme}: {line}" for line in page.evaluate(RUN, options)]
    return found


def test_no_page_breaks_a_rule(visit):
    """In every look where a page is the first of its kind; the others share its style sheet and are judged in one."""
    found = []
    for name in visit.names:
        visit.open(name)
        visit.page.evaluate(UNFOLD)
        if not WHOLE:
            visit.page.evaluate(f"({SAMPLE})({KEPT})")
        looks = LOOKS if name.endswith(KINDS) else LOOKS[:1]
        found += [f"{name} {line}" for line in faults(visit, ALL_LOOKS if WHOLE else looks)]
    assert found == []
    assert {kind for kind in KINDS if any(name.endswith(kind) for name in visit.names)} == set(KINDS)


def test_a_planted_fault_is_found_also_in_the_sample_and_in_the_dark(visit):
    visit.open(visit.names[0])
    row = "<tr><td>word</td></tr>"
    table = f"<table>{row * 30}<tr><td><img src='data:,'></td></tr>{row * 9}<tr><td><a href='#'></a></td></tr></table>"
    visit.page.evaluate("(markup) => document.querySelector('main').insertAdjacentHTML('beforeend', markup)", table)
    visit.page.evaluate(f"({SAMPLE})({KEPT})")
    grey = "<p style='color: #777; background: #666'>hardly to be read</p>"
    visit.page.evaluate("(markup) => document.querySelector('main').insertAdjacentHTML('beforeend', markup)", grey)
    told = faults(visit)
    assert any("light: image-alt" in line for line in told)
    assert any("light: link-name" in line for line in told)
    assert sum("color-contrast" in line for line in told) == sum(
        "color-contrast" in str(rules) or "wcag2aa" in str(rules) for *_, rules in LOOKS
    )


def test_the_sample_is_small_and_keeps_each_build(visit):
    many = "<p>word <b>strong</b></p>" * 50 + "<p>word <i>other</i></p>" + "<p></p>" * 20 + "<h2>Head</h2>" * 9
    visit.page.set_content(f"<main>{many}</main>")
    visit.page.evaluate(f"({SAMPLE})({KEPT})")
    count = visit.page.evaluate("['b', 'i', 'p', 'h2'].map((name) => document.querySelectorAll(name).length)")
    assert count == [KEPT, 1, 2 * KEPT + 1, 9]
