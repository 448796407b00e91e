"""Read the built HTML as a reader's browser would, and say what is wrong with it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from malibook.press.forks import each

# What a browser fetches by itself, by element.
LOADED = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src",),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "object": ("data",),
    "video": ("src",),
}
NAMED_ONLY = ("next", "prev", "canonical", "author", "license")  # links that tell of a page, and fetch nothing
_RAW = re.compile(
    r"\{(?:n|glue:\w+|numref|cite:\w|ref|doc|eval|term)\}`|:::\{|<Figure size|<Axes|object at 0x|Traceback \(most recent|UserWarning"
)
_REMOTE_CSS = re.compile(r"(?:@import\s+|url\()\s*[\"']?(?:https?:)?//")


@dataclass
class Page(HTMLParser):
    """One page: its links, what it loads, its ids, its images without alt text, its visible text, the raw markup in that."""

    path: Path
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    bare_images: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    _skip: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.path.read_text(encoding="utf-8"))
        self.raw = [hit[0] for hit in _RAW.finditer("".join(self.text))]

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks on which one a tag stands, and the count takes a tenth of the reading."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element links to, loads and is called."""
        values = {k: v or "" for k, v in attrs}
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in LOADED and values.get("rel", "") not in NAMED_ONLY:
            self.loads += [values[name] for name in LOADED[tag] if values.get(name)]
        if tag == "img" and (not values.get("alt") or re.fullmatch(r"[\w/.-]+\.(svg|png)", values["alt"])):
            self.bare_images.append(values.get("src", "?"))
        self._skip += tag in ("script", "style", "pre", "code")

    def handle_endtag(self, tag: str) -> None:
        """Leave code and scripts."""
        self._skip -= tag in ("script", "style", "pre", "code") and self._skip > 0

    def handle_data(self, data: str) -> None:
        """Keep the text that a reader sees, code apart."""
        if not self._skip:
            self.text.append(data)


@dataclass
class Targets:
    """Where links lead: each place is looked up once, however many links lead there."""

    folder: Path
    pages: dict[str, Page]
    seen: dict[str, tuple[bool, Page | None]] = field(default_factory=dict)

    def find(self, place: str) -> tuple[bool, Page | None]:
        """Return whether a path within the book is there, and its page if it is one."""
        if place not in self.seen:
            path = self.folder / place
            there = path.exists()
            name = path.resolve().relative_to(self.folder.resolve()).as_posix() if there else ""
            self.seen[place] = there, self.pages.get(name)
        return self.seen[place]


def check_html(folder: Path, documents: list[str]) -> list[str]:
    """Return every fault of a built book: pages missing or left over, dead links, requests, raw markup, bare images."""
    paths = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    pages = {path.relative_to(folder).as_posix(): page for path, page in zip(paths, each(paths, _read), strict=True)}
    out = [f"{name}.html is in the contents, but was not built" for name in documents if f"{name}.html" not in pages]
    targets = Targets(folder, pages)
    for name, page in pages.items():
        out += [f"{name}: loads {url} from another host" for url in page.loads if urlsplit(url).netloc]
        if name != "404.html":  # a host shows it at any depth: its links are made for that
            out += [f"{name}: {fault}" for url in page.links if (fault := _dead(url, name, targets))]
        out += [f"{name}: the image {src} has no alt text" for src in page.bare_images]
        out += [f"{name}: shows raw markup: {hit!r}" for hit in page.raw]
    for sheet in sorted(folder.rglob("*.css")):
        if _REMOTE_CSS.search(sheet.read_text(encoding="utf-8", errors="replace")):
            out.append(f"{sheet.relative_to(folder)}: asks another host for something")
    return out


def _read(path: Path) -> Page:
    """Return a page without its text: most of what it is, and nothing that is asked of all pages together."""
    page = Page(path)
    page.text.clear()
    return page


def _dead(url: str, name: str, targets: Targets) -> str:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return ""
    there, known = targets.find(posixpath.join(posixpath.dirname(name), unquote(parts.path)) if parts.path else name)
    if not there:
        return f"links to {url}, which is not there"
    if parts.fragment and known and unquote(parts.fragment) not in known.ids:
        return f"links to {url}, whose anchor is not there"
    return ""
