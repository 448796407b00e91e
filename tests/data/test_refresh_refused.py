"""Broken upstream files, dozens of kinds: each is refused in plain words with a remedy, and the data folder is untouched.

The files are made up, in the publishers' formats, for Somalia and Kenya or for Mali.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from malibook.errors import BookError
from malibook.evidence.loaders import releases
from malibook.evidence.loaders.refresh import Choices, Files, refresh
from malibook.evidence.loaders.refusal import RefusedError
from tests import upstream as up

DATA = Path(__file__).resolve().parents[2] / "data"
SOMALIA = Choices(("SOM", "KEN"))
MALI = Choices(("MLI",))
EVENTS = [
    up.event(1, "SOM", "1992-03-04", 10),
    up.event(2, "SOM", "2011-08-09", 5, 3),
    up.event(3, "KEN", "2015-04-02", 148, 3),
    up.event(4, "SOM", "2022-12-30", 7, 2),
]
GOOD = up.csv_text(up.GED_COLUMNS, EVENTS)
NAME = "GEDEvent_v23_1.csv"


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(p).encode() + p.read_bytes() for p in files)).hexdigest()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package that every case is tried on, since none may change it."""
    return Path(shutil.copytree(DATA, tmp_path_factory.mktemp("refused") / "data"))


def raw(content: str | bytes, name: str = NAME) -> Callable[[Path], Files]:
    """A GED file with this content."""

    def make(folder: Path) -> Files:
        path = folder / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return Files(ucdp_ged=path)

    return make


def cell(column: str, value: object, row: int = 2) -> Callable[[Path], Files]:
    """A GED file with one odd cell, in the row that a spreadsheet numbers so."""
    events = [dict(event) for event in EVENTS]
    events[row - 2][column] = value
    return raw(up.csv_text(up.GED_COLUMNS, events))


def packed(members: dict[str, str | bytes], name: str = "ged231-csv.zip") -> Callable[[Path], Files]:
    return lambda folder: Files(ucdp_ged=up.write_zip(folder / name, members))


def broken_zip(change: Callable[[bytes], bytes]) -> Callable[[Path], Files]:
    def make(folder: Path) -> Files:
        path = up.write_zip(folder / "ged231-csv.zip", {NAME: GOOD * 50})
        path.write_bytes(change(path.read_bytes()))
        return Files(ucdp_ged=path)

    return make


def bad_checksum(content: bytes) -> bytes:
    place = content.index(b"PK\x01\x02") + 16
    return content[:place] + b"\0\0\0\0" + content[place + 4 :]


def locked(content: bytes) -> bytes:
    place = content.index(b"PK\x01\x02") + 8
    return content[:place] + b"\x01" + content[place + 1 :]


