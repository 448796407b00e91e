"""An edition of the small book, built whole: its own folder, title and page, the published runs beside it, the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import malibook
from tests.faults.small import write_small_book

pytestmark = pytest.mark.slow
EDITION = '[editions.high]\ntitle = "High: a small book"\nnote = "The high one."\nparameters = { end = "2020-12-31" }\n'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = write_small_book(tmp_path_factory.mktemp("edition") / "book")
    (book / "editions.toml").write_text(EDITION, encoding="utf-8")
    return book


@pytest.fixture(scope="module")
def outcome(book: Path) -> dict:
    done = malibook(book, "build", "--edition", "high", "--no-pdf", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0, result["problems"]
    return result


def test_an_edition_is_built_into_its_own_folder_under_its_own_title(book, outcome):
    html = book / "_build" / "editions" / "high" / "html"
    assert outcome["edition"] == "high" and outcome["outputs"]["html"]["path"] == "_build/editions/high/html/index.html"
    page = (html / "book" / "what-differs.html").read_text(encoding="utf-8")
    assert "<title>What differs — High</title>" in page and "peak" in page
    assert "not the published one" in (html / "notebooks" / "01-small.html").read_text(encoding="utf-8")
    assert (book / "_build" / "editions" / "high" / "epub" / "mali.epub").exists()
    assert not (book / "_build" / "html").exists(), "the published edition was not asked for"


def test_it_stands_and_its_receipt_is_verified(book, outcome):
    again = json.loads(malibook(book, "build", "--edition", "high", "--no-pdf", "--json").stdout)
    assert again["outputs"]["html"]["state"] == "stands" and again["chapters"][0]["state"] == "stands"
    assert "01-small: stands" in malibook(book, "build", "--edition", "high", "--why").stdout
    receipt = book / "_build" / "editions" / "high" / "receipt.json"
    assert json.loads(receipt.read_text())["edition"] == "high"
    done = malibook(book, "verify", "--receipt", str(receipt))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bad_parameter_is_refused_before_any_kernel(book, outcome):
    (book / "editions.toml").write_text(EDITION.replace("2020-12-31", "2011-12-31"), encoding="utf-8")
    done = malibook(book, "build", "--edition", "high", "--no-pdf")
    (book / "editions.toml").write_text(EDITION, encoding="utf-8")
    assert done.returncode == 1 and "editions.toml, edition high" in done.stderr and "Traceback" not in done.stderr
    assert "chapter" not in done.stdout
