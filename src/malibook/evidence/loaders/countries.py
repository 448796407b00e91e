"""Country codes: which ISO 3166-1 code UCDP's and ACLED's numbers mean.

UCDP counts countries by the numbers of Gleditsch and Ward, ACLED by the numeric ISO code; names change from release to
release ("Ivory Coast", "DR Congo (Zaire)"), numbers do not. `countries.csv` holds the three side by side, with the name. Former states
stand with their successor: 345 (Yugoslavia) is Serbia, 680 (South Yemen) is Yemen.
"""

from __future__ import annotations

import csv
import difflib
from functools import cache
from pathlib import Path

from malibook.errors import BookError

DEFAULT = ("MLI", "BFA", "NER", "CAF", "LBY")


@cache
def by_gw() -> dict[int, str]:
    """Return ISO 3166-1 alpha-3 codes by the number of Gleditsch and Ward."""
    return {int(number): row["iso3"] for row in _rows() for number in row["gw"].split(";") if number}


@cache
def by_numeric() -> dict[int, str]:
    """Return ISO 3166-1 alpha-3 codes by the numeric ISO code."""
    return {int(row["iso_numeric"]): row["iso3"] for row in _rows() if row["iso_numeric"]}


def chosen(text: str) -> tuple[str, ...]:
    """Return the countries of a list such as `MLI,BFA`; raise `BookError` for a code that no country has."""
    codes = tuple(dict.fromkeys(part.strip().upper() for part in text.split(",") if part.strip()))
    known = [row["iso3"] for row in _rows()]
    for code in codes:
        if code not in known:
            near = difflib.get_close_matches(code, known, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            remedy = hint + "write ISO 3166-1 codes of three letters, with commas: Chad and Sudan are TCD,SDN"
            raise BookError(f"no country {code!r}", where="--countries", remedy=remedy)
    if not codes:
        raise BookError("names no country", where="--countries", remedy="write ISO 3166-1 codes: MLI,BFA,NER")
    return codes


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (Path(__file__).with_name("countries.csv")).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
