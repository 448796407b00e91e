"""Room around `break_date`: limits that are each allowed and together leave too few months before or after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# How far the tables reach for Mali; a test holds them against the tables.
MONTHS_TO, RANGED_TO, TOTAL_TO, QUARTERS_TO = "2026-02-28", "2024-12-31", "2026-08-31", "2026-03-31"
ALL_FIVE_TO = "2024-12-31"  # months of the Central African Republic and of Libya
PLACEBOS = 10  # `analysis.aftermath` asks for as many
LONGEST = 14  # months after the break that Chapter 4 sets beside its own window
A_SIDE = 8  # months that an interrupted time series wants
# By then Burkina Faso has a placebo window of any width with a death a month on both sides.
SEVERAL_DEATHS = "2020-09-01"
FITTED_FROM = "2014-10-01"  # where the synthetic controls of Chapter 5 begin at the earliest

# By chapter, in words, for the page of parameters.
TOLD = {
    "02-wagner-arrival": "from `start` to `break_date`, and from there to `end`, at least 8 months",
    "04-withdrawal-aftermath": "twice the longest window and ten months between `start` and `break_date` (the longest is `window_months`, or 14 where "
    "so many months are known after `break_date`, or all of them where fewer are); twice the quarters compared (four, or as many as are known) and ten "
    "quarters; and `window_months` with values after it, of the low and high estimate to December 2024",
    "05-regional-comparison": "twice `window_months` and one month between `start` and `break_date`; a third of `window_months` in quarters and nine quarters "
    "between `start` (October 2014, if that is later) and `break_date`; a third of `window_months` in quarters after `break_date`, to December 2024; `window_months` above 24 only with a `break_date` from September 2020 on",
}  # fmt: skip


def lacking(chapter: str, values: Mapping[str, Any]) -> str:
    """Return in words what the chapter lacks around `break_date` under all its parameters; empty where nothing is.

    Values are days as ISO text and whole numbers, as the schema gives them; where one of them is not given, nothing is said.
    """
    rule = RULES.get(chapter)
    return rule(values) if rule and {"start", "end", "break_date", "window_months"} <= values.keys() else ""


def _arrival(values: Mapping[str, Any]) -> str:
    here = _month(values["break_date"])
    before, after = here - _month(values["start"]), min(_month(values["end"]), _month(RANGED_TO)) - here
    return _few(before, A_SIDE, "months from start to break_date") or _few(after, A_SIDE, "months after it to end")


def _aftermath(values: Mapping[str, Any]) -> str:
    here, width = _month(values["break_date"]), values["window_months"]
    best, end = values.get("estimate", "best") == "best", values["end"]
    known = min(_month(end), _month(MONTHS_TO))
    total = _month(TOTAL_TO) if best and end >= TOTAL_TO else known
    longest = max(width, min(LONGEST, total - here))
    quarter = _quarter(values["break_date"])
    quarters = min(4, _last_quarter(min(end, QUARTERS_TO)) - quarter)
    return (
        _few((known if best else _month(RANGED_TO)) - here, width, "months with values after break_date")
        or _few(here - _first_month(values["start"]), 2 * longest + PLACEBOS, "whole months from start to break_date")
        or _few(
            quarter - _first_quarter(values["start"]), 2 * quarters + PLACEBOS, "whole quarters from start to break_date"
        )
    )  # fmt: skip


def _comparison(values: Mapping[str, Any]) -> str:
    day, start, width = values["break_date"], values["start"], values["window_months"]
    quarters = _quarter(day) - _first_quarter(max(start, FITTED_FROM))
    if width > 24 and day < SEVERAL_DEATHS:
        return f"Burkina Faso had too few deaths before its war for windows above 24 months before {SEVERAL_DEATHS}"
    return (
        _few(_month(day) - _month(start), 2 * width + 1, "months from start to break_date")
        or _few(quarters, width // 3 + 9, f"whole quarters from the later of start and {FITTED_FROM} to break_date")
        or _few(
            _last_quarter(ALL_FIVE_TO) - _quarter(day), width // 3, "quarters of all five countries after break_date"
        )
    )


RULES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "02-wagner-arrival": _arrival,
    "04-withdrawal-aftermath": _aftermath,
    "05-regional-comparison": _comparison,
}


def _few(found: int, needed: int, what: str) -> str:
    return f"it needs {needed} {what}, and there are {max(found, 0)}" if found < needed else ""


def _month(day: str) -> int:
    return 12 * int(day[:4]) + int(day[5:7]) - 1


def _first_month(day: str) -> int:
    """Return the number of the first month that begins on a day or after it."""
    return _month(day) + (day[8:] != "01")


def _quarter(day: str) -> int:
    return _month(day) // 3


def _first_quarter(day: str) -> int:
    """Return the number of the first quarter that begins on a day or after it."""
    return -(-_first_month(day) // 3)


def _last_quarter(day: str) -> int:
    """Return the number of the last quarter that has ended with a day."""
    return _quarter(day) - (day[5:] not in ("03-31", "06-30", "09-30", "12-31"))
