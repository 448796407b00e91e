"""What pages show of one another: an edit of one page, compiled over what Sphinx left, gives what a compilation from nothing gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CONF = """
extensions = ["myst_parser", "sphinxcontrib.bibtex", "malibook.press.sphinxext"]
bibtex_bibfiles = ["book/references.bib"]
bibtex_reference_style = "author_year"
bibtex_default_style = "plain"
numfig = True
html_theme = "basic"
html_copy_source = False
exclude_patterns = ["_out"]
"""
INDEX = "# Book\n\n```{toctree}\none\ntwo\nnumbers\nsources\n```\n"
ONE = """# One

See [](two.md), {ref}`part`, {numref}`fig-two`, {cite:t}`rtn_abouzeid_2013`, {n}`two/peak` and {term}`Claim`.
"""
TWO = """# Two

```{figure} f.svg
:name: fig-two
:alt: A square

A figure.
```

(part)=
## A part

Text.
"""
NUMBER = {"kind": "number", "chapter": "two", "key": "peak", "text": "47", "unit": "", "how": "", "rows": []}
FILES = {
    "conf.py": CONF,
    "index.md": INDEX,
    "one.md": ONE,
    "two.md": TWO,
    "three.md": "---\norphan: true\n---\n# Three\n\nPlain.\n",
    "numbers.md": "# Numbers\n\n```{every-number}\n```\n",
    "sources.md": "# Sources\n\n```{bibliography}\n:all:\n```\n",
    "book/glossary.md": "---\norphan: true\n---\n# Glossary\n\n```{glossary}\nClaim\n  Of {n}`two/peak`.\n```\n",
    "book/references.bib": "@book{rtn_abouzeid_2013, author = {Author, A.}, title = {Title}, publisher = {P}, year = {2010}}\n",
    "_generated/ledger.json": json.dumps([NUMBER]),
    "f.svg": '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
}
EDITS = {
    "a title": ("two.md", "# Two", "# Second"),
    "a heading": ("two.md", "## A part", "## A part of it"),
    "a figure before": ("two.md", "# Two\n", "# Two\n\n```{figure} f.svg\n:alt: One\n\nMore.\n```\n"),
    "a number": ("_generated/ledger.json", "47", "48"),
    "a definition": ("book/glossary.md", "  Of ", "  About "),
    "a document": ("book/references.bib", "2010", "2011"),
    "the order": ("index.md", "one\ntwo", "two\none"),
    "plain text": ("two.md", "Text.", "Other text."),
}


# Loads Sphinx once and compiles each folder in a process of its own.
COMPILER = """
import os, sys
from sphinx.cmd.build import build_main
import malibook.press.sphinxext, myst_parser, sphinxcontrib.bibtex
for folder in sys.argv[1:]:
    pid = os.fork()
    if not pid:
        os._exit(build_main(["-q", "-b", "html", folder, folder + "/_out"]))
    if os.waitpid(pid, 0)[1]:
        sys.exit(folder)
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each page's compilation is forked")


def compile_all(*folders: Path) -> None:
    command = [sys.executable, "-c", COMPILER, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def pages(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted((folder / "_out").rglob("*.html"))}


@pytest.fixture(scope="module")
def edited(tmp_path_factory) -> Path:
    """One folder an edit: `NAME/over`, compiled over what Sphinx left, and `NAME/new`, compiled from nothing."""
    top = tmp_path_factory.mktemp("mutual")
    for edit in EDITS:
        write(top / edit / "over", FILES)
    overs = [top / edit / "over" for edit in EDITS]
    compile_all(*overs)  # each where it is: Sphinx reads all anew in a folder that was moved
    for over, (name, old, new) in zip(overs, EDITS.values(), strict=True):
        (over / "_out" / "three.html").write_text("left as it is", encoding="utf-8")
        assert old in FILES[name]
        now = FILES | {name: FILES[name].replace(old, new, 1)}
        write(over, {name: now[name]})
        write(over.with_name("new"), now)
    compile_all(*overs, *(over.with_name("new") for over in overs))
    return top


@pytest.mark.parametrize("edit", EDITS)
def test_pages_are_as_if_made_from_nothing(edited, edit):
    over, new = pages(edited / edit / "over"), pages(edited / edit / "new")
    alone = {"_out/three.html"} if edit == "plain text" else set()
    assert {name for name in new if over.get(name) != new[name]} == alone


def test_plain_text_asks_for_its_own_page_alone(edited):
    assert pages(edited / "plain text" / "over")["_out/three.html"] == "left as it is"
