"""Opening, cells, releases and countries of upstream files, piece by piece."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from malibook.errors import BookError
from malibook.evidence.loaders import archives, countries, delimited, formats, headers, reading, regions, releases
from malibook.evidence.loaders.cells import BadCellError, parse
from malibook.evidence.loaders.columns import Column
from malibook.evidence.loaders.opening import opened
from malibook.evidence.loaders.refusal import RefusedError
from tests import upstream as up


def rows(content: bytes, **options) -> list[tuple[int, list[str]]]:
    return list(delimited.rows(io.BytesIO(content), "file.csv", **options))


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    text = b'\xef\xbb\xbfa,b\r\n"two\nlines","say ""x"""\r\n\r\n3,4'
    assert rows(text) == [(1, ["a", "b"]), (2, ["two\nlines", 'say "x"']), (3, []), (4, ["3", "4"])]


def test_quotation_marks_may_be_loose_only_where_the_publisher_writes_so():
    loose = b'a,b\n"He said \\"go\\" and left",2\n'
    assert len(rows(loose, strict=False)) == 2
    with pytest.raises(RefusedError, match="row 2: has quotation marks"):
        rows(loose)


def test_a_line_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_CELL", 1000)
    with pytest.raises(RefusedError, match="no line breaks"):
        rows(b"x" * 5000)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("whole", " 12 ", 12),
        ("whole", "60.0", 60),
        ("whole", "+7", 7),
        ("number", "-0.04", -0.04),
        ("number", "1e-05", 1e-05),
        ("day", "2024-07-25", "2024-07-25"),
        ("day", "2024-07-25 00:00:00.000", "2024-07-25"),
        ("day", "2024-07-25T10:00Z", "2024-07-25"),
        ("day", "25 July 2024", "2024-07-25"),
        ("day", "5-March-2012", "2012-03-05"),
        ("month", "July", 7),
        ("month", "07", 7),
        ("text", "Ménaka", "Ménaka"),
        ("text", "Saõ Tomé", "Saõ Tomé"),
    ],
)
def test_what_a_cell_means(kind, text, value):
    assert parse(text, Column("x", kind), ("",)) == value


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("whole", "1.5", "no whole number"),
        ("whole", "1,234", "no whole number"),
        ("whole", "0x10", "no whole number"),
        ("whole", "5.59E+05", "shortened by a spreadsheet"),
        ("whole", "٣", "no whole number"),
        ("number", "nan", "no number"),
        ("number", "inf", "no number"),
        ("number", "12,5", "decimal comma"),
        ("day", "25/07/2024", "rewritten by a spreadsheet"),
        ("day", "25.07.2024", "rewritten by a spreadsheet"),
        ("day", "25-Jul-24", "rewritten by a spreadsheet"),
        ("day", "45498", "rewritten by a spreadsheet"),
        ("day", "#######", "rewritten by a spreadsheet"),
        ("day", "2023-02-29", "no date of the calendar"),
        ("day", "31 June 2024", "no date of the calendar"),
        ("day", "soon", "no date such as"),
        ("month", "Juillet", "no month such as"),
        ("month", "13", "no month such as"),
        ("text", "", "is empty"),
    ],
)
def test_what_a_cell_cannot_mean(kind, text, says):
    with pytest.raises(BadCellError, match=says) as caught:
        parse(text, Column("x", kind), ("",))
    assert caught.value.remedy


def test_garbled_names_of_the_publisher_are_kept_and_a_garbled_file_is_not(tmp_path):
    names = ["Ségou", "Ménaka", "Dioïla", "Bougouni", "Koulikoro", "Tombouctou", "Saõ", "Kangaré", "GonÃ§alo"]
    rows = [up.acled_row(n, "01 May 2020", "Battles", name, 1) for n, name in enumerate(names)]
    path = tmp_path / "acled.csv"
    path.write_text(up.csv_text(up.ACLED_COLUMNS, rows), encoding="utf-8")
    (note,) = reading.read(path, formats.ACLED).notes
    assert "1 garbled names, such as 'GonÃ§alo'" in note
    path.write_text(up.csv_text(up.ACLED_COLUMNS, rows).encode("utf-8").decode("cp1252"), encoding="utf-8")
    with pytest.raises(RefusedError, match="row 2, field admin1, value 'SÃ©gou': is garbled"):
        reading.read(path, formats.ACLED)


def test_a_missing_cell_is_missing_only_where_the_format_allows():
    column = Column("x", "whole", low=0, high=9, empty=True)
    assert parse("-", column, ("", "-")) is None and parse("9", column, ("",)) == 9
    for text in ("10", "-1"):
        with pytest.raises(BadCellError, match="out of range"):
            parse(text, column, ("",))


@pytest.mark.parametrize(
    ("name", "final", "candidate"),
    [
        ("GEDEvent_v25_1.csv", "25.1", None),
        ("ged251-csv.zip", "25.1", None),
        ("ged171.csv", "17.1", None),
        ("GEDEvent_v26_0_8.csv", None, "26.0.8"),
        ("GEDEvent_v25_0_12.csv", None, "25.0.12"),
        ("GEDEvent_v26_01_26_06.csv", None, "26.01.26.06"),
        ("GEDEvent_v26_1_4_1101_2512.csv", None, None),
        ("somalia.csv", None, None),
    ],
)
def test_a_name_states_a_release(name, final, candidate):
    found = releases.candidate(name)
    assert (releases.final([name]), found and found.label) == (final, candidate)


