"""What a fork is asked for, checked before anything is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from malibook.errors import BookError, shown
from malibook.evidence import country_file, country_name, home_country
from malibook.evidence.loaders.countries import chosen

LONGEST = 120
UNNAMED = "To write: the authors of this book"
_ODD = re.compile(r"[\\`*_{}\[\]<>|#$^~\"]")


@dataclass(frozen=True)
class Request:
    """A fork that can be made: its country, the countries beside it, its title and authors, and where it goes."""

    country: str
    beside: tuple[str, ...]
    title: str
    author: str
    out: Path

    @property
    def countries(self) -> tuple[str, ...]:
        """Return every country of its tables, its own first."""
        return (self.country, *self.beside)

    @property
    def name(self) -> str:
        """Return the country's name as it stands in a sentence."""
        return country_name(self.country)

    @property
    def short_title(self) -> str:
        """Return the title without what follows its colon."""
        return self.title.partition(": ")[0]

    @property
    def subtitle(self) -> str:
        """Return what follows the colon of the title, with a capital; empty where nothing does."""
        rest = self.title.partition(": ")[2]
        return rest[:1].upper() + rest[1:]

    @property
    def stem(self) -> str:
        """Return how its files are called: `cote-d-ivoire`."""
        return country_file(self.country)


def requested(country: str, title: str, out: Path, author: str | None, compare: str | None, held: set[str]) -> Request:
    """Return what was asked for; raise `BookError` for an unknown country, a bad title or author, a folder that is in use.

    `held` are the countries of this book's tables. Without `compare`, a country among them is compared with the others.
    """
    codes = _countries(country, "--country")
    if len(codes) != 1:
        raise BookError("a fork is about one country", where="--country", remedy="name the others with --compare")
    home = codes[0]
    if home == home_country():
        remedy = "to change this book, copy its whole repository; to make one like it, name another country"
        raise BookError(f"{country_name(home)} is the country of this book", where="--country", remedy=remedy)
    others = _countries(compare, "--compare") if compare else tuple(sorted(held)) if home in held else ()
    beside = tuple(code for code in others if code != home)
    return Request(home, beside, _line(title, "--title"), _line(author or UNNAMED, "--author"), _free(out))


def _countries(text: str, option: str) -> tuple[str, ...]:
    try:
        return chosen(text)
    except BookError as error:
        raise BookError(error.what, where=option, remedy="write ISO 3166-1 codes of three letters: NER, SOM") from None


def _line(text: str, option: str) -> str:
    """Return one line of plain text; raise `BookError` for marks that Markdown or YAML would read, and for no text."""
    text = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    remedy = f'write plain words, at most {LONGEST} characters: "Niger, 2010–2025: a war at the borders"'
    if not re.search(r"\w", text) or len(text) > LONGEST:
        raise BookError("is empty or too long" if text else "is empty", where=option, remedy=remedy)
    bad = next((c for c in text if _ODD.match(c) or unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")), None)
    if bad:
        raise BookError(f"holds {shown(bad)}, which a title cannot", where=option, remedy=remedy)
    return text


def _free(out: Path) -> Path:
    """Return the folder as an absolute path; raise `BookError` where something is in it or it cannot be made."""
    out = out.expanduser().absolute()
    try:
        taken = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as error:
        raise BookError(f"cannot be read: {error.strerror}", where=str(out), remedy="choose another folder") from None
    if taken:
        raise BookError("is there and not empty", where=str(out), remedy="name a new or an empty folder")
    if not out.parent.is_dir():
        raise BookError("is no folder", where=str(out.parent), remedy="make it first, or check --out")
    return out
