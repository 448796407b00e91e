"""UCDP's yearly files, the final GED and the country-year file, to parts of the violence tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders import countries, formats, numbered, reading, releases, ucdp, ucdp_events
from malibook.evidence.loaders.cells import AS_PUBLISHED
from malibook.evidence.loaders.columns import Format
from malibook.evidence.loaders.part import Harvest, Part
from malibook.evidence.loaders.refusal import RefusedError, refuse
from malibook.evidence.loaders.upload import Upload
from malibook.evidence.problem import Problem

WATCH = ("year", "region", "country_id", "file", "date_start", "code_status")
Rows = Callable[[pd.DataFrame], pd.Series]


def ged(path: Path, wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what a final GED file gives: months, pairs of parties, events. Raises `RefusedError` for another file."""
    release = releases.final([path.name])
    if release is None and releases.candidate(path.name):
        raise _is_candidate(str(path))
    upload = read_events(path, formats.UCDP_GED, wanted, _until(release))
    release = _final_release(upload, release)
    world = _whole_world(upload, release)
    events = kept(upload, wanted)
    if events["id"].duplicated().any():
        raise _twice(upload, events)
    years = upload.counts["year"]
    months = list(pd.date_range(f"{min(years)}-01-01", f"{max(years)}-12-01", freq="MS").strftime("%Y-%m-%d"))
    held = covered(events, wanted, world, harvest, f"GED {release}")
    harvest.take(upload, f"UCDP GED {release}", len(events), held)
    harvest.parts += event_parts(events, "ucdp-ged", f"GED {release}", held, months)


def read_events(path: Path, wanted_format: Format, wanted: tuple[str, ...], bounds: reading.Bounds | None) -> Upload:
    """Return the events of the wanted countries; refuse a file in which a country has the number of another."""
    seen: numbered.Seen = {}
    keep = numbered.noting(among(wanted), "country", "country_id", seen)
    upload = reading.read(path, wanted_format, keep, WATCH, bounds)
    numbered.one_each(seen, countries.by_gw(), upload.where, "country_id")
    return upload


