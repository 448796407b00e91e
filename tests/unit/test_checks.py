"""Each rule on a small package: the good one is silent, each planted fault is named by file, row, field and value."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import pytest

from malibook.evidence.checks import validate
from malibook.evidence.problem import Problem
from malibook.press import forks
from malibook.press.checked import side_by_side

LICENCE = {"name": "CC-BY-4.0", "malibook:redistribution": "allowed", "malibook:licence_checked": "2026-01-01"}


def field(name: str, kind: str = "string", **more) -> dict:
    unit = {"unit": "persons"} if kind in ("integer", "number") else {}
    return {"name": name, "type": kind, "description": f"{name}."} | unit | more


def resource(name: str, fields: list[dict], key: list[str], floor: int = 1, **more) -> dict:
    own = {f"malibook:{k}": "x" for k in ("citation", "short_citation", "vintage", "coverage", "known_gaps")}
    head = {"name": name, "path": f"tables/{name}.csv", "format": "csv", "encoding": "utf-8", "title": name}
    schema = {"fields": fields, "missingValues": [""], "primaryKey": key}
    rest = {"description": "x", "licenses": [LICENCE], "sources": [{"title": "x"}], "malibook:row_floor": floor}
    return head | own | rest | {"schema": schema} | more


SOURCES = resource("sources", [field("id", constraints={"required": True, "unique": True})], ["id"])
EVENTS = resource(
    "events",
    [
        field("id", constraints={"required": True, "pattern": "[a-z0-9-]+"}),
        field("date", "date"),
        field("date_end", "date"),
        field("date_precision", constraints={"enum": ["day", "month", "year"]}),
        field("value_low", "number"),
        field("value", "number"),
        field("value_high", "number"),
        field("first_source"),
        field("sources"),
    ],
    ["id"],
    **{"malibook:lists": {"sources": "sources.id"}},
)
EVENTS["schema"]["foreignKeys"] = [{"fields": ["first_source"], "reference": {"resource": "sources", "fields": ["id"]}}]
CORRECTIONS = resource("corrections", [field(n) for n in ("table", "key", "field", "old", "new")], ["table", "key"], 0)
TABLES = {
    "sources": "id\na\nb\n",
    "events": "id,date,date_end,date_precision,value_low,value,value_high,first_source,sources\n"
    "one,2024-07-25,2024-07-27,day,20,47,,a,a;b\n"
    "two,2024-07-01,,month,,,,,a\n",
    "corrections": "table,key,field,old,new\nevents,one,value,46,47\n",
}
GOOD = {"name": "small", "resources": [CORRECTIONS, EVENTS, SOURCES]}


def write(folder: Path, tables: dict[str, str], descriptor: dict) -> Path:
    (folder / "tables").mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name, text in tables.items():
        (folder / "tables" / f"{name}.csv").write_bytes(text.encode("utf-8"))
    return folder


def found(folder: Path, tables: dict[str, str] | None = None, descriptor: dict | None = None) -> list[Problem]:
    return validate(write(folder, TABLES | (tables or {}), descriptor or GOOD))


def test_a_good_package_has_no_problem(tmp_path):
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "row", "named", "value", "says"),
    [
        ("events", "two,", "one,", 3, "id", "one", "same as in the row"),
        ("events", "two,", "Two,", 3, "id", "Two", "pattern"),
        ("events", "two,2024-07-01", "two,2024-07-32", 3, "date", "2024-07-32", "type is"),
        ("events", "one,2024-07-25", "one,2024-7-25", 2, "date", "2024-7-25", "is no ISO date"),
        ("events", ",month,", ",week,", 3, "date_precision", "week", "enum"),
        ("events", "20,47,", "20,many,", 2, "value", "many", "type is"),
        ("events", ",,a,a;b", ",,c,a;b", 2, "first_source", "c", "is no id of sources"),
        ("events", "a;b", "a;c", 2, "sources", "c", "is no id of sources"),
        ("events", "a;b", "a;a", 2, "sources", "a;a", "names an id twice"),
        ("events", "20,47,", "48,47,", 2, "value", "47", "is below value_low (48)"),
        ("events", "20,47,,", "20,47,40,", 2, "value_high", "40", "is below value (47)"),
        ("events", "20,47,,", "20,,19,", 2, "value_high", "19", "is below value_low (20)"),
        ("events", "2024-07-27", "2024-07-24", 2, "date_end", "2024-07-24", "lies before date (2024-07-25)"),
        ("events", "two,2024-07-01", "two,2024-07-02", 3, "date", "2024-07-02", "known to the month only"),
        ("corrections", "events,one,value,46,47", "events,one,value,45,46", 2, "key", "one", "finds no row of events"),
        ("corrections", "events,one,value", "events,one,worth", 2, "field", "worth", "is no column of events"),
        ("corrections", "events,one,value", "advents,one,value", 2, "table", "advents", "is no table of the package"),
    ],
)
def test_a_bad_cell_is_named(tmp_path, table, old, new, row, named, value, says):
    assert old in TABLES[table]
    problems = found(tmp_path, {table: TABLES[table].replace(old, new)})
    hits = [
        p for p in problems if (p.table, p.row, p.field, p.value) == (f"data/tables/{table}.csv", row, named, value)
    ]
    assert hits and says in hits[0].message, [str(p) for p in problems]
    assert hits[0].remedy and str(hits[0]).count("\n") == 0


@pytest.mark.parametrize("values", ["46,47", "47,46"])
def test_a_correction_may_be_in_the_file_or_still_to_come(tmp_path, values):
    assert found(tmp_path, {"corrections": f"table,key,field,old,new\nevents,one,value,{values}\n"}) == []


@pytest.mark.parametrize(
    ("table", "text", "says"),
    [
        ("sources", "id,extra\na,\nb,\n", "extra"),
        ("sources", "key\na\nb\n", "id"),
        ("events", TABLES["events"] + "three,2024-07-01\n", "row 4"),
        ("sources", "", "sources.csv"),
        ("stray", "id\n", "is not described"),
    ],
)
def test_a_file_of_the_wrong_shape_is_named(tmp_path, table, text, says):
    problems = found(tmp_path, {table: text})
    assert problems and all(p.table.startswith("data/tables/") for p in problems)
    assert any(p.table.endswith(f"{table}.csv") and says in str(p) for p in problems)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda cells: cells[:3] + cells[4:], [("date_precision", "lacks this column")]),
        (lambda cells: [*cells, "new"], [("new", "datapackage.json does not know this column")]),
        (
            lambda cells: ["id", "day", *cells[2:]],
            [("date", "lacks this column"), ("day", "datapackage.json does not know this column")],
        ),
    ],
)
def test_a_column_too_few_or_too_many_is_said_once_and_not_of_every_cell(tmp_path, change, says):
    head, *rows = TABLES["events"].splitlines()
    text = "\n".join(",".join(change(line.split(","))) for line in (head, *rows)) + "\n"
    problems = [p for p in found(tmp_path, {"events": text}) if p.table == "data/tables/events.csv"]
    assert [(p.field, p.message) for p in problems] == says


@pytest.mark.parametrize("key", ["name", "path"])
def test_a_table_or_file_that_is_listed_twice_is_named(tmp_path, key):
    again = GOOD["resources"][1] | ({"path": "tables/new.csv"} if key == "name" else {"name": "events2"})
    (problem,) = found(tmp_path, {"new": TABLES["events"]}, GOOD | {"resources": [*GOOD["resources"], again]})
    assert (problem.field, problem.value) == (key, GOOD["resources"][1][key]), problem
    assert "twice" in problem.message and problem.remedy


def test_bytes_that_are_no_utf8_are_named(tmp_path):
    folder = write(tmp_path, TABLES, GOOD)
    (folder / "tables/sources.csv").write_bytes("id\na\nb\nMénaka\n".encode("latin-1"))
    assert any(p.table == "data/tables/sources.csv" and "UTF-8" in p.remedy for p in validate(folder))


def test_a_nul_byte_is_named_with_its_line(tmp_path):
    folder = write(tmp_path, TABLES, GOOD)
    path = folder / "tables/sources.csv"
    path.write_bytes(path.read_bytes().replace(b"b", b"b\0"))
    named = [p for p in validate(folder) if p.message == "holds a NUL byte"]
    assert [(p.table, p.row) for p in named] == [("data/tables/sources.csv", 3)]


def test_too_few_rows(tmp_path):
    (problem,) = found(tmp_path, descriptor=_changed("events", "malibook:row_floor", 3))
    assert (problem.value, problem.message) == ("2 rows", "has fewer rows than the floor of 3")


@pytest.mark.parametrize("key", ["title", "licenses", "sources", "malibook:vintage", "malibook:known_gaps"])
def test_what_the_descriptor_leaves_unsaid(tmp_path, key):
    problems = found(tmp_path, descriptor=_changed("events", key, None))
    assert any(p.field == key and p.table == "data/datapackage.json" for p in problems), problems


@pytest.mark.parametrize(
    ("change", "named"),
    [({"malibook:redistribution": "perhaps"}, "redistribution"), ({"malibook:licence_checked": ""}, "licence_checked")],
)
def test_an_unclear_licence(tmp_path, change, named):
    (problem,) = found(tmp_path, descriptor=_changed("events", "licenses", [LICENCE | change]))
    assert problem.field == f"malibook:{named}" and "events" in problem.message


def test_a_field_without_meaning_or_unit(tmp_path):
    descriptor = copy.deepcopy(GOOD)
    del descriptor["resources"][1]["schema"]["fields"][0]["description"]
    del descriptor["resources"][1]["schema"]["fields"][5]["unit"]
    problems = found(tmp_path, descriptor=descriptor)
    assert [(p.field, p.message) for p in problems] == [
        ("events.id", "has no description"),
        ("events.value", "has no unit"),
    ]


def test_a_named_exception_holds_and_a_needless_one_is_a_problem(tmp_path):
    exception = [{"key": "one", "field": "value", "reason": "the source prints it so"}]
    descriptor = _changed("events", "malibook:range_exceptions", exception)
    upside_down = {"events": TABLES["events"].replace("20,47,", "48,47,")}
    assert found(tmp_path / "needed", upside_down, descriptor) == []
    (problem,) = found(tmp_path / "needless", descriptor=descriptor)
    assert problem.message == "exception for events one is not needed"


def test_aggregates_only(tmp_path):
    licence = [LICENCE | {"malibook:redistribution": "aggregate-only"}]
    problems = found(tmp_path, descriptor=_changed("events", "licenses", licence))
    assert {"id", "date", "first_source"} <= {p.field for p in problems if "aggregates only" in p.message}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"resources": []}'])
def test_a_descriptor_that_is_none(tmp_path, text):
    folder = write(tmp_path, TABLES, GOOD)
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (problem,) = validate(folder)
    assert problem.table == "data/datapackage.json" and problem.remedy


def test_a_list_that_points_nowhere(tmp_path):
    (problem,) = found(tmp_path, descriptor=_changed("events", "malibook:lists", {"sources": "books.id"}))
    assert problem.value == "books.id" and "points nowhere" in problem.message


def test_no_descriptor(tmp_path):
    (problem,) = validate(tmp_path)
    assert str(problem) == "data/datapackage.json: is not there; remedy: run inside the book's folder"


def test_a_long_value_is_cut(tmp_path):
    problem = Problem("data/tables/x.csv", 4, "note", "word\n" * 40, "is too\nlong", "shorten it")
    assert "\n" not in str(problem) and len(str(problem)) < 160


def _changed(name: str, key: str, value: object) -> dict:
    descriptor = copy.deepcopy(GOOD)
    target = next(r for r in descriptor["resources"] if r["name"] == name)
    if value is None:
        del target[key]
    else:
        target[key] = value
    return descriptor


def test_tables_checked_side_by_side_give_the_same_problems(tmp_path, monkeypatch):
    monkeypatch.setattr(forks, "FEWEST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    broken = TABLES | {
        "events": TABLES["events"].replace("day", "noon").replace("47,,a", "47,,z"),
        "sources": "id\na\na\n",
    }
    folder = write(tmp_path, broken, GOOD)
    assert validate(folder, side_by_side) == validate(folder)
    assert len(validate(folder)) >= 3


def test_a_table_that_is_gone_or_there_twice_is_told_side_by_side_too(tmp_path):
    twice = GOOD | {"resources": [*GOOD["resources"], SOURCES | {"name": "again"}]}
    folder = write(tmp_path / "twice", TABLES, twice)
    assert validate(folder, side_by_side) == validate(folder)
    folder = write(tmp_path / "gone", TABLES, GOOD)
    (folder / "tables" / "sources.csv").unlink()
    assert validate(folder, side_by_side) == validate(folder) != []
