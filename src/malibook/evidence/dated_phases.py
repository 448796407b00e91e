"""The periods of the conflict, the same in every chart and table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from malibook.evidence.tables import load


@dataclass(frozen=True)
class Phase:
    """One period: `start` is its first day, `end` the first day after it (missing while it lasts)."""

    id: str
    label: str
    short_label: str
    start: pd.Timestamp
    end: pd.Timestamp | None


def phases(scheme: str = "main") -> list[Phase]:
    """Return the periods of a scheme in order of time."""
    frame = load("phases")
    rows = frame[frame["scheme"] == scheme].sort_values("start")
    return [Phase(r.id, r.label, r.short_label, r.start, None if pd.isna(r.end) else r.end) for r in rows.itertuples()]


def phase_of(dates: pd.Series, scheme: str = "main") -> pd.Series:
    """Return, for each date, the id of the period it falls in (missing before the first)."""
    out = pd.Series(pd.NA, index=dates.index, dtype="str")
    for phase in phases(scheme):
        inside = dates >= phase.start
        if phase.end is not None:
            inside &= dates < phase.end
        out[inside] = phase.id
    return out
