"""The content security policy of each page, read as text and, where a browser is at hand, in the browser."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from malibook.press.harden import harden, hardened, policy

CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
PAGE = "<!DOCTYPE html>\n<html><head>\n<title>x</title><script>let a = 1;</script></head><body>{}</body></html>"


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_inline_scripts_run_by_their_hash_and_no_others():
    rules = policy(PAGE)
    assert f"'sha256-{digest('let a = 1;')}'" in rules
    assert "script-src 'self' 'sha256-" in rules
    assert "unsafe-eval" not in rules
    assert re.search(r"script-src[^;]*unsafe-inline", rules) is None
    assert "default-src 'none'" in rules


def test_the_policy_leaves_no_way_out_of_the_site():
    """What does not fall back on `default-src` (forms, the base of links) must be said of its own."""
    rules = dict(rule.split(" ", 1) for rule in policy(PAGE).split("; "))
    inline = {"script-src", "style-src"}
    assert {name: rule for name, rule in rules.items() if name not in inline} == {
        "default-src": "'none'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    assert all(re.fullmatch(r"'self'( 'sha256-[\w+/]{43}=')*", rules[name]) for name in inline)


def test_the_policy_comes_first_and_once():
    page = hardened(PAGE)
    assert page.index("Content-Security-Policy") < page.index("<title>")
    assert hardened(page) == page


def test_what_sphinx_writes_by_the_way_of_building_is_settled(tmp_path):
    for name, query in (("one", ""), ("two", "?v=12345678")):
        folder = tmp_path / name
        (folder / "_static").mkdir(parents=True)
        (folder / "_static" / "a.css").write_text("p {}")
        (folder / "index.html").write_text(PAGE.format(f'<link rel="stylesheet" href="_static/a.css{query}" />'))
        left = ',"slip":[]' if query else ""
        (folder / "searchindex.js").write_text(f'Search.setIndex({{"terms":{{"mali":0{left}}},"alltitles":{{}}}})')
        harden(folder)
    for name in ("index.html", "searchindex.js"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_style_sheet_that_changes_gets_another_address(tmp_path):
    pages = []
    for content in ("p {}", "q {}"):
        (tmp_path / "a.css").write_text(content)
        (tmp_path / "index.html").write_text('<head></head><link href="a.css">')
        harden(tmp_path)
        pages.append((tmp_path / "index.html").read_text())
    assert pages[0] != pages[1]


@pytest.mark.slow
def test_every_page_has_its_policy_and_no_icon_script(built: Path):
    pages = [p for p in (built / "_build" / "html").rglob("*.html") if "_static" not in p.parts]
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.count("Content-Security-Policy") == 1, path.name
        assert "fontawesome.js" not in text, path.name
        assert not re.search(r"<[^>]+\son(click|load|error|change|submit|toggle)=", text), path.name


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to show the pages in")
def test_a_browser_finds_nothing_to_refuse(built: Path, tmp_path: Path):
    """That it would say so is shown by the test that follows."""
    for name in ("book/welcome.html", "notebooks/03-tinzaouatene.html", "book/evidence-tables.html", "search.html"):
        said = console(built / "_build" / "html" / name, tmp_path)
        assert "Refused to" not in said, said
        assert "violates" not in said, said


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine to show the pages in")
def test_a_browser_refuses_what_the_policy_forbids(tmp_path: Path):
    page = hardened(PAGE.format("")).replace("</body>", "<script>console.log('planted')</script></body>")
    (tmp_path / "page.html").write_text(page)
    said = console(tmp_path / "page.html", tmp_path / "profile")
    assert "Content Security Policy" in said
    assert "planted" not in said


def console(page: Path, profile: Path) -> str:
    """Return what a browser says of a page shown from disk."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += [f"--user-data-dir={profile}", "--virtual-time-budget=4000", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stderr
