"""Pictures of every page: each width, light and dark, the whole page; a long one in pieces, cut after the last."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from malibook.press.look.browser import browser, served, watch
from malibook.press.look.overflow import lay_out_all, overflows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCHEMES = ("light", "dark")
WIDTHS = (1440, 390)
TILE = 6000  # pixels of height; beyond 16,384 Chromium draws nothing
MOST = 5  # pieces of one page; the rest of a long table looks like what was seen
HEIGHTS = {390: 844}


@dataclass(frozen=True)
class Shot:
    """One page at one width in one mode: its pieces from the top, its height in pixels, what went wrong."""

    page: str
    width: int
    scheme: str
    height: int
    files: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def cut(self) -> bool:
        """Whether the page goes on below the last piece."""
        return self.height > TILE * len(self.files)


def shoot(
    book: Path, out: Path, names: Sequence[str], widths: Sequence[int], jobs: int, tell: Callable[[str], None]
) -> list[Shot]:
    """Photograph pages into `out`; return what was made, page by page. Raises `BookError` where Chromium is missing."""
    work = list(itertools.product(widths, SCHEMES))
    shares = [[(name, *kind) for name in names for kind in work][n::jobs] for n in range(jobs)]
    total, guard, done = len(names) * len(work), threading.Lock(), itertools.count(1)

    def progress(shot: Shot) -> None:
        with guard:
            tell(f"{next(done)}/{total} {shot.page} {shot.width} px {shot.scheme}")

    with served(book) as base, ThreadPoolExecutor(jobs) as pool:
        parts = list(pool.map(lambda share: _share(base, out, share, progress), filter(None, shares)))
    return sorted(itertools.chain(*parts), key=lambda s: (names.index(s.page), widths.index(s.width), s.scheme))


def _share(base: str, out: Path, share: list[tuple[str, int, str]], progress: Callable[[Shot], None]) -> list[Shot]:
    """Photograph one worker's pages in a browser of its own: Playwright's objects stay in their thread."""
    made = []
    with browser() as opened:
        for name, width, scheme in share:
            made.append(_shot(opened, base, out, name, width, scheme))
            progress(made[-1])
    return made


def _shot(opened: Browser, base: str, out: Path, name: str, width: int, scheme: str) -> Shot:
    size = {"width": width, "height": HEIGHTS.get(width, 900)}
    context = opened.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    faults = watch(page, base)
    page.goto(base + name, wait_until="load")
    page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((image) => { image.loading = 'eager'; })")
    page.evaluate("Promise.all([document.fonts.ready, ...[...document.images].map((i) => i.decode().catch(() => 0))])")
    lay_out_all(page)
    height = page.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    folder = out / "pages" / f"{width}-{scheme}"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(min(MOST, -(-height // TILE))):
        path = folder / f"{name.removesuffix('.html').replace('/', '--')}-{number + 1}.png"
        clip = {"x": 0, "y": number * TILE, "width": width, "height": min(TILE, height - number * TILE)}
        page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
        files.append(path.relative_to(out).as_posix())
    faults += list(overflows(page, [width])) if scheme == "light" else []
    context.close()
    return Shot(name, width, scheme, height, tuple(files), tuple(dict.fromkeys(faults)))
