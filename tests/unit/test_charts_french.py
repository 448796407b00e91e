"""Charts of chapter 1: what they write and shade, on frames of a few rows."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from malibook.exhibits import charts_breaks, charts_french, charts_spread


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def words(fig: plt.Figure) -> list[str]:
    """Return every text of a figure."""
    return [t.get_text() for t in fig.findobj(plt.Text) if t.get_text()]


def test_an_incident_prints_each_figure_once_and_marks_a_floor():
    rows = pd.DataFrame(
        {
            "label": ["A, Mar 2019", "B, Mar 2022"], "side": ["militia?", "army"], "palette": ["militias", "fama"],
            "killed_low": [134, 203], "killed_best": [157, 500], "killed_high": [174, 500], "floor": [False, True],
        }
    )  # fmt: skip
    shown = words(charts_french.incidents(rows, "Tolls", "best (lowest–highest)"))
    assert "157 (134–174)" in shown
    assert "500 or more (lowest 203)" in shown
    assert {"militia?", "army", "A, Mar 2019"} <= set(shown)


def test_each_year_carries_its_share_of_one_sided_violence():
    table = pd.DataFrame(
        {"state-based": [60.0, 10.0], "non-state": [20.0, 0.0], "one-sided": [20.0, 30.0]}, index=[2020, 2021]
    )
    assert {"20%", "75%"} <= set(words(charts_french.types_by_year(table, "Types", "a year")))


@pytest.mark.parametrize(("rate", "shade"), [(0, 0), (0.99, 0), (1, 1), (19.9, 2), (20, 3), (60, 4), (5000, 4)])
def test_a_rate_gets_its_shade(rate, shade):
    assert charts_spread._step(rate) == shade


def test_bars_change_colour_with_the_quarter_of_the_day():
    quarters = pd.DataFrame(
        {"region": "Gao", "quarter": pd.date_range("2022-01-01", periods=4, freq="QS"), "deaths": [4, 3, 2, 1]}
    )
    panel = ("Gao", "Gao", pd.Timestamp("2022-08-15"), "handover")
    fig = charts_spread.around_exit(quarters, [panel] * 4, "Exit", "by quarter")
    colours = [to_hex(bar.get_facecolor()).upper() for bar in fig.axes[0].patches]
    assert colours == [charts_spread.BEFORE] * 2 + [charts_spread.AFTER] * 2


def test_a_step_prints_its_interval_with_and_without():
    full = pd.DataFrame({"label": ["exit"], "ratio": [0.44], "low": [0.17], "high": [1.15]})
    without = full.assign(ratio=0.86, low=0.59, high=1.25)
    shown = words(charts_breaks.steps(full, without, "without March", "Steps", "95 % interval"))
    assert {"×0.4  (0.2–1.1)", "×0.9  (0.6–1.2)", "without March"} <= set(shown)
