"""How the book prints a value."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from malibook.errors import BookError
from malibook.evidence import load
from malibook.exhibits.number import number
from malibook.house.wording import format_value


@pytest.mark.parametrize(
    ("value", "fmt", "text"),
    [
        (1365, "", "1,365"),
        (1365.0, ",.0f", "1,365"),
        (0.5, "", "0.5"),
        (-3.21, ".1f", "−3.2"),
        (0.714, ".0%", "71%"),
        ((203, 500), "", "203–500"),
        ((47, 47), "", "47"),
        (pd.Timestamp("2022-08-05"), "%d %B %Y", "5 August 2022"),
        (dt.date(2021, 12, 14), "", "14 December 2021"),
        (pd.Timestamp("2022-03-01"), "%B %Y", "March 2022"),
        ("Kidal", "", "Kidal"),
        (True, "", "yes"),
    ],
)
def test_known_values(value, fmt, text):
    assert format_value(value, fmt) == text


@given(st.integers(-(10**12), 10**12))
def test_an_integer_survives_printing(value):
    assert int(format_value(value).replace(",", "").replace("−", "-")) == value


@pytest.mark.parametrize(
    "value", [float("nan"), pd.NA, pd.NaT, None, "", (3, float("nan")), (pd.NA, 5), (pd.NaT, pd.NaT)]
)
def test_a_missing_value_is_refused_at_either_end_of_a_pair(value):
    with pytest.raises(BookError, match="the value is missing") as refused:
        number("peak", value, rows=load("losses"), unit="dead")
    assert refused.value.where == "number peak"
