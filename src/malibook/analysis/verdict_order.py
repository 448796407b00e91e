"""The kinds of test by which days decide a claim: on a day, in order, soon after, in the gap between two others.

Days that are known by their month only count as its first day.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, SUPPORTED, Bench, Finding

Day = Callable[[Bench], pd.Timestamp]


def dated(bench: Bench, *, on: Day, first: str, last: str, slack: int = 31) -> Finding:
    """Judge "it happened then": within the days, no more than `slack` days off, or further. Values: `date`."""
    date = on(bench)
    off = max((pd.Timestamp(first) - date).days, (date - pd.Timestamp(last)).days, 0)
    return Finding(SUPPORTED if off == 0 else CONTESTED if off <= slack else CONTRADICTED, {"date": date, "off": off})


def order(bench: Bench, *, first: Day, then: Day) -> Finding:
    """Judge "the one came before the other". Values: `first`, `then`, `days`, `months` between."""
    one, two = first(bench), then(bench)
    days = (two - one).days
    values = {
        "first": one,
        "then": two,
        "days": abs(days),
        "months": abs(two.to_period("M").ordinal - one.to_period("M").ordinal),
    }
    return Finding(SUPPORTED if days > 0 else CONTRADICTED if days < 0 else CONTESTED, values)


def within(bench: Bench, *, first: Day, then: Day, days: int) -> Finding:
    """Judge "soon after": in order and within so many days, within twice as many, or not. Values as `order`."""
    found = order(bench, first=first, then=then)
    gap = found.values["days"]
    if found.verdict == CONTRADICTED or gap > 2 * days:
        return Finding(CONTRADICTED, found.values)
    return Finding(SUPPORTED if gap <= days else CONTESTED, found.values, days / gap if gap else float("inf"))


def between(bench: Bench, *, first: Day, middle: Day, last: Day) -> Finding:
    """Judge "it filled the gap that `last` left", where leaving began with `first`: supported after `last`, contradicted
    before `first`, contested in between. Values: `first`, `then`, `last`, `days` before `last`."""
    opening, came, end = first(bench), middle(bench), last(bench)
    verdict = SUPPORTED if came > end else CONTRADICTED if came < opening else CONTESTED
    return Finding(verdict, {"first": opening, "then": came, "last": end, "days": abs((end - came).days)})
