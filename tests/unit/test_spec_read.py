"""A curve by its key, as the exercises ask for it, is the one that the chapter reads from its kept table."""

from __future__ import annotations

import pandas as pd
import pytest

from malibook.analysis import spec_read
from malibook.analysis.spec_kept import unfold
from malibook.analysis.spec_registry import question
from malibook.analysis.specifications import curve
from malibook.errors import BookError
from malibook.evidence import load

KEY = "rise-2017"  # no interval to estimate: quick


def test_a_curve_by_its_key_is_the_one_that_is_kept() -> None:
    asked = question(KEY)
    kept = curve(asked, table=unfold(asked, load(spec_read.TABLE)))
    pd.testing.assert_frame_equal(spec_read.specifications(KEY), kept)
    assert kept["published"].sum() == 1


def test_an_unknown_curve_is_refused() -> None:
    with pytest.raises(BookError, match="no question 'rise'"):
        spec_read.specifications("rise")
