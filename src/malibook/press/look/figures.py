"""Text in the drawings: none may lie upon other text or leave its drawing. Letters are outlines, so boxes are compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# (drawing, what the finding says, why it may stand)
EXCEPTIONS: tuple[tuple[str, str, str], ...] = ()


def drawings(folder: Path) -> list[Path]:
    """Return the drawings of a built book; a dark twin has its text where the light one has it."""
    return [path for path in sorted(folder.glob("*.svg")) if not path.name.endswith(".dark.svg")]


def crowded(page: Page, paths: Sequence[Path]) -> list[str]:
    """Return where text in a drawing lies upon other text or leaves the drawing, declared exceptions left out."""
    page.set_viewport_size({"width": 1000, "height": 900})
    page.set_content("<body style='margin: 0'></body>")
    out = []
    for path in paths:
        told = page.evaluate(script(), path.read_text(encoding="utf-8"))
        out += [f"{path.name}: {line}" for line in told if not _known(path.stem, line)]
    return out


@cache
def script() -> str:
    """Return the check as it runs in the page."""
    return (Path(__file__).parents[1] / "templates" / "crowded.js").read_text(encoding="utf-8")


def _known(name: str, line: str) -> bool:
    return any(name == drawing and said in line for drawing, said, _ in EXCEPTIONS)
