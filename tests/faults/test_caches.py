"""Spoil what an earlier build left behind: the next one must neither stumble over it nor believe it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from malibook.press.hashes import tree_hash
from tests.conftest import malibook
from tests.faults.small import write_small_book

pytestmark = pytest.mark.slow
AHEAD = 86_400
SHIFTED_CLOCK = f"""import time
now, now_ns = time.time, time.time_ns
time.time = lambda: now() + {AHEAD}
time.time_ns = lambda: now_ns() + {AHEAD} * 10**9
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book, built once."""
    book = write_small_book(tmp_path_factory.mktemp("caches") / "book")
    outcome(book)
    return book


@pytest.fixture
def book(small: Path, tmp_path: Path) -> Path:
    """A copy of the built book, whose caches may be spoiled."""
    return Path(shutil.copytree(small, tmp_path / "book"))


def outcome(book: Path, *words: str) -> dict:
    done = malibook(book, "build", "--no-pdf", "--json", *words)
    result = json.loads(done.stdout)
    assert done.returncode == 0, result["problems"]
    return result


def write_prose(book: Path, text: str) -> None:
    page = book / "book" / "glossary.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


def glossary(book: Path) -> str:
    return (book / "_build" / "html" / "book" / "glossary.html").read_text(encoding="utf-8")


def states(result: dict) -> tuple[str, str]:
    return result["chapters"][0]["state"], result["outputs"]["html"]["state"]


def test_an_unchanged_book_is_not_made_again(book):
    assert states(outcome(book)) == ("stands", "stands"), "though it was moved to another folder"


def test_a_truncated_executed_notebook_runs_again(book):
    path = book / "_build" / "executed" / "01-small.ipynb"
    path.write_bytes(path.read_bytes()[:1000])
    result = outcome(book)
    assert states(result)[0] == "ran"
    assert "changed by hand" in result["chapters"][0]["reason"]


def test_a_page_touched_by_hand_is_made_good(book):
    page = book / "_build" / "html" / "book" / "glossary.html"
    good = page.read_bytes()
    page.write_text("vandalised")
    assert states(outcome(book)) == ("stands", "made")
    assert page.read_bytes() == good


def test_spoilt_leavings_of_sphinx_are_thrown_away(book):
    for victim in ("environment.pickle", "welcome.doctree"):
        next((book / "_build" / "aside").rglob(victim)).write_bytes(b"no pickle at all")
    write_prose(book, "A new sentence.")
    outcome(book)
    assert "A new sentence." in glossary(book)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe no text\x00",
        b'{"html":[1],"epub":"x","parts":[["a",5]],"opened":[["x"],{"y":1}],"executed":5}',
        b"[" * 99_999,
    ],
)
def test_records_that_are_no_records_are_not_believed(book, content):
    left = ["ledger.json", "published.json", "standing.json", "receipt.json", "checked", "executed/01-small.json"]
    for name in [*left, "aside/html/.made-by", "stage/_generated/furniture.json"]:
        assert (book / "_build" / name).is_file(), name
        (book / "_build" / name).write_bytes(content)
    page = glossary(book)
    assert states(outcome(book)) == ("ran", "made")
    assert glossary(book) == page
    assert states(outcome(book)) == ("stands", "stands")


def test_what_lies_in_the_way_of_records_is_moved_out_of_it(book):
    for name in ("executed/01-small.json", "executed/01-small.ipynb", "published.json", "checked"):
        (book / "_build" / name).unlink()
        (book / "_build" / name / "deep").mkdir(parents=True)
    assert states(outcome(book)) == ("ran", "made")


def test_a_clock_that_was_set_back_hides_no_change(small, tmp_path, monkeypatch):
    book = write_small_book(tmp_path / "book")
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(SHIFTED_CLOCK)
    with monkeypatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path / "clock"))
        outcome(book)
    for path in (book / "_build").rglob("*"):
        os.utime(path, (time.time() + AHEAD,) * 2)
    write_prose(book, "Written after the clock was set back.")
    outcome(book)
    assert "Written after the clock was set back." in glossary(book)


def test_an_edit_taken_back_gives_the_same_bytes(book):
    pages = {p: p.read_bytes() for p in sorted((book / "_build" / "html").rglob("*")) if p.is_file()}
    page = book / "book" / "glossary.md"
    before = page.read_text(encoding="utf-8")
    write_prose(book, "A slip of the pen.")
    outcome(book)
    page.write_text(before, encoding="utf-8")
    outcome(book)
    now = {p: p.read_bytes() for p in sorted((book / "_build" / "html").rglob("*")) if p.is_file()}
    assert [p.name for p in pages if pages[p] != now.get(p)] == []
    assert set(pages) == set(now)


def test_lines_that_end_as_on_windows_give_the_same_book(book):
    texts = (".md", ".ipynb", ".csv", ".json", ".geojson", ".toml", ".txt", ".yml", ".css", ".js", ".svg")
    outputs = [book / "_build" / name for name in ("html", "epub")]
    before = [tree_hash(folder) for folder in outputs]
    for path in [p for p in book.rglob("*") if p.suffix in texts and "_build" not in p.parts]:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    shutil.rmtree(book / "_build")
    assert states(outcome(book)) == ("ran", "made")
    assert [tree_hash(folder) for folder in outputs] == before


def test_it_builds_from_another_folder(book, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book)}
    command = [sys.executable, "-m", "malibook", "build", "--no-pdf"]
    done = subprocess.run(command, cwd=tmp_path / "elsewhere", env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "elsewhere").iterdir())


def test_why_tells_what_changed_and_verify_what_differs(book):
    assert malibook(book, "build", "--why").stdout.strip() == "01-small: stands"
    done = malibook(book, "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "01-small: 3 identical" in done.stdout
    table = book / "data" / "tables" / "losses.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *rest[:2], first, *rest[2:]]) + "\n", encoding="utf-8")
    assert "table losses: " in malibook(book, "build", "--why").stdout
    done = malibook(book, "verify")
    assert done.returncode == 1
    assert "table tbl-1-losses is different" in done.stdout
    assert "Traceback" not in done.stderr
