"""UCDP's events one by one: those of a window, those with a place, the deadliest pairs of parties, those of a battle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from malibook.analysis.series import CANDIDATE, DATASETS

PLACED = 3  # from `where_prec` 4 on, the point is the middle of a region or a country, not where it happened
EARTH_KM = 6371.0
PRECISION = {1: "exact", 2: "within about 25 km", 3: "district", 4: "region only", 5: "area only", 6: "country only"}


def inside(events: pd.DataFrame, country: str, start: object, end: object, dataset: str = "ucdp") -> pd.DataFrame:
    """Return the events of one country (ISO 3166-1 alpha-3) that began from `start` to `end`, both days included.

    With the `dataset` "without-candidates" candidate events are left out.
    """
    window = events["date"].between(pd.Timestamp(start), pd.Timestamp(end))
    if CANDIDATE not in DATASETS[dataset]:
        window &= events["dataset"] != CANDIDATE
    return events[(events["iso3"] == country) & window].sort_values(["date", "id"])


def placed(events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the events whose place is known to the district or better, and those of which only an area is known."""
    known = events["where_prec"] <= PLACED
    return events[known], events[~known]


def months_without(events: pd.DataFrame, months: pd.DataFrame) -> list[pd.Timestamp]:
    """Return the months in which a monthly series (`month`, `events`) counts events and `events` holds none.

    They are what a file of single events does not cover.
    """
    held = set(events["date"].dt.to_period("M").dt.start_time)
    counted = months.loc[months["events"].fillna(0) > 0, "month"]
    return [month for month in counted if month not in held]


def spans(events: pd.DataFrame, cuts: Sequence[object], start: object, end: object) -> list[tuple[str, pd.DataFrame]]:
    """Return the events of each stretch of the window, cut on the days `cuts`, under a title such as `Jan 2012 to Jun 2014`.

    A stretch without events is left out. The first day of a stretch is its cut.
    """
    first, after = pd.Timestamp(start), pd.Timestamp(end) + pd.Timedelta(days=1)
    edges = [first, *(cut for cut in map(pd.Timestamp, sorted(cuts)) if first < cut < after), after]
    out = []
    for a, b in pairwise(edges):
        rows = events[(events["date"] >= a) & (events["date"] < b)]
        if len(rows):
            out.append((f"{a:%b %Y} to {b - pd.Timedelta(days=1):%b %Y}", rows))
    return out


def deadliest(events: pd.DataFrame, estimate: str = "best", most: int = 10) -> pd.DataFrame:
    """Return the pairs of parties with the most deaths: `pair`, `type`, `events`, `low`, `best`, `high`, `years`.

    Deaths are persons, added up over the events of a pair in one type of violence; `estimate` says which of the three
    ranks them. The pairs after the first `most` stand together in a last row, so that the columns add up to the whole.
    """
    sums = events.groupby(["dyad", "type"], as_index=False).agg(
        events=("id", "size"),
        low=("deaths_low", "sum"),
        best=("deaths_best", "sum"),
        high=("deaths_high", "sum"),
        first=("date", "min"),
        last=("date", "max"),
    )
    sums = sums.sort_values([estimate, "high", "dyad"], ascending=[False, False, True], ignore_index=True)
    named, rest = sums.iloc[:most].rename(columns={"dyad": "pair"}), sums.iloc[most:]
    if len(rest):
        other = {
            "pair": f"All others ({len(rest)} pair{'s' * (len(rest) > 1)})",
            "type": "all",
            "first": rest["first"].min(),
        }
        other |= {"last": rest["last"].max()} | rest[["events", "low", "best", "high"]].sum().to_dict()
        named = pd.concat([named, pd.DataFrame([other])], ignore_index=True)
    years = [_years(a.year, b.year) for a, b in zip(named["first"], named["last"], strict=True)]
    return named.assign(years=years).drop(columns=["first", "last"]).convert_dtypes()


def around(
    events: pd.DataFrame, lat: float, lon: float, km: float, first: object, last: object, *, region: str = ""
) -> pd.DataFrame:
    """Return the events that touch the days `first` to `last` within `km` kilometres of a point, with `km` added.

    An event of which only an area is known counts where that area is `region`, whatever its point. Sorted by day.
    """
    days = (events["date"] <= pd.Timestamp(last)) & (events["date_end"] >= pd.Timestamp(first))
    far = distance_km(events["lat"], events["lon"], lat, lon)
    vague = events["where_prec"] > PLACED
    close = (~vague & (far <= km)) | (vague & (events["region"] == region))
    return events.assign(km=far.where(~vague))[days & close].sort_values(["date", "id"])


def as_coded(events: pd.DataFrame) -> pd.DataFrame:
    """Return events as a reader reads them, one row each: `days`, `place` with its precision, `parties`, the dead.

    The dead (persons, best estimate) stand by side: `first`, `second`, `civilians`, `unknown`; `deaths` is their sum as
    text, with the low and the high estimate behind it.
    """
    precise = events["where_prec"].map(PRECISION).fillna("area only")
    return pd.DataFrame(
        {
            "days": [_days(a, b) for a, b in zip(events["date"], events["date_end"], strict=True)],
            "place": events["place"].fillna("no place named") + " (" + precise + ")",
            "parties": events["side_a"] + " – " + events["side_b"],
            "first": events["deaths_a"],
            "second": events["deaths_b"],
            "civilians": events["deaths_civilians"],
            "unknown": events["deaths_unknown"],
            "deaths": [
                f"{r.deaths_best:,} ({r.deaths_low:,}–{r.deaths_high:,})"
                for r in events[["deaths_low", "deaths_best", "deaths_high"]].itertuples()
            ],
        }
    ).reset_index(drop=True)


def distance_km(lat: pd.Series, lon: pd.Series, lat_0: float, lon_0: float) -> pd.Series:
    """Return the distance of points from one point in kilometres along a great circle; coordinates in degrees."""
    a, b = np.radians(lat.astype(float)), np.radians(lat_0)
    half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon.astype(float) - lon_0) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(half.clip(0, 1)))


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"


def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return the days of an event: `25 July 2024`, `25–27 July 2024`, `30 July to 2 August 2024`."""
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    begun = f"{first.day} {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    return f"{begun} to {last.day} {last:%B %Y}"
