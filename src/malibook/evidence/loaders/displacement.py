"""People who fled: UNHCR's Refugee Data Finder and IDMC's internal displacement figures, both CC BY 4.0.

Units: persons, as a stock at the end of the year. UNHCR writes 0 both where it counted none and where it has no figure. A
sum that is zero for a whole year is therefore left out as not reported.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.evidence.loaders.shape import require, whole

# The countries for which the file holds every row, as origin and as host: only their sums are complete.
COUNTRIES = ("BFA", "MLI", "NER")
UNHCR = ("year", "coo_iso", "coa_iso", "coa_name", "refugees", "asylum_seekers", "idps")
MEASURES = (
    ("refugees-abroad", "coo_iso", "refugees"),
    ("asylum-seekers-abroad", "coo_iso", "asylum_seekers"),
    ("refugees-hosted", "coa_iso", "refugees"),
    ("idps-unhcr", "coa_iso", "idps"),
)
FIELDS = ["iso3", "year", "measure", "value", "vintage", "source"]
HOST_NAMES = {
    "Central African Rep.": "Central African Republic",
    "Cote d'Ivoire": "Côte d'Ivoire",
    "Dem. Rep. of the Congo": "Democratic Republic of the Congo",
    "Netherlands (Kingdom of the)": "Netherlands",
    "Rep. of Korea": "Republic of Korea",
    "Serbia and Kosovo: S/RES/1244 (1999)": "Serbia and Kosovo (S/RES/1244)",
    "Syrian Arab Rep.": "Syria",
    "United Kingdom of Great Britain and Northern Ireland": "United Kingdom",
    "United States of America": "United States",
}


def displacement(
    unhcr: pd.DataFrame,
    idmc: pd.DataFrame,
    unhcr_vintage: str,
    idmc_vintage: str,
    countries: tuple[str, ...] = COUNTRIES,
) -> pd.DataFrame:
    """Return `displacement` rows: persons by country, year and measure; the two IDP series stay two series.

    UNHCR's sums are made for `countries` only, for which its file must hold every row.
    """
    parts = [from_unhcr(unhcr, unhcr_vintage, countries), from_idmc(idmc, idmc_vintage)]
    return pd.concat(parts).sort_values(["iso3", "measure", "year"]).reset_index(drop=True)


def from_unhcr(unhcr: pd.DataFrame, vintage: str, countries: Iterable[str] = COUNTRIES) -> pd.DataFrame:
    """Return the `displacement` rows that rest on UNHCR: its sums for `countries`, of which it must hold every row."""
    rows = _counted(unhcr)
    parts = []
    for measure, side, column in MEASURES:
        sums = rows[rows[side].isin(list(countries))].groupby([side, "year"])[column].sum()
        part = sums[sums > 0].rename("value").rename_axis(["iso3", "year"]).reset_index()
        parts.append(part.assign(measure=measure, vintage=vintage, source="unhcr"))
    return pd.concat(parts)[FIELDS].sort_values(["iso3", "measure", "year"]).reset_index(drop=True)


def from_idmc(idmc: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return the `displacement` rows that rest on IDMC, for every country of the file."""
    return _idmc(idmc).assign(vintage=vintage, source="idmc")[FIELDS]


def refugees_by_host(unhcr: pd.DataFrame, origin: str = "MLI") -> pd.DataFrame:
    """Return `refugees_by_host` rows: persons from `origin` in each other country that hosts any.

    The asylum seekers of a year in which UNHCR lists none anywhere (before 2000) are missing, not zero.
    """
    rows = _counted(unhcr)
    rows = rows[(rows["coo_iso"] == origin) & (rows["coa_iso"] != origin)]
    listed = rows.groupby("year")["asylum_seekers"].transform("sum") > 0
    rows = rows[(rows["refugees"] > 0) | (rows["asylum_seekers"] > 0)]
    out = pd.DataFrame(
        {
            "year": rows["year"],
            "origin_iso3": rows["coo_iso"],
            "host_iso3": rows["coa_iso"],
            "host": rows["coa_name"].replace(HOST_NAMES),
            "refugees": rows["refugees"],
            "asylum_seekers": rows["asylum_seekers"].where(listed[rows.index]),
        }
    )
    return out.sort_values(["year", "host_iso3"]).reset_index(drop=True)


def _counted(unhcr: pd.DataFrame) -> pd.DataFrame:
    rows = require(unhcr, UNHCR, "UNHCR population figures").copy()
    for name in ("year", "refugees", "asylum_seekers", "idps"):
        rows[name] = whole(rows[name], "UNHCR population figures")
    return rows


def _idmc(idmc: pd.DataFrame) -> pd.DataFrame:
    require(idmc, ["year", "coa_iso", "total"], "IDMC internal displacement")
    return pd.DataFrame(
        {
            "iso3": idmc["coa_iso"],
            "year": whole(idmc["year"], "IDMC internal displacement"),
            "measure": "idps-idmc",
            "value": whole(idmc["total"], "IDMC internal displacement"),
        }
    )
