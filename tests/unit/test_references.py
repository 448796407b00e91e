"""The bibliography: nothing cited is missing, nothing listed is uncited, and every entry is of one style."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from malibook.evidence import bibliography, descriptor, forget_opened, load, opened, source_ids
from malibook.evidence.sources import cited_years, credit
from malibook.press import references

ENTRY = re.compile(r"@(\w+)\{([^,]+),\n(.*?)\n\}\n", re.S)


@pytest.fixture(scope="module")
def entries() -> dict[str, dict[str, str]]:
    """The bibliography's entries by id, each as its fields."""
    return {
        key: dict(re.findall(r"^  (\w+) = \{(.*)\},?$", body, re.M))
        for _, key, body in ENTRY.findall(references.cited_bibliography())
    }


def document(**more: str) -> dict[str, str]:
    return {
        "id": "x",
        "author": "",
        "title": "T",
        "publisher": "P",
        "date": "",
        "url": "",
        "kind": "press",
        "text_read": "yes",
    } | more


def entry(**more: str) -> str:
    return bibliography(pd.DataFrame([document(**more)]))


def test_no_citation_in_prose_is_missing_from_the_table():
    assert references.cited_in_prose() - source_ids() == set()


def test_no_row_names_a_document_that_the_table_lacks():
    known = source_ids() | {"unhcr", "idmc"}  # displacement names its two series by the agency
    assert references.cited_in_rows() - known == set()


def test_every_column_that_the_descriptor_leads_to_documents_is_looked_at():
    found: set[str] = set()
    for raw in descriptor()["resources"]:
        keys = [k for k in raw.get("schema", {}).get("foreignKeys", []) if k["reference"]["resource"] == "sources"]
        found |= {column for column, target in (raw.get("malibook:lists") or {}).items() if target == "sources.id"}
        found |= {name for key in keys for name in key["fields"]}
    assert found and found <= set(references.LISTS)


def test_the_bibliography_is_what_is_cited_and_nothing_else(entries):
    assert set(entries) == references.cited_ids()
    assert references.cited_in_prose() <= set(entries)


def test_every_entry_says_who_what_and_when(entries):
    for key, fields in entries.items():
        assert fields["author"].strip("{} "), key
        assert fields["title"].strip("{} "), key
        assert re.fullmatch(r"\d{4}[a-z]?|n\.d\.(-[a-z])?", fields["year"]), key
        assert re.fullmatch(r"(?:\d{1,2} )?[A-Z][a-z]+", fields.get("month", "May")), key


def test_titles_carry_no_stray_stops_or_spaces(entries):
    for key, fields in entries.items():
        title = fields["title"].strip("{}")
        assert title == title.strip(), key
        assert not re.search(r"  |(?<!\.)\.$|https?:", title), key


def test_a_document_without_an_address_has_a_place(entries):
    own = set(load("sources").query("author == publisher or author.isna()")["id"])  # printed under their publisher
    for key, fields in entries.items():
        assert "url" in fields or "howpublished" in fields or "journal" in fields or key in own, key
        assert fields.get("url", "https://x").startswith(("http://", "https://")), key


def test_every_relay_is_said_to_be_one(entries):
    relays = load("sources").query("kind == 'press-relay'")["id"]
    for key in set(relays) & set(entries):
        assert re.search(r"Relayed by|Press relay", entries[key]["howpublished"]), key


def test_what_was_not_read_is_said_to_be_second_hand(entries):
    sources = load("sources").set_index("id")["text_read"]
    for key, fields in entries.items():
        assert (sources[key] == "no") == (fields.get("note", "").startswith("Cited at second hand")), key


@pytest.mark.parametrize(
    ("author", "publisher", "credited"),
    [
        ("AFP", "SpaceWar", ("AFP", "Relayed by SpaceWar")),
        ("RFI via PressAfrik", "PressAfrik", ("RFI", "Relayed by PressAfrik")),
        ("Devdiscourse (Reuters)", "Devdiscourse", ("Reuters", "Relayed by Devdiscourse")),
        ("AP", "AP via Yahoo", ("AP", "Relayed by Yahoo")),
        ("Bellingcat", "Bellingcat (blufify.com copy)", ("Bellingcat", "Relayed by blufify.com")),
        ("Katarina Höije (Bloomberg)", "ima-api.org", ("Katarina Höije (Bloomberg)", "Relayed by ima-api.org")),
        ("", "Al Jazeera (relay)", ("Al Jazeera", "Press relay")),
    ],
)
def test_a_relay_is_credited_to_whoever_wrote_the_text(author, publisher, credited):
    assert credit(document(author=author, publisher=publisher, kind="press-relay")) == credited


def test_a_date_is_written_out_once():
    assert "month = {28 July},\n  year = {2024}" in entry(date="2024-07-28")
    assert "month = {July},\n  year = {2024}" in entry(date="2024-07")
    assert "month" not in entry(date="2024") and "year = {n.d.}" in entry(date="")


def test_no_two_entries_are_cited_alike(entries):
    cited = [(fields["author"].casefold(), fields["year"]) for fields in entries.values()]
    assert len(set(cited)) == len(cited)
    assert sum(year[-1:].isalpha() for _, year in cited) > 100  # the press agencies alone


def test_letters_follow_the_dates_and_stand_only_where_they_are_needed():
    rows = [
        document(id="late", author="AFP", date="2024-08-07"),
        document(id="early", author="afp", date="2024-01"),
        document(id="alone", author="AFP", date="2023-01-01"),
        document(id="one", author="Wiki"),
        document(id="two", author="Wiki", title="A"),
    ]
    named = {"early": "2024a", "late": "2024b", "alone": "2023", "two": "n.d.-a", "one": "n.d.-b"}
    assert cited_years(rows) == named
    many = cited_years(document(id=f"{n:02}", date=f"2024-01-{n:02}") for n in range(1, 29))
    assert [many[name] for name in ("01", "26", "27", "28")] == ["2024a", "2024z", "2024aa", "2024ab"]


def test_whoever_labels_a_document_says_the_year_of_the_bibliography(entries):
    named = references.labels()
    assert set(named) == set(load("sources")["id"])
    for key, fields in entries.items():
        assert named[key].endswith(f", {fields['year']}"), key


def test_who_lists_what_is_cited_has_read_no_table_but_the_documents():
    forget_opened()
    references._cited_ids.cache_clear()
    references.labels()
    assert opened() == ("sources",)


def test_only_scholarship_is_set_as_an_article():
    assert entry(kind="academic", author="A").startswith("@article")
    assert entry(kind="think-tank", author="A").startswith("@misc")
