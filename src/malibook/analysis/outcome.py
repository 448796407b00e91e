"""What it takes to test a published figure: our figure for the same days, other readings of it, and a stated rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from malibook.errors import BookError

TOLERANCE = 0.25
AGREES, DIRECTION, DISAGREES = "agrees", "direction only", "disagrees"
NOT_CONTRADICTED, CONTRADICTED = "not contradicted", "contradicted"
UNTESTABLE = "cannot be tested"
ELSEWHERE = "elsewhere"
KINDS = ("level", "factor", "at least", "part", "rise", "fall", ELSEWHERE)


@dataclass(frozen=True)
class Replication:
    """One finding computed again.

    `published` and `ours` are deaths, or a factor (after over before; +278 per cent is the factor 3.78), as `unit`
    says. `readings` are other defensible ways to compute ours, by label. `kind` says what is claimed: a `level` or a
    `factor`, to be met within a quarter; `at least`, a minimum; `part`, a count of some perpetrators where ours
    counts all, so that ours can refute it and never confirm it; a `rise` or a `fall` without a figure, of which no
    more than the direction can be met; `elsewhere`, a finding on another country, which ours cannot test.
    """

    finding: str
    measure: str
    unit: str
    kind: str
    published: float
    ours: float
    readings: tuple[tuple[str, float], ...]
    why: str

    @property
    def outcome(self) -> str:
        """The outcome by `judge`."""
        return judge(self.published, self.ours, self.kind)

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest reading, the main one included."""
        values = [self.ours, *(value for _, value in self.readings)]
        return min(values), max(values)

    @property
    def steady(self) -> bool:
        """Whether every reading has the same outcome."""
        return all(judge(self.published, value, self.kind) == self.outcome for _, value in self.readings)


def judge(published: float, ours: float, kind: str, tolerance: float = TOLERANCE) -> str:
    """Return the outcome of one comparison, by the rules that `Replication` states; raise `BookError` for no rule."""
    if kind not in KINDS:
        raise BookError(f"no rule for a claim of kind {kind!r}", where="judge", remedy=f"known: {', '.join(KINDS)}")
    if kind == ELSEWHERE:
        return UNTESTABLE
    if kind in ("rise", "fall"):
        return DIRECTION if (ours > 1) == (kind == "rise") else DISAGREES
    if kind == "part":
        return NOT_CONTRADICTED if ours >= published else CONTRADICTED
    if kind == "at least":
        return AGREES if ours >= published else DISAGREES
    if abs(ours / published - 1) <= tolerance:
        return AGREES
    return DIRECTION if kind == "factor" and (ours > 1) == (published > 1) else DISAGREES


def tested(
    findings: pd.DataFrame,
    finding: str,
    kind: str,
    measure: str,
    ours: float,
    why: str,
    readings: dict[str, float] | None = None,
) -> Replication:
    """Return a `Replication` whose published side is read from `findings`; a measure with "over" in it is a factor."""
    figure = np.nan if kind in ("rise", "fall", ELSEWHERE) else published(findings, finding)
    unit = "factor" if " over " in measure else "deaths"
    others = tuple((label, float(value)) for label, value in (readings or {}).items())
    return Replication(finding, measure, unit, kind, figure, float(ours), others, why)


def deaths_between(series: pd.DataFrame, first: object, last: object, column: str = "deaths_civilians") -> float:
    """Return the deaths from `first` to `last`, both included; a month that is cut counts by its share of days.

    `series` has one row a month. Raises `BookError` where it lacks one of the months.
    """
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    months = pd.date_range(start.replace(day=1), end, freq="MS")
    values = series.set_index("month")[column].reindex(months).astype(float)
    if values.isna().any():
        gap = values.index[values.isna()][0]
        raise BookError(f"{column} is missing in {gap:%B %Y}", where="violence_month", remedy="load the whole series")
    inside = np.minimum(months + pd.offsets.MonthEnd(1), end) - np.maximum(months, start)
    return float((values * ((inside.days + 1) / months.days_in_month)).sum())


def per_day(
    series: pd.DataFrame,
    first: object,
    last: object,
    column: str = "deaths_civilians",
    without: tuple[object, object] | None = None,
) -> float:
    """Return deaths a day from `first` to `last`, both included, less the days and deaths of the span `without`."""
    deaths, days = deaths_between(series, first, last, column), days_between(first, last)
    if without is not None:
        deaths, days = deaths - deaths_between(series, *without, column), days - days_between(*without)
    return deaths / days


def days_between(first: object, last: object) -> int:
    """Return the number of days from `first` to `last`, both included."""
    return (pd.Timestamp(last) - pd.Timestamp(first)).days + 1


def published(findings: pd.DataFrame, finding: str) -> float:
    """Return the published figure as a level or, where it is a percentage of change, as a factor.

    Raises `BookError` where `findings` has no such row or the row no figure.
    """
    row = findings[findings["id"] == finding]
    if len(row) != 1 or row["value"].isna().any():
        raise BookError(f"no figure of {finding!r}", where="findings", remedy="check the id and the column value")
    value = float(row["value"].iloc[0])
    return 1 + value / 100 if row["unit"].iloc[0] == "percent" else value


def outcomes(found: list[Replication], findings: pd.DataFrame, out_of_reach: dict[str, str]) -> pd.DataFrame:
    """Return one row a finding: who, what, published, ours, the span of our readings, the outcome and why.

    `out_of_reach` maps findings that our tables cannot test to the reason. Raises `BookError` for an unknown finding.
    """
    rows = [
        {"finding": r.finding, "measure": r.measure, "unit": r.unit, "kind": r.kind, "published": r.published}
        | {"ours": r.ours, "low": r.span[0], "high": r.span[1], "outcome": r.outcome, "steady": r.steady, "why": r.why}
        for r in found
    ]
    rows += [{"finding": name, "outcome": UNTESTABLE, "why": why} for name, why in out_of_reach.items()]
    frame = pd.DataFrame(rows)
    unknown = sorted(set(frame["finding"]) - set(findings["id"]))
    if unknown:
        raise BookError(f"no finding {unknown[0]!r}", where="findings", remedy="check the id")
    who = findings.set_index("id")[["author", "topic", "claim", "confidence", "sources"]]
    return frame.join(who, on="finding")
