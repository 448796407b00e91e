"""The report on prose without a ground: what it flags, what it passes over, and that there is no more of it than there was."""

from __future__ import annotations

import pytest

from malibook.evidence import root
from malibook.press.grounds import bare_in_notebook, bare_paragraphs
from malibook.press.notebooks import chapters, path_of


@pytest.mark.parametrize(
    "bare",
    [
        "In June 2021 the operation was wound down.",
        "The army left the camp and the rebels took it.",
        "- **Deaths fell.** From 2014 there were fewer.",
    ],
)
def test_a_statement_without_a_ground_is_flagged(bare):
    assert [x.where for x in bare_paragraphs(bare, "page")] == ["page"]


@pytest.mark.parametrize(
    "grounded",
    [
        "In June 2021 the operation was wound down {cite:p}`x`.",
        "UCDP counts {n}`deaths` deaths in 2020.",
        "{numref}`fig-1` shows 2012 to 2020.",
        "In 2021 the army left, we infer, for want of fuel.",
        "In 2021 the army left, as [Chapter 2](02.ipynb) shows.",
        "Did the war spread when the French left it in 2022?",
        "## What happened in 2022",
        "| year | 2022 |",
        "A sentence that says nothing of anybody.",
    ],
)
def test_what_shows_its_ground_or_states_nothing_is_passed_over(grounded):
    assert bare_paragraphs(grounded, "page") == []


def test_exercises_ask_and_are_passed_over():
    assert bare_paragraphs("## Exercises\n\nThe army left in 2020.\n\n## Sources\n\nThe army left in 2020.", "p")[
        0
    ].text
    assert (
        len(bare_paragraphs("## Exercises\n\nThe army left in 2020.\n\n## Sources\n\nThe army left in 2020.", "p")) == 1
    )


@pytest.mark.parametrize("name", [c for c in chapters() if c[:2] in ("01", "02", "03", "04", "05")])
def test_few_paragraphs_of_a_chapter_stand_without_a_ground(name):
    found = bare_in_notebook(path_of(name))
    assert len(found) <= 3, "\n".join(map(str, found))  # on method and limits: each was read and let stand


@pytest.mark.parametrize("page", ["welcome", "how-we-know", "policy-options"])
def test_no_paragraph_of_an_arguing_page_stands_without_a_ground(page):
    found = bare_paragraphs((root() / "book" / f"{page}.md").read_text(encoding="utf-8"), page)
    assert found == [], "\n".join(map(str, found))
