"""Uppsala Conflict Data Program: deaths in organized violence, by event, month, year and conflict.

Units: events are counts of coded incidents, deaths are persons. UCDP gives a best, a low and a high estimate. Its three
types of violence never overlap: state-based (a government on one side), non-state (neither side a government),
one-sided (an armed party against civilians). Licence CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from malibook.evidence.loaders.shape import COUNTRIES, empty, month_start, require, total, whole

TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
MEASURES = ("low", "best", "high", "civilians")
SLIM = ("id", "conflict_new_id", "conflict_name", "country", "best", "type_of_violence", "date")
OFFICIAL = (*SLIM[:-1], "dyad_name", "side_a", "side_b", "date_start", "low", "high", "deaths_civilians")


def read_events(raw: pd.DataFrame, countries: Mapping[str, str] = COUNTRIES) -> pd.DataFrame:
    """Return GED or Candidate events, one row each: id, iso3, month, type, conflict, dyad, sides, deaths.

    `raw` is UCDP's own 49-column layout, or the slim one (`SLIM`), which has no sides and only a best estimate: what it
    lacks is missing. An event listed by two monthly releases is kept once, as the later release has it. An event
    belongs to the month in which it began. Rows of countries outside `countries` are left out.
    """
    official = "date_start" in raw.columns
    require(raw, OFFICIAL if official else SLIM, "UCDP events")
    rows = raw[raw["country"].isin(list(countries))].reset_index(drop=True)
    rows = rows.assign(id=whole(rows["id"], "UCDP events")).drop_duplicates("id", keep="last")
    text = {"dyad": "dyad_name", "side_a": "side_a", "side_b": "side_b"}
    counts = {"low": "low", "best": "best", "high": "high", "civilians": "deaths_civilians"}
    out = pd.DataFrame(
        {
            "id": rows["id"],
            "iso3": rows["country"].map(countries),
            "month": month_start(rows["date_start" if official else "date"]),
            "type": rows["type_of_violence"].map(TYPES),
            "conflict_id": whole(rows["conflict_new_id"], "UCDP events"),
            "conflict": rows["conflict_name"],
        }
    )
    for name, column in text.items():
        out[name] = rows[column] if official else None
    for name, column in counts.items():
        out[name] = whole(rows[column], "UCDP events") if column in rows else empty(rows.index)
    return out.reset_index(drop=True)


def months_from_events(
    events: pd.DataFrame,
    dataset: str,
    vintage: str,
    countries: Iterable[str] | None = None,
    months: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return `violence_month` rows from events (see `read_events`), deaths also by type of violence.

    Every one of `countries` gets a row for every one of `months`, by default the countries of `events` and all months from
    the first to the last: a month without an event is a true zero, since the file covers it. A figure that the file does
    not carry stays missing.
    """
    grid = _grid(events, countries, months)
    keys = ["iso3", "month"]
    sums = events.groupby(keys)
    columns = {"events": sums.size()}
    columns |= {f"deaths_{name}": total(sums[name]) for name in MEASURES}
    columns["deaths_largest_event"] = sums["best"].max()
    for kind in TYPES.values():
        part = events[events["type"] == kind].groupby(keys)
        columns |= {f"events_{_slug(kind)}": part.size(), f"deaths_{_slug(kind)}": part["best"].sum()}
    out = pd.DataFrame({name: column.reindex(grid) for name, column in columns.items()})
    known = [name for name in out if out[name].notna().any()]
    out[known] = out[known].fillna(0)
    return _month_table(out.reset_index(), dataset, vintage)


