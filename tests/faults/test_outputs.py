"""Which outputs a build makes: those that were asked for and are due, each for itself."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.conftest import malibook
from tests.faults.small import write_small_book

pytestmark = pytest.mark.slow
EPUB = "_build/epub/mali.epub"
# Markup that is no XML, as raw HTML in prose may be; the EPUB must be XML all the same.
LOOSE = '\n\n<p class="loose">One<br>two <input type="checkbox" checked disabled><b>three</p>\n'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book, of which only the EPUB was asked for."""
    book = write_small_book(tmp_path_factory.mktemp("outputs") / "book")
    done = malibook(book, "build", "--no-html", "--no-pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"published: {EPUB}" in done.stdout + done.stderr
    return book


def states(book: Path, *words: str) -> dict[str, str]:
    done = malibook(book, "build", "--json", *words)
    result = json.loads(done.stdout)
    assert done.returncode == 0, result["problems"]
    assert all(entry["path"].startswith(f"_build/{kind}/") for kind, entry in result["outputs"].items())
    return {kind: entry["state"] for kind, entry in result["outputs"].items()}


def test_an_epub_alone_is_made_without_an_html_book(book):
    assert (book / EPUB).exists()
    assert not (book / "_build" / "html").exists()
    assert states(book, "--no-html", "--no-pdf") == {"epub": "stands"}


def test_the_epub_stands_when_the_html_is_made_beside_it_and_is_made_again_when_spoiled(book):
    before = (book / EPUB).read_bytes()
    assert states(book, "--no-pdf") == {"html": "made", "epub": "stands"}
    (book / EPUB).write_bytes(before[:1000])
    assert states(book, "--no-pdf") == {"html": "stands", "epub": "made"}
    assert (book / EPUB).read_bytes() == before


def test_a_change_of_prose_makes_both_and_loose_markup_stays_readable(book):
    page = book / "book" / "welcome.md"
    page.write_text(page.read_text(encoding="utf-8") + LOOSE, encoding="utf-8")
    assert states(book, "--no-pdf") == {"html": "made", "epub": "made"}
    with zipfile.ZipFile(book / EPUB) as bundle:
        text = bundle.read("EPUB/book/welcome.xhtml").decode()
    assert "<p>One<br />two <b>three</b></p>" in text


def test_no_output_at_all_is_refused(book):
    done = malibook(book, "build", "--no-html", "--no-pdf", "--no-epub")
    assert done.returncode != 0
    assert "nothing to build" in done.stderr
    assert "Traceback" not in done.stderr
