"""The name of the country in the prose of a chapter that runs for any: `{country}` and `{Country}` in its Markdown.

A chapter that declares the parameter `country` may write `{country}` where its country is named (*in {country}*) and
`{Country}` where a sentence begins with it. In a heading either becomes the name without its article. The page, its
standalone copy and its script carry the name of the run's country; the notebook as committed carries the word.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from malibook.evidence import country_first, country_name, country_title

PARAMETER = "country"
_WORD = re.compile(r"(?<!`)\{([cC])ountry\}(?!`)")


def with_country(nb: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return the notebook with its country named in the prose; one whose run takes no country as it is."""
    code = parameters.get(PARAMETER)
    if not code:
        return nb
    out = copy.copy(nb)
    out.cells = [_named(cell, str(code)) for cell in nb.cells]
    return out


def named(text: str, code: str) -> str:
    """Return Markdown with the country of this code in the place of `{country}` and `{Country}`."""
    return "\n".join(_line(line, code) for line in text.split("\n"))


def uses_country(text: str) -> bool:
    """Return whether a text waits for the name of a country."""
    return bool(_WORD.search(text))


def _named(cell: NotebookNode, code: str) -> NotebookNode:
    if cell.cell_type != "markdown" or not uses_country(cell.source):
        return cell
    other = copy.copy(cell)
    other.source = named(cell.source, code)
    return other


def _line(line: str, code: str) -> str:
    if line.startswith("#"):
        return _WORD.sub(lambda _: country_title(code), line)
    return _WORD.sub(lambda found: country_name(code) if found[1] == "c" else country_first(code), line)
