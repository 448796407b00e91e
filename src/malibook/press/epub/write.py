"""Write trees as XHTML, and files as an EPUB container: the same bytes for the same book."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from malibook.press.epub.links import relative

XHTML, OPS = "http://www.w3.org/1999/xhtml", "http://www.idpf.org/2007/ops"
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
EARLIEST = 315_532_800  # 1980-01-01, the first day that a zip file knows


def element(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """Return an element with text and children in order; `class_` and `epub_type` stand for names Python cannot say."""
    names = {"class_": "class", "epub_type": "epub:type", "aria_label": "aria-label"}
    out = Element(tag, {names.get(name, name): value for name, value in attributes.items()})
    for item in inside:
        if isinstance(item, Element):
            out.append(item)
        elif len(out):
            out[-1].tail = (out[-1].tail or "") + item
        else:
            out.text = (out.text or "") + item
    return out


def xhtml(name: str, title: str, language: str, inside: list[Element], kind: str = "") -> bytes:
    """Return one document of the EPUB, `name` without its suffix; `kind` is its `epub:type`."""
    html = Element("html", {"xmlns": XHTML, "xmlns:epub": OPS, "lang": language, "xml:lang": language})
    head = SubElement(html, "head")
    SubElement(head, "title").text = title
    SubElement(head, "link", {"rel": "stylesheet", "type": "text/css", "href": relative(name, "epub.css")})
    body = SubElement(html, "body", {"epub:type": kind} if kind else {})
    body.extend(inside)
    return b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n' + tostring(html, encoding="utf-8")


def package(root: Element) -> bytes:
    """Return an XML document, indented."""
    indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def write_epub(path: Path, files: Mapping[str, bytes], epoch: int) -> None:
    """Write the container: its type first and plain, then the files by name, all dated `epoch` (seconds since 1970)."""
    date = datetime.fromtimestamp(max(epoch, EARLIEST), UTC).timetuple()[:6]
    contents = {"META-INF/container.xml": CONTAINER.encode()} | {f"EPUB/{n}": files[n] for n in sorted(files)}
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in {"mimetype": b"application/epub+zip", **contents}.items():
            entry = zipfile.ZipInfo(name, date)
            entry.create_system = 3  # else the zip tells on which system it was made
            entry.external_attr = 0o644 << 16
            plain = name == "mimetype" or name.endswith((".png", ".jpg"))
            entry.compress_type = zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED
            bundle.writestr(entry, content)
