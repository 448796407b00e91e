"""UCDP's candidate releases, monthly and cumulative, together to parts of the violence tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders import formats, reading, releases, ucdp_events
from malibook.evidence.loaders.from_ucdp import covered, event_parts, kept, read_events
from malibook.evidence.loaders.part import Harvest
from malibook.evidence.loaders.refusal import refuse
from malibook.evidence.loaders.releases import Candidate
from malibook.evidence.loaders.upload import Upload


def candidates(paths: Iterable[Path], wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what candidate files give together: an event listed by several releases counts once, as the last has it."""
    frames, found, world = [], set(), True
    for path in paths:
        upload, stated = _read(path, wanted)
        if upload.sha256 in {file["sha256"] for file in harvest.digests}:
            raise refuse(upload.where, "is the same file as another one that was given", "give each file once")
        rows = kept(upload, wanted)
        if (double := rows.duplicated(["id", "file"])).any():
            row = rows[double].iloc[0]
            raise refuse(
                upload.where,
                "stands twice: a file was joined to itself",
                reading.CUT,
                row=int(row["row"]),
                field="id",
                value=str(row["id"]),
            )
        frames.append(rows.assign(release=rows["file"].map(stated)))
        found |= set(stated.values())
        world = world and len(upload.counts["region"]) >= releases.WORLD
        harvest.take(upload, "UCDP " + releases.label(stated.values()), len(rows), sorted(rows["iso3"].unique()))
    months = sorted({month for release in found for month in release.months})
    events = _latest(pd.concat(frames, ignore_index=True), found)
    inside = events["month"].isin(months)
    if left := int((~inside).sum()):
        harvest.notes.append(f"{left} candidate events began outside the months that the releases cover: left out")
    vintage = releases.label(found)
    held = covered(events, wanted, world, harvest, vintage)
    harvest.parts += event_parts(events[inside], "ucdp-candidate", vintage, held, months)
    harvest.parts += ucdp_events.part_year(events[inside], held, months, vintage)


def _read(path: Path, wanted: tuple[str, ...]) -> tuple[Upload, dict[str, Candidate]]:
    """Return a file and the releases it holds by the text of its column `file`, which is filled where it is lacking."""
    named = releases.candidate(path.name)
    if named is None and releases.final([path.name]):
        raise refuse(str(path), "is a final GED release, not candidate events", "give it with --ucdp-ged")
    bounds = {"date_start": (None, str(named.end.end_time.date()))} if named else None
    upload = read_events(path, formats.UCDP_CANDIDATE, wanted, bounds)
    years = [str(year) for year in upload.counts["year"]]
    if len(years) > 3:
        what = f"spans the years {releases.span(years)}: no candidate release does"
        raise refuse(upload.where, what, "give a final release with --ucdp-ged")
    stated = {text: release for text in upload.counts["file"] if (release := releases.candidate(str(text)))}
    odd = upload.frame[~upload.frame["file"].isin(list(stated))] if stated else upload.frame.iloc[:0]
    if len(odd):
        row, value = int(odd["row"].iloc[0]), str(odd["file"].iloc[0] or "")
        raise refuse(upload.where, "names no candidate release", reading.CUT, row=row, field="file", value=value)
    if not stated:
        named = named or releases.candidate(upload.name) or releases.unnamed_candidate(upload.counts["date_start"])
        upload.frame, stated = upload.frame.assign(file=named.label), {named.label: named}
        if named.label.startswith("to "):
            upload.notes.append(f"{upload.where}: states no release; taken to cover {named.start} to {named.end}")
    return upload, stated


def _latest(events: pd.DataFrame, found: set[Candidate]) -> pd.DataFrame:
    """Return each event once, as its last release has it, without what a cumulative release has replaced."""
    order = events["release"].map(lambda release: (release.end.ordinal, release.cumulative))
    events = events.assign(order=order).sort_values("order", kind="stable").drop_duplicates("id", keep="last")
    for whole in (release for release in found if release.cumulative):
        older = events["release"].map(lambda release, whole=whole: not release.cumulative and release.end <= whole.end)
        events = events[~(older & events["month"].isin(whole.months))]
    return events.sort_values("id").reset_index(drop=True)
