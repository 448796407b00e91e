"""The periods of the conflict, the same in every chart and table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from malibook.errors import BookError, shown
from malibook.evidence.tables import load

SCHEMES = MISSIONS, COUPS, YEARS = "missions", "coups", "years"


@dataclass(frozen=True)
class Phase:
    """One period: `start` is its first day, `end` the first day after it (missing while it lasts)."""

    id: str
    label: str
    short_label: str
    start: pd.Timestamp
    end: pd.Timestamp | None


def phases(scheme: str = MISSIONS) -> list[Phase]:
    """Return the periods of a scheme in order of time: `missions` (the table `phases`), `coups`, `years` (two by two).

    Raises `BookError` for a scheme that there is not.
    """
    if scheme not in SCHEMES:
        remedy = f"choose one of {', '.join(SCHEMES)}"
        raise BookError(f"unknown division of the time {shown(scheme)}", where="evidence.phases", remedy=remedy)
    return {MISSIONS: _missions, COUPS: _coups, YEARS: _years}[scheme]()


def _missions() -> list[Phase]:
    frame = load("phases")
    rows = frame[frame["scheme"] == "main"].sort_values("start")
    return [Phase(r.id, r.label, r.short_label, r.start, None if pd.isna(r.end) else r.end) for r in rows.itertuples()]


def _coups() -> list[Phase]:
    """Return the time cut at the days of Mali's coups since the war began, by the table `politics`."""
    first, politics = _missions()[0].start, load("politics")
    days = sorted(politics.loc[(politics["kind"] == "coup") & (politics["date"] > first), "date"])
    cuts: list[pd.Timestamp | None] = [first, *days, None]
    return [_between("coup", start, end) for start, end in pairwise(cuts)]


def _years() -> list[Phase]:
    """Return blocks of two calendar years from the one in which the war began, the last without an end."""
    first, last = _missions()[0].start.year, _missions()[-1].start.year
    cuts = [pd.Timestamp(year, 1, 1) for year in range(first, last + 1, 2)]
    return [_between("years", start, end) for start, end in pairwise([*cuts, None])]


def _between(kind: str, start: pd.Timestamp, end: pd.Timestamp | None) -> Phase:
    """Return a period named by its own first and last month or year."""
    words, short = ("%Y", "%y") if kind == "years" else ("%b %Y", "%Y")
    last = None if end is None else end - pd.Timedelta(days=1)
    label = f"since {start:{words}}" if last is None else f"{start:{words}}–{last:{words}}"
    brief = f"{start:{short}}–" if last is None else f"{start:{short}}–{last:{short}}"
    return Phase(f"{kind}-{start:%Y-%m}", label, brief, start, end)


def phase_of(dates: pd.Series, scheme: str = MISSIONS) -> pd.Series:
    """Return, for each date, the id of the period it falls in (missing before the first)."""
    out = pd.Series(pd.NA, index=dates.index, dtype="str")
    for phase in phases(scheme):
        inside = dates >= phase.start
        if phase.end is not None:
            inside &= dates < phase.end
        out[inside] = phase.id
    return out
