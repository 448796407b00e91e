"""Years from events: where a fork was given UCDP's events but not its yearly table, the years are the events added up.

UCDP makes its yearly table from the same events; where both are known they agree for all but single years, and the row says
which of the two it is. A country-year file that is brought in later takes the place of these rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from malibook.evidence.loaders.merge import read_table
from malibook.press.fork.request import Request

FINAL, MONTHS = "ucdp-ged", 12
TYPES = ("state-based", "non-state", "one-sided")
MEASURES = ["deaths_low", "deaths_best", "deaths_high"]
ADDED = "events added up by year"
KEPT = ("malibook:citation", "sources", "malibook:files")


def add_years(data: Path, package: dict[str, Any], request: Request) -> None:
    """Add to `violence_year`, on disk and in the descriptor `package`, the years of countries that it lacks."""
    raws = {raw["name"]: raw for raw in package["resources"]}
    if not {"violence_year", "violence_month", "violence_events"} <= set(raws):
        return
    yearly, months, events = (_read(data, raws[n]) for n in ("violence_year", "violence_month", "violence_events"))
    lacking = [iso3 for iso3 in request.countries if iso3 not in set(yearly["iso3"])]
    added = [rows for iso3 in lacking if len(rows := years_of(iso3, months, events))]
    if not added:
        return
    both = pd.concat([yearly, *added]).sort_values(["iso3", "year", "type"])
    both.to_csv(data / raws["violence_year"]["path"], index=False, lineterminator="\n", encoding="utf-8")
    _describe(raws["violence_year"], raws["violence_events"], yearly, both)


def years_of(iso3: str, months: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return `violence_year` rows of one country as text: persons by type in each year of which all months are final.

    A type without an event has no deaths in that year: the file covers it. Empty where no whole year is final.
    """
    held = months[(months["iso3"] == iso3) & (months["dataset"] == FINAL)]
    counts = held["month"].str[:4].value_counts()
    whole = sorted(counts.index[counts == MONTHS])
    own = events[(events["iso3"] == iso3) & (events["dataset"] == FINAL)]
    own = own.assign(year=own["date"].str[:4], **{name: pd.to_numeric(own[name]) for name in MEASURES})
    grid = pd.MultiIndex.from_product([whole, sorted(TYPES)], names=["year", "type"])
    sums = own.groupby(["year", "type"])[MEASURES].sum().reindex(grid, fill_value=0).astype("int64").astype(str)
    vintage = f"{held['vintage'].iloc[-1]}, {ADDED}" if whole else ""
    return sums.reset_index().assign(iso3=iso3, vintage=vintage)[["iso3", "year", "type", *MEASURES, "vintage"]]


def _read(data: Path, raw: dict[str, Any]) -> pd.DataFrame:
    return read_table(data / raw["path"], [field["name"] for field in raw["schema"]["fields"]])


def _describe(raw: dict[str, Any], events: dict[str, Any], before: pd.DataFrame, now: pd.DataFrame) -> None:
    """Say in the table's description whence its rows are; what was said of earlier rows stays where there were any."""
    vintage = f"{events['malibook:vintage']}, {ADDED}"
    raw["malibook:vintage"] = f"{raw['malibook:vintage']}; {vintage}" if len(before) else vintage
    for key in KEPT:
        if key in events and not len(before):
            raw[key] = events[key]
    held = ", ".join(dict.fromkeys(now["iso3"]))
    raw["malibook:coverage"] = f"{held}; {now['year'].min()}–{now['year'].max()}"
    raw["malibook:row_floor"] = int(len(now) * 0.95)
    raw["malibook:known_gaps"] = [
        "Years whose vintage says so are UCDP's events added up, each in the year in which it began; UCDP's own yearly table may differ in single years."
    ]
