"""What each upstream file looks like: the columns that are needed, what may stand in them, where the file comes from.

A column is found by its own name or another spelling, in any order, whatever else the file holds: releases add, drop and
reorder columns that this book does not use. Column lists were compared with files of GED 17.1 to 26.1, the candidate
releases of 2026, country-year 25.1 (`..._cy`) and 26.1, ACLED exports, and the publishers' own export code.
"""

from __future__ import annotations

import datetime as dt

from malibook.evidence.loaders.columns import Column, Format

MOST_DEATHS = 1_000_000  # in one event; the largest estimate of a GED event is a tenth of it
MOST_PEOPLE = 2_000_000_000
LAST_YEAR = max(dt.date.today().year, 2026)  # a wrong clock must not refuse what the package itself holds


def _deaths(name: str, *, optional: bool = False, spellings: tuple[str, ...] = ()) -> Column:
    return Column(name, "whole", spellings, 0, MOST_DEATHS, optional, optional)


_GED_LAYOUT = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id "
    "dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources "
    "source_article source_office source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
    "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
)
_EVENT_COLUMNS = (
    Column("id", "whole", low=1),
    Column("year", "whole", low=1989, high=LAST_YEAR),
    Column("code_status", optional=True, empty=True),
    Column("type_of_violence", "whole", low=1, high=3),
    Column("conflict_new_id", "whole", low=0),
    Column("conflict_name"),
    Column("dyad_name"),
    Column("side_a"),
    Column("side_b"),
    Column("where_prec", "whole", low=1, high=7),
    Column("where_coordinates", empty=True),
    Column("adm_1", empty=True),
    Column("latitude", "number", low=-90, high=90),
    Column("longitude", "number", low=-180, high=180),
    Column("country"),
    Column("country_id", "whole", low=1, high=1000),
    Column("region", empty=True),
    Column("date_prec", "whole", low=1, high=5),
    Column("date_start", "day", low="1989-01-01"),
    Column("date_end", "day", low="1989-01-01"),
    *(_deaths(name) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low")),
    Column("file", optional=True, empty=True),
)
_UCDP = "download it from the UCDP Dataset Download Center (ucdp.uu.se/downloads), as CSV, and do not resave it"

UCDP_GED = Format("--ucdp-ged", "UCDP GED", _EVENT_COLUMNS, _UCDP + "; 'UCDP Georeferenced Event Dataset (GED) Global'")
UCDP_CANDIDATE = Format(
    "--ucdp-candidate",
    "UCDP Candidate Events",
    _EVENT_COLUMNS,
    _UCDP + "; 'UCDP Candidate Events Dataset'",
    layout=tuple(_GED_LAYOUT.split()),
)
UCDP_COUNTRY_YEAR = Format(
    "--ucdp-country-year",
    "UCDP Country-Year",
    (
        Column("country_id", "whole", ("country_id_cy",), 1, 1000),
        Column("year", "whole", ("year_cy",), 1989, LAST_YEAR),
        *(
            _deaths(
                f"{kind}_{bound}", optional=bound != "best", spellings=(stem, f"{stem}_cy", f"{kind}_deaths_{bound}")
            )
            for kind in ("sb", "ns", "os")
            for bound in ("low", "best", "high")
            for stem in [f"{kind}_total_deaths_{bound}"]
        ),
        Column("version", optional=True, empty=True),
    ),
    _UCDP + "; 'UCDP Country-Year Dataset on Organized Violence within Country Borders'",
)
ACLED = Format(
    "--acled",
    "ACLED event export",
    (
        Column("event_id_cnty"),
        Column("event_date", "day", low="1997-01-01", high=f"{LAST_YEAR}-12-31"),
        Column("year", "whole", low=1997, high=LAST_YEAR, optional=True, empty=True),
        Column("event_type"),
        Column("iso", "whole", low=0, high=999),
        Column("country"),
        Column("admin1", empty=True),
        _deaths("fatalities"),
        Column("timestamp", "whole", low=0, high=4_102_444_800, optional=True, empty=True),  # seconds, to 2100
    ),
    "export events from ACLED's website (acleddata.com) with your own account, as CSV, with all columns",
    separators=",;",
    strict=False,
)
HDX = Format(
    "--hdx",
    "ACLED workbook by district and month (HDX)",
    (
        Column("iso3", "code", ("ISO3",)),
        Column("admin1", spellings=("Admin1",), empty=True),
        Column("admin2", spellings=("Admin2",), empty=True),
        Column("month", "month", ("Month",)),
        Column("year", "whole", ("Year",), 1997, LAST_YEAR),
        Column("events", "whole", ("Events",), 0, 100_000),
        _deaths("fatalities", spellings=("Fatalities",)),
    ),
    "download '…political violence events and fatalities by month-year…' from the ACLED page of the country on HDX "
    "(data.humdata.org)",
    not_named=(
        ("civilian_targeting", "counts attacks on civilians only"),
        ("demonstration", "counts demonstrations"),
    ),
)
UNHCR = Format(
    "--unhcr",
    "UNHCR Refugee Data Finder",
    (
        Column("year", "whole", (), 1951, LAST_YEAR),
        Column("coo_iso", "code", ("Country of origin (ISO)",), empty=True),
        Column("coa_iso", "code", ("Country of asylum (ISO)",), empty=True),
        Column("coa_name", spellings=("Country of asylum",), empty=True),
        Column("refugees", "whole", ("Refugees under UNHCR's mandate", "Refugees"), 0, MOST_PEOPLE, empty=True),
        Column("asylum_seekers", "whole", ("Asylum-seekers", "Asylum seekers"), 0, MOST_PEOPLE, empty=True),
        Column(
            "idps",
            "whole",
            ("IDPs of concern to UNHCR", "Internally displaced persons", "IDPs"),
            0,
            MOST_PEOPLE,
            empty=True,
        ),
    ),
    "download it from UNHCR's Refugee Data Finder (unhcr.org/refugee-statistics), population figures, broken down by all "
    "countries of origin and all countries of asylum",
    missing=("", "-", "*"),
)
IDMC = Format(
    "--idmc",
    "IDMC Global Internal Displacement Database",
    (
        Column("iso3", "code", ("coa_iso",)),
        Column("year", "whole", low=1990, high=LAST_YEAR),
        Column(
            "total",
            "whole",
            ("Conflict Stock Displacement", "Conflict Total Displacement", "conflict_stock_displacement"),
            0,
            MOST_PEOPLE,
            empty=True,
        ),
    ),
    "export internal displacement data, conflict and violence, from IDMC's database (internal-displacement.org)",
)
WORLD_BANK = Format(
    "--world-bank",
    "World Bank indicator",
    (Column("iso3", "code", ("Country Code",)), Column("indicator", spellings=("Indicator Code", "Series Code"))),
    "download the indicator as CSV from the World Bank (data.worldbank.org): SP.POP.TOTL for population, "
    "NY.GDP.MKTP.CD for GDP",
    missing=("", ".."),
    years=True,
    footer=("Data from database",),
)
VDEM = Format(
    "--vdem",
    "V-Dem country-year",
    (
        Column("iso3", "code", ("country_text_id",)),
        Column("year", "whole", low=1789, high=LAST_YEAR),
        Column("v2x_libdem", "number", low=0, high=1, empty=True),
    ),
    "download 'Country-Year: V-Dem Core' or 'Full+Others' as CSV from v-dem.net",
    missing=("", "NA"),
)
ALL = (UCDP_GED, UCDP_CANDIDATE, UCDP_COUNTRY_YEAR, ACLED, HDX, UNHCR, IDMC, WORLD_BANK, VDEM)
