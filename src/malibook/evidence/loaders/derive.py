"""Write the derived tables and maps from a folder of reference copies: the same input gives the same bytes.

`python -m malibook.evidence.loaders.derive REFERENCE GEO DATA` reads the upstream copies in the first two folders and writes
`tables/*.csv` and `geo/*.geojson` below the third.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from malibook.errors import BookError
from malibook.evidence.loaders import acled, context, displacement, maps, ucdp

GED = "GED 25.1"
CANDIDATE_2025 = "Candidate 25.01.25.12"
CANDIDATE_2026 = "Candidate 26.0.1-26.0.2"
CANDIDATE_2026_PART = "Candidate 26.0.1-26.0.8"
COUNTRY_YEAR = "Country-Year 26.1"
BATTLE_DEATHS = "BRD 26.1"
FORECAST = "conflictforecast.org, UCDP to 2024"
ACLED = "ACLED, accessed April 2026"
UNHCR = "Refugee Data Finder, to 2025"
IDMC = "IDMC, to 2025"

LAYERS = {
    "mali_regions": ("mali_adm1_ne10m.geojson", 4),
    "mali_regions_simplified": ("mali_adm1_ne10m_simplified.geojson", 3),
    "neighbours": ("neighbours_ne50m_clipped.geojson", 4),
    "rivers": ("rivers_ne50m.geojson", 3),
}


def tables(reference: Path) -> dict[str, pd.DataFrame]:
    """Return every derived table but `airfields`, by name, from the reference copies below `reference`."""
    return _violence(reference) | _context(reference)


def write(data: Path, frames: dict[str, pd.DataFrame], layers: dict[str, str]) -> None:
    """Write tables and maps below `data`: UTF-8, LF, comma, empty for missing."""
    for name, frame in frames.items():
        (data / "tables" / f"{name}.csv").write_text(to_csv(frame), encoding="utf-8", newline="\n")
    for name, text in layers.items():
        (data / "geo" / f"{name}.geojson").write_text(text, encoding="utf-8", newline="\n")


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: numbers in their shortest form, LF, empty for missing."""
    return frame.to_csv(index=False, lineterminator="\n")


def layers(geo: Path) -> dict[str, str]:
    """Return every map layer as GeoJSON text, by name, from the copies in `geo`."""
    texts = {}
    for name, (file, places) in LAYERS.items():
        raw = json.loads(_found(geo / file).read_text(encoding="utf-8"))
        texts[name] = maps.dump_layer(maps.tidy_layer(raw, places=places))
    return texts


def airfields(geo: Path) -> dict[str, pd.DataFrame]:
    """Return the `airfields` table from the copy in `geo`."""
    return {"airfields": context.airfields(_csv(geo / "airfields_mali_airportsdata.csv"))}


def _violence(reference: Path) -> dict[str, pd.DataFrame]:
    folder = reference / "ucdp"
    in_2025 = ucdp.read_events(_csv(folder / "ucdp_candidate_2025_events_mli_bfa_ner.csv"))
    in_2026 = ucdp.read_events(_csv(folder / "ucdp_candidate_2026_jan_feb_events_mli_bfa_ner.csv"))
    months = [
        ucdp.months_from_summary(_csv(folder / "ucdp_ged_v25_1_country_month_mli_bfa_caf_lby.csv"), GED),
        ucdp.months_from_events(in_2025, "ucdp-candidate", CANDIDATE_2025),
        ucdp.months_from_events(in_2026, "ucdp-candidate", CANDIDATE_2026),
        ucdp.months_from_conflictforecast(
            _csv(folder / "ucdp_monthly_fatalities_conflictforecast_mli_bfa_ner_2010_2024.csv"), FORECAST
        ),
    ]
    dyads = [ucdp.dyad_months(in_2025, CANDIDATE_2025), ucdp.dyad_months(in_2026, CANDIDATE_2026)]
    by_cercle = _csv(reference / "acled" / "acled_hdx_mali_political_violence_admin2_month_1997_2026.csv")
    totals = _csv(folder / "ucdp_candidate_2026_jan_aug_totals.csv")
    return {
        "violence_month": _joined(months, ["dataset", "iso3", "month"]),
        "violence_dyad_month": _joined(dyads, ["iso3", "month", "type", "conflict_id", "dyad"]),
        "violence_year": ucdp.years(_csv(folder / "ucdp_country_year_v26_1_mli_bfa_ner_caf_lby.csv"), COUNTRY_YEAR),
        "violence_part_year": ucdp.part_years(totals, "2026-01-01", "2026-08-31", CANDIDATE_2026_PART),
        "conflict_year": ucdp.conflict_years(
            _csv(folder / "ucdp_brd_by_conflict_year_v26_1_mali_region.csv"), BATTLE_DEATHS
        ),
        "violence_region_quarter": acled.region_quarters(by_cercle, ACLED),
    }


def _context(reference: Path) -> dict[str, pd.DataFrame]:
    flight, folder = reference / "displacement", reference / "context"
    unhcr = _csv(flight / "unhcr_population_mli_bfa_ner.csv")
    idmc = _csv(flight / "idmc_idps_mli_bfa_ner_caf_lby.csv")
    return {
        "displacement": displacement.displacement(unhcr, idmc, UNHCR, IDMC),
        "refugees_by_host": displacement.refugees_by_host(unhcr),
        "population": context.population(_csv(folder / "world_bank_population_gdp.csv")),
        "democracy": context.democracy(_csv(folder / "vdem_v16_libdem_selected.csv")),
        "coups": context.coups(_csv(folder / "powell_thyne_coups_mli_bfa_ner_caf_lby.csv")),
        "food_insecurity": context.food_insecurity(_csv(folder / "cadre_harmonise_mali_admin2_2014_2021.csv")),
        "peacekeepers": context.peacekeepers(_csv(folder / "geopko_v2_3_minusma_location_year.csv")),
    }


def _joined(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(frames).sort_values(keys, na_position="first", kind="stable").reset_index(drop=True)


def _csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(_found(path), keep_default_na=False, na_values=[""], low_memory=False)


def _found(path: Path) -> Path:
    if not path.is_file():
        raise BookError("is not there", where=str(path), remedy="give the folder that holds the reference copies")
    return path


def main(arguments: list[str]) -> None:
    """Derive everything: arguments are the folders of reference copies, of map copies, and of the data package."""
    if len(arguments) != 3:
        raise SystemExit("usage: python -m malibook.evidence.loaders.derive REFERENCE GEO DATA")
    reference, geo, data = map(Path, arguments)
    try:
        write(data, tables(reference) | airfields(geo), layers(geo))
    except BookError as error:
        raise SystemExit(f"malibook: {error}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
