"""What a page of the book says, read alike from HTML and from the EPUB's XHTML by a parser that is not the press's own."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from posixpath import basename, join
from xml.etree import ElementTree

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
BLOCKS = {"p", "li", "td", "th", "dt", "dd", "div", "section", "figure", "figcaption", "caption", "table", "tr", "ul"}
BLOCKS |= {"ol", "dl", "h1", "h2", "h3", "h4", "pre"}
# What only the HTML has: code, links to headings, tips, controls, panels below a page. Numbers of chapters stand in all
# three, each in its own form.
SKIPPED_TAGS = {"script", "style", "button", "nav", "form", "template"}
SKIPPED = {
    "headerlink",
    "gloss-tip",
    "above-input",
    "cell_input",
    "page-furniture",
    "figure-data",
    "html-only",
    "section-number",
}
OPF = "{http://www.idpf.org/2007/opf}"


class Reading(HTMLParser):
    """One page's headings, bound numbers, citations, captions, cells, pictures and bibliography."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures: list[tuple[str, str]] = []
        self._found: list[tuple[str, str, int, int]] = []
        self._text: list[str] = []
        self._length = 0
        self._open: list[tuple[str, bool, str, str, int]] = []
        self.feed(markup)
        self.whole = "".join(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        skip = (self._open and self._open[-1][1]) or tag in SKIPPED_TAGS or bool(classes & SKIPPED)
        if tag in VOID:
            if tag == "img" and not skip:
                self.pictures.append((basename(values["src"]), values.get("alt", "")))
            return
        if tag in BLOCKS:
            self._say("\n")
        kind, key = self._kind(tag, values, classes)
        self._open.append((tag, bool(skip), kind, key, self._length))

    def _kind(self, tag: str, values: dict[str, str], classes: set[str]) -> tuple[str, str]:
        href = values.get("href", "")
        inside = {item[2] for item in self._open}
        if tag == "a" and classes & {"bound-number", "bound"}:
            return "number", href.rpartition("#")[2]
        if tag == "a" and re.search(r"sources(?:-\d+)?\.x?html#", href):
            return "citation", href.rpartition("#")[2]
        if tag in ("figure", "table", "h1", "h2", "td"):
            return tag, values.get("id", "")
        if tag in ("figcaption", "caption"):
            return tag, next((item[3] for item in reversed(self._open) if item[2] in ("figure", "table")), "")
        if "citation" in classes or (tag == "li" and "citations" in inside):
            return "source", values.get("id", "")
        return ("citations", "") if tag == "ul" and "citations" in classes else ("", "")

    def handle_endtag(self, tag: str) -> None:
        while any(item[0] == tag for item in self._open):
            last, skip, kind, key, start = self._open.pop()
            if kind and not skip:
                self._found.append((kind, key, start, self._length))
            if last in BLOCKS:
                self._say("\n")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def all(self, *kinds: str) -> list[tuple[str, str]]:
        """Return key and text of each thing of these kinds, in reading order."""
        found = sorted((s, key, e) for kind, key, s, e in self._found if kind in kinds)
        return [(key, " ".join(self.whole[s:e].split())) for s, key, e in found]

    def around(self, kind: str, letters: int) -> list[tuple[str, str, str]]:
        """Return what stands before each thing of this kind in its block, its own text, and what stands behind it."""
        out = []
        for _, _, start, end in sorted((f for f in self._found if f[0] == kind), key=lambda f: f[2]):
            before = self.whole[:start].rpartition("\n")[2]
            after = self.whole[end:].partition("\n")[0]
            out.append((squeeze(before)[-letters:], squeeze(self.whole[start:end]), squeeze(after)[:letters]))
        return out


class Epub:
    """An EPUB's files, and its documents in the order in which they are read."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as bundle:
            self.entries = bundle.infolist()
            self.files = {entry.filename: bundle.read(entry) for entry in self.entries}
        self.package = ElementTree.fromstring(self.files["EPUB/content.opf"])
        items = {i.get("id"): i.get("href", "") for i in self.package.iter(f"{OPF}item")}
        self.spine = [join("EPUB", items[i.get("idref")]) for i in self.package.iter(f"{OPF}itemref")]

    def readings(self, document: str) -> list[Reading]:
        """Return the reading of each file that a document of the book was put into."""
        own = re.compile(rf"EPUB/{re.escape(document)}(-\d+)?\.xhtml")
        return [Reading(self.files[name].decode()) for name in self.spine if own.fullmatch(name)]


def article(page: Path) -> Reading:
    """Return the reading of a built HTML page's article."""
    found = re.search(r"<article\b.*</article>", page.read_text(encoding="utf-8"), re.S)
    assert found, page.name
    return Reading(found[0])


def squeeze(text: str) -> str:
    """Drop what typesetting changes: blanks, hyphens at line ends, the form of quotation marks."""
    text = text.translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"[\s\u00ad-]+", "", text)
