"""The package document: what the book is, what it is made of, in which order it is read, to whom it is open."""

from __future__ import annotations

import posixpath
import re
from xml.etree.ElementTree import Element, SubElement

from malibook.press.epub.contents import Facts
from malibook.press.epub.links import PICTURES
from malibook.press.epub.write import package

SUMMARY = (
    "Every figure has a text alternative that says what it shows. Headings, lists, tables, citations and the glossary "
    "are marked as such; contents, lists of figures and tables and links between pages lead everywhere. Colours and "
    "sizes of text are the reader’s own choice; figures keep their colours and never tell anything by colour alone."
)
ACCESS = [
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessModeSufficient", "textual,visual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "displayTransformability"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
    ("schema:accessibilitySummary", SUMMARY),
]
TYPES = PICTURES | {".xhtml": "application/xhtml+xml", ".css": "text/css"}
PROPERTIES = {"nav.xhtml": "nav", "images/cover.png": "cover-image"}


def package_document(facts: Facts, files: list[str], spine: list[str]) -> bytes:
    """Return `content.opf` for these files, of which `spine` are read in this order."""
    root = Element("package", {"xmlns": "http://www.idpf.org/2007/opf", "version": "3.0"})
    root.attrib |= {"unique-identifier": "edition", "xml:lang": facts.language}
    root.append(_metadata(facts))
    manifest = SubElement(root, "manifest")
    for name in sorted(files):
        item = {"id": identifier(name), "href": name, "media-type": TYPES[posixpath.splitext(name)[1]]}
        SubElement(manifest, "item", item | ({"properties": PROPERTIES[name]} if name in PROPERTIES else {}))
    order = SubElement(root, "spine")
    for name in spine:
        SubElement(order, "itemref", {"idref": identifier(name)})
    return package(root)


def identifier(name: str) -> str:
    """Return a file's id in the package."""
    return "f-" + re.sub(r"[^\w.-]", "-", name)


def _metadata(facts: Facts) -> Element:
    out = Element("metadata", {"xmlns:dc": "http://purl.org/dc/elements/1.1/"})
    SubElement(out, "dc:identifier", {"id": "edition"}).text = facts.identifier
    SubElement(out, "dc:title", {"id": "title"}).text = facts.whole_title
    SubElement(out, "dc:creator", {"id": "author"}).text = facts.author
    SubElement(out, "dc:language").text = facts.language
    SubElement(out, "dc:date").text = facts.modified[:10]
    for name, text in (("description", facts.description), ("rights", facts.notice)):
        if text:
            SubElement(out, f"dc:{name}").text = text
    SubElement(out, "meta", {"refines": "#author", "property": "role", "scheme": "marc:relators"}).text = "aut"
    SubElement(out, "meta", {"property": "dcterms:modified"}).text = facts.modified
    for name, text in ACCESS:
        SubElement(out, "meta", {"property": name}).text = text
    return out
