"""Plant one fault at a time in a good book: each build must turn red, say what and where, and keep the last good book."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import malibook
from tests.faults.small import write_small_book

pytestmark = pytest.mark.slow
CHAPTER = "notebooks/01-small.ipynb"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of one short chapter, on the real data, built once."""
    book = write_small_book(tmp_path_factory.mktemp("small") / "book")
    done = malibook(book, "build", "--no-pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    return book


@pytest.fixture
def book(small: Path, tmp_path: Path) -> Path:
    """The small book with a last edition, ready to be broken."""
    copy = tmp_path / "book"
    shutil.copytree(small, copy, ignore=shutil.ignore_patterns("html", "stage", "aside"))
    (copy / "_build" / "html").mkdir(parents=True)
    (copy / "_build" / "html" / "index.html").write_text("the last good book")
    return copy


def is_red(book: Path, *says: str, command: tuple[str, ...] = ("build", "--no-pdf")) -> None:
    done = malibook(book, *command)
    assert done.returncode == 1, f"stayed green:\n{done.stdout}\n{done.stderr}"
    for text in says:
        assert text in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) < 40, "one screen"
    assert (book / "_build" / "html" / "index.html").read_text() == "the last good book"


def add_cell(book: Path, source: str, kind: str = "code") -> None:
    path = book / CHAPTER
    nb = json.loads(path.read_text(encoding="utf-8"))
    cell = {"cell_type": kind, "id": "planted", "metadata": {}, "source": source}
    nb["cells"].append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    path.write_text(json.dumps(nb), encoding="utf-8")


def append(book: Path, page: str, text: str) -> None:
    path = book / page
    path.write_text(path.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")


def edit(book: Path, page: str, old: str, new: str) -> None:
    path = book / page
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_untouched_book_is_green(book):
    done = malibook(book, "build", "--no-pdf")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("chapter stands") == 1


def test_a_failing_cell(book):
    add_cell(book, "rate = 1\nrate / 0")
    is_red(book, CHAPTER, "ZeroDivisionError", "line 2", "rate / 0")


def test_a_warning_in_a_cell(book):
    add_cell(book, "import warnings; warnings.warn('check this')")
    is_red(book, CHAPTER, "writes to stderr", "check this")


def test_a_stray_print(book):
    add_cell(book, "print('left over')")
    is_red(book, CHAPTER, "prints something that is no exhibit: left over")


def test_a_missing_exhibit(book):
    edit(book, "notebooks/contracts.toml", "figures = [", 'figures = ["fig-1-promised", ')
    is_red(book, "fig-1-promised", "did not show it")


def test_a_dead_link(book):
    append(book, "book/glossary.md", "See [the annex](annex.md).")
    is_red(book, "glossary.md", "annex.md")


def test_an_undefined_reference(book):
    add_cell(book, "As {numref}`fig-1-nowhere` shows.", "markdown")
    is_red(book, "01-small", "fig-1-nowhere")


def test_a_number_that_nothing_binds(book):
    add_cell(book, "It was {n}`never-computed`.", "markdown")
    is_red(book, "01-small", "never-computed")


def test_an_unknown_source(book):
    append(book, "book/glossary.md", "So says {cite:t}`nobody_2030`.")
    is_red(book, "glossary.md", "nobody_2030")


def test_a_chapter_missing_from_disk(book):
    append(book, "_toc.yml", "      - file: book/epilogue")
    is_red(book, "_toc.yml", "book/epilogue", "no such file")


def test_a_page_missing_from_the_contents(book):
    (book / "book" / "draft.md").write_text("# Draft\n")
    is_red(book, "_toc.yml", "book/draft")


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("violence_year.csv", "MLI,2022,", "MLI,twenty,", "violence_year"),
        ("violence_year.csv", "iso3,year,type", "iso3,annee,type", "violence_year"),
        ("sources.csv", "id,author", "id,author\nbroken", "sources"),
    ],
)
def test_a_broken_table(book, table, old, new, says):
    edit(book, f"data/tables/{table}", old, new)
    is_red(book, says)


def test_a_table_that_is_not_there(book):
    (book / "data" / "tables" / "events.csv").unlink()
    is_red(book, "events")


def test_a_descriptor_that_is_not_json(book):
    append(book, "data/datapackage.json", "}")
    is_red(book, "datapackage.json")


def test_a_corrupted_notebook(book):
    path = book / CHAPTER
    path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")
    is_red(book, CHAPTER, "not a readable notebook")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--countri", "MLI"), "unknown parameter 'countri'"),
        (("--estimate", "middle"), "'low', 'best' or 'high'"),
        (("--start", "2020-01-01", "--end", "2019-01-01"), "must come before end"),
        (("--estimate",), "has no value"),
    ],
)
def test_a_wrong_parameter_is_refused_before_any_kernel_starts(book, words, says):
    is_red(book, says, command=("run", "01", "-o", "out", *words))
    assert not list(book.glob("out/*")), "nothing may have run"


def test_a_typed_number(book):
    add_cell(book, "The rebels say that 84 died.", "markdown")
    is_red(book, "84", "typed, not bound", command=("check",))


def test_a_definition_in_a_notebook(book):
    add_cell(book, "def helper():\n    return 1")
    is_red(book, "defines 'helper'", command=("check",))


def test_a_dead_build_does_not_block_the_next(book):
    (book / "_build" / ".building").write_text("999999999")
    assert malibook(book, "build", "--no-pdf").returncode == 0
