"""`remark`: a paragraph whose words depend on what data the copy holds, such as what is missing from it."""

from __future__ import annotations

import re

from malibook.errors import BookError
from malibook.exhibits.ledger import record

MISSING = "Not in this copy of the data"
_KEY = re.compile(r"[a-z][a-z0-9-]*")


def remark(key: str, text: str, *, title: str = "") -> None:
    """Print a paragraph at this place and enter it in the ledger.

    `text` is prose in MyST: it may refer to exhibits and bound numbers that only this run shows, and holds no typed
    number. With a `title` it stands in a box under it. Raises `BookError` for a bad key or no text.
    """
    if not _KEY.fullmatch(key):
        raise BookError(
            "a remark's key is lower-case letters, digits and hyphens", where=f"remark {key}", remedy="rename it"
        )
    text = text.strip()
    if not text:
        raise BookError("says nothing", where=f"remark {key}", remedy="give it words, or leave it out")
    shown = f"**{title}.** {text}" if title else text
    record({"kind": "remark", "key": key, "text": text, "title": title}, {"text/markdown": shown, "text/plain": shown})