def twice(folder: Path) -> Files:
    """A GED archive with two members of one name."""
    with zipfile.ZipFile(folder / "ged231-csv.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in (GOOD, GOOD[:900]):
            archive.writestr(NAME, content)
    return Files(ucdp_ged=folder / "ged231-csv.zip")


def pipe(folder: Path) -> Files:
    """A named pipe that nobody writes to."""
    os.mkfifo(folder / NAME)
    return Files(ucdp_ged=folder / NAME)


def claims(size: int) -> Callable[[bytes], bytes]:
    """A change to an archive, after which its member claims that size."""

    def change(content: bytes) -> bytes:
        new = bytearray(content)
        for place in (content.index(b"PK\x01\x02") + 24, content.index(b"PK\x03\x04") + 22):
            new[place : place + 4] = size.to_bytes(4, "little")
        return bytes(new)

    return change


WORLD = [up.event(10 + n, iso3, "2020-01-01", 1) for n, iso3 in enumerate(("SOM", "AFG", "UKR", "COL", "SYR"))]
SWAPPED = [event | {"low": event["high"], "high": event["low"]} for event in EVENTS * 10]
LOWEST = [event | {"low": 1} for event in EVENTS * 10]
LINES = GOOD.splitlines(keepends=True)

GED = {
    "empty": (raw(""), ["is empty"]),
    "blank": (raw("\ufeff  \n \n"), ["is empty"]),
    "header only": (raw(LINES[0]), ["holds a header but no row"]),
    "web page": (raw("<!DOCTYPE html><html><body>Log in</body></html>"), ["is a web page", "log in"]),
    "web service": (raw('{"status": 403}'), ["is JSON"]),
    "xml error": (raw('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), ["is an XML file"]),
    "git-lfs pointer": (
        raw("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
        ["pointer of git-lfs", "git lfs pull"],
    ),
    "gzip": (raw(gzip.compress(GOOD.encode())), ["packed with gzip"]),
    "codebook": (raw(b"%PDF-1.7 ..."), ["is a PDF"]),
    "old Excel": (raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90), ["old Excel file", ".xlsx"]),
    "R data": (raw(b"RDX3\nX\n"), ["is an R data file"]),
    "UTF-16": (raw(GOOD.encode("utf-16")), ["UTF-16"]),
    "Latin-1": (
        raw(GOOD.replace("Kenya", "Kényà").encode("cp1252")),
        ["row 4", "value", "Kényà", "is not UTF-8", "Windows-1252"],
    ),
    "zero bytes": (raw(GOOD.replace("Kenya", "K\0nya")), ["row 4", "zero bytes"]),
    "noise": (raw(bytes(range(128, 256)) * 40), ["is not UTF-8"]),
    "semicolons": (raw(GOOD.replace(",", ";")), ["separated by semicolons"]),
    "tabs": (raw(GOOD.replace(",", "\t")), ["separated by tabs"]),
    "column missing": (
        raw(up.csv_text([c for c in up.GED_COLUMNS if c != "best"], EVENTS)),
        ["field best: column is missing"],
    ),
    "columns missing": (
        raw(up.csv_text([c for c in up.GED_COLUMNS if c not in ("low", "date_start")], EVENTS)),
        ["field low: column is missing", "field date_start: column is missing"],
    ),
    "column twice": (
        raw(GOOD.replace(",low,gwnoa", ",best,low,gwnoa", 1)),
        ["row 1", "field best", "has this column twice"],
    ),
    "no header": (raw("".join(LINES[1:])), ["is not a file of UCDP GED", "row 1"]),
    "joined to another": (raw(GOOD + GOOD), ["row 6", "field id", "value 'id'", "is the header again"]),
    "cut in a row": (raw(GOOD[:-60]), ["row 5", "has 39 cells where the header has 49", "cut off here"]),
    "cut in quotation marks": (raw(GOOD[: GOOD.rindex("Title") + 3]), ["quotation marks", "cut off"]),
    "half": (raw(GOOD[: len(GOOD) // 2]), ["cut off"]),
    "row too long": (raw(GOOD.replace("Kenya,501", "Kenya,501,Africa")), ["row 4", "has 50 cells"]),
    "quotation mark open": (raw(GOOD.replace("Kenya town", '"Kenya town')), ["quotation marks"]),
    "no number": (cell("best", "many", 3), ["row 3", "field best", "value 'many'", "no whole number"]),
    "negative": (cell("best", -5), ["row 2", "field best", "value '-5'", "out of range: below 0"]),
    "too many dead": (cell("high", 90_000_000), ["field high", "out of range: above"]),
    "half a death": (cell("deaths_b", "2.5", 4), ["row 4", "field deaths_b", "value '2.5'"]),
    "shortened number": (cell("id", "5.1E+05"), ["field id", "value '5.1E+05'", "shortened by a spreadsheet"]),
    "endless number": (cell("id", 10**20), ["field id", "out of range"]),
    "unknown type": (cell("type_of_violence", 4), ["field type_of_violence", "value '4'", "above 3"]),
    "latitude": (cell("latitude", 123.4), ["field latitude", "value '123.4'", "above 90"]),
    "longitude": (cell("longitude", -190), ["field longitude", "below -180"]),
    "decimal comma": (cell("latitude", "2,04"), ["field latitude", "value '2,04'", "decimal comma"]),
    "spreadsheet error": (cell("best", "#REF!"), ["field best", "value '#REF!'"]),
    "date rewritten": (cell("date_start", "30/12/2022 00:00"), ["field date_start", "rewritten by a spreadsheet"]),
    "date as a serial number": (cell("date_end", "44925"), ["field date_end", "rewritten by a spreadsheet"]),
    "no date of the calendar": (
        cell("date_start", "2022-02-30"),
        ["field date_start", "value '2022-02-30'", "calendar"],
    ),
    "ends before it begins": (cell("date_end", "1991-01-01"), ["row 2", "field date_end", "lies before date_start"]),
    "later than the release": (cell("year", 2025, 5), ["row 5", "field year", "value '2025'", "above 2022"]),
    "before the data begin": (cell("year", 1066), ["field year", "below 1989"]),
    "date after the release": (cell("date_start", "2031-01-01"), ["field date_start", "above 2022-12-31"]),
    "no country": (cell("country_id", ""), ["row 2", "field country_id", "is empty"]),
    "garbled": (cell("side_b", "SÃ©gou"), ["field side_b", "value 'SÃ©gou'", "garbled"]),
    "lost letters": (cell("dyad_name", "S\ufffdgou"), ["field dyad_name", "garbled"]),
    "event twice": (cell("id", 1, 3), ["row 3", "field id", "value '1'", "stands twice"]),
    "columns swapped": (
        raw(up.csv_text(up.GED_COLUMNS, [e | {"id": n} for n, e in enumerate(SWAPPED, 1)])),
        ["row 2", "field low", "value '12'", "is above the best estimate 10 and the high one 9", "and 10 more"],
    ),
    "high below best everywhere": (
        raw(up.csv_text(up.GED_COLUMNS, [e | {"id": n, "high": 1} for n, e in enumerate(LOWEST, 1)])),
        ["field high", "below the best estimate in 40 of 40 rows", "swapped"],
    ),
    "time": (cell("date_start", "2011-08-09 25:61:00"), ["row 2", "field date_start", "value '2011-08-09 25:61:00'"]),
    "year and date": (
        cell("year", 2001),
        ["row 2", "field year", "value '2001'", "is not the year of date_start 1992-03"],
    ),
    "lasts for years": (
        cell("date_end", "2019-01-01"),
        ["row 2", "field date_end", "more than a year after date_start"],
    ),
    "low above both": (cell("low", 500), ["row 2", "field low", "value '500'", "above the best estimate 10"]),
    "best out of range": (cell("best", 500), ["row 2", "field best", "value '500'", "nor the sum of its parts"]),
    "formula": (cell("side_b", '=cmd|" /C calc"!A0'), ["row 2", "field side_b", "spreadsheet formula"]),
    "formula with @": (cell("dyad_name", "@SUM(1+1)"), ["row 2", "field dyad_name", "spreadsheet formula"]),
    "endless name": (cell("side_b", "x" * 9000), ["row 2", "field side_b", "it has 9,000 characters"]),
    "not a number": (cell("best", "NaN"), ["row 2", "field best", "value 'NaN'", "no whole number"]),
    "infinite": (cell("latitude", "inf"), ["row 2", "field latitude", "value 'inf'", "no number"]),
    "country of another": (cell("country_id", 501), ["row 2", "field country_id", "value '501'", "520 in row 3"]),
    "country of none": (cell("country_id", 999), ["row 2", "field country_id", "value '999'", "520 in row 3"]),
    "not published yet": (raw(GOOD, "GEDEvent_v99_1.csv"), ["calls itself GED 99.1, which is not published yet"]),
    "old line ends": (raw(GOOD.replace("\n", "\r")), ["row 1"]),
    "last figure cut": (
        raw(up.csv_text([*(c for c in up.GED_COLUMNS if c != "high"), "high"], EVENTS).rstrip("\n")),
        ["row 5", "has no line end, and its last figure may be cut off"],
    ),
    "member twice": (twice, [f"holds {NAME} more than once"]),
    "pipe": (pipe, ["is a pipe or a device, not a file", "save the download"]),
    "other countries": (
        raw(up.csv_text(up.GED_COLUMNS, [up.event(1, "AFG", "2020-01-01", 3)])),
        ["has no row of SOM, KEN; it has AFG (1)", "--countries"],
    ),
    "candidate by name": (raw(GOOD, "GEDEvent_v26_0_3.csv"), ["is a candidate release", "--ucdp-candidate"]),
    "candidate by column": (
        raw(up.csv_text([*up.GED_COLUMNS, "file"], [e | {"file": "GEDEvent_v26_0_3"} for e in EVENTS]), "events.csv"),
        ["is a candidate release"],
    ),
    "unnamed and provisional": (
        raw(up.csv_text(up.GED_COLUMNS, [e | {"code_status": "Check deaths"} for e in EVENTS]), "events.csv"),
        ["does not say which GED release it is"],
    ),
    "ACLED": (raw(up.csv_text(up.ACLED_COLUMNS, [up.acled_row(1, "01 May 2020", "Battles", "Gao", 1)])), ["--acled"]),
    "UNHCR": (raw(up.csv_text(list(up.UNHCR_COLUMNS), [up.unhcr_row(2020, "MLI", "NER", 1)])), ["--unhcr"]),
    "any CSV": (raw("a,b,c\n1,2,3\n"), ["is not a file of UCDP GED", "value 'a, b, c'"]),
    "zip cut off": (broken_zip(lambda content: content[:-200]), ["broken or cut-off zip"]),
    "zip without end": (broken_zip(lambda content: content[:60]), ["broken or cut-off zip"]),
    "checksum": (broken_zip(bad_checksum), ["cannot be unpacked", "Bad CRC"]),
    "locked": (broken_zip(locked), ["is locked with a password"]),
    "zip bomb": (broken_zip(claims(900_000_000)), ["would unpack to 858 MB", "zip bomb"]),
    "zip in zip": (packed({"ged231.zip": b"PK\x03\x04"}), ["holds no CSV and no workbook (inside: ged231.zip)"]),
    "zip of codebook": (packed({"ged231.pdf": b"%PDF", "README.txt": "x"}), ["holds no CSV and no workbook"]),
    "web page in zip": (packed({NAME: "<html></html>"}), [f"ged231-csv.zip/{NAME}", "is a web page"]),
    "empty in zip": (packed({NAME: ""}), ["is empty"]),
    "two files in zip": (packed({NAME: GOOD, "GEDEvent_v22_1.csv": GOOD}), ["holds several tables that fit"]),
    "empty zip": (packed({}), ["holds no CSV and no workbook (inside: nothing)"]),
    "workbook without sheets": (packed({"xl/workbook.xml": "", "[Content_Types].xml": ""}), ["workbook"]),
    "open document": (packed({"content.xml": "x", "mimetype": "y"}), ["spreadsheet of another kind"]),
    "damaged workbook": (
        packed({"xl/workbook.xml": "<x", "[Content_Types].xml": "<"}),
        ["cannot be read as a workbook"],
    ),
    "no such file": (lambda folder: Files(ucdp_ged=folder / "gone.csv"), ["cannot be read", "check the path"]),
    "a folder": (lambda folder: Files(ucdp_ged=folder), ["is a folder"]),
}


def others(option: str, name: str, columns: list[str], rows: list[dict]) -> Callable[[Path], Files]:
    def make(folder: Path) -> Files:
        (folder / name).write_text(up.csv_text(columns, rows), encoding="utf-8")
        path: object = folder / name
        return Files(**{option: (path,) if option in ("ucdp_candidate", "world_bank") else path})

    return make


def candidate(rows: list[dict], name: str = "GEDEvent_v26_0_3.csv") -> Callable[[Path], Files]:
    return others("ucdp_candidate", name, up.GED_COLUMNS, rows)


CY = [
    "country",
    "country_id",
    "year",
    "sb_total_deaths_best",
    "ns_total_deaths_best",
    "os_total_deaths_best",
    "sb_total_deaths_low",
    "version",
]


def country_year(**changes: object) -> Callable[[Path], Files]:
    row = dict(zip(CY, ("Somalia", 520, 2020, 1, 2, 3, 0, "26.1"), strict=True))
    rows = [row | {"year": 2019}, row | changes]
    return others("ucdp_country_year", "organizedviolencecy_v26_1.csv", CY, rows)


def acled(rows: list[dict], columns: list[str] = up.ACLED_COLUMNS) -> Callable[[Path], Files]:
    return others("acled", "acled.csv", columns, rows)


def cut(files: Files, count: int) -> Files:
    """The same export without its last characters."""
    files.acled.write_bytes(files.acled.read_bytes()[:-count])
    return files


def hdx(rows: list[list[object]], name: str = "mali_political_violence.xlsx", sheet: str = "Data"):
    return lambda folder: Files(hdx=up.write_xlsx(folder / name, {"README": [["x"]], sheet: [up.HDX_COLUMNS, *rows]}))


def unhcr(rows: list[dict], columns: tuple[str, ...] = up.UNHCR_COLUMNS) -> Callable[[Path], Files]:
    return others("unhcr", "population.csv", list(columns), rows)


IDMC = ["ISO3", "Name", "Year", "Conflict Stock Displacement", "Conflict Internal Displacements"]
VDEM = ["country_name", "country_text_id", "year", "v2x_libdem"]


def idmc(*rows: tuple[object, ...], columns: list[str] = IDMC) -> Callable[[Path], Files]:
    return others("idmc", "IDMC.csv", columns, [dict(zip(IDMC, row, strict=True)) for row in rows])


def vdem(*rows: tuple[object, ...]) -> Callable[[Path], Files]:
    return others("vdem", "V-Dem-CY-Core-v15.csv", VDEM, [dict(zip(VDEM, row, strict=True)) for row in rows])


def world_bank(text: str, name: str = "API_SP.POP.TOTL_DS2_en_csv_v2.csv") -> Callable[[Path], Files]:
    def make(folder: Path) -> Files:
        (folder / name).write_text(text, encoding="utf-8")
        return Files(world_bank=(folder / name,))

    return make


PEOPLE = {iso3: dict.fromkeys(range(1960, 2026), 1_000_000) for iso3 in ("MLI", "BFA", "NER", "CAF", "LBY")}
REST = {
    "final as candidate": (candidate(EVENTS, "GEDEvent_v25_1.csv"), ["is a final GED release", "--ucdp-ged"], SOMALIA),
    "candidate of many years": (candidate(EVENTS, "events.csv"), ["spans the years 1992–2022"], SOMALIA),
    "candidate from the future": (
        candidate([up.event(1, "SOM", "2026-05-01", 1)]),
        ["field date_start", "above 2026-03-31"],
        SOMALIA,
    ),
    "candidate: the same file again": (
        lambda folder: Files(
            ucdp_candidate=candidate([up.event(1, "SOM", "2026-03-01", 1)])(folder).ucdp_candidate * 2
        ),
        ["is the same file as another one", "give each file once"],
        SOMALIA,
    ),
    "candidate: joined to itself": (
        candidate([up.event(1, "SOM", "2026-03-01", 1)] * 2),
        ["row 3", "field id", "value '1'", "stands twice"],
        SOMALIA,
    ),
    "country-year: low": (
        country_year(sb_total_deaths_low=9),
        ["row 3", "field sb_low", "value '9'", "above the best estimate 1"],
        SOMALIA,
    ),
    "country-year: column": (
        others("ucdp_country_year", "cy.csv", CY[:-3], [{"country_id": 520}]),
        ["field os_best: column is missing"],
        SOMALIA,
    ),
    "country-year: value": (country_year(sb_total_deaths_best="x"), ["row 3", "field sb_best", "value 'x'"], SOMALIA),
    "country-year: mixed": (country_year(version="25.1"), ["mixes releases"], SOMALIA),
    "country-year: too late": (country_year(year=2026), ["cannot have (to 2026)"], SOMALIA),
    "country-year: twice": (country_year(year=2019), ["row 3", "stands twice for a country"], SOMALIA),
    "ACLED: before 2019": (
        acled([up.acled_row(1, "01 May 2015", "Battle-No change of territory", "Gao", 1)]),
        ["Battle-No change of territory", "is no event type of ACLED"],
        MALI,
    ),
    "ACLED: date": (
        acled([up.acled_row(1, "01-May-20", "Battles", "Gao", 1)]),
        ["row 2", "field event_date", "value '01-May-20'", "rewritten by a spreadsheet"],
        MALI,
    ),
    "ACLED: time stamp": (
        acled([up.acled_row(1, "01 May 2020", "Battles", "Gao", 1, timestamp=10**13)]),
        ["field timestamp", "value '10000000000000'", "out of range"],
        MALI,
    ),
    "ACLED: year": (
        acled([up.acled_row(1, "01 May 2020", "Battles", "Gao", 1, year=2019)]),
        ["row 2", "field year", "value '2019'", "is not that of 2020-05-01"],
        MALI,
    ),
    "ACLED: not yet": (
        acled([up.acled_row(1, "01 May 2099", "Battles", "Gao", 1)]),
        ["row 2", "field event_date", "value '01 May 2099'", "out of range"],
        MALI,
    ),
    "ACLED: country of another": (
        acled(
            [
                up.acled_row(n, "01 May 2020", "Battles", "Gao", 1, iso=i, country="Mali")
                for n, i in ((1, 466), (2, 706))
            ]
        ),
        ["row 3", "field iso", "value '706'", "is not the number of Mali, which stands with 466"],
        MALI,
    ),
    "ACLED: cut in the last cell": (
        lambda folder: cut(acled([up.acled_row(1, "01 May 2020", "Battles", "Gao", 1)])(folder), 4),
        ["row 2", "has no line end, and its last figure may be cut off"],
        MALI,
    ),
    "ACLED: monadic": (acled([up.acled_row(1, "01 May 2020", "Battles", "Gao", 1)] * 2), ["row 3", "dyadic"], MALI),
    "ACLED: other country": (
        acled([up.acled_row(1, "01 May 2020", "Battles", "Banaadir", 1, iso=706, country="Somalia")]),
        ["has no row of MLI; it has Somalia"],
        MALI,
    ),
    "ACLED: region": (
        acled([up.acled_row(1, "01 May 2020", "Battles", "Gedo", 1)]),
        ["field admin1", "value 'Gedo'", "is no region of Mali"],
        MALI,
    ),
    "ACLED: column": (
        acled(
            [up.acled_row(1, "01 May 2020", "Battles", "Gao", 1)], [c for c in up.ACLED_COLUMNS if c != "fatalities"]
        ),
        ["field fatalities: column is missing"],
        MALI,
    ),
    "HDX: civilians only": (
        hdx([], "mali_hrp_civilian_targeting_events_and_fatalities.xlsx"),
        ["sister file", "attacks on civilians only"],
        MALI,
    ),
    "HDX: month": (
        hdx([up.hdx_row("Gao", "Gao", "Juillet", 2024, 1, 1)]),
        ["sheet Data, row 2", "field month", "value 'Juillet'", "no month"],
        MALI,
    ),
    "HDX: deaths": (
        hdx([up.hdx_row("Gao", "Gao", "July", 2024, 1, -1)]),
        ["row 2", "field fatalities", "value '-1'", "below 0"],
        MALI,
    ),
    "HDX: no data": (
        lambda folder: Files(hdx=up.write_xlsx(folder / "a.xlsx", {"README": [["Title"], ["text"]]})),
        ["is not a file of ACLED workbook"],
        MALI,
    ),
    "HDX: joined to itself": (
        hdx([up.hdx_row("Gao", "Gao", "July", 2024, 1, 1)] * 2),
        ["has its rows twice"],
        MALI,
    ),
    "HDX: jump": (
        hdx([up.hdx_row("Gao", "Gao", m, 2024, 1, 1) for m in ("January", "February", "March")]),
        ["violence_region_quarter", "would go from", "--accept-large-changes"],
        MALI,
    ),
    "UNHCR: sums only": (unhcr([up.unhcr_row(2020, "-", "-", 5)]), ["does not break down"], MALI),
    "UNHCR: thousands": (
        unhcr([up.unhcr_row(2020, "MLI", "MRT", "1,234")]),
        ["row 2", "field refugees", "value '1,234'"],
        MALI,
    ),
    "UNHCR: twice": (unhcr([up.unhcr_row(2020, "MLI", "MRT", 5)] * 2), ["MLI in MRT, 2020", "stands twice"], MALI),
    "UNHCR: demography": (
        unhcr([up.unhcr_row(2020, "MLI", "MRT", 5)], up.UNHCR_COLUMNS[:6]),
        ["field asylum_seekers: column is missing", "field idps: column is missing"],
        MALI,
    ),
    "IDMC: disasters": (
        idmc(columns=["ISO3", "Name", "Year", "Disaster Internal Displacements"]),
        ["field total: column is missing"],
        MALI,
    ),
    "IDMC: twice": (idmc(("MLI", "Mali", 2020, 5, 1), ("MLI", "Mali", 2020, 6, 1)), ["row 3", "stands twice"], MALI),
    "IDMC: nobody": (idmc(("SOM", "Somalia", 2020, 5, 1)), ["has no figure for MLI; it has SOM"], MALI),
    "World Bank: indicator": (
        world_bank(up.world_bank_text("SP.DYN.LE00.IN", PEOPLE)),
        ["has neither SP.POP.TOTL nor NY.GDP.MKTP.CD", "SP.DYN.LE00.IN"],
        MALI,
    ),
    "World Bank: value": (
        world_bank(up.world_bank_text("SP.POP.TOTL", PEOPLE | {"MLI": {2020: "n/a"}})),
        ["row 6", "field 2020", "value 'n/a'"],
        MALI,
    ),
    "World Bank: negative": (
        world_bank(up.world_bank_text("SP.POP.TOTL", {"MLI": {2020: -1}})),
        ["field 2020", "out of range: below 0"],
        MALI,
    ),
    "World Bank: jump": (
        world_bank(up.world_bank_text("SP.POP.TOTL", PEOPLE)),
        ["population.csv", "would go from", "--accept-large-changes"],
        MALI,
    ),
    "World Bank: too many people": (
        world_bank(up.world_bank_text("SP.POP.TOTL", {"MLI": {2020: 10**14}})),
        ["row 6", "field 2020", "value '100000000000000'", "above 2,000,000,000"],
        MALI,
    ),
    "World Bank: future": (
        world_bank(up.world_bank_text("SP.POP.TOTL", {"MLI": {2020: 1, 2099: 5}})),
        ["field 2099", "is no year the World Bank has figures for"],
        MALI,
    ),
    "V-Dem: code": (vdem(("Mali", "Mali", 2020, 0.2)), ["row 2", "field iso3", "value 'Mali'", "country code"], MALI),
    "V-Dem: future": (vdem(("Mali", "MLI", 2099, 0.2)), ["row 2", "field year", "value '2099'", "above"], MALI),
    "UNHCR: future": (unhcr([up.unhcr_row(2099, "MLI", "MRT", 5)]), ["row 2", "field year", "value '2099'"], MALI),
    "IDMC: future": (idmc(("MLI", "Mali", 2099, 5, 1)), ["row 2", "field year", "value '2099'"], MALI),
    "HDX: future": (hdx([up.hdx_row("Gao", "Gao", "July", 2099, 1, 1)]), ["row 2", "field year", "value '2099'"], MALI),
    "HDX: formula": (
        hdx([up.hdx_row("@evil", "Gao", "July", 2024, 1, 1)]),
        ["field admin1", "spreadsheet formula"],
        MALI,
    ),
    "World Bank: twice": (
        lambda folder: Files(world_bank=world_bank(up.world_bank_text("SP.POP.TOTL", PEOPLE))(folder).world_bank * 2),
        ["gives population once more"],
        MALI,
    ),
    "World Bank: no years": (
        world_bank("Country Name,Country Code,Indicator Name,Indicator Code\nMali,MLI,x,SP.POP.TOTL\n"),
        ["a column for each year"],
        MALI,
    ),
    "V-Dem: range": (vdem(("Mali", "MLI", 2020, 1.2)), ["row 2", "field v2x_libdem", "value '1.2'", "above 1"], MALI),
    "V-Dem: country-date": (vdem(("Mali", "MLI", 2020, 0.2), ("Mali", "MLI", 2020, 0.3)), ["stands twice"], MALI),
    "V-Dem: older": (
        vdem(*((c, c, y, 0.2) for c in ("MLI", "BFA", "NER", "CAF", "LBY", "FRA", "RUS") for y in range(1970, 2025))),
        ["V-Dem v15 is older than what the package holds (V-Dem v16)", "--allow-older"],
        MALI,
    ),
    "GED: older": (
        others("ucdp_ged", NAME, up.GED_COLUMNS, [up.event(1, "MLI", "2012-01-17", 82)]),
        ["GED 23.1 is older than what the package holds (GED 25.1)", "--allow-older"],
        MALI,
    ),
    "GED: most events gone": (
        others(
            "ucdp_ged", "GEDEvent_v26_1.csv", up.GED_COLUMNS, [up.event(n, "MLI", f"20{n}-01-17", 82) for n in (12, 25)]
        ),
        ["violence_month", "would go from", "--accept-large-changes"],
        MALI,
    ),
}
CASES = {f"GED {name}": (make, says, SOMALIA) for name, (make, says) in GED.items()} | REST


@pytest.mark.parametrize("name", CASES)
def test_a_broken_file_is_refused_and_nothing_changes(name, data, tmp_path):
    make, says, choices = CASES[name]
    before = digest(data)
    with pytest.raises(RefusedError) as caught:
        refresh(make(tmp_path), data, choices)
    text = str(caught.value)
    for words in says:
        assert words in text, text
    for problem in caught.value.problems:
        assert problem.remedy and str(problem).count("\n") == 0
        assert str(tmp_path) in str(problem) or problem.table.startswith("data/tables/")
    assert len(text.splitlines()) <= 11, "no more than a screen"
    assert digest(data) == before and not (data / ".refresh").exists()


def test_there_are_dozens_of_kinds():
    assert len(CASES) >= 100


def test_all_files_are_read_before_refusing(data, tmp_path):
    (tmp_path / "a").mkdir()
    ged = cell("best", "x")(tmp_path).ucdp_ged
    flow = vdem(("Mali", "MLI", 2020, 7))(tmp_path).vdem
    with pytest.raises(RefusedError) as caught:
        refresh(Files(ucdp_ged=ged, vdem=flow), data, SOMALIA)
    assert {problem.field for problem in caught.value.problems} == {"best", "v2x_libdem"}


def test_a_whole_release_that_stops_at_a_row_s_end_is_refused(data, tmp_path, monkeypatch):
    """Nothing but the number of rows tells it; far fewer rows are somebody's extract."""
    path = up.write_ged(tmp_path / NAME, WORLD)
    monkeypatch.setitem(releases.GED_ROWS, "23.1", 6)
    with pytest.raises(RefusedError, match=r"has 5 rows from all world regions; GED 23\.1 has 6: the file is cut off"):
        refresh(Files(ucdp_ged=path), data, SOMALIA)
    monkeypatch.setitem(releases.GED_ROWS, "23.1", 60)
    outcome = refresh(Files(ucdp_ged=path), data, replace(SOMALIA, dry_run=True))
    assert any("5 of the 60 rows of GED 23.1: an extract" in note for note in outcome.notes)
    assert any("an extract without events in KEN" in note for note in outcome.notes)


def test_what_is_wrong_with_the_request_is_said(data, tmp_path):
    with pytest.raises(BookError, match="no file to refresh from"):
        refresh(Files(), data)
    with pytest.raises(BookError, match=r"(?s)no data package here.*--data DIR"):
        refresh(raw(GOOD)(tmp_path), tmp_path, SOMALIA)


def test_a_package_that_is_not_valid_is_not_refreshed(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    table = folder / "tables/coups.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("MLI,", "Mali,", 1), encoding="utf-8")
    before = digest(folder)
    with pytest.raises(RefusedError, match=r"data/tables/coups.csv, row \d+, field iso3, value 'Mali'"):
        refresh(raw(GOOD)(tmp_path), folder, SOMALIA)
    assert digest(folder) == before


def test_a_huge_declared_size_is_refused_without_reading(data, tmp_path):
    """The header of the archive claims 5 GB: refused by what it says, at once."""
    path = up.write_zip(tmp_path / "ged231-csv.zip", {NAME: GOOD})
    path.write_bytes(claims(4_294_967_294)(path.read_bytes()))
    assert zipfile.ZipFile(path).infolist()[0].file_size == 4_294_967_294
    with pytest.raises(RefusedError, match="zip bomb"):
        refresh(Files(ucdp_ged=path), data, SOMALIA)
