"""The documents behind the tables: their ids, and a bibliography made of them."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterable
from string import ascii_lowercase

import pandas as pd

MONTHS = month_name[1:]
LABELS = {"compiled-notes": "Compiled notes"}  # a repository's name would say less than what it holds
_NOTE = re.compile(r"\s*(?:\((?:relay|copy)\)|\b(?:relay|copy))$")
_RELAYED = (  # "RFI via PressAfrik", "Devdiscourse (Reuters)": who wrote it, and on what page it was read
    r"(?P<by>.+?) (?:via|reported by) (?P<on>.+)",
    r"(?P<on>[^(]+) \((?P<by>(?!.*(?:summary|wording|extracts|aggregated|relay|reworded|based|reported))[^()]+)\)",
)
_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": " ", "$": r"\$"})


def bibliography(sources: pd.DataFrame) -> str:
    """Return the documents as BibTeX, one entry each, in order of their ids.

    Every entry reads: who, what, where, when, address. A document without an author is entered under its publisher; one
    without a date says "n.d."; a relay of an agency's text is said to be one; what was not read is said to be second hand.
    """
    rows = sources.fillna("").sort_values("id").to_dict("records")
    years = cited_years(rows)
    return "\n".join(_entry(row, years[row["id"]]) for row in rows)


def cited_years(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Return the year that each of these documents is cited by, by id: 2024, or 2024a where a credit has several of that year.

    The letters follow the dates, as author–date styles have it, so that a citation in print leads to one entry.
    """
    named: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        named.setdefault((credit(row)[0].casefold(), row["date"][:4]), []).append(row)
    out: dict[str, str] = {}
    for (_, year), alike in named.items():
        in_order = sorted(alike, key=lambda row: (row["date"], row["title"], row["id"]))
        for number, row in enumerate(in_order):
            letter = _letters(number) if len(alike) > 1 else ""
            out[row["id"]] = f"{year}{letter}" if year else f"n.d.{letter and '-'}{letter}"
    return out


def _letters(number: int) -> str:
    """Return a, b, …, z, aa, ab, … for 0, 1, …"""
    before, last = divmod(number, len(ascii_lowercase))
    return (_letters(before - 1) if before else "") + ascii_lowercase[last]


def _entry(row: dict[str, str], year: str) -> str:
    author, where = credit(row)
    journal = row["kind"] == "academic" and where
    fields = {"author": "{" + _escape(author) + "}", "title": "{" + _escape(row["title"]) + "}"}
    fields |= {("journal" if journal else "howpublished"): _escape(where)} if where else {}
    fields |= _date(row["date"], year)
    if row["url"]:
        fields["url"] = row["url"].replace("{", "%7B").replace("}", "%7D")
    if row["text_read"] == "no":
        fields["note"] = "Cited at second hand, text not read"
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@{'article' if journal else 'misc'}{{{row['id']},\n{body}\n}}\n"


def credit(row: dict[str, str]) -> tuple[str, str]:
    """Return who a document is by and where it stood, the second empty where the first says it.

    A relay is credited to whoever wrote the text, as far as that is known: "AFP", "Relayed by SpaceWar".
    """
    author, publisher = row["author"], row["publisher"]
    if row["kind"] == "compiled-notes":
        return author or LABELS["compiled-notes"], publisher and f"In a {publisher}"
    if row["kind"] == "seed-article" and not author:
        return f"Source article a{row['id'][-3:]}", publisher
    if row["kind"] == "press-relay":
        return _relay(author, publisher)
    author = author or publisher or "Anonymous"
    return author, "" if publisher == author else publisher


def _relay(author: str, publisher: str) -> tuple[str, str]:
    """Return the writer and the relay; notes such as `copy` or `relay` after the relay's name say no more than that."""
    outlet = _NOTE.sub("", publisher)
    if not author:
        return outlet, "Press relay"
    for pattern in _RELAYED:
        found = re.fullmatch(pattern, author)
        if found and (_plain(found["on"]) in _plain(outlet) or _plain(outlet) in _plain(found["on"])):
            return found["by"], f"Relayed by {outlet}"
    copied = re.fullmatch(re.escape(author) + r"(?: via (.+)| \((?:seen on )?(.+?)(?: copy| copies)?\))", outlet)
    outlet = next(filter(None, copied.groups())) if copied else outlet
    return author, "Press relay" if author == outlet else f"Relayed by {outlet}"


def _plain(name: str) -> str:
    """Return a name as it is compared: letters and digits alone, without the ending of an address."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\.\w+$", "", name.casefold()))


def _date(date: str, year: str) -> dict[str, str]:
    """Return a date as BibTeX has it: `2024-07-28` with "28 July" as its month, or the year alone, as it is cited."""
    _, _, rest = date.partition("-")
    if not rest:
        return {"year": year}
    month, _, day = rest.partition("-")
    return {"month": f"{int(day)} {MONTHS[int(month) - 1]}" if day else MONTHS[int(month) - 1], "year": year}


def _escape(text: str) -> str:
    return text.translate(_SPECIAL)
