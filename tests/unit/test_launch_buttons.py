"""The launch buttons: their addresses, where they stand, and that without a repository there are none."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from malibook.errors import BookError
from malibook.press import places, unchanged
from malibook.press.editions import edition
from malibook.press.furniture import book as facts
from malibook.press.furniture import launch
from malibook.press.furniture.book import REPOSITORY, Book, book_facts, repository_address
from malibook.press.furniture.furnish import dressed as furnish_page
from malibook.press.furniture.launch import colab_cell, launch_panel, launches
from malibook.press.furniture.pages import Page
from malibook.press.harden import harden
from malibook.press.notebooks import chapters
from malibook.press.provenance import provenance
from tests.conftest import ROOT

SOURCE = "https://github.com/sahel/mali"
BOOK = Book("Mali: a war", "The team", "2026", "1.2.0", "abc123", "0.9", "ffff", "", SOURCE)
HTML = '<html><head><meta charset="utf-8"></head><body><article><h1>Title</h1><p>Text.</p></article></body></html>'


def chapter(name: str = "notebooks/03-tinzaouatene") -> Page:
    return Page(name, HTML)


def test_each_button_opens_the_page_s_own_notebook():
    binder, colab, codespaces = launches(SOURCE, "notebooks/03-tinzaouatene.ipynb")
    assert binder.address.startswith("https://mybinder.org/v2/gh/sahel/mali/HEAD?urlpath=")
    assert parse_qs(urlsplit(binder.address).query) == {"urlpath": ["/lab/tree/notebooks/03-tinzaouatene.ipynb"]}
    base = "https://colab.research.google.com/github/sahel/mali/blob/HEAD/"
    assert colab.address == f"{base}notebooks/03-tinzaouatene.ipynb"
    assert codespaces.address == "https://codespaces.new/sahel/mali?quickstart=1"


def test_a_page_s_path_is_that_of_its_notebook_in_the_repository():
    for name in chapters():
        panel = launch_panel(chapter(f"notebooks/{name}"), BOOK)
        path = re.search(r"blob/HEAD/([^\"]+)", panel)[1]
        assert (ROOT / path).is_file()


@pytest.mark.parametrize(
    ("source", "spec"),
    [
        ("https://gitlab.com/group/deep/mali", "gl/group%2Fdeep%2Fmali"),
        ("https://git.example.org/x/mali.git", "git/https%3A%2F%2Fgit.example.org%2Fx%2Fmali.git"),
    ],
)
def test_elsewhere_than_on_github_there_is_binder_alone(source, spec):
    (only,) = launches(source, "notebooks/a.ipynb")
    assert only.name == "Binder" and f"/v2/{spec}/HEAD?" in only.address
    panel = launch_panel(chapter(), replace(BOOK, repository=source))
    assert "colab" not in panel.lower() and "<details>" not in panel


def test_a_place_that_the_repository_holds_nothing_for_has_no_button(tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "root", lambda: tmp_path)
    assert launch_panel(chapter(), BOOK) == "", "as in a fork"
    (tmp_path / ".binder").mkdir()
    (tmp_path / ".binder" / "postBuild").touch()
    panel = launch_panel(chapter(), BOOK)
    assert panel.count("<li>") == 1 and ">Binder</a>" in panel and "<details>" not in panel


class Elements(HTMLParser):
    """What a panel is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_nothing_is_asked_before_a_click():
    panel = launch_panel(chapter(), BOOK)
    made = Elements(panel).found
    assert {tag for tag, _ in made} <= {
        "section",
        "h2",
        "ul",
        "li",
        "a",
        "span",
        "p",
        "details",
        "summary",
        "pre",
        "code",
    }
    assert not [attrs for _, attrs in made if {"src", "style", "onclick", "ping"} & set(attrs)]
    links = [attrs for tag, attrs in made if tag == "a"]
    assert len(links) == 3 and all(a["href"].startswith("https://") and "noopener" in a["rel"] for a in links)
    assert made[0][1]["class"].split() == ["page-launch", "html-only"]


