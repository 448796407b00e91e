"""Which release an upstream file is, from its name and its rows, what months it covers, and which of two is older."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from malibook.errors import BookError
from malibook.evidence.loaders.cells import MONTHS

# Rows of the whole releases, as several independent users counted them: a file of all world regions with fewer is cut off.
GED_ROWS = {"20.1": 225_385, "23.1": 316_818, "24.1": 349_733, "25.1": 385_918, "26.1": 417_968}
EXTRACT = 0.25  # of the rows: a file of the world with fewer is somebody's extract rather than a download that stopped
WORLD = 4  # of UCDP's five regions: a file with so many is no extract

_FINAL = re.compile(r"(?:gedevent[_-]?v?|ged[-_ ]?v?)(\d{2})[._]?(\d)(?![\d_.]*\d)", re.I)
_MONTHLY = re.compile(r"v(\d{2})[_.]0[_.](\d{1,2})(?!\d)", re.I)
_CUMULATIVE = re.compile(r"v(\d{2})[_.](\d{2})[_.]\1[_.](\d{2})(?!\d)", re.I)
_YEARLY = re.compile(r"(?:v|-|_)(\d{2})[._]?(\d)(?!\d)", re.I)


@dataclass(frozen=True)
class Candidate:
    """A candidate release: its number and the months it covers; a cumulative one stands for monthly ones within."""

    label: str
    start: pd.Period
    end: pd.Period
    cumulative: bool = False

    @property
    def months(self) -> list[str]:
        """Return the first day of each month covered, as ISO text."""
        return [str(month.start_time.date()) for month in pd.period_range(self.start, self.end)]


def final(names: Iterable[str]) -> str | None:
    """Return the release of a final GED file from its names (`GEDEvent_v25_1.csv`, `ged251-csv.zip`), such as `25.1`."""
    return next((f"{match[1]}.{match[2]}" for name in names if (match := _FINAL.search(name))), None)


def yearly(names: Iterable[str]) -> str | None:
    """Return the release of another yearly UCDP file (`organizedviolencecy_v25_1.csv`, `…-251-csv.zip`)."""
    return next((f"{match[1]}.{match[2]}" for name in names if (match := _YEARLY.search(name))), None)


def candidate(name: str) -> Candidate | None:
    """Return the candidate release that a file name states (`GEDEvent_v26_0_8`, `GEDEvent_v26_01_26_06`)."""
    if match := _CUMULATIVE.search(name):
        year, first, last = match.groups()
        label = f"{year}.{first}.{year}.{last}"
        return Candidate(label, pd.Period(f"20{year}-{first}", "M"), pd.Period(f"20{year}-{last}", "M"), True)
    if match := _MONTHLY.search(name):
        month = pd.Period(f"20{match[1]}-{int(match[2]):02}", "M")
        return Candidate(f"{match[1]}.0.{int(match[2])}", month, month)
    return None


def unnamed_candidate(days: Counter[str]) -> Candidate:
    """Return what an unnamed candidate file covers, from its events' days: monthly releases hold a few older events."""
    months = Counter()
    for day, count in days.items():
        months[day[:7]] += count
    least = max(months.values()) * 0.03 if sum(months.values()) >= 500 else 0
    counted = sorted(month for month, count in months.items() if count >= least)
    start, end = pd.Period(counted[0], "M"), pd.Period(counted[-1], "M")
    return Candidate(f"to {end}", start, end, True)


def label(releases: Iterable[Candidate]) -> str:
    """Return the name of a set of candidate releases: `Candidate 26.01.26.06, 26.0.7-26.0.8`."""
    ordered = sorted(set(releases), key=lambda release: (release.start, not release.cumulative))
    runs: list[list[Candidate]] = []
    for release in ordered:
        last = runs[-1][-1] if runs else None
        if last and not last.cumulative and not release.cumulative and release.start == last.end + 1:
            runs[-1].append(release)
        else:
            runs.append([release])
    names = [run[0].label if len(run) == 1 else f"{run[0].label}-{run[-1].label}" for run in runs]
    return f"Candidate {', '.join(names)}"


def age(vintage: str) -> tuple[int, ...]:
    """Return a number to compare vintages of one series by: the higher, the newer; empty where the text states none."""
    if found := re.findall(r"(\d{2})\.\d{1,2}\.(?:\d{2}\.)?(\d{1,2})", vintage):
        return max((int(year), int(month)) for year, month in found)
    if found := re.search(r"accessed (\w+) (\d{4})", vintage):
        return int(found[2]), MONTHS.get(found[1].lower(), 0)
    if found := re.search(r"(?:to|until) (\d{4})(?:-(\d{2}))?", vintage):
        return (int(found[1]) % 100, int(found[2])) if found[2] else (int(found[1]),)
    if found := re.search(r"v?(\d{1,2})(?:\.(\d))?$", vintage):
        return int(found[1]), int(found[2] or 0)
    return ()


def month_given(text: str | None) -> str | None:
    """Return a month such as `2026-04` as given; raise `BookError` for text that is none."""
    if text is None or re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text):
        return text
    raise BookError(f"{text!r} is no month", where="--accessed", remedy="write year and month: 2026-04")


def span(days: Iterable[str]) -> str:
    """Return the years of a series of ISO dates or years as text: `1989–2024`, or one year."""
    years = sorted({str(day)[:4] for day in days})
    return years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
