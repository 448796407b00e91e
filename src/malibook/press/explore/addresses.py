"""The addresses of documents on the page *Sources*, as the page *Explore* names them."""

from __future__ import annotations

from malibook.evidence import source_ids


def document_addresses() -> dict[str, str]:
    """Return the id of each document's entry on the page *Sources*: short, since the page *Explore* names 700 of them."""
    return {name: f"d{number}" for number, name in enumerate(sorted(source_ids()), 1)}