def country_year(path: Path, wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what a UCDP country-year file gives to `violence_year`."""
    upload = reading.read(path, formats.UCDP_COUNTRY_YEAR, among(wanted), ("year", "country_id", "version"))
    stated = [str(version) for version in upload.counts["version"]]
    release = next(iter(stated), None) or releases.yearly([upload.name, path.name])
    last = max(upload.counts["year"])
    if len(stated) > 1 or (release and last > _last_year(release)):
        what = f"mixes releases, or holds years that release {release} cannot have (to {last})"
        raise refuse(upload.where, what, formats.UCDP_COUNTRY_YEAR.source)
    release = release or f"{last - 1999}.1"
    frame = kept(upload, wanted)
    _in_order(upload, frame)
    if (double := frame.duplicated(["iso3", "year"])).any():
        row = frame[double].iloc[0]
        raise refuse(upload.where, "stands twice for a country", reading.CUT, row=int(row["row"]), field="year")
    held = sorted(frame["iso3"].unique())
    harvest.take(upload, f"UCDP Country-Year {release}", len(frame), held)
    vintage = f"Country-Year {release}"
    harvest.parts.append(Part("violence_year", ucdp.years(frame, vintage), rows_of(held), vintage))


def event_parts(events: pd.DataFrame, dataset: str, vintage: str, held: list[str], months: list[str]) -> list[Part]:
    """Return what events give to the tables by month, by pair of parties and by event, for countries and months.

    Pairs by month are a table of candidate events only: chapters take its first month for the first one with parties. Those of
    the final events can be added up from `violence_events`.
    """
    old, short = rows_of(held, months), {month[:7] for month in months}
    final = dataset == "ucdp-ged"  # takes the place of candidate events too; these never of final ones

    def same_days(table: pd.DataFrame) -> pd.Series:
        inside = table["iso3"].isin(held) & table["date"].str[:7].isin(short)
        return inside & (final | (table["dataset"] == dataset))

    counted = ucdp.months_from_events(events, dataset, vintage, held, months)
    single = ucdp_events.events_table(events, dataset, vintage)
    parts = [
        Part("violence_month", counted, lambda table: old(table) & (table["dataset"] == dataset), vintage),
        Part("violence_events", single, same_days, vintage),
    ]
    return parts if final else [*parts, Part("violence_dyad_month", ucdp.dyad_months(events, vintage), old, vintage)]


def kept(upload: Upload, wanted: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of the wanted countries, with `iso3`, events checked; refuse a file that has none of them."""
    frame = upload.frame.assign(iso3=upload.frame["country_id"].map(countries.by_gw()).astype("object"))
    if frame.empty:
        held = Counter({countries.by_gw().get(number, "?"): n for number, n in upload.counts["country_id"].items()})
        most = ", ".join(f"{iso3} ({n:,})" for iso3, n in held.most_common(8))
        what = f"has no row of {', '.join(wanted)}; it has {most}"
        raise refuse(
            upload.where, what, "name the countries that are meant: --countries of a refresh, --country of a fork"
        )
    return ucdp_events.checked(frame, upload) if "date_start" in frame else frame


def covered(events: pd.DataFrame, wanted: tuple[str, ...], world: bool, harvest: Harvest, title: str) -> list[str]:
    """Return the countries for which the file is complete: all that are wanted in a file of the world, else those in it."""
    present = set(events["iso3"])
    absent = [iso3 for iso3 in wanted if iso3 not in present]
    if absent and not world:
        harvest.notes.append(f"{title}: an extract without events in {', '.join(absent)}; their rows stay as they are")
    return sorted(wanted if world else present)


def among(wanted: tuple[str, ...]) -> Rows:
    """Return the test that tells rows of the wanted countries by UCDP's country number."""
    numbers = [number for number, iso3 in countries.by_gw().items() if iso3 in wanted]
    return lambda frame: frame["country_id"].isin(numbers)


def rows_of(held: list[str], months: list[str] | None = None) -> Rows:
    """Return the test that tells rows of a table by country and, where given, by month."""
    if months is None:
        return lambda table: table["iso3"].isin(held)
    return lambda table: table["iso3"].isin(held) & table["month"].isin(months)


def _final_release(upload: Upload, release: str | None) -> str:
    release = release or releases.final([upload.name])
    if any(releases.candidate(str(text)) for text in [*upload.counts["file"], upload.name]):
        raise _is_candidate(upload.where)
    last, years = max(upload.counts["year"]), len(upload.counts["year"])
    if release and _last_year(release) > formats.LAST_YEAR:
        remedy = "keep the publisher's file name, which states the release"
        raise refuse(upload.where, f"calls itself GED {release}, which is not published yet", remedy)
    checking = any(str(status) not in ("", "Clear", "1", "0") for status in upload.counts["code_status"])
    if release is None and (years == 1 or checking):
        remedy = (
            "keep the publisher's file name (GEDEvent_v25_1.csv, ged251-csv.zip); candidate events: --ucdp-candidate"
        )
        raise refuse(upload.where, "does not say which GED release it is, and its rows look provisional", remedy)
    if release and last > _last_year(release):
        what = f"holds events of {last}, but GED {release} ends with {_last_year(release)}"
        raise refuse(upload.where, what, "give the release that the file's name states", field="year", value=str(last))
    return release or f"{last - 1999}.1"


def _in_order(upload: Upload, frame: pd.DataFrame) -> None:
    """Refuse yearly low estimates above the best one; a high one below it is in the publisher's own files, and stays."""
    for kind in ("sb", "ns", "os"):
        low, best = (pd.to_numeric(frame[f"{kind}_{bound}"]) for bound in ("low", "best"))
        if len(odd := frame[low > best]):
            row, field = odd.iloc[0], f"{kind}_low"
            what = f"is above the best estimate {row[f'{kind}_best']}"
            raise refuse(upload.where, what, AS_PUBLISHED, row=int(row["row"]), field=field, value=str(row[field]))


def _whole_world(upload: Upload, release: str) -> bool:
    world = len(upload.counts["region"]) >= releases.WORLD
    whole = releases.GED_ROWS.get(release, 0)
    if world and whole * releases.EXTRACT < upload.rows < whole:
        what = f"has {upload.rows:,} rows from all world regions; GED {release} has {whole:,}: the file is cut off"
        raise refuse(upload.where, what, reading.CUT)
    if world and upload.rows < whole:
        upload.notes.append(f"{upload.where}: {upload.rows:,} of the {whole:,} rows of GED {release}: an extract")
    return world and upload.rows >= whole


def _until(release: str | None) -> reading.Bounds | None:
    if release is None:
        return None
    last = _last_year(release)
    return {"year": (None, last), "date_start": (None, f"{last}-12-31")}


def _last_year(release: str) -> int:
    """Return the last year of a yearly release: 25.1 ends with 2024."""
    return 1999 + int(release.split(".")[0])


def _is_candidate(where: str) -> RefusedError:
    return refuse(where, "is a candidate release, not the final GED", "give it with --ucdp-candidate")


def _twice(upload: Upload, events: pd.DataFrame) -> RefusedError:
    rows = events[events["id"].duplicated()]
    return RefusedError(
        Problem(upload.where, int(row.row), "id", str(row.id), "stands twice: a file was joined to itself", reading.CUT)
        for row in rows.head(20).itertuples()
    )
