"""The kinds of test by which numbers decide a claim: rose or fell, at least, never, a peak, a standing, several at once.

Each takes the bench and readers of numbers or series, and returns a `Finding`. Tests of dates are in `verdict_order`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from malibook.analysis.verdict_readers import need
from malibook.analysis.verdict_rules import (
    CONTESTED,
    CONTRADICTED,
    SUPPORTED,
    Bench,
    Finding,
    of_fall,
    of_figure,
    of_least,
    of_most,
    of_parts,
    of_rise,
    premise_only,
)
from malibook.errors import BookError

Reader = Callable[[Bench], float]
Test = Callable[[Bench], Finding]


def rise(bench: Bench, *, before: Reader, after: Reader) -> Finding:
    """Judge "it rose". Values: `before`, `after`, `ratio`."""
    low, high = before(bench), after(bench)
    values = {"before": low, "after": high, "ratio": high / low if low else float("inf")}
    return Finding(of_rise(low, high, bench.margin), values, values["ratio"] / (1 + bench.margin))


def fall(bench: Bench, *, before: Reader, after: Reader) -> Finding:
    """Judge "it fell". Values: `before`, `after`, `ratio`."""
    high, low = before(bench), after(bench)
    room = high / low / (1 + bench.margin) if low else float("inf")
    ratio = low / high if high else float("inf")
    return Finding(of_fall(high, low, bench.margin), {"before": high, "after": low, "ratio": ratio}, room)


def least(bench: Bench, *, value: Reader, bar: float | Reader) -> Finding:
    """Judge "at least". Values: `value`, `bar`."""
    found, line = value(bench), bar(bench) if callable(bar) else float(bar)
    room = found / line if line else float("inf")
    return Finding(of_least(found, line, bench.margin), {"value": found, "bar": line}, room)


def most(bench: Bench, *, value: Reader, bar: float, soft: float) -> Finding:
    """Judge "at most `bar`"; up to `soft` is contested. Values: `value`, `bar`."""
    found = value(bench)
    room = bar / found if found else float("inf")
    return Finding(of_most(found, bar, soft), {"value": found, "bar": bar}, room)


def stated(bench: Bench, *, figure: float, found: Reader) -> Finding:
    """Judge a stated figure against one of ours. Values: `stated`, `found`."""
    ours = found(bench)
    return Finding(of_figure(figure, ours, bench.margin), {"stated": figure, "found": ours})


def says(bench: Bench, **figures: tuple[float, Reader]) -> Finding:
    """Judge "he says so much": each figure is in the record as stated, or not. Values: each by name."""
    found = {name: reader(bench) for name, (_, reader) in figures.items()}
    same = [found[name] == figure for name, (figure, _) in figures.items()]
    return Finding(of_parts(SUPPORTED if s else CONTRADICTED for s in same), found)


def never(bench: Bench, **values: Reader) -> Finding:
    """Judge "never" or "none": contradicted where each value is above zero. Values: each by name."""
    found = {name: reader(bench) for name, reader in values.items()}
    return Finding(of_parts(CONTRADICTED if v > 0 else SUPPORTED for v in found.values()), found)


def peak(bench: Bench, *, series: Callable[[Bench], pd.Series], at: object, reach: int = 1) -> Finding:
    """Judge "it peaked then": the highest value lies within `reach` periods; or only a local peak does; or none.

    Values: `at` (the highest value within reach), `peak`, `when`, `year` of the highest of all.
    """
    found = series(bench)
    need(at in found.index and found.max() > 0, f"value of {at} in the series")
    place = found.index.get_loc(at)
    near = found.iloc[max(place - reach, 0) : place + reach + 1]
    here, top = found.index.get_loc(near.idxmax()), found.idxmax()
    around = found.iloc[max(here - 1, 0) : here + 2]
    local = 0 < here < len(found) - 1 and around.idxmax() == found.index[here]
    verdict = SUPPORTED if top in near.index else CONTESTED if local else CONTRADICTED
    year = top.year if hasattr(top, "year") else top
    return Finding(
        verdict, {"at": near.max(), "peak": found.max(), "when": top, "year": year}, near.max() / found.max()
    )


def rising(bench: Bench, *, series: Callable[[Bench], pd.Series]) -> Finding:
    """Judge "it kept rising": means of two years never fall and end higher by the margin. Values: `before`, `after`."""
    means = series(bench).rolling(2).mean().dropna()
    falls = int((means.diff().dropna() < 0).sum())
    verdict = of_rise(means.iloc[0], means.iloc[-1], bench.margin)
    values = {"before": means.iloc[0], "after": means.iloc[-1], "falls": falls}
    return Finding(CONTESTED if falls and verdict == SUPPORTED else verdict, values)


def standing(bench: Bench, *, held: Iterable[str], against: Iterable[str]) -> Finding:
    """Judge a contested claim by the standing of its rows: those that hold it and those that deny it.

    Supported where all that hold it are current or confirmed and all denials contradicted. Values: `held`, `against`.
    """
    held, against = list(held), list(against)
    stands = bench.table("claims").set_index("id")["standing"]
    if lacking := sorted({*held, *against} - set(stands.index)):
        raise BookError(f"no claim {lacking[0]!r}", where="verdicts", remedy="restore the row, or move `end` later")
    good = [stands[c] in ("current", "later-confirmed") for c in held]
    bad = [stands[c] in ("later-contradicted", "superseded") for c in against]
    verdicts = [SUPPORTED if ok else CONTESTED for ok in good + bad]
    return Finding(of_parts(verdicts), {"held": len(good), "against": len(bad)})


def both(bench: Bench, **parts: Test) -> Finding:
    """Judge a claim of several parts by `of_parts`. Values: those of each part, as `part_value`."""
    found = {name: test(bench) for name, test in parts.items()}
    values = {f"{name}_{key}": value for name, one in found.items() for key, value in one.values.items()}
    return Finding(of_parts(one.verdict for one in found.values()), values)


def premise(bench: Bench, *, of: Test) -> Finding:
    """Judge a cause by its premise alone: at most contested."""
    found = of(bench)
    return Finding(premise_only(found.verdict), found.values, found.room)
