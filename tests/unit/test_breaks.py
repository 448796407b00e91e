"""Change points, on series whose breaks are known."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest

from malibook.analysis import breaks
from malibook.errors import BookError

MONTHS = pd.Series(pd.date_range("2012-01-01", periods=120, freq="MS"))


def series(*levels: tuple[int, float], seed: int = 3) -> pd.Series:
    """Return monthly counts: for each (months, level), log-normal noise about the level."""
    rng = np.random.default_rng(seed)
    return pd.Series(np.concatenate([np.round(level * np.exp(rng.normal(0, 0.4, n))) for n, level in levels]))


def test_known_breaks_are_found_to_the_month():
    found = breaks.change_points(MONTHS, series((50, 10), (40, 80), (30, 200)))
    assert list(found["start"]) == [MONTHS[0], MONTHS[50], MONTHS[90]]
    assert list(found["end"]) == [MONTHS[49], MONTHS[89], MONTHS[119]]
    assert found["level"].to_numpy() == pytest.approx([10, 80, 200], rel=0.15)
    assert np.isnan(found["ratio"][0])
    assert found["ratio"][1] == pytest.approx(8, rel=0.2)


def test_the_search_is_exact():
    values = series((20, 10), (20, 40), (16, 15), seed=8)
    logs, months = np.log1p(values.to_numpy()), MONTHS[: len(values)]
    found = breaks.change_points(months, values)
    penalty = breaks.STRENGTH * breaks.noise(values) ** 2 * np.log(len(values))

    def cost(cuts: tuple[int, ...]) -> float:
        edges = [0, *cuts, len(logs)]
        if min(np.diff(edges)) < breaks.MIN_MONTHS:
            return float("inf")
        return sum(((logs[a:b] - logs[a:b].mean()) ** 2).sum() for a, b in pairwise(edges)) + penalty * len(cuts)

    every = [cuts for k in range(4) for cuts in combinations(range(1, len(logs)), k)]
    assert tuple(found["start"].iloc[1:].map(list(months).index)) == min(every, key=cost)


def test_noise_raises_no_more_alarms_than_stated():
    assert breaks.false_alarms(156) <= 0.02
    assert breaks.false_alarms(156, strength=1.0) > 0.2  # a weak penalty does cry wolf: the rate is not a constant
    assert breaks.false_alarms(156, carried=0.5) > breaks.false_alarms(156)  # and months that remember raise it


def test_noise_is_measured_about_the_level_not_with_it():
    flat, broken = series((120, 50)), series((60, 50), (60, 800))
    assert breaks.noise(broken) == pytest.approx(breaks.noise(flat), rel=0.05)
    assert breaks.noise(flat) == pytest.approx(0.4, rel=0.2)


def test_a_stronger_penalty_never_finds_more():
    values = series((50, 10), (40, 80), (30, 200))
    path = breaks.penalty_path(MONTHS, values, [1, 2, 4, 8, 1000])
    counts = path.groupby("strength").size().reindex([1, 2, 4, 8, 1000], fill_value=0)
    assert counts.is_monotonic_decreasing
    assert counts[1000] == 0
    assert breaks.survives_to(path, MONTHS[50]) == 8
    assert np.isnan(breaks.survives_to(path, "2040-01-01"))


def test_the_interval_holds_the_break_and_widens_with_noise():
    sharp, blurred = series((60, 10), (60, 100)), series((60, 40), (60, 55))
    spans = []
    for values, options in ((sharp, {}), (blurred, {"strength": 0.3})):
        segments = breaks.change_points(MONTHS, values, **options)
        spans.append(breaks.break_interval(MONTHS, values, segments, MONTHS[60], draws=100))
    (low, high), (low_blurred, high_blurred) = spans
    assert low <= MONTHS[60] <= high
    assert high - low <= high_blurred - low_blurred
    assert high - low <= pd.Timedelta(days=62)


def test_persistence_is_that_of_the_residuals():
    rng, carried = np.random.default_rng(5), [0.0]
    for shock in rng.normal(0, 0.3, 1199):
        carried.append(0.6 * carried[-1] + shock)
    values = pd.Series(np.expm1(4 + np.array(carried)))
    whole = pd.DataFrame({"months": [1200], "level": [np.expm1(np.log1p(values).mean())]})
    assert breaks.persistence(values, whole) == pytest.approx(0.6, abs=0.06)


def test_too_short_a_series_is_refused():
    with pytest.raises(BookError, match="11 months are too few"):
        breaks.change_points(MONTHS[:11], series((11, 10)))
