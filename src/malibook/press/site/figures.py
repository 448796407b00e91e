"""Figures on the page: a dark twin of each drawing, its size on the page, and fetched only when it is near.

The chapter draws each chart once, in the colours of `exhibits.style`; the twin is the same drawing with the dark
palette in their place. `<picture>` lets the browser fetch only the one that it shows, without any script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from malibook.house.svg import TEXT
from malibook.press.forks import each
from malibook.press.site.palette import INK, dark, dark_text

_COLOUR = re.compile(r"(?<=[\"': ])#[0-9a-fA-F]{6}\b")
_SIZE = re.compile(r'<svg\b[^>]*\bwidth="([\d.]+)(pt|px)?"[^>]*\bheight="([\d.]+)(?:pt|px)?"')
_IMAGE = re.compile(r'<img\b[^>]*\bsrc="([^"]+\.svg)"[^>]*?>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
SUFFIX = ".dark.svg"
DARK = "screen and (prefers-color-scheme: dark)"


def darken(folder: Path) -> None:
    """Write beside each drawing of a built book its dark twin."""
    each([path for path in sorted(folder.glob("*.svg")) if not path.name.endswith(SUFFIX)], _darken)


def _darken(path: Path) -> None:
    twin = path.with_name(path.stem + SUFFIX)
    twin.write_text(in_dark(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def foresee_dark(drawings: Iterable[str]) -> None:
    """Work out the dark twins of drawings that will lie in the built book, while there is nothing else to do."""
    for svg in drawings:
        in_dark(svg)


@lru_cache(256)  # more than a book has: each twin is asked for once more, when its drawing has been copied
def in_dark(svg: str) -> str:
    """Return a drawing in the dark palette; what has no colour of its own is drawn in light ink."""
    pieces, last = [], 0
    for found in TEXT.finditer(svg):  # text first: it has to keep another contrast than marks
        before, colour = (found[1], found[2]) if found[2] else (found[3], found[4])
        pieces += [_marks(svg[last : found.start()] + before), dark_text(colour)]
        last = found.end()
    svg = "".join([*pieces, _marks(svg[last:])])
    return svg.replace("<svg ", f'<svg fill="{INK}" ', 1)


def _marks(piece: str) -> str:
    return _COLOUR.sub(lambda found: dark(found[0].lower()), piece)


def with_pictures(page: str, at: Path, sizes: dict[Path, tuple[int, int] | None]) -> str:
    """Return a page at folder `at` whose drawings come in both palettes, sized, and only when they are near."""
    return _IMAGE.sub(lambda found: _picture(found, at, sizes), page)


def size(svg: Path) -> tuple[int, int] | None:
    """Return a drawing's width and height in CSS pixels, or nothing where the file does not tell."""
    found = _SIZE.search(svg.read_text(encoding="utf-8")[:2000])
    scale = 4 / 3 if found and found[2] == "pt" else 1
    return (round(float(found[1]) * scale), round(float(found[3]) * scale)) if found else None


def _picture(found: re.Match[str], at: Path, sizes: dict[Path, tuple[int, int] | None]) -> str:
    path = (at / found[1]).resolve()
    twin = found[1].removesuffix(".svg") + SUFFIX
    if not (at / twin).exists():
        return found[0]
    if path not in sizes:
        sizes[path] = size(path)
    kept = dict(_ATTRIBUTE.findall(found[0]))
    shape = dict(zip(("width", "height"), map(str, sizes[path] or ()), strict=False))
    kept |= shape | {"loading": "lazy", "decoding": "async"}
    image = "<img " + " ".join(f'{name}="{value}"' for name, value in kept.items()) + ">"
    return f'<picture><source srcset="{twin}" media="{DARK}">{image}</picture>'
