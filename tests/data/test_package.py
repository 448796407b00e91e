"""The data package as committed: valid, fully described, honestly licensed, and readable by hand."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from malibook.errors import BookError
from malibook.evidence import load
from malibook.evidence.checks import read_package, validate

DATA = Path(__file__).resolve().parents[2] / "data"
TEXT = (DATA / "datapackage.json").read_text(encoding="utf-8")
DESCRIPTOR = json.loads(TEXT)
RESOURCES = {resource["name"]: resource for resource in DESCRIPTOR["resources"]}
TABLES = [name for name, resource in RESOURCES.items() if "schema" in resource]
UCDP = {"violence_month", "violence_year", "violence_part_year", "violence_dyad_month", "conflict_year"}
NOT_VERIFIED = {"coups", "democracy", "food_insecurity", "peacekeepers", "population"}
CURATED = {
    "actors",
    "article_tables",
    "articles",
    "battle_timeline",
    "civilian_harm",
    "claims",
    "corrections",
    "deployments",
    "disputes",
    "economy",
    "events",
    "findings",
    "handovers",
    "losses",
    "phases",
    "places",
    "politics",
    "press_claims",
    "sources",
    "verdicts",
}
WITHOUT_SOURCES = {"sources", "articles", "press_claims", "disputes", "corrections"}
COMPUTED = {"specifications", "specification_placebos"}
JUDGEMENTS = {"article_tables", "verdicts"}  # an empty cell of sources says that no document can tell
DERIVED = UCDP | NOT_VERIFIED | {"airfields", "displacement", "refugees_by_host", "violence_region_quarter"} | COMPUTED


@pytest.fixture(scope="module")
def package():
    return read_package(DATA)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The data package, to break."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def problems_of(data: Path) -> list[str]:
    return [str(problem) for problem in validate(data)]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_table_is_valid():
    assert problems_of(DATA) == []


def test_the_package_has_every_table():
    assert set(TABLES) == CURATED | DERIVED
    assert set(RESOURCES) - set(TABLES) == {"mali_regions", "mali_regions_simplified", "neighbours", "rivers"}


def test_the_descriptor_stays_readable():
    assert json.dumps(DESCRIPTOR, ensure_ascii=False, indent=2) + "\n" == TEXT, "indent by two, no escapes, LF"
    names = [resource["name"] for resource in DESCRIPTOR["resources"]]
    assert names == sorted(names)


@pytest.mark.parametrize("name", TABLES)
def test_fields_are_those_of_the_file_and_mean_something(name, package):
    fields = RESOURCES[name]["schema"]["fields"]
    header = (DATA / RESOURCES[name]["path"]).read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(field["name"] for field in fields)
    for field in fields:
        assert re.search(r"\w.*[.:]", field["description"]), f"{name}.{field['name']} has no sentence"
    assert RESOURCES[name]["schema"]["missingValues"] == [""]
    assert name in package.frames


@pytest.mark.parametrize("name", TABLES)
def test_rows_have_a_key_and_files_are_plain(name):
    raw = (DATA / RESOURCES[name]["path"]).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"\n")
    key = RESOURCES[name]["schema"]["primaryKey"]
    frame = pd.read_csv(DATA / RESOURCES[name]["path"], dtype=str, keep_default_na=False)
    assert key and not frame.duplicated(key).any()


@pytest.mark.parametrize("name", sorted(CURATED - WITHOUT_SOURCES - JUDGEMENTS))
def test_every_curated_row_names_known_sources(name):
    assert RESOURCES[name]["malibook:lists"]["sources"] == "sources.id"
    if name != "places":  # a place may rest on its gazetteer alone
        field = next(f for f in RESOURCES[name]["schema"]["fields"] if f["name"] == "sources")
        assert field["constraints"]["required"] is True


@pytest.mark.parametrize("name", RESOURCES)
def test_licences(name):
    licences = RESOURCES[name]["licenses"]
    names = {licence["name"] for licence in licences}
    allowed = {licence["malibook:redistribution"] for licence in licences}
    if name in NOT_VERIFIED:
        assert names == {"not-verified"} and allowed == {"not verified"}
        assert {licence["malibook:licence_checked"] for licence in licences} == {"not verified"}
        assert "not verified" in RESOURCES[name]["malibook:citation"]
    elif name == "violence_region_quarter":
        assert names == {"other-acled"} and allowed == {"aggregate-only"}
        assert "ACLED, acleddata.com, accessed April 2026" in RESOURCES[name]["malibook:citation"]
        assert any("Raleigh" in source["title"] and "2010" in source["title"] for source in RESOURCES[name]["sources"])
    elif name == "airfields":
        assert names == {"MIT"}
    elif name not in TABLES:
        assert names == {"public-domain"}
    else:
        assert "CC-BY-4.0" in names and allowed == {"allowed"}
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", licence["malibook:licence_checked"]) for licence in licences)


def test_lists_of_ids_are_declared():
    for name in TABLES:
        columns = {field["name"] for field in RESOURCES[name]["schema"]["fields"]}
        assert not {"sources", "disputes"} & columns - set(RESOURCES[name].get("malibook:lists", {})), name


def test_single_references_are_foreign_keys():
    expected = {"place": "places", "actor": "actors", "dispute": "disputes", "event": "events", "parent": "actors"}
    for name in TABLES:
        schema = RESOURCES[name]["schema"]
        keys = {k["fields"][0]: k["reference"]["resource"] or name for k in schema.get("foreignKeys", [])}
        for field in schema["fields"]:
            if field["name"] in expected:
                assert keys.get(field["name"]) == expected[field["name"]], f"{name}.{field['name']}"


def test_nothing_of_the_maker_s_machine_is_in_the_package():
    for path in sorted(DATA.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w/.-])/(work|tmp|home)/|shared/(reference|facts|geo)|SHARED_ONLY", text), path


@pytest.mark.parametrize("layer", ["mali_regions", "mali_regions_simplified", "neighbours", "rivers"])
def test_maps_are_small_named_and_round_mali(layer):
    shapes = json.loads((DATA / RESOURCES[layer]["path"]).read_text(encoding="utf-8"))
    assert all(feature["properties"]["name"] for feature in shapes["features"])
    longitudes, latitudes = zip(*_points([f["geometry"]["coordinates"] for f in shapes["features"]]), strict=True)
    assert min(longitudes) > -18 and max(longitudes) < 17 and min(latitudes) > 3 and max(latitudes) < 38


def test_maps_and_tables_spell_regions_alike():
    shapes = json.loads((DATA / "geo/mali_regions.geojson").read_text(encoding="utf-8"))
    drawn = {feature["properties"]["name"] for feature in shapes["features"]}
    for name in ("places", "events", "handovers", "civilian_harm", "food_insecurity", "violence_region_quarter"):
        used = set(pd.read_csv(DATA / RESOURCES[name]["path"])["region"].dropna())
        assert used and used <= drawn, name


def test_an_unknown_source_is_found(copy):
    edit(copy / "tables/phases.csv", "wp_tuareg_2012;", "wp_tuareg_2012;nobody_2099;")
    (problem,) = [p for p in problems_of(copy) if "nobody_2099" in p]
    assert problem.startswith("data/tables/phases.csv, row 2, field sources, value 'nobody_2099'")
    assert "; remedy: " in problem and "\n" not in problem


def test_finer_acled_data_are_refused(copy):
    table = copy / "tables/violence_region_quarter.csv"
    frame = pd.read_csv(table, dtype=str).assign(cercle="Ansongo")
    frame.loc[0, "quarter"] = "1997-02-01"
    frame.to_csv(table, index=False)
    descriptor = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(r for r in descriptor["resources"] if r["name"] == "violence_region_quarter")
    resource["schema"]["fields"].append({"name": "cercle", "type": "string", "description": "Cercle."})
    (copy / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found = problems_of(copy)
    assert any("field cercle" in p and "finer than region and quarter" in p for p in found)
    assert any("value '1997-02-01'" in p and "no first day of a quarter" in p for p in found)


def test_a_truncated_and_a_missing_table_are_found(copy):
    table = copy / "tables/violence_month.csv"
    table.write_text("\n".join(table.read_text(encoding="utf-8").splitlines()[:500]) + "\n", encoding="utf-8")
    (copy / "tables/coups.csv").unlink()
    found = problems_of(copy)
    assert any("violence_month.csv, value '499 rows'" in p and "floor of 2300" in p for p in found)
    assert any(p.startswith("data/tables/coups.csv") and "remedy: restore the file" in p for p in found)


def test_a_dangling_foreign_key_is_found(copy):
    edit(
        copy / "tables/losses.csv", "minusma-2014-killed-in-attacks,minusma,", "minusma-2014-killed-in-attacks,monusco,"
    )
    (problem,) = [p for p in problems_of(copy) if "monusco" in p]
    assert re.match(r"data/tables/losses.csv, row \d+, field actor, value 'monusco'", problem)


def _points(part: list) -> list[tuple[float, float]]:
    if isinstance(part[0], (int, float)):
        return [tuple(part[:2])]
    return [point for piece in part for point in _points(piece)]


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "tables/../../x.csv", "C:\\x.csv", "https://example.org/x.csv"]
)
def test_a_path_that_leads_out_of_the_package_is_refused(tmp_path, monkeypatch, path):
    (tmp_path / "data").mkdir()
    descriptor = {"name": "x", "resources": [{"name": "events", "path": path}]}
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(descriptor))
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    with pytest.raises(BookError, match="leads out of data/"):
        load("events")
