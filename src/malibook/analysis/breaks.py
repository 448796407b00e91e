"""Change points of a monthly series: when the level changed, found without naming a date.

A change point is a change of the mean of log(deaths + 1), found exactly (PELT, by `ruptures`) with a penalty of
`strength` × noise² × log(months) for each break. It says when a series changed, never why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import ruptures as rpt
from scipy.signal import lfilter

from malibook.errors import BookError

MIN_MONTHS = 6
STRENGTH = 3.0
BLOCK = 3


def noise(values: Sequence[float]) -> float:
    """Return the month-to-month noise of log(values + 1): the median absolute difference, scaled to a standard deviation.

    Differences are blind to the level, so a break hardly touches it.
    """
    return _scale(_log(values))


def change_points(
    months: pd.Series, values: pd.Series, *, strength: float = STRENGTH, min_months: int = MIN_MONTHS
) -> pd.DataFrame:
    """Return the segments between the change points, one row each.

    Columns: `start` and `end` (first and last month), `months`, `level` (deaths a month, from the mean of the logs),
    `ratio` (level over that of the segment before, missing for the first). Raises `BookError` for too short a series.
    """
    logs = _log(values)
    if len(logs) < 2 * min_months:
        what = f"{len(logs)} months are too few to look for breaks"
        raise BookError(what, where="analysis.breaks", remedy="widen start and end")
    cuts = _cuts(logs, strength=strength, min_months=min_months)
    edges, times = [0, *cuts, len(logs)], months.reset_index(drop=True)
    rows = [
        {"start": times[a], "end": times[b - 1], "months": b - a, "level": float(np.expm1(logs[a:b].mean()))}
        for a, b in pairwise(edges)
    ]
    out = pd.DataFrame(rows)
    return out.assign(ratio=out["level"] / out["level"].shift())


def penalty_path(
    months: pd.Series, values: pd.Series, strengths: Iterable[float], *, min_months: int = MIN_MONTHS
) -> pd.DataFrame:
    """Return every break found at every strength of the penalty: columns `strength`, `month` (first of the new level)."""
    found = {s: change_points(months, values, strength=s, min_months=min_months)["start"].iloc[1:] for s in strengths}
    rows = [{"strength": s, "month": m} for s, starts in found.items() for m in starts]
    return pd.DataFrame(rows, columns=["strength", "month"])


def survives_to(path: pd.DataFrame, month: object, slack: int = 1) -> float:
    """Return the strongest penalty at which a break lies within `slack` months of `month`; missing where at none."""
    near = (path["month"] - pd.Timestamp(month)).dt.days.abs() <= 31 * slack
    return float(path.loc[near, "strength"].max()) if near.any() else float("nan")


def break_interval(
    months: pd.Series, values: pd.Series, segments: pd.DataFrame, near: object, *, draws: int = 300, share: float = 0.9,
    seed: int = 1, min_months: int = MIN_MONTHS,
) -> tuple[pd.Timestamp, pd.Timestamp]:  # fmt: skip
    """Return the span of months that holds `share` of the dates found for one break in resampled series.

    Each draw keeps the levels of `segments`, redraws the residuals in blocks of three months within each segment, and
    searches again for as many breaks; the one nearest to `near` counts.
    """
    logs, rng = _log(values), np.random.default_rng(seed)
    edges = np.cumsum([0, *segments["months"]])
    parts = [logs[a:b] for a, b in pairwise(edges)]
    times = months.reset_index(drop=True)
    target = int((times - pd.Timestamp(near)).abs().argmin())
    found = []
    for _ in range(draws):
        again = np.concatenate([part.mean() + _redrawn(part - part.mean(), rng) for part in parts])
        cuts = _search(again, min_months).predict(n_bkps=len(parts) - 1)[:-1]
        found.append(min(cuts, key=lambda cut: abs(cut - target)))
    low, high = np.quantile(found, [(1 - share) / 2, (1 + share) / 2], method="nearest")
    return times[int(low)], times[int(high)]


def persistence(values: pd.Series, segments: pd.DataFrame) -> float:
    """Return the correlation of a month's residual with the one before, about the levels of the segments."""
    residuals = _log(values) - np.repeat(np.log1p(segments["level"].to_numpy()), segments["months"])
    return float(np.corrcoef(residuals[1:], residuals[:-1])[0, 1])


def false_alarms(
    length: int, *, strength: float = STRENGTH, carried: float = 0.0, draws: int = 400, seed: int = 1,
    min_months: int = MIN_MONTHS,
) -> float:  # fmt: skip
    """Return the share of series without any break in which the method finds one.

    The series are normal noise of `length` months, each month keeping the share `carried` of the one before.
    """
    shocks = np.random.default_rng(seed).standard_normal((draws, length))
    quiet = lfilter([1.0], [1.0, -carried], shocks, axis=1)
    return float(np.mean([bool(_cuts(s, strength=strength, min_months=min_months)) for s in quiet]))


def _log(values: Sequence[float]) -> np.ndarray:
    return np.log1p(np.asarray(values, dtype=float))


def _scale(logs: np.ndarray) -> float:
    steps = np.diff(logs)
    return float(np.median(np.abs(steps - np.median(steps))) * 1.4826 / np.sqrt(2))


def _search(logs: np.ndarray, min_months: int) -> rpt.KernelCPD:
    """Return a fitted exact search; its linear kernel is the least-squares cost of a change of the mean."""
    return rpt.KernelCPD(kernel="linear", min_size=min_months).fit(logs.reshape(-1, 1))


def _cuts(logs: np.ndarray, *, strength: float, min_months: int) -> list[int]:
    penalty = strength * _scale(logs) ** 2 * np.log(len(logs))
    return _search(logs, min_months).predict(pen=penalty)[:-1]


def _redrawn(residuals: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size = min(BLOCK, len(residuals))
    starts = rng.integers(0, len(residuals) - size + 1, size=-(-len(residuals) // size))
    return np.concatenate([residuals[s : s + size] for s in starts])[: len(residuals)]
