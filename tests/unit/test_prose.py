"""The test of the test: typed numbers are found, dates and names are not."""

from __future__ import annotations

import pytest

from malibook.press.prose import loose_numbers


@pytest.mark.parametrize(
    "text",
    [
        "On 25 July 2024 and from 2012–2022 the 3rd army, in March 2022, met Resolution 2100 and G5 Sahel.",
        "Deaths rose to {n}`deaths-2022` ({numref}`fig-1-deaths`, {cite:p}`nyt_tinz`).",
        "See [the page](../book/x.md#n-12) and `code 42`.",
        "```python\nx = 42\n```\nText.",
        "1. First exercise\n2. Second",
        "Between 19–31 July 2024, a Su-24 fell; CC BY 4.0.",
        "Thousands of people fled, in the 2010s and at 14:50 GMT.",
    ],
)
def test_dates_names_and_bound_numbers_pass(text):
    assert loose_numbers(text, "x") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The rebels say 84 died.", "84"),
        ("It fell by 12.5 per cent.", "12.5"),
        ("About 6,000 men", "6,000"),
        ("a dozen soldiers", "dozen"),
        ("two million people", "million"),
        ("First line.\n\nSome 47 bodies.", "47"),
        ("a force of 1000 men", "1000"),
        ("from 58 to 59", "58"),
    ],
)
def test_typed_numbers_are_found(text, found):
    hits = loose_numbers(text, "x")
    assert found in [h.text for h in hits]


def test_the_line_is_named():
    assert loose_numbers("a\n\nb 47 c", "page.md")[0].line == 3
