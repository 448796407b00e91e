"""Official files of Somalia and Kenya, made up in their publishers' layouts: what a forker downloads."""

from __future__ import annotations

from pathlib import Path

from tests import upstream as up


def events() -> list[dict[str, object]]:
    """Return final events of five years in two countries, some in every year."""
    return [
        up.event(1000 + 40 * n + m, iso3, f"{year}-{m:02d}-05", 3 + (n * m) % 17, kind=1 + m % 3)
        for n, (iso3, year) in enumerate((i, y) for i in ("SOM", "KEN") for y in range(2018, 2023))
        for m in range(1, 13)
    ]


def write_ged(folder: Path) -> Path:
    """Write a GED file, zipped as its publisher offers it."""
    return up.write_ged(folder / "ged231-csv.zip", events())


def write_country_year(folder: Path) -> Path:
    """Write a country-year file."""
    columns = [
        "country_cy",
        "country_id_cy",
        "year_cy",
        *(f"{kind}_total_deaths_best_cy" for kind in ("sb", "ns", "os")),
        "version",
    ]
    rows = [
        {
            columns[0]: name,
            columns[1]: gw,
            columns[2]: year,
            columns[3]: 900 + year % 7,
            columns[4]: 40,
            columns[5]: 120,
            "version": "23.1",
        }
        for name, gw in (("Somalia", 520), ("Kenya", 501))
        for year in range(1989, 2023)
    ]
    path = folder / "organizedviolencecy_v23_1.csv"
    path.write_text(up.csv_text(columns, rows), encoding="utf-8")
    return path


def write_population(folder: Path) -> Path:
    """Write the World Bank's file of populations."""
    years = {year: 10_000_000 + 250_000 * (year - 1990) for year in range(1990, 2024)}
    path = folder / "API_SP.POP.TOTL_DS2_en_csv_v2.csv"
    text = up.world_bank_text("SP.POP.TOTL", {"SOM": years, "KEN": {y: 3 * n for y, n in years.items()}})
    path.write_text(text, encoding="utf-8")
    return path


def write_candidate(folder: Path) -> Path:
    """Write a month of candidate events."""
    rows = [up.event(9000 + n, "SOM", f"2023-02-{n:02d}", 2 * n) for n in range(1, 5)]
    return up.write_ged(folder / "GEDEvent_v23_0_2.csv", rows)


def write_flight(folder: Path) -> Path:
    """Write UNHCR's file: who fled, who was taken in."""
    rows = [up.unhcr_row(year, "SOM", "KEN", 1000 * (year - 2000), 50, 0) for year in range(2018, 2024)]
    rows += [up.unhcr_row(year, "SOM", "SOM", idps=9000) for year in range(2018, 2024)]
    rows += [up.unhcr_row(year, "SOM", "YEM", 20) for year in range(2018, 2024)]
    rows += [up.unhcr_row(year, origin, "SOM", 7) for year in range(2018, 2024) for origin in ("KEN", "ETH")]
    path = folder / "population.csv"
    path.write_text(up.csv_text(list(up.UNHCR_COLUMNS), rows), encoding="utf-8")
    return path
