"""The charts of Wagner's arrival draw what they are given: marks, labels, colours."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from malibook.analysis import bases, outcome
from malibook.exhibits import charts_wagner, charts_wagner_places, colour
from malibook.exhibits.style import QUIET


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("actors", "expected"),
    [
        ("fama;wagner", colour("russia")),
        ("fama", colour("fama")),
        ("katiba-macina", colour("jnim")),
        ("issp", colour("is-sahel")),
        ("wagner;france", QUIET),
        ("", QUIET),
    ],
)
def test_the_colour_of_an_incident_is_that_of_its_actor(actors, expected):
    assert charts_wagner.incident_colour(actors) == expected


def test_a_month_above_the_scale_is_cut_and_numbered():
    months = pd.DataFrame(
        {"month": pd.date_range("2022-01-01", periods=4, freq="MS"), "deaths_civilians": [40, 50, 938, 60]}
    ).assign(events_one_sided=5)
    spans = pd.DataFrame({"start": [months["month"][0]], "end": [months["month"][3]], "deaths": [50], "events": [5]})
    fig = charts_wagner.months(months, spans, (pd.Timestamp("2022-01-15"), "day"), 300, headline="h", subtitle="s")
    assert fig.axes[0].get_ylim() == (0, 300)
    assert any("March 2022:\n938 (bar cut)" in t.get_text() for t in fig.axes[0].texts)


def test_every_finding_is_named_with_its_outcome():
    table = pd.DataFrame(
        {
            "finding": ["a", "b"],
            "kind": ["at least", "factor"],
            "published": [100.0, 4.0],
            "ours": [110.0, 12.0],
            "low": [110.0, 2.0],
            "high": [110.0, 12.0],
        }
    ).assign(outcome=[outcome.AGREES, outcome.DIRECTION])
    fig = charts_wagner.findings(table, {"a": "First", "b": "Second"}, headline="h", subtitle="s")
    assert [t.get_text() for t in fig.axes[0].get_yticklabels()] == ["First", "Second"]
    assert {t.get_text() for t in fig.axes[0].texts} >= {outcome.AGREES, outcome.DIRECTION}


def test_every_base_has_its_row_and_its_day():
    rows = pd.DataFrame(
        {
            "base": ["Kidal", "Sofara"],
            "date": pd.to_datetime(["2021-10-12", "2022-01-01"]),
            "date_precision": ["day", "month"],
            "kind": [bases.FRENCH, bases.RUSSIAN],
            "to": ["army", "Wagner"],
        }
    )
    fig = charts_wagner_places.timeline(rows, pd.Timestamp("2021-12-24"), headline="h", subtitle="s")
    assert [t.get_text() for t in fig.axes[0].get_yticklabels()] == ["Kidal", "Sofara"]
    texts = [t.get_text() for t in fig.axes[0].texts]
    assert texts[:2] == ["12 Oct 2021 · to army", "Jan 2022 · Wagner"]
