"""Who reads which table: declared in the descriptor, checked against runs, written from runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from malibook.press import readers
from malibook.press.ledger import Ledger
from malibook.press.notebooks import chapters
from malibook.press.pages import FROM_TABLES, tables_of_files
from tests.conftest import malibook
from tests.faults.small import write_small_book

ROOT = Path(__file__).resolve().parents[2]
FILES = {"_generated/timeline.md": ("events", "politics"), "book/references.bib": ("sources",)}
LEDGERS = [Ledger("01-one", opened=("events", "losses")), Ledger("02-two", opened=("losses",))]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the real data, two pages, and readers declared as `LEDGERS` and `FILES` have them."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "timeline.md").write_text("# T\n\n:::{include} ../_generated/timeline.md\n:::\n")
    (tmp_path / "book" / "sources.md").write_text("# S\n\n:::{bibliography}\n:all:\n:::\n")
    (tmp_path / "book" / "plain.md").write_text("# P\n")
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    readers.declare(LEDGERS, FILES)
    return tmp_path


def described(book: Path) -> dict[str, dict]:
    whole = json.loads((book / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return {raw["name"]: raw for raw in whole["resources"]}


def test_readers_are_those_that_opened_the_table(book):
    tables = described(book)
    assert tables["losses"]["malibook:chapters"] == ["01-one", "02-two"] and tables["losses"]["malibook:pages"] == []
    assert tables["events"]["malibook:chapters"] == ["01-one"] and tables["events"]["malibook:pages"] == ["timeline"]
    assert tables["sources"]["malibook:pages"] == ["sources"] and tables["coups"]["malibook:chapters"] == []
    assert readers.reader_problems(LEDGERS, FILES) == []
    assert readers.declare(LEDGERS, FILES) == [], "written once, nothing is left to write"


def test_a_reader_too_many_and_one_too_few_are_named(book):
    more = [LEDGERS[0], Ledger("02-two", opened=("coups",))]
    found = readers.reader_problems(more, FILES)
    assert len(found) == 2 and all("malibook data chapters --write" in text for text in found)
    assert any("table losses, malibook:chapters: names 02-two, which did not open" in text for text in found)
    assert any("table coups, malibook:chapters: leaves out 02-two" in text for text in found)
    assert readers.declare(more, FILES) == ["coups: 02-two", "losses: 01-one"]


def test_a_page_that_no_longer_takes_a_table_in_is_named(book):
    (book / "book" / "timeline.md").write_text("# T\n")
    found = readers.reader_problems(LEDGERS, FILES)
    assert len(found) == 2 and all("malibook:pages: names timeline" in text for text in found)


def test_a_table_without_a_declaration_is_named_and_a_written_file_stays_readable(book):
    path = book / "data" / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    for raw in whole["resources"]:
        if raw["name"] == "losses":
            del raw["malibook:chapters"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    (found,) = readers.reader_problems(LEDGERS, FILES)
    assert "table losses, malibook:chapters: is not declared; read by: 01-one, 02-two" in found
    readers.declare(LEDGERS, FILES)
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def test_a_table_that_a_refresh_brought_may_be_read_by_anybody(book):
    path = book / "data" / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["resources"].append({"name": "violence_events", "path": "tables/violence_events.csv", "schema": {}})
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert readers.reader_problems([*LEDGERS, Ledger("03-three", opened=("violence_events",))], FILES) == []


def test_the_committed_readers_are_chapters_and_pages_of_this_book():
    names = set(chapters())
    for name, raw in described(ROOT).items():
        assert set(raw["malibook:chapters"]) <= names, name
        assert all((ROOT / "book" / f"{page}.md").is_file() for page in raw["malibook:pages"]), name


def test_the_committed_pages_are_those_that_read():
    assert set(tables_of_files()) == set(FROM_TABLES)
    found = [text for text in readers.reader_problems([], tables_of_files()) if "malibook:pages" in text]
    assert found == []
    tables = described(ROOT)
    assert "timeline" in tables["politics"]["malibook:pages"]
    assert "evidence-tables" in tables["claims"]["malibook:pages"]


def test_each_chapter_declares_what_its_code_loads():
    """Without a run: a table that a notebook loads by name must name that chapter."""
    tables = described(ROOT)
    for name in chapters():
        nb = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        code = "\n".join("".join(c["source"]) for c in nb["cells"] if c["cell_type"] == "code")
        for table, raw in tables.items():
            if f'load("{table}")' in code or f'geo("{table}")' in code:
                assert name in raw["malibook:chapters"], f"{name} loads {table}"


@pytest.mark.slow
def test_wrong_readers_are_noted_by_a_build_refused_by_the_check_and_mended_by_one_command(tmp_path):
    book = write_small_book(tmp_path / "book")
    path = book / "data" / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    for raw in whole["resources"]:
        if raw["name"] in ("losses", "coups"):
            raw["malibook:chapters"] = ["01-small"] if raw["name"] == "coups" else []
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    built = malibook(book, "build", "--no-pdf")
    assert "malibook data chapters --write" in built.stdout + built.stderr
    red = malibook(book, "data", "chapters")
    assert red.returncode == 1 and "Traceback" not in red.stderr
    assert "table coups, malibook:chapters: names 01-small, which did not open the table" in red.stderr
    assert "table losses, malibook:chapters: leaves out 01-small" in red.stderr
    written = malibook(book, "data", "chapters", "--write")
    assert written.returncode == 0 and "losses: 01-small" in written.stdout
    assert malibook(book, "data", "chapters").returncode == 0
    assert "chapter stands: 01-small" in written.stdout, "who reads a table is no reason to run a chapter again"


@pytest.mark.slow
def test_the_committed_descriptor_names_every_reader(built):
    """Against the runs of the whole book: who declares and who reads must be the same."""
    done = malibook(built, "data", "chapters")
    assert done.returncode == 0, done.stderr
