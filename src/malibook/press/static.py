"""The theme's style sheets and scripts: the book's own where it has them, else those that come with the library.

A fork holds none, so that its pages change with the library. In this repository they lie in `book/static`; the library's wheel
carries them in `malibook/bundled`.
"""

from __future__ import annotations

from pathlib import Path

from malibook.errors import BookError
from malibook.evidence import root
from malibook.press.imports import HOME

STATIC = "book/static"
BUNDLED = HOME / "bundled"


def static_folder() -> Path:
    """Return the folder of the style sheets and scripts; raise `BookError` where there is none."""
    places = [root() / STATIC, BUNDLED / "static", HOME.parents[1] / STATIC]
    for folder in places:
        if folder.is_dir():
            return folder
    raise BookError("no style sheets and scripts", where=STATIC, remedy="put the library's wheel in vendor/ again")
