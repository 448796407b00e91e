"""UNHCR's and IDMC's files to `displacement` and `refugees_by_host`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from malibook.evidence.loaders import displacement, formats, reading
from malibook.evidence.loaders.part import Harvest, Part
from malibook.evidence.loaders.refusal import refuse
from malibook.evidence.loaders.upload import Upload

ABROAD = ("refugees-abroad", "asylum-seekers-abroad")
WITHIN = ("refugees-hosted",)
INSIDE = ("idps-unhcr",)


def unhcr(path: Path, wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what UNHCR's population figures give: people abroad, people hosted, displaced people, hosts of the first country.

    A sum is made only where the file holds every row of it: people from a country need all hosts, people in a country all
    origins. What a filtered download lacks stays as it is, and is noted.
    """
    upload = reading.read(
        path, formats.UNHCR, lambda frame: frame["coo_iso"].isin(wanted) | frame["coa_iso"].isin(wanted), ("year",)
    )
    rows = upload.frame
    whole = {measures: _whole(rows, wanted, side) for measures, side in _SIDES.items()}
    if rows.empty or not any(whole.values()):
        what = f"does not break down {', '.join(wanted)} by country of origin and country of asylum"
        raise refuse(upload.where, what, formats.UNHCR.source)
    _no_doubles(upload)
    filled = rows.assign(**{name: rows[name].fillna(0) for name in ("refugees", "asylum_seekers", "idps")})
    vintage = f"Refugee Data Finder, to {max(upload.counts['year'])}"
    harvest.take(upload, "UNHCR " + vintage, len(rows), sorted(set().union(*whole.values())))
    sums = displacement.from_unhcr(filled, vintage, wanted)
    for measures, held in whole.items():
        if left := sorted(set(wanted) - held):
            harvest.notes.append(
                f"{upload.where}: not every row for {', '.join(measures)} of {', '.join(left)}: kept as is"
            )
        mine = sums[sums["measure"].isin(measures) & sums["iso3"].isin(held)]
        harvest.parts.append(Part("displacement", mine, _rows_of(held, measures), vintage))
    if wanted[0] in whole[ABROAD]:
        hosts = displacement.refugees_by_host(filled, wanted[0])
        harvest.parts.append(Part("refugees_by_host", hosts, lambda t: t["origin_iso3"] == wanted[0], vintage))


def idmc(path: Path, wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what IDMC's database gives: people internally displaced by conflict and violence, at the end of the year."""
    upload = reading.read(path, formats.IDMC, lambda frame: frame["iso3"].isin(wanted), ("year", "iso3"))
    rows = upload.frame[upload.frame["total"].fillna(0) > 0]
    if rows.empty:
        held = ", ".join(str(iso3) for iso3, _ in upload.counts["iso3"].most_common(5))
        raise refuse(upload.where, f"has no figure for {', '.join(wanted)}; it has {held}", formats.IDMC.source)
    if (double := rows.duplicated(["iso3", "year"])).any():
        row = rows[double].iloc[0]
        raise refuse(upload.where, "stands twice for a country", formats.IDMC.source, row=int(row["row"]), field="year")
    vintage = f"IDMC, to {max(upload.counts['year'])}"
    held = sorted(rows["iso3"].unique())
    harvest.take(upload, vintage, len(rows), held)
    table = displacement.from_idmc(rows.rename(columns={"iso3": "coa_iso"}), vintage)
    harvest.parts.append(Part("displacement", table, _rows_of(held, ("idps-idmc",)), vintage))


_SIDES = {ABROAD: ("coo_iso", "coa_iso"), WITHIN: ("coa_iso", "coo_iso"), INSIDE: ("coa_iso", None)}


def _whole(rows: pd.DataFrame, wanted: tuple[str, ...], sides: tuple[str, str | None]) -> set[str]:
    """Return the countries for which the other side is not cut down to the wanted ones by a filter of the download."""
    mine, other = sides
    if other is None:
        return set(rows.loc[rows["coo_iso"] == rows["coa_iso"], "coa_iso"]) & set(wanted)
    foreign = rows[~rows[other].isin(wanted) & rows[other].notna()]
    return set(foreign[mine]) & set(wanted)


def _no_doubles(upload: Upload) -> None:
    double = upload.frame[upload.frame.duplicated(["year", "coo_iso", "coa_iso"])]
    if len(double):
        row = double.iloc[0]
        pair = f"{row['coo_iso']} in {row['coa_iso']}, {row['year']}"
        raise refuse(
            upload.where, "stands twice", formats.UNHCR.source, row=int(row["row"]), field="coo_iso", value=pair
        )


def _rows_of(held, measures: tuple[str, ...]):
    return lambda table: table["iso3"].isin(held) & table["measure"].isin(measures)
