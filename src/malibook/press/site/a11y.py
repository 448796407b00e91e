"""Mend what Sphinx and its extensions write against accessibility, and put each small figure's data beside it.

Each repair is named by the axe-core rule that it answers. What reads well already is left as it is.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from malibook.press.site.data_table import data_table

_HEADING = re.compile(r'(<\w+\b[^<>]*\brole="heading"[^<>]*)>')
_CODE = re.compile(r'(<div class="highlight(?: [^"]*)?">)<pre>')
_FIGURE = re.compile(r'<figure\b[^>]*\bid="([^"]+)"[^>]*>.*?</figure>', re.S)
_DATA = re.compile(r'href="([^"]+\.csv)"')
_CAPTION = re.compile(r'<span class="caption-number">(.*?)</span>', re.S)


def accessible(page: str, at: Path) -> str:
    """Return a page of a built book, of the folder `at`, mended; a page that was mended before is returned as it is."""
    return with_data(mended(page), at)


def mended(page: str) -> str:
    """Return a page whose generated markup keeps the rules."""
    if 'class="citation-list"' in page:  # aria-deprecated-role, aria-required-children: a bibliography is a list
        page = page.replace(' role="doc-biblioentry"', ' role="listitem"')
    if 'role="heading"' in page:  # aria-required-attr: a heading without a level; looking for it in vain is slow
        page = _HEADING.sub(lambda found: found[0] if "aria-level" in found[1] else f'{found[1]} aria-level="2">', page)
    return _CODE.sub(r'\1<pre tabindex="0">', page)  # scrollable-region-focusable: long lines scroll by keyboard


def with_data(page: str, at: Path) -> str:
    """Return a page in which each figure of few rows is followed by its data as a table, folded away."""
    return _FIGURE.sub(lambda found: found[0] + _folded(found, page, at), page)


def _folded(found: re.Match[str], page: str, at: Path) -> str:
    name, link, number = found[1], _DATA.search(found[0]), _CAPTION.search(found[0])
    if not (name.startswith("fig-") and link and number) or f'id="{name}-data"' in page:
        return ""
    table = data_table(at / unescape(link[1]), f"Data of {number[1].strip()}")
    if not table:
        return ""
    return f'\n<details class="figure-data" id="{name}-data"><summary>Show the data of {number[1].strip()}</summary>\n{table}</details>'
