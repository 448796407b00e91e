"""ACLED's event export and its workbook on the Humanitarian Data Exchange to `violence_region_quarter`.

Both are added up by region and quarter at once: ACLED's terms allow no finer counts to be passed on.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders import acled, countries, formats, numbered, reading, regions
from malibook.evidence.loaders.cells import AS_PUBLISHED, MONTHS
from malibook.evidence.loaders.part import Harvest, Part
from malibook.evidence.loaders.refusal import RefusedError, refuse
from malibook.evidence.loaders.upload import Upload
from malibook.evidence.problem import Problem

COUNTED = ("Battles", "Explosions/Remote violence", "Violence against civilians")
KNOWN = {*COUNTED, "Riots", "Protests", "Strategic developments"}
_AS_OF = re.compile(r"as-of[-_](\d{1,2})([a-z]{3})(\d{4})", re.I)


def export(path: Path, home: str, accessed: str | None, harvest: Harvest) -> None:
    """Add what an ACLED event export gives for one country: battles, explosions, violence against civilians."""
    numbers = {number for number, iso3 in countries.by_numeric().items() if iso3 == home}
    watch = ("event_type", "country", "timestamp")
    seen: numbered.Seen = {}
    keep = numbered.noting(lambda frame: frame["iso"].isin(numbers), "country", "iso", seen)
    upload = reading.read(path, formats.ACLED, keep, watch)
    numbered.one_each(seen, countries.by_numeric(), upload.where, "iso")
    _known_types(upload)
    events = upload.frame
    if events.empty:
        raise _elsewhere(upload, home, upload.counts["country"])
    _one_year(upload)
    if events["event_id_cnty"].duplicated().any():
        raise _twice(upload)
    counted = events[events["event_type"].isin(COUNTED)]
    rows = pd.DataFrame(
        {
            "date": counted["event_date"].str[:7],
            "admin1": counted["admin1"],
            "admin2": counted["admin1"],
            "events": 1,
            "fatalities": counted["fatalities"],
        }
    )
    span = pd.period_range(events["event_date"].min()[:7], events["event_date"].max()[:7], freq="M")
    stamps = [int(stamp) for stamp in upload.counts["timestamp"]]
    last = dt.datetime.fromtimestamp(max(stamps), dt.UTC) if stamps else pd.Timestamp(events["event_date"].max())
    vintage = _vintage(accessed or (f"{last:%Y-%m}" if stamps else None), span[-1])
    harvest.take(upload, "ACLED events", len(counted), [home])
    harvest.parts.append(_part(upload, rows, span, home, vintage, harvest))


def workbook(path: Path, home: str, accessed: str | None, harvest: Harvest) -> None:
    """Add what an HDX workbook of political violence by district and month gives for one country."""
    upload = reading.read(path, formats.HDX, lambda frame: frame["iso3"].str.upper() == home, ("iso3",))
    frame = upload.frame
    if frame.empty:
        raise _elsewhere(upload, home, upload.counts["iso3"])
    double = frame.duplicated(["admin1", "admin2", "year", "month"])
    if double.mean() > 0.2:
        row = frame[double].iloc[0]
        raise refuse(
            upload.where,
            "has its rows twice",
            AS_PUBLISHED,
            row=int(row["row"]),
            field="admin2",
            value=str(row["admin2"]),
        )
    if double.any():
        upload.notes.append(f"{upload.where}: {double.sum()} districts and months stand twice; added up as published")
    date = frame["year"].astype(str) + "-" + frame["month"].astype(str).str.zfill(2)
    span = pd.period_range(date.min(), date.max(), freq="M")
    match = _AS_OF.search(path.name)
    stated = f"{match[3]}-{_month(match[2]):02}" if match and _month(match[2]) else None
    harvest.take(upload, "ACLED by district and month (HDX)", len(frame), [home])
    harvest.parts.append(
        _part(upload, frame.assign(date=date), span, home, _vintage(accessed or stated, span[-1]), harvest)
    )


def _part(upload: Upload, rows: pd.DataFrame, span: pd.PeriodIndex, home: str, vintage: str, harvest: Harvest) -> Part:
    """Return rows by region and quarter, zeros included, and the test that takes the quarters the file covers as well."""
    nameless = rows["admin1"].isna()
    if (lost := rows.loc[nameless, "events"].sum()) > 0:
        harvest.notes.append(f"{upload.where}: {lost:,} events name no region: left out")
    rows = rows[~nameless]
    grid = pd.MultiIndex.from_product([span.astype(str), sorted(rows["admin1"].unique())], names=["date", "admin1"])
    zeros = grid.to_frame(index=False).assign(admin2=None, events=0, fatalities=0)
    columns = list(zeros.columns)
    out = acled.region_quarters(pd.concat([rows[columns], zeros], ignore_index=True), vintage)
    _known_regions(upload, out, home)
    held = out.groupby("quarter")["months"].max()

    def another(table: pd.DataFrame) -> bool:
        alien = home != regions.HOME and set(table["region"]) <= set(regions.REGIONS)
        return alien or not set(table["acled_admin1"]) & set(out["acled_admin1"])

    def replaces(table: pd.DataFrame) -> pd.Series:
        if another(table):
            return table["region"].notna()  # a book on another country: the old one's rows make room
        return table["quarter"].map(held).fillna(0) >= pd.to_numeric(table["months"])

    return Part("violence_region_quarter", out, replaces, vintage, another)


def _one_year(upload: Upload) -> None:
    frame = upload.frame[upload.frame["year"].notna()]
    odd = frame[frame["year"].astype(str) != frame["event_date"].str[:4]]
    if len(odd):
        raise RefusedError(
            Problem(upload.where, int(row.row), "year", str(row.year), f"is not that of {row.event_date}", AS_PUBLISHED)
            for row in odd.head(20).itertuples()
        )


def _known_regions(upload: Upload, out: pd.DataFrame, home: str) -> None:
    unknown = sorted(set(out["region"]) - set(regions.REGIONS)) if home == regions.HOME else []
    if unknown:
        remedy = "check the country; a new region goes into loaders/regions.py, with the region it lay in before 2016"
        raise RefusedError(
            Problem(upload.where, None, "admin1", name, "is no region of Mali that this book knows", remedy)
            for name in unknown
        )


def _known_types(upload: Upload) -> None:
    unknown = sorted(set(upload.counts["event_type"]) - KNOWN)
    if unknown:
        remedy = "export the events again: these are not ACLED's event types since 2019"
        raise RefusedError(
            Problem(upload.where, None, "event_type", name, "is no event type of ACLED", remedy) for name in unknown
        )


def _elsewhere(upload: Upload, home: str, held) -> RefusedError:
    most = ", ".join(str(name) for name, _ in held.most_common(5))
    remedy = "give the file of that country; the first of --countries is the one whose regions are shown"
    return refuse(upload.where, f"has no row of {home}; it has {most}", remedy)


def _twice(upload: Upload) -> RefusedError:
    row = upload.frame[upload.frame["event_id_cnty"].duplicated()].iloc[0]
    remedy = "export 'dyadic' data, one row an event; or the file was joined to itself"
    return refuse(
        upload.where, "stands twice", remedy, row=int(row["row"]), field="event_id_cnty", value=row["event_id_cnty"]
    )


def _vintage(month: str | None, last: pd.Period) -> str:
    if month is None:
        return f"ACLED, events to {last}"
    return f"ACLED, accessed {pd.Timestamp(month).strftime('%B %Y')}"


def _month(short: str) -> int:
    return next((number for name, number in MONTHS.items() if name.startswith(short.lower())), 0)