def months_from_summary(raw: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `violence_month` rows from a GED country-month summary, which has no deaths by type.

    Its low estimate is implied: it gives each month's mean of high less low per event, so that low is high less that mean
    times the events.
    """
    names = {
        "ucdp_event_count": "events",
        "ucdp_fatalities_best": "deaths_best",
        "ucdp_fatalities_high": "deaths_high",
        "ucdp_civilian_deaths": "deaths_civilians",
        "ucdp_peak_event_fatalities": "deaths_largest_event",
        "ucdp_state_based_events": "events_state_based",
        "ucdp_non_state_events": "events_non_state",
        "ucdp_one_sided_events": "events_one_sided",
    }
    require(raw, ["country_iso3", "year_month", "ucdp_fatality_uncertainty", *names], "UCDP GED by country and month")
    spread = (raw["ucdp_fatality_uncertainty"] * raw["ucdp_event_count"]).round(6)  # whole but for the last digits
    out = raw.rename(columns={"country_iso3": "iso3", **names}).assign(
        month=month_start(raw["year_month"]), deaths_low=raw["ucdp_fatalities_high"] - spread
    )
    return _month_table(out, "ucdp-ged", vintage)


def months_from_conflictforecast(raw: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `violence_month` rows from conflictforecast.org's monthly UCDP deaths: the best estimate, nothing else."""
    require(raw, ["isocode", "period", "fatalities_UCDP"], "conflictforecast monthly deaths")
    out = raw.rename(columns={"isocode": "iso3", "fatalities_UCDP": "deaths_best"}).assign(
        month=month_start(raw["period"])
    )
    return _month_table(out, "conflictforecast", vintage)


def dyad_months(events: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `violence_dyad_month` rows: events and deaths by country, month, type, conflict and pair of sides."""
    keys = ["iso3", "month", "type", "conflict_id", "conflict", "dyad", "side_a", "side_b"]
    groups = events.groupby(keys, dropna=False)
    columns = {"events": groups.size().astype("Int64")} | {f"deaths_{name}": total(groups[name]) for name in MEASURES}
    out = pd.DataFrame(columns).reset_index().assign(vintage=vintage)
    return out.sort_values([*keys[:4], "dyad"], na_position="first").reset_index(drop=True)


def years(raw: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `violence_year` rows: deaths by country, year and type; low and high exist for state-based violence only."""
    require(raw, ["iso3", "year", "sb_best", "sb_low", "sb_high", "ns_best", "os_best"], "UCDP country-year")
    parts = []
    for code, kind in zip(("sb", "ns", "os"), TYPES.values(), strict=True):
        part = pd.DataFrame({"iso3": raw["iso3"], "year": raw["year"], "type": kind})
        for measure in ("low", "best", "high"):
            column = f"{code}_{measure}"
            part[f"deaths_{measure}"] = whole(raw[column], "UCDP country-year") if column in raw else empty(raw.index)
        parts.append(part.assign(vintage=vintage))
    return pd.concat(parts).sort_values(["iso3", "year", "type"]).reset_index(drop=True)


def part_years(raw: pd.DataFrame, start: str, end: str, vintage: str) -> pd.DataFrame:
    """Return `violence_part_year` rows: totals of a part of a year by type, and in all.

    `start` and `end` are the first and last day covered. The source counts events in all types together, so the number of
    events stands in the rows of type `all` only.
    """
    names = {"total": "all", "sb": "state-based", "ns": "non-state", "os": "one-sided"}
    require(raw, ["iso3", "events", *names], "UCDP part-year totals")
    parts = []
    for code, kind in names.items():
        deaths = whole(raw[code], "UCDP part-year totals")
        count = whole(raw["events"], "UCDP part-year totals") if kind == "all" else empty(raw.index)
        parts.append(pd.DataFrame({"iso3": raw["iso3"], "type": kind, "deaths_best": deaths, "events": count}))
    out = pd.concat(parts).assign(start=start, end=end, vintage=vintage)
    columns = ["iso3", "start", "end", "type", "deaths_best", "events", "vintage"]
    return out[columns].sort_values(["iso3", "type"]).reset_index(drop=True)


def conflict_years(raw: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `conflict_year` rows: battle-related deaths by state-based conflict and year, wherever they fell."""
    columns = ["conflict_id", "year", "conflict", "side_b", "battle_deaths_best"]
    out = require(raw, columns, "UCDP battle-related deaths")[columns].assign(vintage=vintage)
    return out.sort_values(["conflict_id", "year"]).reset_index(drop=True)


def _grid(events: pd.DataFrame, countries: Iterable[str] | None, months: Iterable[str] | None) -> pd.MultiIndex:
    if months is None:
        months = pd.date_range(events["month"].min(), events["month"].max(), freq="MS").strftime("%Y-%m-%d")
    countries = events["iso3"].unique() if countries is None else countries
    return pd.MultiIndex.from_product([sorted(countries), list(months)], names=["iso3", "month"])


def _slug(kind: str) -> str:
    return kind.replace("-", "_")


def _month_table(frame: pd.DataFrame, dataset: str, vintage: str) -> pd.DataFrame:
    kinds = [_slug(kind) for kind in TYPES.values()]
    counts = ["events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians"]
    counts += [f"events_{kind}" for kind in kinds] + [f"deaths_{kind}" for kind in kinds] + ["deaths_largest_event"]
    out = frame[["iso3", "month"]].copy()
    for name in counts:
        out[name] = whole(frame[name], dataset) if name in frame else empty(frame.index)
    return out.assign(dataset=dataset, vintage=vintage).sort_values(["iso3", "month"]).reset_index(drop=True)
