"""`malibook data refresh` on made-up files in the publishers' formats: known answers, other countries, other releases."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from malibook import evidence
from malibook.evidence.checks import validate
from malibook.evidence.loaders import difference, replacing
from malibook.evidence.loaders import refresh as refreshing
from malibook.evidence.loaders.from_ucdp import ged
from malibook.evidence.loaders.part import Harvest
from malibook.evidence.loaders.refresh import Choices, Files, refresh
from tests import upstream as up
from tests.data.test_refresh_refused import digest

DATA = Path(__file__).resolve().parents[2] / "data"
SOMALIA = Choices(("SOM", "KEN"))
MALI = Choices(("MLI",))
LARGE = Choices(("MLI",), accept_large_changes=True)
EVENTS = [
    up.event(1, "SOM", "1992-03-04", 10),
    up.event(2, "SOM", "1992-03-20", 5, 3),
    up.event(3, "SOM", "2022-12-30", 7, 2, high=6, where_prec=4),
    up.event(4, "KEN", "2015-04-02", 148, 3),
    up.event(5, "COD", "1994-07-01", 30),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def table(data: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(data / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""])


def resource(data: Path, name: str) -> dict:
    descriptor = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    return next(r for r in descriptor["resources"] if r["name"] == name)


def by(outcome, name: str) -> difference.Difference:
    return next(d for d in outcome.differences if d.table == name)


# UCDP GED


def ged_csv(folder: Path) -> Path:
    return up.write_ged(folder / "GEDEvent_v23_1.csv", EVENTS)


def ged_without_newer_columns(folder: Path) -> Path:
    return up.write_ged(folder / "ged231.csv", EVENTS, up.OLD_COLUMNS)


def ged_zip(folder: Path) -> Path:
    return up.write_ged(folder / "ged231-csv.zip", EVENTS)


def ged_zip_with_company(folder: Path) -> Path:
    text = up.csv_text(up.GED_COLUMNS, EVENTS)
    members = {
        "GEDEvent_v23_1.csv": text,
        "ged231.pdf": b"%PDF",
        "README.txt": "x",
        "__MACOSX/._GEDEvent_v23_1.csv": "x",
    }
    return up.write_zip(folder / "download.zip", members)


def ged_marked_as_utf8(folder: Path) -> Path:
    path = folder / "GEDEvent_v23_1.csv"
    path.write_bytes(b"\xef\xbb\xbf" + up.csv_text(up.GED_COLUMNS, EVENTS).replace("\n", "\r\n").encode())
    return path


def ged_reordered(folder: Path) -> Path:
    return up.write_ged(folder / "GEDEvent_v23_1.csv", EVENTS, [*reversed(up.GED_COLUMNS), "new_column"])


def ged_short_dates(folder: Path) -> Path:
    days = [e | {key: str(e[key])[:10] for key in ("date_start", "date_end")} for e in EVENTS]
    return up.write_ged(folder / "GEDEvent_v23_1.csv", days)


def ged_workbook(folder: Path) -> Path:
    rows = [[event.get(name) for name in up.GED_COLUMNS] for event in EVENTS]
    return up.write_xlsx(folder / "GEDEvent_v23_1.xlsx", {"Sheet1": [up.GED_COLUMNS, *rows]})


def ged_workbook_called_csv(folder: Path) -> Path:
    return ged_workbook(folder).rename(folder / "GEDEvent_v23_1.csv")


def ged_with_line_ends_in_names(folder: Path) -> Path:
    return up.write_ged(folder / "GEDEvent_v23_1.csv", [e | {"side_b": f"{e['side_b']}\nand\tallies"} for e in EVENTS])


def ged_zipped_workbook(folder: Path) -> Path:
    return up.write_zip(folder / "ged231-xlsx.zip", {"GEDEvent_v23_1.xlsx": ged_workbook(folder).read_bytes()})


FORMS = [
    ged_csv,
    ged_without_newer_columns,
    ged_zip,
    ged_zip_with_company,
    ged_marked_as_utf8,
    ged_reordered,
    ged_short_dates,
    ged_workbook,
    ged_zipped_workbook,
    ged_workbook_called_csv,
    ged_with_line_ends_in_names,
]


@pytest.mark.parametrize("form", FORMS)
def test_ged_in_every_form_it_comes_in(form, tmp_path):
    harvest = Harvest()
    ged(form(tmp_path), ("SOM", "KEN"), harvest)
    rows = {part.table: part.rows for part in harvest.parts}
    months = rows["violence_month"]
    assert len(months) == 2 * 12 * 31, "both countries, every month from 1992 to 2022"
    assert set(months["vintage"]) == {"GED 23.1"} and set(months["dataset"]) == {"ucdp-ged"}
    march = months.query("iso3 == 'SOM' and month == '1992-03-01'").iloc[0]
    figures = ["events", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "deaths_one_sided"]
    assert march[figures].tolist() == [2, 13, 15, 19, 5, 5]
    assert march["deaths_largest_event"] == 10 and months["deaths_largest_event"].max() == 148
    assert months["deaths_best"].sum() == 170 and (months.query("month == '2000-01-01'")["deaths_best"] == 0).all()
    events = rows["violence_events"]
    assert events["id"].tolist() == [4, 1, 2, 3] and events["deaths_best"].tolist() == [148, 10, 5, 7]
    assert events["region"].tolist() == ["Mandera", "Banaadir", "Banaadir", "Banaadir"]
    assert events["date"].tolist() == ["2015-04-02", "1992-03-04", "1992-03-20", "2022-12-30"]
    assert set(rows) == {"violence_month", "violence_events"}


def test_what_was_there_stays_and_the_same_file_again_changes_nothing(data, tmp_path):
    path = ged_csv(tmp_path)
    first = refresh(Files(ucdp_ged=path), data, SOMALIA)
    assert (by(first, "violence_month").added, by(first, "violence_month").changed) == (2 * 12 * 31, 0)
    before, after = table(DATA, "violence_month"), table(data, "violence_month")
    kept = after[~after["iso3"].isin(["SOM", "KEN"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, before, check_dtype=False)
    assert [d.table for d in first.differences] == ["violence_events", "violence_month"], "no other table is touched"
    now = digest(data)
    again = refresh(Files(ucdp_ged=path), data, SOMALIA)
    assert all(d.nothing for d in again.differences) and again.written == ()
    assert digest(data) == now
    assert "violence_month: no change" in "\n".join(difference.lines(again.differences))


def test_the_descriptor_says_what_came_from_where(data, tmp_path):
    outcome = refresh(Files(ucdp_ged=ged_zip(tmp_path)), data, SOMALIA)
    assert outcome.written[-1] == "datapackage.json" and "tables/violence_events.csv" in outcome.written
    events, months = resource(data, "violence_events"), resource(data, "violence_month")
    assert events["malibook:vintage"] == "UCDP GED 23.1 (1992–2022)"
    assert events["malibook:coverage"] == "SOM 1992–2022, KEN 2015 (ucdp-ged)"
    assert events["malibook:files"][0]["file"] == "ged231-csv.zip" and len(events["malibook:files"][0]["sha256"]) == 64
    assert "KEN SOM 1992–2022 (ucdp-ged)" in months["malibook:coverage"]
    assert months["malibook:row_floor"] == len(table(data, "violence_month")) == 2310 + 744
    assert months["malibook:citation"].startswith("UCDP GED 25.1, UCDP GED 23.1, UCDP Candidate 25.01.25.12 and ")
    assert months["malibook:known_gaps"][0].startswith("Refreshed since these gaps were written, from GED 23.1")
    assert resource(data, "coups") == resource(DATA, "coups")


def test_an_estimate_out_of_order_is_kept_and_declared(data, tmp_path):
    outcome = refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)
    assert any("high is below the best estimate in 1 rows (4)" in note for note in outcome.notes)
    (exception,) = resource(data, "violence_events")["malibook:range_exceptions"]
    assert exception == {"key": "3/ucdp-ged", "field": "deaths_high", "reason": "upstream: low 6, best 7, high 6"}
    assert len(resource(data, "violence_month")["malibook:range_exceptions"]) == 4, "three old ones and the new month"


def test_mali_s_own_months_are_replaced_and_the_difference_is_readable(data, tmp_path):
    old = table(DATA, "violence_month").query("iso3 == 'MLI' and dataset == 'ucdp-ged' and deaths_best > 0")
    events = [up.event(n, "MLI", row.month, int(row.deaths_best)) for n, row in enumerate(old.itertuples(), 1)]
    events[-1] = up.event(len(events), "MLI", old["month"].iloc[-1], int(old["deaths_best"].iloc[-1]) + 11)
    events.append(up.event(9999, "MLI", "2025-06-07", 40, adm_1="Ménaka region"))
    path = up.write_ged(tmp_path / "GEDEvent_v26_1.csv", events)
    outcome = refresh(Files(ucdp_ged=path), data)
    change = by(outcome, "violence_month")
    assert (change.added, change.removed) == (12, 0), "the months of 2025"
    assert [total for total in change.totals if total[0] == "ucdp-ged"] == [
        (
            "ucdp-ged",
            "2024",
            *[int(table(DATA, "violence_month").query(GED_2024)["deaths_best"].sum()) + n for n in (0, 11)],
        ),
        ("ucdp-ged", "2025", None, 40),
    ]
    text = "\n".join(difference.lines(outcome.differences))
    assert "+11" in text and "2025 ucdp-ged" in text and "new" in text
    assert "deaths_best of MLI by year and dataset: before -> after" in text
    assert any("extract without events in BFA, NER, CAF, LBY" in note for note in outcome.notes)
    assert table(data, "violence_events").query("id == 9999")["region"].item() == "Gao"


GED_2024 = "iso3 == 'MLI' and dataset == 'ucdp-ged' and month.str[:4] == '2024'"


def test_a_last_row_without_line_end_is_noted(tmp_path):
    path = tmp_path / "GEDEvent_v23_1.csv"
    path.write_text(up.csv_text(up.GED_COLUMNS, EVENTS).rstrip("\n"), encoding="utf-8")
    harvest = Harvest()
    ged(path, ("SOM", "KEN"), harvest)
    assert any("the last row has no line end" in note for note in harvest.notes)


def test_a_dry_run_writes_nothing(data, tmp_path):
    before = digest(data)
    outcome = refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, Choices(("SOM",), dry_run=True))
    assert by(outcome, "violence_events").added == 3 and outcome.written == ()
    assert digest(data) == before


def test_an_older_release_is_taken_when_asked(data, tmp_path):
    path = up.write_ged(tmp_path / "GEDEvent_v23_1.csv", [up.event(1, "MLI", "2012-01-17", 82)])
    refresh(Files(ucdp_ged=path), data, Choices(("MLI",), allow_older=True, accept_large_changes=True))
    months = table(data, "violence_month").query("iso3 == 'MLI' and dataset == 'ucdp-ged' and month.str[:4] == '2012'")
    assert months["deaths_best"].tolist() == [82] + [0] * 11


# UCDP candidate


def test_final_events_take_the_place_of_candidate_ones_and_never_the_other_way(data, tmp_path):
    early = up.write_ged(
        tmp_path / "GEDEvent_v25_0_3.csv", [up.event(1, "SOM", "2025-03-01", 4), up.event(2, "SOM", "2025-03-09", 1)]
    )
    whole = up.write_ged(
        tmp_path / "GEDEvent_v26_1.csv",
        [up.event(n, "SOM", f"{n}-05-05", 3) for n in range(1989, 2025)] + [up.event(1, "SOM", "2025-03-01", 6)],
    )
    one = Choices(("SOM",))
    refresh(Files(ucdp_candidate=(early,)), data, one)
    assert table(data, "violence_events")["deaths_best"].tolist() == [4, 1]
    refresh(Files(ucdp_ged=whole), data, one)
    events = table(data, "violence_events").query("date >= '2025'")
    assert events[["id", "dataset", "deaths_best"]].to_numpy().tolist() == [[1, "ucdp-ged", 6]]
    months = table(data, "violence_month").query("iso3 == 'SOM' and month == '2025-03-01'")
    assert dict(zip(months["dataset"], months["deaths_best"], strict=True)) == {"ucdp-candidate": 5, "ucdp-ged": 6}
    again = refresh(Files(ucdp_candidate=(early,)), data, one)
    assert all(d.nothing for d in again.differences)
    pairs = table(data, "violence_dyad_month").query("iso3 == 'SOM'")
    assert pairs[["month", "events", "deaths_best"]].to_numpy().tolist() == [["2025-03-01", 2, 5]]


def test_candidates_count_an_event_once_as_the_last_release_has_it(data, tmp_path):
    first = [
        up.event(1, "SOM", "2026-01-05", 4),
        up.event(2, "SOM", "2026-02-10", 1),
        up.event(7, "SOM", "2026-03-01", 9),
    ]
    whole = [
        up.event(1, "SOM", "2026-01-05", 6),
        up.event(3, "SOM", "2026-03-02", 2),
        up.event(8, "SOM", "2025-11-30", 50),
    ]
    later = [
        up.event(4, "SOM", "2026-04-03", 3),
        up.event(3, "SOM", "2026-03-02", 5),
        up.event(5, "SOM", "2026-02-01", 8),
    ]
    names = ("GEDEvent_v26_0_2.csv", "GEDEvent_v26_01_26_03.csv", "GEDEvent_v26_0_4.csv")
    first[2]["date_start"] = "2026-02-27"
    paths = tuple(up.write_ged(tmp_path / n, e) for n, e in zip(names, (first, whole, later), strict=True))
    outcome = refresh(Files(ucdp_candidate=paths), data, Choices(("SOM",)))
    months = table(data, "violence_month").query("iso3 == 'SOM'").set_index("month")["deaths_best"]
    assert months.to_dict() == {"2026-01-01": 6, "2026-02-01": 8, "2026-03-01": 5, "2026-04-01": 3}
    assert set(table(data, "violence_events")["vintage"]) == {"Candidate 26.01.26.03, 26.0.2, 26.0.4"}
    assert any("1 candidate events began outside" in note for note in outcome.notes)
    part = table(data, "violence_part_year").query("iso3 == 'SOM'").set_index("type")
    assert part.loc["all", ["start", "end", "deaths_best", "events"]].tolist() == ["2026-01-01", "2026-04-30", 22, 4]


def test_a_candidate_file_without_header_or_name_is_understood(data, tmp_path):
    text = up.csv_text(up.GED_COLUMNS, [up.event(1, "SOM", "2026-03-05", 4), up.event(2, "SOM", "2026-03-09", 0)])
    (tmp_path / "candidate.csv").write_text(text.split("\n", 1)[1], encoding="utf-8")
    outcome = refresh(Files(ucdp_candidate=(tmp_path / "candidate.csv",)), data, Choices(("SOM",)))
    assert any("states no release; taken to cover 2026-03 to 2026-03" in note for note in outcome.notes)
    months = table(data, "violence_month").query("iso3 == 'SOM'")
    assert months[["month", "events", "deaths_best", "vintage"]].to_numpy().tolist() == [
        ["2026-03-01", 2, 4, "Candidate to 2026-03"]
    ]


def test_the_real_candidate_copy_changes_no_month(data, reference):
    path = reference / "ucdp" / "ucdp_candidate_2026_jan_feb_events_mli_bfa_ner.csv"
    outcome = refresh(Files(ucdp_candidate=(path,)), data)
    assert by(outcome, "violence_month").nothing and by(outcome, "violence_dyad_month").nothing
    assert by(outcome, "violence_part_year").nothing, "the table already holds January to August"
    assert by(outcome, "violence_events").added == 240 and validate(data) == []


def test_the_real_context_copies_change_nothing(data, reference):
    flight, context = reference / "displacement", reference / "context"
    files = Files(
        unhcr=flight / "unhcr_population_mli_bfa_ner.csv",
        idmc=flight / "idmc_idps_mli_bfa_ner_caf_lby.csv",
        vdem=context / "vdem_v16_libdem_selected.csv",
    )
    before = digest(data)
    outcome = refresh(files, data)
    assert {d.table for d in outcome.differences} == {"democracy", "displacement", "refugees_by_host"}
    assert all(d.nothing for d in outcome.differences) and digest(data) == before


# UCDP country-year


@pytest.mark.parametrize(("suffix", "release"), [("_cy", "25.1"), ("", "27.1")])
def test_country_years_of_two_layouts(suffix, release, data, tmp_path):
    names = {"country": "Somalia", "country_id": 520, "year": 2023}
    kinds = {
        f"{k}_total_deaths_{b}": n for k, n in (("sb", 10), ("ns", 20), ("os", 30)) for b in ("best", "high", "low")
    }
    row = {f"{key}{suffix}": value for key, value in (names | kinds).items()} | {"version": release}
    text = up.csv_text(list(row), [row, row | {f"year{suffix}": 2024, f"sb_total_deaths_best{suffix}": 11}])
    text = text.replace("2024,11,10,10", "2024,11,12,10")
    path = up.write_zip(
        tmp_path / f"organizedviolencecy-{release.replace('.', '')}-csv.zip", {"organizedviolencecy.csv": text}
    )
    outcome = refresh(Files(ucdp_country_year=path), data, Choices(("SOM",)))
    rows = table(data, "violence_year").query("iso3 == 'SOM'").set_index(["year", "type"])["deaths_best"]
    assert rows.to_dict() == {
        (2023, "non-state"): 20,
        (2023, "one-sided"): 30,
        (2023, "state-based"): 10,
        (2024, "non-state"): 20,
        (2024, "one-sided"): 30,
        (2024, "state-based"): 11,
    }
    assert set(table(data, "violence_year").query("iso3 == 'SOM'")["vintage"]) == {f"Country-Year {release}"}
    assert by(outcome, "violence_year").removed == 0


# ACLED

BATTLES = [("Battles", 3), ("Explosions/Remote violence", 2), ("Violence against civilians", 4)]
NOT_COUNTED = [("Protests", 1), ("Riots", 5), ("Strategic developments", 0)]


def acled_rows(form: str) -> list[dict]:
    """Nine events of the first half of 2026 in two regions: two months with one battle each, six kinds in March."""
    days = {
        "old": ("05 January 2026", "20 May 2026", "03 March 2026"),
        "iso": ("2026-01-05", "2026-05-20", "2026-03-03"),
    }[form]
    rows = [up.acled_row(1, days[0], "Battles", "Menaka", 7), up.acled_row(2, days[1], "Battles", "Segou", 8)]
    rows.append(up.acled_row(3, days[2], "Battles", "Banaadir", 99, iso=706))
    return rows + [
        up.acled_row(10 + n, days[2], kind, "Segou", dead) for n, (kind, dead) in enumerate(BATTLES + NOT_COUNTED)
    ]


def test_acled_s_older_exports_are_separated_by_semicolons(data, tmp_path):
    path, rows = tmp_path / "export.csv", [r | {"notes": 'said "a; b",\nc'} for r in acled_rows("old")]
    path.write_text(up.csv_text(up.ACLED_COLUMNS, rows, ";"), encoding="utf-8")
    refresh(Files(acled=path), data, LARGE)
    found = table(data, "violence_region_quarter").query("acled_admin1 == 'Ségou' and quarter == '2026-01-01'")
    assert found[["events", "deaths"]].to_numpy().tolist() == [[3, 9]]


@pytest.mark.parametrize("form", ["old", "iso"])
def test_acled_events_become_sums_by_region_and_quarter_and_nothing_finer(form, data, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(up.csv_text(up.ACLED_COLUMNS, acled_rows(form)), encoding="utf-8")
    refresh(Files(acled=path), data, LARGE)
    rows = (
        table(data, "violence_region_quarter").query("quarter >= '2026-01-01'").set_index(["acled_admin1", "quarter"])
    )
    assert rows.loc[("Ségou", "2026-01-01"), ["events", "deaths", "months"]].tolist() == [3, 9, 3]
    assert rows.loc[("Ménaka", "2026-01-01"), ["region", "events", "deaths"]].tolist() == ["Gao", 1, 7]
    assert rows.loc[("Ségou", "2026-04-01"), ["events", "deaths", "months"]].tolist() == [1, 8, 2]
    assert rows.loc[("Ménaka", "2026-04-01"), ["events", "deaths"]].tolist() == [0, 0], (
        "a region of the file: a true zero"
    )
    assert set(rows["vintage"]) == {"ACLED, accessed April 2026"}
    everything = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b'Said ""a, b' not in everything and b"Segou district" not in everything


def test_the_workbook_of_hdx_gives_the_same_and_a_fuller_quarter_stays(data, tmp_path):
    regions = sorted(set(table(DATA, "violence_region_quarter")["acled_admin1"]))
    rows = [
        up.hdx_row(r, f"{r} {n}", m, 2026, 2, 30)
        for r in regions
        for n in (1, 2)
        for m in ("January", "February", "March")
    ]
    name = "mali_hrp_political_violence_events_and_fatalities_by_month-year_as-of-20may2026.xlsx"
    path = up.write_xlsx(tmp_path / name, {"README": [["ACLED"]], "Data": [up.HDX_COLUMNS, *rows]})
    outcome = refresh(Files(hdx=path), data, LARGE)
    first = table(data, "violence_region_quarter").query("quarter == '2026-01-01'")
    assert first["events"].tolist() == [12] * 10 and first["deaths"].tolist() == [180] * 10
    assert set(first["vintage"]) == {"ACLED, accessed May 2026"}
    assert by(outcome, "violence_region_quarter").changed == 10
    short = up.write_xlsx(tmp_path / ("b" + name), {"Data": [up.HDX_COLUMNS, *[r for r in rows if r[6] != "March"]]})
    assert by(refresh(Files(hdx=short), data, LARGE), "violence_region_quarter").nothing, (
        "two months do not replace three"
    )


def test_a_book_on_another_country_gets_its_own_regions(data, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(up.csv_text(up.ACLED_COLUMNS, acled_rows("iso")), encoding="utf-8")
    refresh(Files(acled=path), data, Choices(("SOM", "MLI"), accessed="2025-05"))
    rows = table(data, "violence_region_quarter")
    assert rows[["region", "acled_admin1", "quarter", "deaths", "vintage"]].to_numpy().tolist() == [
        ["Banaadir", "Banaadir", "2026-01-01", 99, "ACLED, accessed May 2025"]
    ], "older than Mali's file, which it does not replace"
    fields = {f["name"]: f for f in resource(data, "violence_region_quarter")["schema"]["fields"]}
    assert fields["region"]["constraints"]["enum"] == ["Banaadir"]


# Displacement


def test_unhcr_with_its_preamble_in_a_zip(data, tmp_path):
    rows = [
        up.unhcr_row(2024, "SOM", "KEN", 100, 5),
        up.unhcr_row(2024, "SOM", "YEM", 20, "-"),
        up.unhcr_row(2024, "SOM", "SOM", idps=900),
    ]
    rows += [up.unhcr_row(2024, "ETH", "SOM", 7, 1), up.unhcr_row(2023, "SOM", "YEM", 19)]
    text = "Extracted from the UNHCR Refugee Data Finder\n" + "\n" * 13 + up.csv_text(list(up.UNHCR_COLUMNS), rows)
    path = up.write_zip(tmp_path / "download.zip", {"population.csv": text, "footnotes.csv": "Year,Note\n2024,x\n"})
    refresh(Files(unhcr=path), data, Choices(("SOM",)))
    flight = table(data, "displacement").query("iso3 == 'SOM'").set_index(["measure", "year"])["value"]
    assert flight.to_dict() == {
        ("asylum-seekers-abroad", 2024): 5,
        ("idps-unhcr", 2024): 900,
        ("refugees-abroad", 2023): 19,
        ("refugees-abroad", 2024): 120,
        ("refugees-hosted", 2024): 7,
    }
    hosts = table(data, "refugees_by_host").query("origin_iso3 == 'SOM'")
    assert hosts[["year", "host_iso3", "refugees"]].to_numpy().tolist() == [
        [2023, "YEM", 19],
        [2024, "KEN", 100],
        [2024, "YEM", 20],
    ]
    assert len(table(data, "refugees_by_host")) == len(table(DATA, "refugees_by_host")) + 3


def test_a_download_by_origin_leaves_the_hosted_alone(data, tmp_path):
    path = tmp_path / "population.csv"
    path.write_text(up.csv_text(list(up.UNHCR_COLUMNS), [up.unhcr_row(2026, "MLI", "MRT", 300_000)]), encoding="utf-8")
    outcome = refresh(Files(unhcr=path), data, Choices(("MLI",), accept_large_changes=True))
    rows = table(data, "displacement").query("iso3 == 'MLI'")
    assert rows.query("measure == 'refugees-abroad'")[["year", "value"]].to_numpy().tolist() == [[2026, 300_000]]
    others = ["refugees-hosted", "idps-unhcr", "idps-idmc"]
    old = table(DATA, "displacement").query("iso3 == 'MLI'")
    assert rows[rows["measure"].isin(others)]["value"].tolist() == old[old["measure"].isin(others)]["value"].tolist()
    assert any("not every row for refugees-hosted of MLI" in note for note in outcome.notes)


def test_idmc_s_workbook_with_tags(data, tmp_path):
    head = [
        "ISO3",
        "Name",
        "Year",
        "Conflict Stock Displacement",
        "Conflict Stock Displacement (Raw)",
        "Conflict Internal Displacements",
    ]
    rows = [["#country+code", "#country+name", "#date+year", "#affected+idps", None, None]]
    rows += [
        ["SOM", "Somalia", 2023, 3862000, 3861950, 673000],
        ["SOM", "Somalia", 2024, None, None, 1],
        ["AB9", "Abyei", 2024, 5, 5, 5],
    ]
    sheets = {"1_Displacement_data": [head, *rows], "README": [["TITLE"]]}
    refresh(Files(idmc=up.write_xlsx(tmp_path / "IDMC.xlsx", sheets)), data, Choices(("SOM",)))
    flight = table(data, "displacement").query("iso3 == 'SOM'")
    assert flight[["measure", "year", "value", "source"]].to_numpy().tolist() == [["idps-idmc", 2023, 3862000, "idmc"]]


# Context


def test_population_and_output_from_two_layouts_of_the_world_bank(data, tmp_path):
    old = table(DATA, "population")
    people = {
        c: {int(y): int(p) for y, p in rows[["year", "population"]].to_numpy()} for c, rows in old.groupby("iso3")
    }
    people["MLI"][2025] = 25_000_000
    text = up.world_bank_text("SP.POP.TOTL", people | {"WLD": {2024: 8_000_000_000}})
    members = {
        "API_SP.POP.TOTL_DS2_en_csv_v2_1.csv": text,
        "Metadata_Country_API_SP.csv": "Country Code,Region\nMLI,x\n",
    }
    population = up.write_zip(tmp_path / "API_SP.POP.TOTL_DS2_en_csv_v2_1.zip", members)
    output = tmp_path / "databank.csv"
    output.write_text(
        "Country Name,Country Code,Series Name,Series Code,2023 [YR2023],2024 [YR2024]\n"
        "Mali,MLI,GDP (current US$),NY.GDP.MKTP.CD,20904888888.6,..\n"
        'Mali,MLI,"Life expectancy",SP.DYN.LE00.IN,60,61\n\n\n'
        "Data from database: World Development Indicators\nLast Updated: 07/01/2026\n",
        encoding="utf-8",
    )
    outcome = refresh(Files(world_bank=(population,)), data)
    assert (by(outcome, "population").added, by(outcome, "population").changed) == (1, 0)
    refresh(Files(world_bank=(population, output)), data)
    mali = table(data, "population").query("iso3 == 'MLI'").set_index("year")
    assert mali.loc[2025, "population"] == 25_000_000 and mali.loc[2023, "gdp_usd"] == 20_904_888_889
    now = table(data, "population").query("not (iso3 == 'MLI' and year in [2023, 2025])")
    was = old.query("not (iso3 == 'MLI' and year == 2023)")
    assert now["gdp_usd"].dropna().tolist() == was["gdp_usd"].dropna().tolist(), "a file changes its own cells only"
    assert resource(data, "population")["malibook:citation"].endswith("last updated 2026-07-01 (licence not verified)")
    assert "WLD" not in set(table(data, "population")["iso3"])


def test_v_dem_s_wide_file_in_a_zip_with_its_codebook(data, tmp_path):
    columns = [
        "country_name",
        "country_text_id",
        "country_id",
        "year",
        "historical_date",
        "v2x_libdem",
        "v2x_libdem_codelow",
    ]
    columns += [f"v2x_{n}" for n in range(4000)]
    held = sorted(set(table(DATA, "democracy")["iso3"]))
    rows = [
        dict.fromkeys(columns, "0.5") | {"country_text_id": c, "year": y}
        for c in [*held, "SOM"]
        for y in (1969, 1970, 2026)
    ]
    rows[-1]["v2x_libdem"] = ""
    path = up.write_zip(
        tmp_path / "V-Dem-CY-FullOthers-v17_csv.zip",
        {"V-Dem-CY-Full+Others-v17.csv": up.csv_text(columns, rows), "a.pdf": b"x"},
    )
    refresh(Files(vdem=path), data, Choices(("SOM",)))
    index = table(data, "democracy")
    assert sorted(set(index["iso3"])) == sorted([*held, "SOM"]), "countries already there move with the release"
    assert index.query("iso3 == 'SOM'")["year"].tolist() == [1970] and set(index["liberal_democracy"]) == {0.5}
    assert resource(data, "democracy")["malibook:citation"] == "V-Dem v17 (licence not verified)"


# All or nothing


def test_a_write_that_fails_half_way_is_undone(data, tmp_path, monkeypatch):
    before, moved, replace = digest(data), [], os.replace

    def failing(source, target):
        if str(target).startswith(str(data)) and "before" not in str(source):
            moved.append(target)
            if len(moved) == 3:
                raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(replacing.os, "replace", failing)
    with pytest.raises(evidence.package.BookError, match=r"(?s)No space left.*remedy"):
        refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)
    assert len(moved) == 3 and digest(data) == before and not (data / ".refresh").exists()


def test_what_a_killed_refresh_leaves_is_undone_by_the_next(data, tmp_path):
    before = digest(data)
    new = tmp_path / "coups.csv"
    new.write_text("half\n", encoding="utf-8")
    aside = data / ".refresh"
    replacing._prepare(data, _made(aside), {"tables/coups.csv": new, "tables/new.csv": new})
    (aside / "pid").write_text("999999999")
    os.replace(aside / "new/tables/coups.csv", data / "tables/coups.csv")
    os.replace(aside / "new/tables/new.csv", data / "tables/new.csv")
    assert any("data/.refresh" in str(p) for p in validate(data))
    replacing.recover(data)
    assert digest(data) == before


def test_a_package_that_changed_meanwhile_is_left_alone(data, tmp_path, monkeypatch):
    """Two refreshes that read the same state must not both write: the second would undo half of the first."""
    replace_all = refreshing.replace_all

    def late(*given):
        (data / "tables/coups.csv").write_bytes((data / "tables/coups.csv").read_bytes() + b"MLI,2026-01-01,1,0\n")
        replace_all(*given)

    monkeypatch.setattr(refreshing, "replace_all", late)
    with pytest.raises(
        evidence.package.BookError, match=r"(?s)was changed while this refresh was reading.*run it again"
    ):
        refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)
    assert not (data / "tables/violence_events.csv").exists() and not list(data.glob(".refresh*"))


def test_no_room_for_temporary_files_is_said(data, tmp_path, monkeypatch):
    before = digest(data)

    def full(*_given, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(refreshing.shutil, "copytree", full)
    with pytest.raises(evidence.package.BookError, match=r"(?s)malibook-refresh-.*No space left.*remedy"):
        refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)
    assert digest(data) == before


def test_two_refreshes_at_once_are_refused(data, tmp_path):
    (_made(data / ".refresh") / "pid").write_text(str(os.getppid()))
    with pytest.raises(evidence.package.BookError, match="another refresh is running"):
        refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


# What the book can ask


def test_a_chapter_can_tell_whether_events_are_there(data, tmp_path, monkeypatch):
    monkeypatch.setenv("MALIBOOK_ROOT", str(data.parent))
    assert not evidence.has("violence_events") and evidence.has("events")
    assert "data refresh --ucdp-ged" in evidence.absence("violence_events")
    refresh(Files(ucdp_ged=ged_csv(tmp_path)), data, SOMALIA)
    assert evidence.has("violence_events") and evidence.absence("violence_events") == ""
    events = evidence.load("violence_events")
    assert str(events["date"].dtype).startswith("datetime64") and events["lat"].between(-90, 90).all()
    assert "UCDP GED 23.1" in evidence.describe("violence_events").citation
