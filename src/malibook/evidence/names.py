"""What countries are called in this book: their names by ISO 3166-1 alpha-3 code, as they stand in a sentence and in a title."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "loaders" / "countries.csv"


def country_name(code: str) -> str:
    """Return a country's name as it stands in a sentence (`the Central African Republic`), its code where it has none."""
    return _names().get(code, code)


def country_title(code: str) -> str:
    """Return a country's name as it stands in a title or a table, without its article."""
    return country_name(code).removeprefix("the ")


def country_first(code: str) -> str:
    """Return a country's name as a sentence begins with it (`The Central African Republic`)."""
    name = country_name(code)
    return name[:1].upper() + name[1:]


def country_file(code: str) -> str:
    """Return how files about a country are called: `cote-d-ivoire`, its code in small letters where no letter of its name is left."""
    plain = unicodedata.normalize("NFKD", country_title(code).replace("’", "-")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.casefold())) or code.casefold()


@cache
def _names() -> dict[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["iso3"]: row["name"] for row in csv.DictReader(lines)}
