"""Context series: population and output, democracy, coups, food insecurity, peacekeepers, airfields.

World Bank (persons, current US dollars), V-Dem (index 0 to 1), Powell and Thyne (coups a month), Cadre Harmonisé (persons in
phase 3 to 5, by season), Geo-PKO (uniformed personnel at a place), airportsdata (degrees).
"""

from __future__ import annotations

import pandas as pd

from malibook.evidence.loaders.shape import month_start, require, total, whole

REGION_SPELLING = {"Segou": "Ségou", "Timbuktu": "Tombouctou"}
LOCATION_SPELLING = {
    "Dyabali": "Diabaly",
    "Mopti/Sevare": "Mopti/Sévaré",
    "Leré": "Léré",
    "Tombouctou (Timbuktu)": "Timbuktu",
}


def population(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `population` rows from the World Bank's indicators: persons, and GDP in current US dollars (whole dollars)."""
    require(raw, ["Country Code", "Year", "population", "gdp_current_usd"], "World Bank population and GDP")
    out = pd.DataFrame(
        {
            "iso3": raw["Country Code"],
            "year": raw["Year"],
            "population": whole(raw["population"], "World Bank"),
            "gdp_usd": raw["gdp_current_usd"].round(0).astype("Int64"),
        }
    )
    return out.sort_values(["iso3", "year"]).reset_index(drop=True)


def democracy(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `democracy` rows from V-Dem: the liberal democracy index, 0 (least) to 1 (most)."""
    require(raw, ["iso3", "year", "v2x_libdem"], "V-Dem")
    out = raw[["iso3", "year", "v2x_libdem"]].rename(columns={"v2x_libdem": "liberal_democracy"})
    return out.sort_values(["iso3", "year"]).reset_index(drop=True)


def coups(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `coups` rows from Powell and Thyne: successful and failed attempts by month; months without one have no row."""
    names = {"country_iso3": "iso3", "pt_coup_successful": "successful", "pt_coup_failed": "failed"}
    require(raw, [*names, "year_month"], "Powell and Thyne coups")
    out = raw.rename(columns=names).assign(month=month_start(raw["year_month"]))
    return out[["iso3", "month", "successful", "failed"]].sort_values(["iso3", "month"]).reset_index(drop=True)


def food_insecurity(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `food_insecurity` rows from the Cadre Harmonisé: persons in phase 3 or worse by region and season.

    Each season is taken from the analysis that the publisher marks for use (`usethisperiod`), so that no season counts
    twice. `note` names units that were not classified; where that is all of a region, the figure is missing.
    """
    columns = [
        "adm1_name",
        "adm2_name",
        "reference_year",
        "reference_label",
        "chtype",
        "population",
        "phase35",
        "usethisperiod",
    ]
    rows = require(raw, columns, "Cadre Harmonisé")
    rows = rows[rows["usethisperiod"] == "Y"]
    rows = pd.DataFrame(
        {
            "region": rows["adm1_name"].replace(REGION_SPELLING),
            "year": rows["reference_year"],
            "season": rows["reference_label"],
            "kind": rows["chtype"],
            "population": whole(rows["population"], "Cadre Harmonisé"),
            "phase3_plus": whole(rows["phase35"], "Cadre Harmonisé"),
        }
    )
    keys = ["region", "year", "season", "kind"]
    groups = rows.groupby(keys)
    out = pd.DataFrame({name: total(groups[name]) for name in ("population", "phase3_plus")})
    units, classified = groups.size(), groups["phase3_plus"].count()
    left = units - classified
    out["note"] = [f"{n} of {of} units not classified" if n else None for n, of in zip(left, units, strict=True)]
    return out.reset_index().sort_values(["year", "season", "region"], key=_in_season).reset_index(drop=True)


def peacekeepers(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `peacekeepers` rows from Geo-PKO: MINUSMA's mean headcount by place and year. Never sum over places.

    Geo-PKO codes each place's units at their standard strength, so its places add up to more than the mission had.
    """
    columns = ["year", "location", "latitude", "longitude", "ave.no.troops"]
    rows = require(raw, columns, "Geo-PKO")[columns].drop_duplicates()
    out = rows.rename(columns={"latitude": "lat", "longitude": "lon", "ave.no.troops": "headcount"})
    out["headcount"] = whole(out["headcount"], "Geo-PKO")
    out["location"] = out["location"].replace(LOCATION_SPELLING)
    return out.sort_values(["year", "location"]).reset_index(drop=True)


def airfields(raw: pd.DataFrame) -> pd.DataFrame:
    """Return `airfields` rows from airportsdata: codes, names and coordinates in degrees."""
    columns = ["icao", "iata", "name", "city", "lat", "lon"]
    return require(raw, columns, "airportsdata")[columns].sort_values("icao").reset_index(drop=True)


def _in_season(column: pd.Series) -> pd.Series:
    order = {"Jan-May": 1, "Jun-Aug": 2, "Sep-Dec": 3}
    return column.map(order) if column.name == "season" else column
