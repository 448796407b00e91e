"""The CSV that a reader downloads: plain, exact, and safe to open in a spreadsheet."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from malibook.exhibits.figure import to_csv


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-cmd|x", "\tx", "\rx"])
def test_a_text_that_would_run_as_a_formula_does_not(text):
    read = pd.read_csv(io.StringIO(to_csv(pd.DataFrame({"what": [text]}))), dtype=str, keep_default_na=False)
    assert read["what"][0].startswith("'")


def test_numbers_dates_and_plain_text_stay_what_they_are():
    frame = pd.DataFrame(
        {
            "n": [-1.5, None],
            "t": ["-12", "Ménaka, Gao"],
            "d": pd.to_datetime(["2024-07-27", "2024-07-28"]),
            "whole": pd.array([1, None], dtype="Int64"),
        }
    )
    assert to_csv(frame) == 'n,t,d,whole\n-1.5,-12,2024-07-27,1\n,"Ménaka, Gao",2024-07-28,\n'
