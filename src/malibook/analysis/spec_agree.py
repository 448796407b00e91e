"""What counts as agreeing with a conclusion: a rise, a fall, no rise, no change, a date, an order.

Factors are compared by their logarithms. Where an estimate has an interval, it is clear if the interval leaves out no change; where
it has none, it is as strong as the published one if it is at least half as large.
"""

from __future__ import annotations

import numpy as np

from malibook.analysis.specifications import Agreement, Estimate
from malibook.analysis.verdict_rules import MARGIN

QUARTER = 1 + MARGIN


def rises(neutral: float = 1.0) -> Agreement:
    """Return the agreement with "it rose": above no change (a factor of 1, a difference of 0), and clearly so."""
    return Agreement(
        "above no change", "the interval lies above no change; without an interval, at least half the size in logs",
        lambda e, p: e.value > neutral,
        lambda e, p: e.low > neutral if neutral != 1 else _clear_up(e, p),
        lambda e, p: e.high < neutral if not np.isnan(e.high) else e.value < neutral / QUARTER,
    )  # fmt: skip


def falls() -> Agreement:
    """Return the agreement with "it fell": a factor below 1, and clearly so."""
    return Agreement(
        "below no change", "the interval lies below no change; without an interval, at least half the size in logs",
        lambda e, p: e.value < 1, _clear_down, lambda e, p: e.low > 1 if not np.isnan(e.low) else e.value > QUARTER,
    )  # fmt: skip


def no_rise() -> Agreement:
    """Return the agreement with "it did not rise": less than a quarter up, and no clear rise."""
    return Agreement(
        "less than a quarter up", "no clear rise: the interval does not lie above one",
        lambda e, p: e.value < QUARTER, lambda e, p: not np.isnan(e.value) and not e.low > 1, lambda e, p: e.low > 1,
    )  # fmt: skip


def no_change() -> Agreement:
    """Return the agreement with "it did not change": less than a quarter up or down, and no clear change."""
    return Agreement(
        "less than a quarter up or down", "no clear change: the interval holds one, or there is none",
        lambda e, p: 1 / QUARTER < e.value < QUARTER,
        lambda e, p: not np.isnan(e.value) and not _clear(e), lambda e, p: _clear(e),
    )  # fmt: skip


def near(by: float, closely: float) -> Agreement:
    """Return the agreement with a date, given as distance from it in months: no further off than `by`, and than `closely`.

    It is clearly another date where it is more than twice `by` off.
    """
    return Agreement(
        f"no more than {by:g} months from the printed date", f"no more than {closely:g} from it",
        lambda e, p: abs(e.value) <= by, lambda e, p: abs(e.value) <= closely, lambda e, p: abs(e.value) > 2 * by,
    )  # fmt: skip


def above(bar: float, strongly: float, words: str, strong_words: str) -> Agreement:
    """Return the agreement with "more than `bar`": above it, and no less than `strongly`."""
    return Agreement(
        words, strong_words, lambda e, p: e.value > bar, lambda e, p: e.value >= strongly, lambda e, p: e.value < bar
    )


def _clear(e: Estimate) -> bool:
    return bool(e.low > 1 or e.high < 1)


def _clear_up(e: Estimate, p: Estimate) -> bool:
    return e.low > 1 if not np.isnan(e.low) else e.value >= np.sqrt(max(p.value, 1.0)) and e.value > 1


def _clear_down(e: Estimate, p: Estimate) -> bool:
    return e.high < 1 if not np.isnan(e.high) else e.value <= np.sqrt(min(p.value, 1.0)) and e.value < 1
