"""The step in a series at a date, by several models at once and for many dates at once.

A specification curve needs thousands of small regressions: the same few columns, other months. Here the iterations of a
generalised linear model run for a whole stack of windows together. Tests hold every model against statsmodels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit
from scipy.stats import t as student

POISSON, NEGATIVE_BINOMIAL, LOGS, SHARE = "poisson", "negative binomial", "logs", "share"
FLAT, ONE_TREND, TWO_TRENDS = "flat", "one trend", "two trends"
STEP = 1  # the column of the step in every design
LEVEL = 0.95
ROUNDS, NEAR, SINGULAR = 40, 1e-9, 1e-9


@dataclass(frozen=True)
class Steps:
    """Steps as factors with their 95 % intervals, one for each window of the stack."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def design(distance: np.ndarray, period: float, trend: str, seasonal: bool, start: np.ndarray) -> np.ndarray:
    """Return the columns of the model for each window: a constant, the step, trends, and one yearly wave if `seasonal`.

    `distance` is how many periods each row lies after the date (negative: before), `period` how many make a year,
    `start` the place in the year of each window's date, from 0 to 1. The result has one layer a window.
    """
    years = distance / period
    after = (distance > 0).astype(float)
    columns = [np.ones_like(years), after]
    if trend != FLAT:
        columns.append(years)
    if trend == TWO_TRENDS:
        columns.append(years * after)
    stack = np.broadcast_to(np.column_stack(columns), (len(start), len(years), len(columns)))
    if not seasonal:
        return stack
    turn = 2 * np.pi * (years[None, :] + start[:, None])
    return np.concatenate([stack, np.sin(turn)[..., None], np.cos(turn)[..., None]], axis=2)


def steps(counts: np.ndarray, columns: np.ndarray, family: str, lags: int, trials: np.ndarray | None = None) -> Steps:
    """Return the step of each window (rows of `counts`) with the design of the same layer of `columns`.

    `poisson`, `logs` (of count + 1) and `share` (of `trials`) have Newey–West errors over `lags` periods;
    `negative binomial` has its own, with the overdispersion that the Poisson model leaves. A window that no model can fit,
    such as one without a single death on a side, is missing.
    """
    size, width = columns.shape[1:]
    with np.errstate(all="ignore"):
        if family == LOGS:
            target = np.log1p(counts)
            bread = _inverse(_cross(columns, columns))
            beta = _times(bread, _cross(columns, target[..., None])[..., 0])
            rest = target - _times(columns, beta)
            spread = _newey_west(columns * rest[..., None], bread, lags)
        elif family == NEGATIVE_BINOMIAL:
            first, mean, _ = _fit(counts, columns, POISSON, None, np.zeros(len(counts)))
            extra = (((counts - mean) ** 2 - mean) / mean**2).sum(axis=1) / (size - width)
            beta, _, spread = _fit(counts, columns, family, None, np.maximum(extra, 0.0), first)
        else:
            beta, mean, bread = _fit(counts, columns, family, trials, np.zeros(len(counts)))
            spread = _newey_west(columns * (counts - mean)[..., None], bread, lags)
        half = _quantile(size - width) * np.sqrt(spread[:, STEP, STEP])
        found = [np.exp(beta[:, STEP] + d) for d in (0.0, -half, half)]
    lost = ~np.isfinite(found[0]) | (found[0] < 1e-6) | (found[0] > 1e6)
    return Steps(*(np.where(lost, np.nan, x) for x in found))


@cache
def _quantile(freedom: int) -> float:
    return float(student.ppf((1 + LEVEL) / 2, freedom))


def _fit(
    counts: np.ndarray, columns: np.ndarray, family: str, trials: np.ndarray | None, extra: np.ndarray,
    beta: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Return coefficients, fitted means and the inverse of the information, by Fisher scoring."""
    if beta is None:
        beta = np.zeros((len(counts), columns.shape[2]))
        beta[:, 0] = 0.0 if family == SHARE else np.log(np.maximum(counts.mean(axis=1), 0.1))
    for _ in range(ROUNDS):
        mean, weight, score = _moments(counts, columns, family, trials, extra, beta)
        bread = _inverse(_cross(columns * weight[..., None], columns))
        move = np.clip(_times(bread, _cross(columns, score[..., None])[..., 0]), -2, 2)
        beta = beta + move
        if np.nan_to_num(np.abs(move)).max(initial=0.0) < NEAR:
            break
    mean, weight, _ = _moments(counts, columns, family, trials, extra, beta)
    return beta, mean, _inverse(_cross(columns * weight[..., None], columns))


def _moments(
    counts: np.ndarray, columns: np.ndarray, family: str, trials: np.ndarray | None, extra: np.ndarray, beta: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    eta = np.clip(_times(columns, beta), -30, 30)
    if family == SHARE and trials is not None:
        part = expit(eta)
        return trials * part, trials * part * (1 - part), counts - trials * part
    mean = np.exp(eta)
    shrink = 1 + extra[:, None] * mean
    return mean, mean / shrink, (counts - mean) / shrink


def _newey_west(scores: np.ndarray, bread: np.ndarray, lags: int) -> np.ndarray:
    size, width = scores.shape[1:]
    middle = _cross(scores, scores)
    for lag in range(1, lags + 1):
        cross = _cross(scores[:, lag:], scores[:, :-lag])
        middle = middle + (1 - lag / (lags + 1)) * (cross + cross.transpose(0, 2, 1))
    return size / (size - width) * bread @ middle @ bread


def _cross(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return left.transpose(0, 2, 1) @ right


def _times(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return (matrices @ vectors[..., None])[..., 0]


def _inverse(matrices: np.ndarray) -> np.ndarray:
    """Return the inverses; a matrix that has none gives missing values instead of an error for the whole stack."""
    scale = np.sqrt(np.abs(np.einsum("dii->di", matrices)))
    scaled = matrices / scale[:, :, None] / scale[:, None, :]
    safe = np.isfinite(scaled).all(axis=(1, 2))
    safe[safe] = np.abs(np.linalg.det(scaled[safe])) > SINGULAR
    out = np.full_like(matrices, np.nan)
    out[safe] = np.linalg.inv(matrices[safe])
    return out
