"""What does not fit: pages wider than the window, boxes beyond it, text that is cut or lies upon other text.

A page must reflow down to 320 px without scrolling sideways (WCAG 2.2, 1.4.10); what is wide by nature, a table or code,
scrolls in a frame of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (1440, 768, 390, 320)
HEIGHT = 900
MOST = 12  # findings told of one page at one width
LAY_OUT = """for (const part of document.querySelectorAll("body *"))
  if (getComputedStyle(part).contentVisibility === "auto") part.style.contentVisibility = "visible";"""
# (what the finding says, why it may stand)
EXCEPTIONS: tuple[tuple[str, str], ...] = ()


def overflows(page: Page, widths: Sequence[int] = WIDTHS) -> Iterator[str]:
    """Yield what does not fit on a page that is open, at each width in CSS pixels; declared exceptions are left out."""
    lay_out_all(page)
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        told = [_said(found, width) for found in page.evaluate(script())]
        told = [line for line in dict.fromkeys(told) if not any(re.search(known, line) for known, _ in EXCEPTIONS)]
        yield from told[:MOST]
        if len(told) > MOST:
            yield f"{width} px: … and {len(told) - MOST} more"


def lay_out_all(page: Page) -> None:
    """Have a page lay out what it leaves until a reader comes near: it is looked at like the rest, and has its own height."""
    page.evaluate(LAY_OUT)


@cache
def script() -> str:
    """Return the check as it runs in the page."""
    return (Path(__file__).parents[1] / "templates" / "overflow.js").read_text(encoding="utf-8")


def _said(found: dict[str, str], width: int) -> str:
    where = f"{found['at']} in {found['inside']}"
    return f"{width} px: {found['kind']}: {where} “{found['text']}” {found['more']}".rstrip()