def test_without_a_repository_and_on_other_pages_there_is_nothing(tmp_path):
    assert launch_panel(chapter(), replace(BOOK, repository="")) == ""
    assert launch_panel(chapter("book/glossary"), BOOK) == ""


def dressed(folder, book: Book) -> str:
    """Return a chapter's page as it is published, policy and all."""
    page = chapter()
    (folder / "downloads").mkdir(parents=True)
    for ending in ("-data.zip", ".html", ".ipynb", "-executed.ipynb", ".py", ".bib"):
        (folder / "downloads" / f"{page.name}{ending}").write_bytes(b"x")
    path = folder / f"{page.path}.html"
    path.parent.mkdir()
    path.write_text(furnish_page(page, book, folder), encoding="utf-8")
    harden(folder)
    return path.read_text(encoding="utf-8")


def test_the_policy_of_a_page_is_the_same_with_buttons(tmp_path):
    bare, full = dressed(tmp_path / "a", replace(BOOK, repository="")), dressed(tmp_path / "b", BOOK)
    policy = [re.findall(r"<meta[^>]*Content-Security-Policy[^>]*>", text) for text in (bare, full)]
    assert policy[0] == policy[1] and len(policy[0]) == 1
    assert "page-launch" not in bare and full.count("page-launch") == 1


def test_the_cell_for_colab_fetches_the_book_and_runs_what_is_there():
    clone, start = colab_cell(SOURCE).splitlines()
    words = shlex.split(clone.removeprefix("!").partition("||")[2])
    assert words[:2] == ["git", "clone"] and words[-2] == SOURCE
    assert start.startswith(f"%run {words[-1]}/") and (ROOT / start.removeprefix(f"%run {words[-1]}/")).is_file()
    assert colab_cell(SOURCE) in unescape(launch_panel(chapter(), BOOK))


@pytest.mark.parametrize(
    "given",
    ["github.com/a/b", "http://github.com/a/b", "https://github.com/a", "https://u:p@github.com/a/b",
     "https://github.com/a/b?x=1", "https://github.com/a/b;rm -rf", "https://github.com/a/b\"><script>", "git@github.com:a/b"],
)  # fmt: skip
def test_what_is_no_address_of_a_repository_is_refused(monkeypatch, given):
    monkeypatch.setenv(REPOSITORY, given)
    with pytest.raises(BookError, match="no address of a repository") as refused:
        repository_address({})
    assert REPOSITORY in refused.value.where and refused.value.remedy


def test_the_variable_wins_over_the_configuration_and_editions_have_none(monkeypatch):
    monkeypatch.delenv(REPOSITORY, raising=False)
    config = {"html": {"repository_url": f"{SOURCE}/"}}
    assert (repository_address({}), repository_address(config)) == ("", SOURCE)
    monkeypatch.setenv(REPOSITORY, "https://github.com/other/one")
    assert repository_address(config) == "https://github.com/other/one"
    assert book_facts(provenance()).repository == "https://github.com/other/one"
    with places.of(edition("high-estimates")):
        assert book_facts(provenance()).repository == ""


def test_a_build_is_due_where_an_address_changed(monkeypatch):
    assert unchanged.ADDRESSES == (facts.ADDRESS, facts.REPOSITORY)
    seen = set()
    for name in (None, *unchanged.ADDRESSES):
        for each in unchanged.ADDRESSES:
            monkeypatch.delenv(each, raising=False)
        if name:
            monkeypatch.setenv(name, SOURCE)
        seen.add(unchanged.inputs())
    assert len(seen) == 3


def test_a_build_is_due_where_a_place_to_start_from_came_or_went(tmp_path, monkeypatch):
    assert tuple(launch.NEEDS.values()) == unchanged.STARTS
    monkeypatch.setattr(launch, "root", lambda: tmp_path)
    assert launch.startable() == []
    for name, need in launch.NEEDS.items():
        (tmp_path / need).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / need).touch()
        assert launch.startable()[-1] == name
