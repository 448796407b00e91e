"""The skeletons of a fork's pages and papers: text with names in double braces."""

from __future__ import annotations

import re
from pathlib import Path

from malibook import __version__
from malibook.press.fork.request import Request

HERE = Path(__file__).parent


def template(name: str) -> str:
    """Return a skeleton as it is written; `pages` is all pages together."""
    if name == "pages":
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("page-*.md")))
    return (HERE / name).read_text(encoding="utf-8")


def filled(name: str, request: Request, **more: str) -> str:
    """Return a skeleton with the fork's facts in it; a name that nothing fills raises `KeyError`."""
    facts = {
        "title": request.title,
        "short_title": request.short_title,
        "subtitle": request.subtitle or request.short_title,
        "country": request.name,
        "Country": request.name[:1].upper() + request.name[1:],
        "code": request.country,
        "codes": ",".join(request.countries),
        "author": request.author,
        "stem": request.stem,
        "version": __version__,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: (facts | more)[found[1]], template(name))
