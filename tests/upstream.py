"""Made-up upstream files in the publishers' true formats: what a rerunner downloads, for countries and releases of our choice."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl

GED_COLUMNS = (  # noqa: SIM905 (49 names read better so)
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id "
    "dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources "
    "source_article source_office source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
    "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
).split()
OLD_COLUMNS = [name for name in GED_COLUMNS if name not in ("relid", "code_status", "where_description")]
COUNTRIES = {
    "MLI": ("Mali", 432, "Africa", "Gao region", 16.27, -0.04),
    "BFA": ("Burkina Faso", 439, "Africa", "Sahel region", 14.03, -0.03),
    "NER": ("Niger", 436, "Africa", "Tillabéri region", 14.2, 1.45),
    "SOM": ("Somalia", 520, "Africa", "Banaadir region", 2.04, 45.34),
    "KEN": ("Kenya", 501, "Africa", "Mandera County", 3.9, 41.8),
    "COD": ("DR Congo (Zaire)", 490, "Africa", "Nord Kivu province", -1.68, 29.22),
    "AFG": ("Afghanistan", 700, "Asia", "Kabul province", 34.5, 69.2),
    "UKR": ("Ukraine", 369, "Europe", "Donetsk oblast", 48.0, 37.8),
    "COL": ("Colombia", 100, "Americas", "Cauca department", 2.4, -76.6),
    "SYR": ("Syria", 652, "Middle East", "Aleppo governorate", 36.2, 37.1),
}
KINDS = {1: ("Government of {0}", "XXX"), 2: ("Group A", "Group B"), 3: ("Group A", "Civilians")}
UNHCR_COLUMNS = (
    "Year",
    "Country of origin",
    "Country of origin (ISO)",
    "Country of asylum",
    "Country of asylum (ISO)",
    "Refugees under UNHCR's mandate",
    "Asylum-seekers",
    "Returned refugees",
    "IDPs of concern to UNHCR",
    "Returned IDPss",
    "Stateless persons",
    "Others of concern",
    "Other people in need of international protection",
    "Host Community",
)
ACLED_COLUMNS = (  # noqa: SIM905
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 actor2 "
    "assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location latitude longitude "
    "geo_precision source source_scale notes fatalities tags timestamp"
).split()
HDX_COLUMNS = [
    "Country",
    "Admin1",
    "Admin2",
    "ISO3",
    "Admin2 Pcode",
    "Admin1 Pcode",
    "Month",
    "Year",
    "Events",
    "Fatalities",
]


def event(number: int, iso3: str, day: str, best: int, kind: int = 1, **changes: object) -> dict[str, object]:
    """Return one UCDP event; all dead are on side B, civilians where the violence is one-sided."""
    country, gw, region, adm_1, lat, lon = COUNTRIES[iso3]
    side_a, side_b = (name.format(country) for name in KINDS[kind])
    row: dict[str, object] = dict.fromkeys(GED_COLUMNS, "")
    row |= {"id": number, "relid": f"{iso3}-{number}", "year": int(day[:4]), "active_year": 1, "code_status": "Clear"}
    row |= {"type_of_violence": kind, "conflict_dset_id": 11, "conflict_new_id": 11000 + kind, "dyad_new_id": 7}
    row |= {"conflict_name": f"{side_a} - {side_b}", "dyad_name": f"{side_a} - {side_b}"}
    row |= {
        "side_a": side_a,
        "side_b": side_b,
        "number_of_sources": 1,
        "source_article": '"Agency, 2020-01-01, Title, ""x"""',
    }
    row |= {"where_prec": 1, "where_coordinates": f"{country} town", "adm_1": adm_1, "latitude": lat, "longitude": lon}
    row |= {"country": country, "country_id": gw, "region": region, "event_clarity": 1, "date_prec": 1}
    row |= {"date_start": f"{day} 00:00:00.000", "date_end": f"{day} 00:00:00.000", "deaths_a": 0, "deaths_unknown": 0}
    row |= {"deaths_b": 0 if kind == 3 else best, "deaths_civilians": best if kind == 3 else 0}
    return row | {"best": best, "high": best + 2, "low": max(best - 1, 0)} | changes


def csv_text(columns: list[str], rows: list[dict[str, object]], separator: str = ",") -> str:
    """Return rows as CSV text with a header, as the publishers write it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_ged(path: Path, events: list[dict[str, object]], columns: list[str] = GED_COLUMNS) -> Path:
    """Write UCDP events as CSV, or as a zip archive of one CSV where the path says so."""
    text = csv_text(columns, events)
    if path.suffix == ".zip":
        digits = "".join(c for c in path.stem if c.isdigit())[:3]
        return write_zip(path, {f"GEDEvent_v{digits[:2]}_{digits[2]}.csv": text})
    path.write_text(text, encoding="utf-8")
    return path


def write_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    """Write a zip archive with the given members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Write a workbook with the given sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def unhcr_row(year: int, origin: str, host: str, refugees: object = 0, asylum: object = 0, idps: object = 0) -> dict:
    """Return one row of the Refugee Data Finder."""
    figures = (refugees, asylum, 0, idps, 0, 0, 0, "-", 0)
    return dict(zip(UNHCR_COLUMNS, (year, origin.title(), origin, host.title(), host, *figures), strict=True))


def acled_row(number: int, day: str, kind: str, admin1: str, dead: int, iso: int = 466, **changes: object) -> dict:
    """Return one row of an ACLED export; `day` as the publisher wrote it at the time."""
    row: dict[str, object] = dict.fromkeys(ACLED_COLUMNS, "")
    year = next((part for part in day.replace("-", " ").split() if len(part) == 4 and part.isdecimal()), "")
    row |= {"event_id_cnty": f"XXX{number}", "event_date": day, "year": year, "time_precision": 1}
    row |= {"disorder_type": "Political violence", "event_type": kind, "sub_event_type": "Armed clash", "iso": iso}
    row |= {
        "country": f"Country {iso}",
        "admin1": admin1,
        "admin2": f"{admin1} district",
        "notes": 'Said "a, b".',
        "fatalities": dead,
    }
    return row | {"timestamp": 1776902400} | changes  # 23 April 2026


def hdx_row(admin1: str, admin2: str, month: str, year: int, events: int, dead: int, iso3: str = "MLI") -> list[object]:
    """Return one row of an HDX workbook."""
    return ["Country", admin1, admin2, iso3, "X0101", "X01", month, year, events, dead]


def world_bank_text(indicator: str, values: dict[str, dict[int, object]], updated: str = "2026-07-01") -> str:
    """Return a World Bank indicator file: four lines before the header, a column a year, a comma too many."""
    years = sorted({year for series in values.values() for year in series})
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code", *map(str, years)]
    lines = ['"Data Source","World Development Indicators",', "", f'"Last Updated Date","{updated}",', ""]
    rows = [head] + [[iso3, iso3, "x, y", indicator, *(s.get(y, "") for y in years)] for iso3, s in values.items()]
    return "\ufeff" + "\n".join([*lines, *(",".join(f'"{cell}"' for cell in row) + "," for row in rows)]) + "\n"
