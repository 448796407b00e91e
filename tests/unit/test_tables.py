"""The only door to the tables refuses a file that pandas would misread without a word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from malibook.errors import BookError
from malibook.evidence import describe, key_of, load
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
