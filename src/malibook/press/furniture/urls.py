"""The addresses that readers may keep: pages, downloads, and the anchors that come from keys.

`python -m malibook.press.furniture.urls` prints those of the built book; tests hold them against a committed list, so
that an address goes only on purpose. Anchors that a counter makes (`id12`) are nobody's to keep.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from malibook.evidence import root
from malibook.press.furniture.pages import read_pages
from malibook.press.furniture.takeaway import FOLDER

KEPT = re.compile(r"(?:fig|tbl|event|claim|n|term|table|source|numbers)-[^\"]+")
_ID = re.compile(r'\bid="([^"]+)"')


def addresses(folder: Path) -> list[str]:
    """Return every lasting address of a built book, relative to its first folder, sorted."""
    out = {f"{FOLDER}/{path.name}" for path in (folder / FOLDER).iterdir()}
    out |= {name for name in ("index.html", "search.html", "genindex.html") if (folder / name).exists()}
    for page in read_pages(folder):
        out.add(f"{page.path}.html")
        out |= {f"{page.path}.html#{name}" for name in _ID.findall(page.article) if KEPT.fullmatch(name)}
    return sorted(out)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(addresses(root() / "_build" / "html")))