def test_what_a_candidate_release_covers():
    whole, month = releases.candidate("v26_01_26_03"), releases.candidate("v26_0_4")
    assert whole.months == ["2026-01-01", "2026-02-01", "2026-03-01"] and month.months == ["2026-04-01"]
    names = [releases.candidate(f"v26_0_{n}") for n in (4, 5, 7)]
    assert releases.label([*names, whole]) == "Candidate 26.01.26.03, 26.0.4-26.0.5, 26.0.7"


def test_an_unnamed_monthly_release_is_not_taken_for_all_the_months_it_mentions():
    days = {"2026-08-10": 1774, "2026-07-30": 26, "2026-01-02": 6}
    assert releases.unnamed_candidate(days).months == ["2026-08-01"]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("GED 24.1", "GED 25.1"),
        ("Candidate 26.0.1-26.0.2", "Candidate 26.01.26.06, 26.0.7-26.0.8"),
        ("Candidate 25.01.25.12", "Candidate 26.0.1"),
        ("Candidate 26.0.2", "Candidate to 2026-03"),
        ("ACLED, accessed April 2026", "ACLED, accessed May 2026"),
        ("ACLED, accessed December 2025", "ACLED, accessed January 2026"),
        ("Refugee Data Finder, to 2024", "Refugee Data Finder, to 2025"),
        ("V-Dem v9", "V-Dem v16"),
    ],
)
def test_which_of_two_releases_is_older(older, newer):
    assert releases.age(older) < releases.age(newer)


def test_months_of_access_are_months():
    assert releases.month_given("2026-04") == "2026-04" and releases.month_given(None) is None
    with pytest.raises(BookError, match="'2026-13' is no month"):
        releases.month_given("2026-13")


def test_country_numbers():
    gw, numeric = countries.by_gw(), countries.by_numeric()
    assert [gw[n] for n in (432, 439, 436, 482, 620, 520, 490, 678, 345, 365)] == [
        "MLI", "BFA", "NER", "CAF", "LBY", "SOM", "COD", "YEM", "SRB", "RUS",
    ]  # fmt: skip
    assert [numeric[n] for n in (466, 854, 562, 706, 275)] == ["MLI", "BFA", "NER", "SOM", "PSE"]
    assert len(set(gw.values())) > 190 and all(len(code) == 3 and code.isupper() for code in gw.values())


def test_countries_are_chosen_by_their_codes():
    assert countries.chosen(" mli, BFA,MLI") == ("MLI", "BFA")
    with pytest.raises(BookError, match=r"(?s)no country 'MLA'.*did you mean"):
        countries.chosen("MLA")
    with pytest.raises(BookError, match="names no country"):
        countries.chosen(",")


def test_regions_of_mali_before_2016():
    given = pd.Series(["Segou region", "Ménaka region", "Taoudenni Region", "Kidal region", None, "Nioro region"])
    bare = regions.spelled(regions.bare(given))
    assert regions.before_2016(bare).tolist()[:4] == ["Ségou", "Gao", "Tombouctou", "Kidal"]
    assert regions.before_2016(bare).iloc[5] == "Kayes" and pd.isna(bare.iloc[4])
    assert regions.bare(pd.Series(["Free State province", "Kachin state"])).tolist() == ["Free State", "Kachin"]


def test_every_format_names_its_source_and_knows_itself():
    for wanted in formats.ALL:
        header = [column.spellings[0] if column.spellings else column.name for column in wanted.columns]
        assert headers._missing([*header, "2020"], wanted) == [] and len(wanted.source) > 20
    assert len(formats.UCDP_CANDIDATE.layout) == 49


def test_limits_of_archives(tmp_path, monkeypatch):
    path = up.write_zip(tmp_path / "many.zip", {f"{n}.csv": "a\n1\n" for n in range(5)})
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    with pytest.raises(RefusedError, match="holds 5 files"), opened(path):
        pass
    monkeypatch.setattr(archives, "MOST_MEMBERS", 30)
    monkeypatch.setattr(archives, "MOST_BYTES", 3)
    with pytest.raises(RefusedError, match="zip bomb"), opened(path):
        pass


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    up.write_xlsx(path, {"Data": [["a"]]})
    members = {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b" " * 30_000_000}
    up.write_zip(path, members)
    with pytest.raises(RefusedError, match="zip bomb"), opened(path):
        pass


def test_a_workbook_that_states_its_size_wrongly_is_read_whole(tmp_path):
    import zipfile

    good = up.write_xlsx(
        tmp_path / "good.xlsx", {"Data": [["iso3", "year", "total"], *[["MLI", 2000 + n, n] for n in range(9)]]}
    )
    with zipfile.ZipFile(good) as book:
        members = {name: book.read(name) for name in book.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert b'ref="A1:C10"' in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:C10"', b'ref="A1"')
    path = up.write_zip(tmp_path / "small.xlsx", members)
    assert reading.read(path, formats.IDMC).rows == 9


def test_only_a_batch_is_in_memory_and_rows_keep_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 10)
    path = tmp_path / "v.csv"
    path.write_text(
        up.csv_text(
            ["iso3", "year", "v2x_libdem"], [{"iso3": "MLI", "year": 1900 + n, "v2x_libdem": 0.5} for n in range(95)]
        )
    )
    upload = reading.read(path, formats.VDEM, lambda frame: frame["year"] % 10 == 0, ("iso3",))
    assert upload.frame["row"].tolist() == [2 + 10 * n for n in range(10)]
    assert upload.rows == 95 and upload.counts["iso3"] == {"MLI": 95} and len(upload.sha256) == 64
