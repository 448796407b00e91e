"""UCDP events one by one: checked against each other, and as rows of `violence_events` and `violence_part_year`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from malibook.evidence.loaders import regions
from malibook.evidence.loaders.cells import AS_PUBLISHED
from malibook.evidence.loaders.part import Part
from malibook.evidence.loaders.refusal import RefusedError, refuse
from malibook.evidence.loaders.ucdp import TYPES
from malibook.evidence.loaders.upload import Upload
from malibook.evidence.problem import Problem

NAMES = {
    "conflict_new_id": "conflict_id",
    "conflict_name": "conflict",
    "dyad_name": "dyad",
    "deaths_civilians": "civilians",
}
LONGEST = 366  # days that UCDP lets an event last
MOST_ODD = 0.05  # of the rows: more than the few slips of coders, so columns are swapped


def resource() -> dict[str, Any]:
    """Return the descriptor of `violence_events`, which joins the package with the first event file."""
    return json.loads(Path(__file__).with_name("violence_events.json").read_text(encoding="utf-8"))


def checked(frame: pd.DataFrame, upload: Upload) -> pd.DataFrame:
    """Return events as the other loaders name them; refuse what cannot be, note on `upload` what is odd but published."""
    parts = frame[["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]].sum(axis=1)
    _possible(upload, frame, parts)
    _noted(upload, frame[parts != frame["best"]], "best", "is not the sum of its four parts")
    _few(upload, frame, frame["low"] > frame["best"], "low", "is above the best estimate")
    _few(upload, frame, frame["high"] < frame["best"], "high", "is below the best estimate")
    kinds = frame["type_of_violence"].map(TYPES).astype("object")
    months = (frame["date_start"].str[:7] + "-01").astype("object")
    return frame.rename(columns=NAMES).assign(type=kinds, month=months)


def events_table(events: pd.DataFrame, dataset: str, vintage: str) -> pd.DataFrame:
    """Return `violence_events` rows: one event each, with day, place, parties and the parts of its deaths."""
    bare = regions.spelled(regions.bare(events["adm_1"]))
    names = {
        "date_start": "date",
        "where_coordinates": "place",
        "latitude": "lat",
        "longitude": "lon",
        "low": "deaths_low",
        "best": "deaths_best",
        "high": "deaths_high",
        "civilians": "deaths_civilians",
        "code_status": "status",
    }
    home = events["iso3"] == regions.HOME
    region = bare.where(~home, regions.before_2016(bare))
    out = events.rename(columns=names).assign(dataset=dataset, vintage=vintage, region=region)
    fields = [field["name"] for field in resource()["schema"]["fields"]]
    return out[fields].sort_values(["dataset", "iso3", "date", "id"]).reset_index(drop=True)


def part_year(events: pd.DataFrame, covered: list[str], months: list[str], vintage: str) -> list[Part]:
    """Return `violence_part_year` rows where the releases cover a year from January on without a gap, but not all of it."""
    start, year = pd.Timestamp(months[0]), months[0][:4]
    whole = pd.date_range(start, periods=len(months), freq="MS").strftime("%Y-%m-%d")
    if start.month != 1 or list(whole) != months or len(months) >= 12:
        return []
    end = str((pd.Timestamp(months[-1]) + pd.offsets.MonthEnd(0)).date())
    rows = []
    for iso3 in covered:
        mine = events[events["iso3"] == iso3]
        for kind in ("all", *sorted(TYPES.values())):
            part = mine if kind == "all" else mine[mine["type"] == kind]
            rows.append((iso3, f"{year}-01-01", end, kind, int(part["best"].sum()), len(part), vintage))
    columns = ["iso3", "start", "end", "type", "deaths_best", "events", "vintage"]

    def older(table: pd.DataFrame) -> pd.Series:
        return table["iso3"].isin(covered) & (table["start"] == f"{year}-01-01") & (table["end"] <= end)

    return [Part("violence_part_year", pd.DataFrame(rows, columns=columns), older, vintage)]


def _possible(upload: Upload, frame: pd.DataFrame, parts: pd.Series) -> None:
    """Refuse rows that contradict themselves in a way, or in two ways at once, that no published file is known to do."""
    start, end = frame["date_start"], frame["date_end"]
    low, best, high = frame["low"], frame["best"], frame["high"]
    years = frame["year"].astype(str)
    outside = (low > best) | (best > high)
    span = (pd.to_datetime(end, errors="coerce") - pd.to_datetime(start, errors="coerce")).dt.days
    tests = (
        ("date_end", end < start, "lies before date_start {date_start}"),
        ("date_end", span > LONGEST, "lies more than a year after date_start {date_start}"),
        ("year", (years != start.str[:4]) & (years != end.str[:4]), "is not the year of date_start {date_start}"),
        ("low", (low > best) & (low > high), "is above the best estimate {best} and the high one {high}"),
        ("best", outside & (parts != best), "is neither between low {low} and high {high} nor the sum of its parts"),
    )
    problems = []
    for field, odd, what in tests:
        for row in frame[odd].head(20).to_dict("records"):
            problems.append(
                Problem(upload.where, int(row["row"]), field, str(row[field]), what.format(**row), AS_PUBLISHED)
            )
    if problems:
        raise RefusedError(sorted(problems, key=lambda problem: problem.row or 0))


def _few(upload: Upload, frame: pd.DataFrame, odd: pd.Series, field: str, what: str) -> None:
    rows = frame[odd]
    if len(rows) > max(MOST_ODD * len(frame), 20):
        first = rows.iloc[0]
        message = f"{what} in {len(rows):,} of {len(frame):,} rows: columns are swapped or rewritten"
        raise refuse(upload.where, message, AS_PUBLISHED, row=int(first["row"]), field=field, value=str(first[field]))
    _noted(upload, rows, field, what)


def _noted(upload: Upload, rows: pd.DataFrame, field: str, what: str) -> None:
    if len(rows):
        where = ", ".join(str(row) for row in rows["row"].head(5)) + (", …" if len(rows) > 5 else "")
        upload.notes.append(f"{upload.where}: {field} {what} in {len(rows)} rows ({where}): kept as published")
