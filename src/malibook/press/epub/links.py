"""Lead every link of the book to its place in the EPUB, and every picture to its file there."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

from malibook.press.epub.clean import words
from malibook.press.epub.contents import Page

_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>\s*")
_METADATA = re.compile(rb"\s*<metadata>.*?</metadata>", re.S)
PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


@dataclass
class Places:
    """Where things are: the file of each id, by document (the empty id is its beginning); citations; pictures as met."""

    html: Path
    ids: dict[str, dict[str, str]]
    citations: set[str]
    pictures: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def places(html: Path, pages: list[Page]) -> Places:
    """Return the places of a book whose cleaned pages these are."""
    known = Places(html, {}, set())
    for page in pages:
        ids = known.ids.setdefault(page.document, {"": page.name})
        for node in page.tree.iter():
            if "id" in node.attrib:
                ids[node.attrib["id"]] = page.name
            if node.get("epub:type") == "biblioentry":
                known.citations.add(f"{page.document}#{node.get('id')}")
    return known


def settle_links(page: Page, known: Places) -> None:
    """Rewrite the links and pictures of one page; what cannot be reached from an e-book becomes text that names it."""
    for node in page.tree.iter():
        if node.tag == "a" and "href" in node.attrib:
            _settle_link(page, node, known)
        elif node.tag == "img":
            _settle_picture(page, node, known)


def relative(name: str, target: str) -> str:
    """Return the way from one document of the EPUB to a file of it."""
    return posixpath.relpath(target, posixpath.dirname(name) or ".")


def _settle_link(page: Page, node: Element, known: Places) -> None:
    download = node.attrib.pop("download", None) is not None
    href = node.attrib["href"]
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        node.set("href", quote(href, safe="%/:?#[]@!$&'()*+,;=~"))
        return
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page.document), unquote(parts.path)))
    target, suffix = posixpath.splitext(path) if parts.path else (page.document, ".html")
    if suffix == ".html" and target in known.ids and not download:
        _settle_internal(page, node, target, unquote(parts.fragment), known)
    else:
        _name_instead(node, posixpath.basename(path) if download or suffix != ".html" else "")


def _settle_internal(page: Page, node: Element, target: str, fragment: str, known: Places) -> None:
    file = known.ids[target].get(fragment)
    if file is None:
        known.problems.append(f"{page.name}: a link leads to {target}#{fragment}, which the EPUB does not hold")
        return
    place = "" if file == page.name and fragment else quote(relative(page.name, f"{file}.xhtml"))
    node.set("href", f"{place}#{quote(fragment)}" if fragment else place)
    if f"{target}#{fragment}" in known.citations:
        node.set("epub:type", "biblioref")
        node.set("role", "doc-biblioref")


def _name_instead(node: Element, filename: str) -> None:
    """Make a link plain text; a file that only the HTML edition has is named behind it."""
    text = words(node)
    for child in list(node):
        node.remove(child)
    node.text = f"{text}: {filename}" if filename and filename not in text else text
    node.tag = "span"
    node.attrib.pop("href")


def _settle_picture(page: Page, node: Element, known: Places) -> None:
    src = unquote(urlsplit(node.get("src", "")).path)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page.document), src))
    source, target = known.html / path, f"images/{posixpath.basename(path)}"
    if posixpath.splitext(path)[1].lower() not in PICTURES or not source.is_file():
        known.problems.append(f"{page.name}: the picture {node.get('src')} cannot go into the EPUB")
        return
    if target not in known.pictures:
        known.pictures[target] = _bare(source.read_bytes()) if path.endswith(".svg") else source.read_bytes()
    node.set("src", quote(relative(page.name, target)))


def _bare(svg: bytes) -> bytes:
    """Return an SVG without its document type, which EPUB forbids, and without metadata that no reader shows."""
    head, mark, rest = svg.partition(b"<svg")
    return _DOCTYPE.sub(b"", head) + mark + _METADATA.sub(b"", rest, count=1)
