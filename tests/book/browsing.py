"""What the tests in a real browser share: the built book served to one Chromium, or a stated reason to skip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from malibook.press.look.browser import browser, lacking, pages, served, watch


@contextmanager
def visiting(built: Path) -> Iterator[Visit]:
    """Yield a visit to the built book, in one browser and one tab."""
    missing = lacking()
    if missing:
        pytest.skip(missing.splitlines()[0])
    folder = built / "_build" / "html"
    with served(folder) as base, browser() as opened:
        page = opened.new_context(viewport={"width": 1440, "height": 900}).new_page()
        yield Visit(folder, base, page, watch(page, base))


class Visit:
    """A browser's tab on the built book: `page` is Playwright's, `log` what went wrong while it was used."""

    def __init__(self, folder: Path, base: str, page, log: list[str]) -> None:
        self.base, self.page, self.log, self.names = base, page, log, pages(folder)

    def open(self, name: str, width: int = 1440, scheme: str = "light") -> None:
        """Open a page at a width in pixels, in light or dark."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.goto(self.base + name)
