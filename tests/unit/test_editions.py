"""Editions: what `editions.toml` may say, what is refused and how, what an edition takes of the book, what differs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from malibook.errors import BookError
from malibook.evidence import load
from malibook.press import notebooks, places
from malibook.press.compared import Pair, headlines, pairs
from malibook.press.contents import contents_problems
from malibook.press.degrade import Present, degraded
from malibook.press.differs import what_differs
from malibook.press.due import executed, wanted
from malibook.press.edition_stage import configured, contents
from malibook.press.editions import edition, edition_of_country, names
from malibook.press.ledger import Ledger, contract
from malibook.press.outcome import main_file
from malibook.press.publish import ready
from malibook.press.scope import DIFFERS
from tests.conftest import ROOT

HIGH = '[editions.up]\ntitle = "T: rest"\nparameters = { estimate = "high" }\n'
KEPT = '[editions.up.keeps]\n"04-withdrawal-aftermath" = { estimate = "no low" }\n'


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real notebooks, pages and tables under an `editions.toml` of the test's own."""
    for name in ("notebooks", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "book").symlink_to(ROOT / "book")
    for name in ("_toc.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    return tmp_path


def test_every_committed_edition_can_be_built():
    assert next(iter(names())) == "published" and edition("published") is None
    for name in list(names())[1:]:
        found = edition(name)
        assert found.chapters and DIFFERS in found.documents
        assert not set(found.documents) & set(found.left_out)


def test_an_edition_of_a_country_leaves_out_what_is_about_mali_alone():
    found = edition_of_country("CAF")
    assert found.name == "country-caf" and edition("country-caf") == found
    assert "05-regional-comparison" in found.chapters and "01-french-intervention" not in found.chapters
    assert "Mali" in found.left_out["book/policy-options"]
    assert edition_of_country("BFA").name == "burkina-faso" and edition_of_country("MLI") is None


def test_the_profile_is_a_chapter_of_books_about_other_countries_alone():
    assert "country-profile" not in notebooks.chapters() and notebooks.find("country") == "country-profile"
    assert contents_problems() == [], "the contents need not name it"
    high, niger = edition("high-estimates"), edition("niger")
    assert not any("country-profile" in document for document in (*high.documents, *high.left_out, *wanted()))
    assert niger.chapters[:2] == ("country-profile", "05-regional-comparison")
    assert niger.given["country-profile"] == {"country": "NER"}
    toc = contents(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")), niger)
    named = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert named[named.index("notebooks/country-profile") + 1] == "notebooks/05-regional-comparison"
    assert ["book/welcome", *named] == list(niger.documents)


@pytest.mark.parametrize(
    ("name", "pdf"),
    [("published", "mali.pdf"), ("high-estimates", "mali.pdf"), ("niger", "niger.pdf"), ("country-caf", "central-african-republic.pdf")],
)  # fmt: skip
def test_files_of_a_book_about_another_country_are_named_after_it(name, pdf):
    found = edition(name)
    with places.of(found):
        assert main_file("pdf") == pdf and main_file("html") == "index.html"
    config = configured({"title": "Old"}, found)
    given = config.get("sphinx", {}).get("config", {}).get("typst_pdf_name", "mali.pdf")
    assert given == pdf
    words = config.get("sphinx", {}).get("config", {}).get("typst_keywords", [])
    assert words[:1] == (
        {"niger.pdf": ["Niger"], "central-african-republic.pdf": ["Central African Republic"]}.get(pdf, [])
    )


@pytest.mark.parametrize(
    "text, says",
    [
        ('[editions.up]\nparameters = { estimate = "hihg" }', ("edition up", "estimate", "'best'", "'high'")),
        (
            '[editions.up]\nparameters = { estimat = "high" }',
            ("edition up", "unknown parameter 'estimat'", "'estimate'"),
        ),
        ("[editions.up]\nparameters = { window_months = 99 }", ("edition up", "window_months", "60")),
        ('[editions.up]\nparameters = { end = "2012-01-01" }', ("edition up", "before end")),
        ('[editions.up]\nparameters = { country = "XXX" }', ("edition up", "country", "BFA, CAF")),
        ('[editions.up]\ntitel = "x"', ("unknown field 'titel'", "did you mean 'title'")),
        ("[editions.up]\nnote = 3", ("note must be text",)),
        ("[editions.published]\nnote = 'x'", ("cannot be called",)),
        ("[editions.'../up']\nnote = 'x'", ("cannot be called",)),
        ("[edition.up]\nnote = 'x'", ("unknown table 'edition'", "did you mean 'editions'")),
        ("[editions]\nup = 1", ("is not a table",)),
        ("[editions.up\n", ("cannot be read", "line 1")),
        (HIGH + '[editions.up.keeps]\n"9-x" = { estimate = "no" }', ("unknown chapter '9-x'",)),
        (HIGH + '[editions.up.keeps]\n"03-tinzaouatene" = { end = "no" }', ("unknown parameter of the edition 'end'",)),
        (HIGH + '[editions.up.without]\n"03-tinzaouatene" = 1', ("has no reason",)),
        (
            '[editions.up]\nparameters = { counting_rule = "witness" }\n[editions.up.without]\n"03-tinzaouatene" = "x"',
            ("no chapter", "counting_rule"),
        ),
        (
            '[editions.up]\nparameters = { comparison = "all-four" }\n[editions.up.keeps]\n"05-regional-comparison" = { comparison = "x" }',
            ("no chapter", "comparison"),
        ),
        (
            HIGH + KEPT + '[pages]\nMLI = ["book/timelime"]',
            ("pages, MLI", "unknown page 'book/timelime'", "did you mean 'book/timeline'", "book/who-is-who"),
        ),
        (HIGH + KEPT + '[pages]\nMIL = ["book/timeline"]', ("pages, MIL", "BFA, CAF")),
        (HIGH, ("edition up", "04-withdrawal-aftermath", "estimate", "'high'", "best", "keeps")),
    ],
)
def test_what_is_not_allowed_is_refused_by_file_edition_and_parameter(book, text, says):
    (book / "editions.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BookError) as refused:
        edition("up")
    assert "editions.toml" in str(refused.value)
    for part in says:
        assert part in str(refused.value)


def test_an_unknown_name_is_refused_with_the_nearest(book):
    (book / "editions.toml").write_text(HIGH.replace("up", "high-estimates"), encoding="utf-8")
    with pytest.raises(BookError, match="did you mean 'high-estimates'"):
        edition("high-estimate")


def test_a_chapter_takes_only_what_it_declares_and_keeps_what_it_must(book):
    (book / "editions.toml").write_text(HIGH + KEPT, encoding="utf-8")
    found = edition("up")
    assert found.given["03-tinzaouatene"] == {"estimate": "high"}
    assert found.given["04-withdrawal-aftermath"] == {} and found.given["06-robustness"] == {}
    with places.of(found):
        assert wanted() == {name: dict(given) for name, given in found.given.items()}
        assert executed("03-tinzaouatene") == book / "_build/editions/up/executed/03-tinzaouatene.ipynb"
    assert executed("03-tinzaouatene") == book / "_build/executed/03-tinzaouatene.ipynb"


def test_a_page_that_binds_numbers_of_a_left_out_chapter_is_left_out(book):
    (book / "editions.toml").write_text(
        HIGH + KEPT + '[editions.up.without]\n"02-wagner-arrival" = "why"', encoding="utf-8"
    )
    found = edition("up")
    assert "02-wagner-arrival" in found.left_out["book/how-we-know"]
    assert "book/glossary" in found.documents


def test_titles_and_contents_are_the_editions_own(book):
    (book / "editions.toml").write_text(
        HIGH + KEPT + '[editions.up.without]\n"02-wagner-arrival" = "why"', encoding="utf-8"
    )
    found = edition("up")
    config = configured({"title": "Old", "sphinx": {"config": {"project": "Old", "numfig": True}}}, found)
    assert config["title"] == "T: rest" and config["sphinx"]["config"]["typst_subtitle"] == "Rest"
    assert config["sphinx"]["config"]["numfig"] is True
    toc = {"root": "book/welcome", "parts": [{"chapters": [{"file": "notebooks/02-wagner-arrival"}]}]}
    assert contents(toc, found)["parts"] == [{"caption": "This edition", "chapters": [{"file": DIFFERS}]}]


def test_references_to_what_is_not_there_become_words_that_say_so():
    holds = Present(
        ("book/numbers", "notebooks/05-regional-comparison"), ("05-regional-comparison/peak",), ("fig-5-map",)
    )
    text = "[Here](../book/numbers.md), [one](01-french-intervention.ipynb), [](../book/timeline.md), {n}`02-wagner-arrival/x`, {n}`peak`, {numref}`fig-3-dead`, {numref}`fig-5-map`, [out](https://example.org/a.md), {n}`05-regional-comparison/own`."
    now = degraded(text, "notebooks/05-regional-comparison", holds)
    assert now == (
        "[Here](../book/numbers.md), one (not in this edition), *timeline* (not in this edition), "
        "[a number of wagner arrival, not in this edition], {n}`peak`, a figure (not in this edition), {numref}`fig-5-map`, "
        "[out](https://example.org/a.md), {n}`05-regional-comparison/own`."
    ), "a chapter's own numbers are for its run to lack"
    assert degraded("{n}`05-regional-comparison/own`", "book/05-regional-comparison", holds).startswith("[a number of")


def number(key: str, text: str, value: object) -> dict:
    return {"kind": "number", "key": key, "text": text, "value": value, "unit": "deaths"}


@pytest.mark.parametrize(
    "before, now, says",
    [
        (("100", 100), ("100", 100), "none"),
        (("100", 100), ("150", 150), "+50%"),
        (("100", 100), ("80", 80), "−20%"),
        (("34%", 0.34), ("40%", 0.4), "+6 points"),
        (("0", 0), ("3", 3), "+3"),
        (("May 2022", "2022-05"), ("June 2022", "2022-06"), "other"),
    ],
)
def test_the_change_of_a_number(before, now, says):
    assert Pair("01-a", "k", number("k", *before), number("k", *now)).change == says


@pytest.mark.parametrize("before, now, says", [(5, 2, "3 places higher"), (2, 3, "1 place lower"), (2, 2, "none")])
def test_a_rank_changes_by_places(before, now, says):
    old, new = (number("place", str(at), at) | {"unit": "in order"} for at in (before, now))
    assert Pair("country-profile", "place", old, new).change == says


def test_an_exhibit_that_the_window_lacks_is_not_said_to_be_in_no_table():
    """The tables hold coups of the Central African Republic, of 2001 and 2003: none lies within the window."""
    old = Ledger("country-profile", exhibits=[{"kind": "table", "key": "tbl-p-coups"}])
    page = what_differs(edition_of_country("CAF"), [old], [Ledger("country-profile")], "The book", "")
    (line,) = [line for line in page.splitlines() if "`tbl-p-coups`" in line]
    assert "nothing for it within the window" in line
    (row,) = [line for line in page.splitlines() if line.startswith("| [coups](#table-coups)")]
    assert "2001-05 to 2003-03" in row and "missing" not in row
    (row,) = [line for line in page.splitlines() if line.startswith("| [violence_part_year](")]
    assert row.count("2026-01 to 2026-08") == 2


def test_the_page_says_what_differs_between_two_ledgers(book):
    (book / "editions.toml").write_text(HIGH + KEPT, encoding="utf-8")
    found, chapter = edition("up"), "03-tinzaouatene"
    old = Ledger(
        chapter,
        exhibits=[number("wagner-floor", "46", 46), number("minor", "5", 5), {"kind": "figure", "key": "fig-3-a"}],
    )
    new = Ledger(chapter, exhibits=[number("wagner-floor", "69", 69), number("minor", "5", 5)])
    page = what_differs(found, [old], [new], "The book", "")
    assert f"| `wagner-floor` (deaths) | 46 | {{n}}`{chapter}/wagner-floor` | +50% |" in page
    assert "Of 2 bound numbers of its chapters 1 differ" in page
    assert "The figure `fig-3-a`" in page and "| `minor`" not in page
    assert f"| `estimate` | [](../notebooks/{chapter}.ipynb) | best | high |" in page
    assert [p.change for p in pairs([old], [new])] == ["+50%", "none"]
    assert (chapter, "wagner-floor") in headlines([chapter])


def test_the_page_of_another_country_names_what_is_absent_and_what_is_held():
    found, months = edition_of_country("CAF"), load("violence_month")["iso3"].value_counts()
    page = what_differs(found, [], [], "The book", "https://example.org/")
    promised = contract("02-wagner-arrival")
    assert (
        f"- The chapter `02-wagner-arrival` ({len(promised['figures'])} figures, {len(promised['tables'])} tables, "
        in page
    )
    pages = page.partition("## Pages that are absent")[2].partition("\n## ")[0]
    assert "- `timeline`: it is about Mali alone.\n" in pages and "None" not in pages and "notebooks/" not in pages
    evidence = page.partition("## Evidence that is missing")[2]
    assert f"| [violence_month](#table-violence_month) | {months['MLI']} | 1989-01 to " in evidence
    assert f" | {months['CAF']} | 1989-01 to 2024-12 |" in evidence
    assert "| **missing** | – |" in next(line for line in evidence.splitlines() if "[violence_dyad_month]" in line)
    assert "collected for Mali: [actors](#table-actors)" in evidence


def test_what_sphinx_left_of_other_contents_is_cleared_away(book):
    """Sphinx keeps the page of a document that is gone; its links lead nowhere."""
    aside = book / "aside"
    (book / "editions.toml").write_text(HIGH + KEPT, encoding="utf-8")
    pickle = aside / "_build" / ".doctrees" / "environment.pickle"
    for without, kept in (("", False), ("", True), ('[editions.up.without]\n"02-wagner-arrival" = "why"', False)):
        (book / "editions.toml").write_text(HIGH + KEPT + without, encoding="utf-8")
        with places.of(edition("up")):
            ready(aside)
        assert pickle.exists() is kept
        pickle.parent.mkdir(parents=True, exist_ok=True)
        pickle.write_text("left by Sphinx")
