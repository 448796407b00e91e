"""Pages that data write: how a figure of the evidence tables is printed."""

from __future__ import annotations

import pytest

from malibook.press.pages import _range

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "best", "high", "printed"),
    [
        (500, 500, NAN, "at least 500"),
        (30, NAN, NAN, "at least 30"),
        (1000, 1000, 1000, "1,000"),
        (79, NAN, 151, "79–151"),
        (NAN, 12, NAN, "12"),
        (NAN, NAN, 50, "50"),
        (NAN, NAN, NAN, "–"),
    ],
)
def test_an_open_end_is_printed_as_at_least(low, best, high, printed):
    assert _range(low, best, high) == printed
