"""What every page says of the book as a whole: title, author, year, version, what it was made from, its address."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from malibook import __version__
from malibook.errors import BookError
from malibook.press import places
from malibook.press.contents import configuration
from malibook.press.edition_stage import configured
from malibook.press.provenance import Provenance

ADDRESS = "MALIBOOK_SITE_URL"
REPOSITORY = "MALIBOOK_REPOSITORY_URL"
FILE = "_generated/book.json"  # where the stage keeps it


@dataclass(frozen=True)
class Book:
    """The book as it is cited; `site` is the address of its first folder with a slash at its end, or empty.

    `repository` is where its source can be had, or empty; an edition has none, since notebooks open as published.
    """

    title: str
    author: str
    year: str
    version: str
    commit: str
    data_version: str
    data_hash: str
    site: str
    repository: str = ""

    @property
    def short_title(self) -> str:
        """Return the title without what follows its colon."""
        return self.title.partition(":")[0]

    def address(self, path: str) -> str:
        """Return the absolute address of one of the book's files; empty where no address is configured."""
        return f"{self.site}{path}" if self.site else ""


def book_facts(origin: Provenance) -> Book:
    """Return the facts of a build made now; raise `BookError` for an address that is none."""
    config = configured(configuration(), places.current())
    year = re.search(r"\d{4}", str(config.get("copyright", "")))
    return Book(
        title=str(config.get("title", "")),
        author=str(config.get("author", "")),
        year=year[0] if year else "n.d.",
        version=__version__,
        commit=origin.commit,
        data_version=origin.data_version,
        data_hash=origin.data_hash,
        site=_site_here(config),
        repository="" if places.current() else repository_address(config),
    )


def published_book(origin: Provenance) -> tuple[str, str]:
    """Return title and address of the published edition; the address is empty where none is configured."""
    with places.of(None):
        book = book_facts(origin)
    return book.title, book.site


def _site_here(config: dict[str, Any]) -> str:
    """Return the address of the present edition: below the published one's, as its folder is below `_build`."""
    site, edition = site_address(config), places.current()
    return f"{site}editions/{edition.name}/" if site and edition else site


def site_address(config: dict[str, Any]) -> str:
    """Return where the book will be found: `MALIBOOK_SITE_URL`, else `html: baseurl` of `_config.yml`, else nothing."""
    given = os.environ.get(ADDRESS, "") or str((config.get("html") or {}).get("baseurl") or "")
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        remedy = "give the address of the book’s folder, such as https://example.org/mali/"
        raise BookError(f"is no address of a site: {given!r}", where=f"{ADDRESS} or html.baseurl", remedy=remedy)
    return given.rstrip("/") + "/"


def repository_address(config: dict[str, Any]) -> str:
    """Return where the source can be had: `MALIBOOK_REPOSITORY_URL`, else `html: repository_url` of `_config.yml`, else nothing."""
    given = os.environ.get(REPOSITORY, "") or str((config.get("html") or {}).get("repository_url") or "")
    parts = urlsplit(given)
    deep = parts.path.strip("/").count("/") >= 1
    if given and (parts.scheme != "https" or not deep or parts.query or parts.fragment or not _plain(parts)):
        remedy = "give the address that git clones from, such as https://github.com/OWNER/NAME"
        raise BookError(
            f"is no address of a repository: {given!r}", where=f"{REPOSITORY} or html.repository_url", remedy=remedy
        )
    return given.rstrip("/")


def _plain(parts: SplitResult) -> bool:
    """Return whether host and path hold nothing that a shell or a page could take for something else, and no user."""
    return bool(re.fullmatch(r"[\w.-]+(?::\d+)?", parts.netloc) and re.fullmatch(r"[\w./-]+", parts.path))


def write_book(book: Book) -> str:
    """Return the book's facts as the stage keeps them."""
    return json.dumps(asdict(book), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_book(stage: Path) -> Book:
    """Return the facts that a stage holds."""
    return Book(**json.loads((stage / FILE).read_text(encoding="utf-8")))
