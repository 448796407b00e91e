"""Definitions at a term's first use: in HTML, described and hidden; in print, a plain link. And how the chapters mark terms."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from malibook.evidence import root
from malibook.press.glossary import definitions, first_marks
from malibook.press.notebooks import chapters, path_of, read

MARK = re.compile(r"\{term\}`([^`<]*?)(?: <([^>]+)>)?`")
PAGE = """# Page

First {term}`JNIM`, then {term}`the alliance <JNIM>` again, and {term}`Floor`.
"""
GLOSSARY = """# Glossary

:::{glossary}
JNIM
  An alliance of groups, formed in <2017> "so".

Floor
  The largest count that rests on inquiry.

  More of it.
:::
"""


def build(folder: Path, builder: str) -> str:
    """Build two pages with the extension alone and return the page with the terms."""
    (folder / "book").mkdir(parents=True)
    (folder / "book" / "glossary.md").write_text(GLOSSARY)
    (folder / "index.md").write_text(PAGE + "\n```{toctree}\nbook/glossary\n```\n")
    out = folder / "out"
    settings = {"extensions": ["myst_parser", "malibook.press.glossary"], "myst_enable_extensions": ["colon_fence"]}
    with patch_docutils(str(folder)), docutils_namespace():  # else what it registers stays for the tests that follow
        app = Sphinx(str(folder), None, str(out), str(folder / "trees"), builder, settings, status=None, warning=None)
        app.build()
    return next(out.glob("index.*[lt]")).read_text()


def marks(name: str) -> list[tuple[int, str, str]]:
    """Return where a chapter marks terms: the place in its prose, the word, and the glossary's entry."""
    text = "\n\n".join(c.source for c in read(path_of(name)).cells if c.cell_type == "markdown")
    return [(m.start(), m[1], (m[2] or m[1]).casefold()) for m in MARK.finditer(text)]


def entries() -> set[str]:
    lines = (root() / "book" / "glossary.md").read_text(encoding="utf-8").splitlines()
    follows = pairwise(lines)
    return {
        line.casefold()
        for line, after in follows
        if line and not line.startswith((" ", "#", ":")) and after.startswith("  ")
    }


def test_the_first_mark_carries_its_definition_and_the_second_does_not(tmp_path):
    page = build(tmp_path, "html")
    assert page.count('role="tooltip"') == 2
    link = re.search(
        r'<span class="gloss"><a class="reference internal" href="(.+?)" aria-describedby="(.+?)">(.+?)</span></a>',
        page,
    )
    assert link and link[1] == "book/glossary.html#term-JNIM"
    tip = re.search(rf'<span class="gloss-tip" role="tooltip" id="{link[2]}">(.*?)</span>', page)
    assert tip and tip[1] == "An alliance of groups, formed in &lt;2017&gt; “so”."
    assert (
        '<a class="reference internal" href="book/glossary.html#term-JNIM"><span class="xref std std-term">the alliance'
        in page
    )


def test_every_paragraph_of_a_definition_is_shown(tmp_path):
    assert "The largest count that rests on inquiry. More of it." in build(tmp_path, "html")


def test_no_definition_stands_in_the_text_of_other_outputs(tmp_path):
    assert "An alliance of groups" not in build(tmp_path, "text")


def test_a_citation_is_left_out_of_a_definition():
    tree = new_document("x")
    cited = addnodes.pending_xref("", nodes.inline("", "key2020"), refdomain="cite", reftype="p", reftarget="key2020")
    body = nodes.definition("", nodes.paragraph("", "", nodes.Text("Said so "), cited, nodes.Text(". More.")))
    item = nodes.definition_list_item("", nodes.term("", "A", ids=["term-A"]), body)
    tree += addnodes.glossary("", nodes.definition_list("", item))
    assert definitions(tree) == {"term-A": "Said so. More."}


def test_marks_in_headings_are_passed_over():
    heading, text = nodes.title(), nodes.paragraph()
    for parent in (heading, text):
        parent += nodes.reference("", "", refuri="g#term-A")
    assert first_marks([heading[0], text[0]]) == [text[0]]


@pytest.mark.parametrize("name", chapters())
def test_a_chapter_marks_each_term_once_and_only_terms_of_the_glossary(name):
    found = Counter(entry for _, _, entry in marks(name))
    assert set(found) <= entries()
    assert [entry for entry, times in found.items() if times > 1] == []


@pytest.mark.parametrize("name", ["01", "02", "03", "04", "05"])
def test_the_chapters_mark_their_terms(name):
    chapter = next(c for c in chapters() if c.startswith(name))
    assert len(marks(chapter)) >= 6


def test_the_glossary_is_in_order_and_without_doubles():
    lines = (root() / "book" / "glossary.md").read_text(encoding="utf-8")
    body = lines[lines.index(":::{glossary}") :]
    terms = re.findall(r"^(\S.*)\n  ", body, re.M)
    assert terms == sorted(set(terms), key=str.casefold)
