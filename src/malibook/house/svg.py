"""Light SVG: what matplotlib writes, without what no reader sees, at a third of its weight.

Positions are kept to a tenth of a point, a sixth of a pixel on a page. Letters stay outlines, the same on every machine;
styles become attributes, so that a second palette can be put in their place (`press.site.figures`).
"""

from __future__ import annotations

import re

from malibook.house.colours import readable
from malibook.house.svgpath import decimal, shorten

_PROLOGUE = re.compile(r"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<metadata>.*?</metadata>\s*|<!--.*?-->\s*", re.S)
_RULE = re.compile(r'<style type="text/css">\*\{stroke-linejoin: round; stroke-linecap: butt\}</style>')
_PATH = re.compile(r' d="([^"]*)"')
_STYLE = re.compile(r' style="([^"]*)"')
_SHIFTED = re.compile(r'<use xlink:href="(#[^"]+)" transform="translate\((-?[\d.]+) (-?[\d.]+)\)"/>')
_PLACE = re.compile(r' (x|y|width|height|transform)="([^"]*\d\.\d{2}[^"]*)"')
_NUMBER = re.compile(r"-?\d+\.\d+")
_NAME = re.compile(r' id="([^"]+)"')
_USED = re.compile(r'(?:xlink:href="|url\()#([^")]+)')
_BARE = re.compile(r"<g>((?:(?!</?g\b).)*?)</g>", re.S)
# A run of letters, or letters drawn as one outline: only they are written with quadratic curves.
TEXT = re.compile(
    r'(<g fill=")(#[0-9a-f]{6})(?=" transform="[^"]*scale\()|(<path d="[^"]*q[^"]*" fill=")(#[0-9a-f]{6})(?="/>)'
)
_GAP = re.compile(r">\s+<")
_DEFAULTS = {"fill-opacity:1", "stroke-opacity:1", "opacity:1", "stroke-dashoffset:0"}


def slim(svg: str) -> str:
    """Return an SVG that looks the same and weighs about a third; the same text for the same drawing."""
    svg = _PROLOGUE.sub("", svg)
    svg = _RULE.sub("", svg).replace("<svg ", '<svg stroke-linejoin="round" ', 1)  # a rule would outweigh attributes
    svg = _PATH.sub(lambda found: f' d="{shorten(found[1])}"', svg)
    svg = _STYLE.sub(_attributes, svg)
    svg = TEXT.sub(lambda found: (found[1] or found[3]) + readable(found[2] or found[4]), svg)
    svg = _SHIFTED.sub(_placed, svg)
    svg = _PLACE.sub(lambda found: f' {found[1]}="{_kept(found)}"', svg)
    svg = _GAP.sub("><", _named(svg)).strip()
    while (flat := _BARE.sub(r"\1", svg)) != svg:
        svg = flat
    return svg.replace("<defs></defs>", "").replace("<defs/>", "") + "\n"


def _tenth(found: re.Match[str]) -> str:
    return decimal(round(float(found[0]) * 10), 1)


def _attributes(found: re.Match[str]) -> str:
    """Return a style as attributes of its own element; what is the default is left out."""
    pairs = [part.replace(": ", ":").strip() for part in found[1].split(";")]
    kept = (pair.split(":", 1) for pair in pairs if ":" in pair and pair not in _DEFAULTS)
    return "".join(f' {name}="{value}"' for name, value in kept)


def _placed(found: re.Match[str]) -> str:
    x, y = (_NUMBER.sub(_tenth, found[n]) for n in (2, 3))
    return f'<use xlink:href="{found[1]}"' + "".join(f' {n}="{v}"' for n, v in (("x", x), ("y", y)) if v != "0") + "/>"


def _kept(found: re.Match[str]) -> str:
    """Return a position with fewer digits; a factor of scaling keeps all of them."""
    parts = re.split(r"((?:scale|matrix|rotate)\([^)]*\))", found[2])
    return "".join(part if n % 2 else _NUMBER.sub(_tenth, part) for n, part in enumerate(parts))


def _named(svg: str) -> str:
    """Return an SVG whose names are short, given in order, and only where something refers to them."""
    used = {name: f"a{n}" for n, name in enumerate(dict.fromkeys(_USED.findall(svg)))}
    svg = _NAME.sub(lambda found: f' id="{used[found[1]]}"' if found[1] in used else "", svg)
    return _USED.sub(lambda found: f"{found[0][: -len(found[1])]}{used[found[1]]}", svg)
