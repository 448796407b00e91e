"""What a chapter must show, what it may show, and what a remark may say."""

from __future__ import annotations

import tomllib

import pytest
from nbformat import from_dict

from malibook import exhibits as ex
from malibook.errors import BookError
from malibook.evidence import Parameters
from malibook.exhibits import ledger as exhibits_ledger
from malibook.press.ledger import Ledger, breaches, contract, read_ledger, write_contracts
from malibook.press.stage import exhibit_markdown
from tests.conftest import ROOT

TEXT = """["01-one"]
figures = ["fig-1-a"]
tables = []
numbers = ["n-1"]
remarks = ["words"]
optional = ["fig-1-more", "tbl-1-more", "n-more"]
"""
MUST = [("figure", "fig-1-a"), ("number", "n-1"), ("remark", "words")]


@pytest.fixture
def book(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"resources": []}')
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "contracts.toml").write_text(TEXT)
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    return tmp_path


def ledger(*shown: tuple[str, str], text: str = "Words.") -> Ledger:
    return Ledger("01-one", exhibits=[{"kind": kind, "key": key, "text": text} for kind, key in shown])


def test_optional_exhibits_keep_the_contract_shown_or_not(book):
    assert breaches(ledger(*MUST)) == []
    assert breaches(ledger(*MUST, ("figure", "fig-1-more"))) == []
    assert breaches(ledger(*MUST, ("figure", "fig-1-more"), ("table", "tbl-1-more"), ("number", "n-more"))) == []


def test_all_else_is_still_a_breach(book):
    (found,) = breaches(ledger(*MUST, ("figure", "fig-1-other")))
    assert "figure 'fig-1-other' was shown, but is not in the contract" in found
    (found,) = breaches(ledger(*MUST[1:], ("figure", "fig-1-more")))
    assert "figure 'fig-1-a' is in the contract, but the run did not show it" in found
    (found,) = breaches(ledger(*MUST, ("table", "tbl-1-more"), ("table", "tbl-1-more")))
    assert "table 'tbl-1-more' was shown twice" in found
    (found,) = breaches(ledger(*MUST[:2]))
    assert "remark 'words' is in the contract, but the run did not show it" in found
    (found,) = breaches(ledger(*MUST, ("remark", "other")))
    assert "remark 'other' was shown, but is not in the contract" in found


def test_a_number_typed_into_a_remark_is_a_breach(book):
    (found,) = breaches(ledger(*MUST, text="There were 4,711 of them on 3 May 2020."))
    assert "remark 'words' has '4,711' typed, not bound" in found
    assert (
        breaches(ledger(*MUST, text="There were {n}`n-more`; `malibook data refresh --ucdp-ged FILE` adds 2020.")) == []
    )


def test_an_exhibit_is_promised_or_optional_and_never_both(book):
    (book / "notebooks" / "contracts.toml").write_text(TEXT.replace('["fig-1-a"]', '["fig-1-a", "fig-1-more"]'))
    with pytest.raises(BookError, match="both promises 'fig-1-more' and calls it optional"):
        contract("01-one")


def test_a_written_contract_keeps_what_is_optional_and_holds(book):
    for more in ([], [("figure", "fig-1-more"), ("number", "n-more")]):
        run = ledger(*MUST, *more)
        text = write_contracts([run, Ledger("02-two", exhibits=[{"kind": "table", "key": "tbl-2-a"}])])
        written = tomllib.loads(text)
        assert written["01-one"] == tomllib.loads(TEXT)["01-one"]
        assert written["02-two"] == {"figures": [], "tables": ["tbl-2-a"], "numbers": []}
        (book / "notebooks" / "contracts.toml").write_text(text)
        assert breaches(run) == []


def test_a_first_contract_needs_none_before_it_and_an_emptied_one_is_refused(book):
    path = book / "notebooks" / "contracts.toml"
    path.write_text("")
    with pytest.raises(BookError, match=r"contracts\.toml.*is empty|is empty"):
        write_contracts([ledger(*MUST)])
    path.unlink()
    assert "optional" not in tomllib.loads(write_contracts([ledger(*MUST)]))["01-one"]


def test_the_committed_contract_is_as_the_command_writes_it_in_its_keys():
    """No chapter of the book promises an optional exhibit, and none lists a key twice."""
    known = tomllib.loads((ROOT / "notebooks" / "contracts.toml").read_text(encoding="utf-8"))
    for name, lists in known.items():
        assert set(lists) <= {"figures", "tables", "numbers", "remarks", "optional", "countries", "needs", "unless"}, (
            name
        )
        keys = [key for kind, held in lists.items() for key in held if kind not in ("numbers", "countries", "unless")]
        assert len(keys) == len(set(keys)), name
        assert contract(name) == lists


def test_a_remark_enters_the_ledger_and_says_something(monkeypatch):
    monkeypatch.setattr(exhibits_ledger, "_current", exhibits_ledger.Chapter("01-one", Parameters()))
    ex.remark("words", "  Some words.\n", title=ex.MISSING)
    entry = exhibits_ledger.current().records["remark:words"]
    assert (entry["kind"], entry["text"], entry["title"]) == ("remark", "Some words.", "Not in this copy of the data")
    for key, text in (("Words", "x"), ("words", " \n")):
        with pytest.raises(BookError):
            ex.remark(key, text)


def test_a_remark_is_staged_as_prose_or_as_a_box_under_its_title():
    entry = {"kind": "remark", "chapter": "01-one", "key": "words", "text": "See {numref}`fig-1-a`.", "title": ""}
    assert exhibit_markdown(entry) == "See {numref}`fig-1-a`."
    assert exhibit_markdown(entry | {"title": "T"}) == ":::{admonition} T\n:class: note\n\nSee {numref}`fig-1-a`.\n:::"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'["01-one"]\nfigures = 5\n', "01-one: figures is no list"),
        (b'["01-one"]\nfigures = "fig-1-a"\n', "01-one: figures is no list"),
        (b'"01-one" = ["fig"]\n"02-two" = 5\n', "02-two: the whole is no list"),
        (b'["01-one"]\nunless = 5\n', "01-one: unless is no list"),
        (b"[x", "cannot be read"),
        (TEXT.encode("utf-16"), "cannot be read: .*decode"),
    ],
)
def test_a_broken_file_is_refused_with_the_cause(book, content, says):
    (book / "notebooks" / "contracts.toml").write_bytes(content)
    with pytest.raises(BookError, match=rf"contracts.toml.*{says}"):
        contract("01-one")


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (
            {"output_type": "stream", "name": "stdout", "text": " \n\n"},
            "prints something that is no exhibit: an empty line",
        ),
        (
            {"output_type": "error", "ename": "SystemExit", "evalue": "0"},
            "ends the run before its last cell: SystemExit 0",
        ),
        (
            {"output_type": "display_data", "data": {"text/html": ""}},
            "prints something that is no exhibit: display_data",
        ),
    ],
)
def test_an_output_that_says_nothing_is_refused_in_words(book, output, says):
    cell = from_dict({"cell_type": "code", "source": "x", "metadata": {}, "outputs": [output]})
    with pytest.raises(BookError, match=says):
        read_ledger(from_dict({"cells": [cell]}), "01-one")
