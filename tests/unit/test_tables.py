"""The only door to the tables refuses a file that pandas would misread without a word."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from malibook.errors import BookError
from malibook.evidence import describe, key_of, load, tables
from malibook.evidence.package import _text

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def losses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table `losses` in a copy of the package, to break."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    return tmp_path / "data" / "tables" / "losses.csv"


def test_a_first_row_with_a_cell_too_many_is_refused(losses):
    lines = losses.read_text(encoding="utf-8").splitlines()
    losses.write_text("\n".join([lines[0], lines[1] + ",", *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"tables/losses.csv, row 2: has more cells than the header has columns"):
        load("losses")


def test_a_later_row_with_a_cell_too_many_is_refused(losses):
    losses.write_text(losses.read_text(encoding="utf-8").rstrip("\n") + ",\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"tables/losses.csv: cannot be read"):
        load("losses")


def test_a_part_of_a_key_that_is_missing_is_a_dash():
    table, resource = load("violence_dyad_month"), describe("violence_dyad_month")
    keys = [key_of(row, resource) for row in table.to_dict("records")]
    assert any(key.endswith("/–") for key in keys), "violence against civilians has no second side"
    assert not any(word in key.split("/") for key in keys for word in ("nan", "<NA>", "None", "NaT"))


def test_a_table_knows_its_readers():
    events = describe("events")
    assert "01-french-intervention" in events.chapters and "timeline" in events.pages
    assert describe("coups").pages == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["One gap.", "Another."], "One gap. Another."),
        (["GED 26.1", "Candidate 26.0.8"], "GED 26.1; Candidate 26.0.8"),
        ("x", "x"),
        (None, ""),
    ],
)
def test_sentences_of_the_descriptor_follow_one_another(written, read):
    assert _text(written) == read


@pytest.fixture
def ahead(losses: Path) -> Path:
    """Have the tables of a copy of the package read ahead; return its folder."""
    tables._kept.clear()
    tables.forget_opened()
    tables.read_ahead()
    return losses.parents[2]


def test_what_is_read_ahead_is_traced_only_when_it_is_opened(ahead):
    assert tables._kept and tables.opened() == ()
    name = next(iter(tables._kept))
    before = tables._kept[name][2]
    assert load(name).equals(before) and tables.opened() == (name,)
    assert tables._kept[name][2] is before  # and was not read again


def test_what_changed_since_it_was_read_ahead_is_read_again(ahead):
    name = "events"
    path = ahead / "data" / describe(name).path
    stamp = path.stat().st_mtime_ns
    first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(first + "".join(rest[:-1]), encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert len(load(name)) == len(rest) - 1


def test_a_descriptor_that_changed_with_the_same_time_is_read_again(ahead):
    path = ahead / "data" / "datapackage.json"
    stamp = path.stat().st_mtime_ns
    name = next(iter(tables._kept))
    raw = json.loads(path.read_text(encoding="utf-8"))
    next(r for r in raw["resources"] if r["name"] == name)["title"] = "Another title"
    path.write_text(json.dumps(raw), encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))
    assert describe(name).title == "Another title"


def test_a_table_that_cannot_be_read_ahead_is_left_to_who_needs_it(ahead):
    name = next(iter(tables._kept))
    (ahead / "data" / describe(name).path).write_bytes(b"\xff\xfe")
    tables._kept.clear()
    tables.read_ahead()
    assert name not in tables._kept and len(tables._kept) > 3
    with pytest.raises(BookError):
        load(name)
