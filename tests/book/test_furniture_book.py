"""The furniture of the built book: on every page, from disk, with and without an address, at addresses that stay."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import yaml

from malibook.press.check import Page as Read
from malibook.press.furniture import furnish
from malibook.press.furniture.cite import WHOLE
from malibook.press.furniture.find import SPHINX_LEFT
from malibook.press.furniture.pages import FOLDERS
from malibook.press.furniture.takeaway import FOLDER, KINDS, size
from malibook.press.furniture.urls import addresses
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
LIST = Path(__file__).with_name("urls.txt")
CARD_MOST = 60_000


@pytest.fixture(scope="session")
def html(built: Path) -> Path:
    return built / "_build" / "html"


@pytest.fixture(scope="session")
def texts(html: Path) -> dict[str, str]:
    """Return the pages of the book by their path."""
    paths = sorted(p for name in FOLDERS for p in (html / name).glob("*.html"))
    return {p.relative_to(html).with_suffix("").as_posix(): p.read_text(encoding="utf-8") for p in paths}


def chapters(texts: dict[str, str]) -> list[str]:
    return [path.rpartition("/")[2] for path in texts if path.startswith("notebooks/")]


def meta(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text))


def test_every_page_says_what_it_is_about_in_words_of_its_own(texts):
    said = {}
    for path, text in texts.items():
        tags = meta(text)
        assert 40 <= len(tags["description"]) <= 260, (path, tags["description"])
        assert not re.search(r"[{}\[\]]|&lt;", tags["description"]), (path, tags["description"])
        assert tags["og:description"] == tags["description"], path
        assert tags["og:title"], path
        assert '<html lang="en"' in text, path
        said[path] = tags["description"]
    assert len(set(said.values())) == len(said)


def test_what_machines_read_is_json_and_names_the_page(texts):
    for path, text in texts.items():
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)[1])
        assert data["@type"] == {WHOLE: "Book", "book/data-dictionary": "Dataset"}.get(path, "Chapter"), path
        assert data["name"], path


def test_every_page_can_be_cited_and_the_citation_agrees_with_the_citation_file(texts):
    stated = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert stated["title"] == config["title"]
    assert [a["name"] for a in stated["authors"]] == [config["author"]]
    for path, text in texts.items():
        box = re.search(r'<details class="cite-page".*?</details>', text, re.S)[0]
        for part in (stated["title"], stated["authors"][0]["name"], f"Version {stated['version']}", "data version"):
            assert part in box, (path, part)
        assert f"({config['copyright']}):" in box, path
        assert str(stated["date-released"])[:4] == config["copyright"]


def test_each_chapter_offers_its_downloads_with_their_sizes(html, texts):
    assert len(chapters(texts)) == 7
    for name in chapters(texts):
        text = texts[f"notebooks/{name}"]
        assert text.count('class="page-downloads"') == 1
        for ending in KINDS:
            path = html / FOLDER / f"{name}{ending}"
            line = re.search(rf'<li><a href="\.\./{FOLDER}/{re.escape(path.name)}".*?</li>', text)[0]
            assert size(path.stat().st_size) in line, path.name
    assert not any('class="page-downloads"' in text for path, text in texts.items() if path.startswith("book/"))


def test_the_notebooks_are_the_committed_one_and_the_one_that_ran(html, texts, built):
    for name in chapters(texts):
        base = html / FOLDER / name
        assert base.with_name(f"{name}.ipynb").read_bytes() == (built / "notebooks" / f"{name}.ipynb").read_bytes()
        ran = nbformat.read(base.with_name(f"{name}-executed.ipynb"), as_version=4)
        nbformat.validate(ran)
        assert sum(len(c.get("outputs", [])) for c in ran.cells) > 20, name
        ast.parse(base.with_name(f"{name}.py").read_text(encoding="utf-8"))


def test_a_chapter_as_one_page_shows_what_the_book_shows_and_asks_for_nothing(html, texts, built):
    entries = json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))
    for name in chapters(texts):
        read = Read(html / FOLDER / f"{name}.html")
        assert [url for url in read.loads if not url.startswith("data:")] == []
        assert read.bare_images == []
        text = " ".join("".join(read.text).split())
        assert not re.search(r"⟦|\{[\w:]+\}`|:::", text), name
        own = [e for e in entries if e["chapter"] == name]
        for e in own:
            if e["kind"] in ("figure", "table"):
                assert e["key"] in read.ids
        page = texts[f"notebooks/{name}"]
        numbers = re.findall(r'class="caption-number">((?:Fig\.|Table) \d+)', page)
        assert len(numbers) > 4
        for number in numbers:
            assert number in text, (name, number)
        used = set(re.findall(r'<a class="[^"]*bound-number[^"]*" [^>]*>(?:<[^>]+>)*([^<]+)<', page))
        assert len(used) > 20
        assert not [number for number in used if number not in text], name


def test_cards_are_small_and_there_for_each_chapter(html, texts):
    names = {p.stem for p in (html / "cards").glob("*.png")}
    assert names == {*chapters(texts), WHOLE.rpartition("/")[2]}
    assert all(p.stat().st_size < CARD_MOST for p in (html / "cards").iterdir())


def test_nothing_of_sphinxs_search_is_left_and_ours_knows_every_page(html, texts):
    for name in SPHINX_LEFT:
        assert not (html / name).exists()
    for path in html.rglob("*.html"):
        assert not re.search(r"searchtools\.js|language_data\.js|searchindex\.js", path.read_text("utf-8")), path.name
    script = (html / "_static" / "search-data.js").read_text(encoding="utf-8")
    data = json.loads(script.removeprefix("window.malibookSearch = ").removesuffix(";\n"))
    assert {page for page, _ in data["pages"]} == {f"{path}.html" for path in texts}
    for at, anchor, title, _ in data["entries"]:
        page = data["pages"][at][0].removesuffix(".html")
        assert f'id="{anchor}"' in texts[page], (page, anchor)
        assert title and "[154]" not in title


def test_without_an_address_nothing_claims_one(html, texts):
    assert not (html / "sitemap.xml").exists()
    assert "Sitemap" not in (html / "robots.txt").read_text()
    assert (html / "404.html").exists()
    assert not [path for path, text in texts.items() if "og:image" in text or 'rel="canonical"' in text]


def test_with_an_address_every_page_is_in_the_sitemap_and_says_where_it_is(html, texts, built, tmp_path):
    stage = tmp_path / "stage"
    shutil.copytree(built / "_build" / "stage", stage)
    facts = stage / "_generated" / "book.json"
    site = "https://example.org/mali/"
    facts.write_text(json.dumps(json.loads(facts.read_text("utf-8")) | {"site": site}), encoding="utf-8")
    folder = tmp_path / "html"
    shutil.copytree(built / "_build" / "aside" / "html" / "_build" / "html", folder)
    furnish(folder, stage)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = [e.text for e in ElementTree.parse(folder / "sitemap.xml").iter(f"{space}loc")]
    assert sorted(listed) == sorted(f"{site}{path}.html" for path in texts)
    for path in texts:
        page = (folder / f"{path}.html").read_text(encoding="utf-8")
        assert page.count(f'<link rel="canonical" href="{site}{path}.html">') == 1
        image = meta(page)["og:image"]
        assert (folder / image.removeprefix(site)).is_file(), image
    assert f"Sitemap: {site}sitemap.xml" in (folder / "robots.txt").read_text()


def test_no_address_that_a_reader_may_keep_goes_away(html):
    now, kept = set(addresses(html)), set(LIST.read_text(encoding="utf-8").split())
    gone = sorted(kept - now)
    assert not gone, f"{len(gone)} addresses are gone; where that is meant, take them out of {LIST.name}: {gone[:20]}"
    new = now - kept
    assert len(new) < len(now) / 20, "many addresses are not listed: python -m malibook.press.furniture.urls"


def test_the_pdf_has_the_run_panel_and_nothing_to_click(pdf_pages):
    text = " ".join(pdf_pages)
    assert text.count("Date of the data") == 7
    assert "Cite this page" not in text
    assert "Take this chapter along" not in text
