"""World Bank and V-Dem files to `population` and `democracy`, which have no vintage by row: all countries move together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from malibook.evidence.loaders import context, formats, reading
from malibook.evidence.loaders.cells import AS_PUBLISHED
from malibook.evidence.loaders.part import Harvest, Part
from malibook.evidence.loaders.refusal import refuse
from malibook.evidence.loaders.upload import Upload

POPULATION, OUTPUT = "SP.POP.TOTL", "NY.GDP.MKTP.CD"
NAMES = {POPULATION: "population", OUTPUT: "gdp_usd"}
MOST = {POPULATION: formats.MOST_PEOPLE, OUTPUT: 1e15}
FIRST_YEAR = 1970  # of the democracy table: independence and what led to it
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def world_bank(paths: Iterable[Path], wanted: tuple[str, ...], present: pd.DataFrame, harvest: Harvest) -> None:
    """Add what World Bank files give: population, and GDP in current US dollars.

    A file decides for its indicator, its countries and its years, also where it has no value; all else stays as it is.
    """
    series = {name: _held(present, name) for name in NAMES.values()}
    given: set[str] = set()
    updated = []
    for path in paths:
        upload = reading.read(path, formats.WORLD_BANK, _among(wanted), ("indicator",))
        found = _long(upload)
        if again := sorted(set(found) & given):
            raise refuse(upload.where, f"gives {again[0]} once more", "give each indicator in one file")
        given |= set(found)
        updated += [cell for cell in upload.preamble if _DAY.fullmatch(cell)]
        harvest.take(upload, f"World Bank {', '.join(found)}", len(upload.frame), sorted(upload.frame["iso3"].unique()))
        for name, values in found.items():
            rest = series[name][~series[name].index.isin(values.index)]
            series[name] = pd.concat([rest, values.dropna()]).sort_index()
    table = pd.DataFrame(series).rename_axis(["iso3", "year"]).reset_index()
    table = table[table["population"].notna()].assign(population=table["population"].round(0))
    rows = context.population(
        table.rename(columns={"iso3": "Country Code", "year": "Year", "gdp_usd": "gdp_current_usd"})
    )
    state = f"last updated {max(updated)}" if updated else f"years to {rows['year'].max()}"
    vintage = f"World Development Indicators, {state}"
    harvest.parts.append(Part("population", rows, lambda t: t["iso3"].notna(), vintage))


def vdem(path: Path, wanted: tuple[str, ...], harvest: Harvest) -> None:
    """Add what a V-Dem country-year file gives: the liberal democracy index from 1970 on."""
    upload = reading.read(path, formats.VDEM, lambda frame: frame["iso3"].isin(wanted), ("year",))
    rows = upload.frame[(upload.frame["year"] >= FIRST_YEAR) & upload.frame["v2x_libdem"].notna()]
    if rows.empty:
        raise refuse(upload.where, f"has no index of {', '.join(wanted)} since {FIRST_YEAR}", formats.VDEM.source)
    if (double := rows.duplicated(["iso3", "year"])).any():
        row = rows[double].iloc[0]
        remedy = "give the country-year file, not country-date; or the file was joined to itself"
        raise refuse(upload.where, "stands twice for a country", remedy, row=int(row["row"]), field="year")
    stated = re.search(r"v(\d{2})(?!\d)", f"{upload.name} {path.name}")
    vintage = f"V-Dem v{stated[1] if stated else max(upload.counts['year']) - 2009}"
    held = sorted(rows["iso3"].unique())
    harvest.take(upload, vintage, len(rows), held)
    table = context.democracy(rows)
    harvest.parts.append(Part("democracy", table, lambda t: t["iso3"].isin(held), vintage))


def _in_range(upload: Upload, part: pd.DataFrame, years: list[str], most: float) -> None:
    for year in years:
        for row, value in part.loc[(part[year] < 0) | (part[year] > most), ["row", year]].itertuples(index=False):
            what = "is out of range: below 0" if value < 0 else f"is out of range: above {most:,.0f}"
            raise refuse(upload.where, what, AS_PUBLISHED, row=int(row), field=year, value=f"{value:.0f}")
    if late := [year for year in years if not 1960 <= int(year) <= formats.LAST_YEAR]:
        raise refuse(upload.where, "is no year the World Bank has figures for", reading.CUT, field=late[0])


def _among(wanted: tuple[str, ...]) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame["iso3"].isin(wanted) & frame["indicator"].isin(list(NAMES))


def _held(present: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of the present table as numbers by country and year."""
    keys = pd.MultiIndex.from_arrays([present["iso3"], present["year"].astype(int)], names=["iso3", "year"])
    return pd.Series(pd.to_numeric(present[name]).to_numpy(dtype=float), index=keys).dropna()


def _long(upload: Upload) -> dict[str, pd.Series]:
    """Return each indicator of the file as a series by country and year, missing where the cell is empty."""
    frame = upload.frame
    if frame.empty:
        held = ", ".join(str(code) for code, _ in upload.counts["indicator"].most_common(3))
        what = f"has neither {POPULATION} nor {OUTPUT} for these countries; it has {held}"
        raise refuse(upload.where, what, formats.WORLD_BANK.source)
    if (double := frame.duplicated(["iso3", "indicator"])).any():
        row = frame[double].iloc[0]
        raise refuse(upload.where, "stands twice", reading.CUT, row=int(row["row"]), field="iso3", value=row["iso3"])
    years = [name for name in frame.columns if str(name).isdecimal()]
    out = {}
    for code, part in frame.groupby("indicator"):
        _in_range(upload, part, years, MOST[str(code)])
        wide = part.set_index("iso3")[years].astype(float)
        keys = pd.MultiIndex.from_product([wide.index, map(int, years)], names=["iso3", "year"])
        out[NAMES[str(code)]] = pd.Series(wide.to_numpy().ravel(), index=keys)
    return out
