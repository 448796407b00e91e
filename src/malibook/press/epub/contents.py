"""What the EPUB is made of: the book's facts, its parts, and its pages in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

import yaml

from malibook.press.epub.clean import clean, words
from malibook.press.epub.parse import article
from malibook.press.provenance import Provenance

LONG = 250_000  # bytes of one file; old readers give up at about 300,000
LEFT_OUT = ("book/explore",)  # works by script; what it shows stands in the timeline and the evidence tables


@dataclass(frozen=True)
class Facts:
    """What the book says of itself."""

    title: str
    subtitle: str
    author: str
    language: str
    description: str
    notice: str
    origin: Provenance

    @property
    def whole_title(self) -> str:
        """Return title and subtitle in one."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def identifier(self) -> str:
        """Return a name for just this edition; equal editions have equal names."""
        o = self.origin
        return uuid5(NAMESPACE_URL, f"{self.title} {o.commit} {o.data_version} {o.data_hash} {o.lock_hash}").urn

    @property
    def modified(self) -> str:
        """Return the time of the commit, in UTC."""
        return datetime.fromtimestamp(self.origin.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Page:
    """One file of text: its name, the document that it is (a part of), title, part that it opens, tree, first or later."""

    name: str
    document: str
    title: str
    part: str
    tree: Element
    opens: bool = True


def facts(stage: Path, origin: Provenance) -> Facts:
    """Return the book's facts from its configuration."""
    whole = yaml.safe_load((stage / "_config.yml").read_text(encoding="utf-8"))
    ours = whole.get("sphinx", {}).get("config", {})
    return Facts(
        title=str(ours.get("typst_title") or whole["title"]),
        subtitle=str(ours.get("typst_subtitle") or ""),
        author=str(whole.get("author", "")),
        language=str(ours.get("language", "en")),
        description=str(ours.get("typst_description") or ""),
        notice=str(ours.get("typst_notice") or ""),
        origin=origin,
    )


def pages(stage: Path, html: Path) -> list[Page]:
    """Return the pages of the built HTML, cleaned, in the order of the contents; long ones in several files."""
    out = []
    for name, part in _order(stage):
        tree = clean(article(html / f"{name}.html"))
        heading = next(tree.iter("h1"), None)
        title = words(heading) if heading is not None else name
        out += [
            Page(f"{name}-{n}" if n > 1 else name, name, title, part if n == 1 else "", piece, n == 1)
            for n, piece in enumerate(_pieces(tree), 1)
        ]
    return out


def _pieces(tree: Element) -> list[Element]:
    """Return a tree cut between its sections where it is long: small readers take their time over a large file."""
    outer = tree.find("section")
    if outer is None or _size(tree) <= LONG:
        return [tree]
    out, size = [tree], 0
    for child in list(outer):
        size += _size(child)
        if child.tag == "section" and size > LONG / 2 and child is not outer.find("section"):
            out.append(Element("div"))
            out[-1].append(Element("section"))
            size = _size(child)
        if len(out) > 1:
            outer.remove(child)
            out[-1][0].append(child)
    return out


def _size(tree: Element) -> int:
    """Return about how many bytes an element takes."""
    return sum(30 + len(node.text or "") + len(node.tail or "") + len(node.get("href", "")) for node in tree.iter())


def _order(stage: Path) -> list[tuple[str, str]]:
    """Return each document with the caption of the part that it opens."""
    toc = yaml.safe_load((stage / "_toc.yml").read_text(encoding="utf-8"))
    out = [(toc["root"], "")]
    for part in toc.get("parts", [toc]):
        names = [c["file"] for c in part.get("chapters", []) if c["file"] not in LEFT_OUT]
        out += [(name, part.get("caption", "") if n == 0 else "") for n, name in enumerate(names)]
    return out
