"""Where a build puts what it makes: `_build/` for the published edition, `_build/editions/NAME/` for each other one.

One process makes one edition at a time; `of` says which. All rooms of the press ask here and keep no path of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from malibook.evidence import root

if TYPE_CHECKING:
    from malibook.press.editions import Edition

PUBLISHED = "published"
_now: list[Edition | None] = [None]


def current() -> Edition | None:
    """Return the edition that is being made, None for the published one."""
    return _now[-1]


@contextmanager
def of(edition: Edition | None) -> Iterator[None]:
    """Make `edition` (None: the published one) the one that is being made; afterwards it is again the one before."""
    _now.append(edition)
    try:
        yield
    finally:
        _now.pop()


def shown_folder() -> str:
    """Return the folder of the present edition as it is shown to people, from the book's folder."""
    edition = current()
    return "_build" if edition is None else f"_build/editions/{edition.name}"


def folder() -> Path:
    """Return the folder of the present edition."""
    return root() / shown_folder()


def published_folder() -> Path:
    """Return the folder of the published edition, whichever is being made."""
    return root() / "_build"
