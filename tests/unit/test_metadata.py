"""Citation, archives' metadata, library, pages and PDF say the same of the book, and a file that says otherwise is named."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import yaml

from malibook.errors import BookError
from malibook.press import agreement, metadata
from malibook.press.compile import environment
from malibook.press.provenance import provenance
from malibook.press.typst import matter
from tests.conftest import ROOT

FILES = ("CITATION.cff", "pyproject.toml", "_config.yml", "CHANGELOG.md", ".zenodo.json", "codemeta.json")


@pytest.fixture
def copy(tmp_path):
    """The files that describe the book, to be changed."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, (path.name, before)
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_all_files_agree_as_committed():
    assert agreement.disagreements(ROOT) == []


def test_the_facts_are_equal_file_by_file():
    """Read each file by itself, not through the code that writes them."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    zenodo, codemeta = (json.loads((ROOT / n).read_text(encoding="utf-8")) for n in FILES[4:])
    assert {cff["title"], zenodo["title"], codemeta["name"], config["title"]} == {cff["title"]}
    assert project["description"].startswith(cff["title"])
    assert {cff["version"], zenodo["version"], codemeta["version"], project["version"]} == {cff["version"]}
    assert {str(cff["date-released"]), zenodo["publication_date"], codemeta["datePublished"]} == {
        str(cff["date-released"])
    }
    authors = [author["name"] for author in cff["authors"]]
    assert authors == [c["name"] for c in zenodo["creators"]] == [a["name"] for a in codemeta["author"]]
    assert authors == [a["name"] for a in project["authors"]] == [config["author"]]
    assert cff["keywords"] == zenodo["keywords"] == codemeta["keywords"] == project["keywords"]
    assert cff["license"] == [address.rpartition("/")[2] for address in codemeta["license"]]
    assert cff["license"][0] == zenodo["license"] == project["license"]
    assert all(name in zenodo["notes"] for name in cff["license"])
    assert sorted(project["dependencies"]) == codemeta["softwareRequirements"]


def test_the_pdf_title_page_prints_the_same(monkeypatch):
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    origin = provenance()
    for name, value in environment(origin).items():
        monkeypatch.setenv(name, value)
    unset = {f"typst_{name}": None for name in ("commit", "data_version", "date", "authors")}
    given = config["sphinx"]["config"] | unset | {"author": config["author"], "typst_words": {}}
    said = matter.book_data(SimpleNamespace(**given))
    title, subtitle = cff["title"].split(": ")
    assert (said["title"], said["subtitle"].casefold()) == (title, subtitle.casefold())
    assert said["authors"] == [author["name"] for author in cff["authors"]]
    assert said["keywords"] == cff["keywords"]
    assert said["facts"]["Version"] == cff["version"]
    assert said["facts"]["Commit"] == origin.commit
    # The PDF's date is its commit's, the citation's that of the release: the former cannot be the earlier one.
    printed = said["facts"]["Date"]
    assert printed == datetime.fromtimestamp(origin.epoch, UTC).date().isoformat()
    assert origin.commit == "no commit" or printed >= str(cff["date-released"])


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"', "pyproject.toml: version"),
        ("pyproject.toml", 'license = "MIT"', 'license = "ISC"', "pyproject.toml: license"),
        ("pyproject.toml", '"Sahel", ', "", "pyproject.toml: keywords"),
        ("pyproject.toml", "The malibook team", "Somebody", "pyproject.toml: authors"),
        ("_config.yml", "Wagner and the aftermath", "Wagner", "_config.yml: title"),
        ("_config.yml", 'typst_version: "0.1.0"', 'typst_version: "0.1.1"', "_config.yml: typst_version"),
        ("_config.yml", 'copyright: "2026"', 'copyright: "2025"', "_config.yml: copyright"),
        (
            "_config.yml",
            'repository_url: ""',
            "repository_url: https://example.org/a/b",
            "_config.yml: html: repository_url",
        ),
        ("CHANGELOG.md", "## 0.1.0 (2026-11-22)", "## 0.1.0 (2026-11-23)", "CHANGELOG.md: newest release"),
        (".zenodo.json", '"version": "0.1.0"', '"version": "0.1"', ".zenodo.json"),
        ("codemeta.json", "spdx.org/licenses/MIT", "spdx.org/licenses/ISC", "codemeta.json"),
    ],
)
def test_a_file_that_says_something_else_is_named(copy, name, before, after, told):
    change(copy / name, before, after)
    found = agreement.disagreements(copy)
    assert len(found) == 1 and found[0].startswith(told), found


def test_what_is_generated_is_written_once(copy):
    change(copy / "CITATION.cff", "2026-11-22", "2026-12-01")
    assert metadata.write_generated(copy) == [".zenodo.json", "codemeta.json"]
    assert json.loads((copy / ".zenodo.json").read_text(encoding="utf-8"))["publication_date"] == "2026-12-01"
    assert metadata.write_generated(copy) == []


def test_people_and_a_repository_are_described(copy):
    person = "family-names: Traoré\n    given-names: Aïssata\n    affiliation: USTTB\n    orcid: https://orcid.org/0000-0002-1825-0097"
    change(copy / "CITATION.cff", 'name: "The malibook team"', person)
    change(copy / "CITATION.cff", "version: 0.1.0", "version: 0.1.0\nrepository-code: https://example.org/mali")
    metadata.write_generated(copy)
    zenodo, codemeta = (json.loads((copy / n).read_text(encoding="utf-8")) for n in FILES[4:])
    assert zenodo["creators"] == [{"name": "Traoré, Aïssata", "orcid": "0000-0002-1825-0097", "affiliation": "USTTB"}]
    assert codemeta["author"][0]["familyName"] == "Traoré"
    assert codemeta["codeRepository"] == zenodo["related_identifiers"][0]["identifier"] == "https://example.org/mali"
    found = agreement.disagreements(copy)
    for field in (
        "author: 'The malibook team'",
        "html: repository_url: '', but CITATION.cff has 'https://example.org/mali'",
    ):
        assert any(line.startswith(f"_config.yml: {field}") for line in found), found


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("title:", "titel:", "lacks title"),
        ("authors:\n", "authors: [x]\nold:\n", "no list of authors"),
        ("cff", "[", "cannot be read"),
    ],
)
def test_a_citation_that_cannot_be_read_is_refused(copy, before, after, told):
    change(copy / "CITATION.cff", before, after)
    with pytest.raises(BookError, match=told) as refused:
        metadata.facts(copy)
    assert refused.value.where == "CITATION.cff" and refused.value.remedy
