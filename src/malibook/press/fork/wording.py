"""What the descriptor says in words: the fork's country in the place of the one that the forked book is about.

A sentence about a country that the fork does not hold goes; a list of allowed values that only the forked book's subject explains goes too.
"""

from __future__ import annotations

import re
from typing import Any

from malibook.evidence import country_name, country_title, home_country
from malibook.evidence.held import countries
from malibook.press.fork.request import Request

# Titles and descriptions that name the country as a table's subject, not as a fact about it.
SUBJECT = {
    "airfields": "Airfields of {name}",
    "refugees_by_host": "Refugees and asylum seekers from {name} by host country",
    "violence_region_quarter": "Political violence in {name} by region and quarter",
}
FIELDS = {
    "region": "First administrative level, in one spelling throughout.",
    "region_2016": "First administrative level after a reform, where there was one.",
    "scope": "Area that the figure covers: the country, the region, …",
    "origin_iso3": "Country of origin.",
    "acled_admin1": "First administrative level as ACLED codes it.",
}
# What names no country and is nevertheless of the forked book's subject alone: words in another's place, and sentences that go.
NEUTRAL = {
    "MINUSMA's headcount": "Peacekeepers' headcount",
    "Mean headcount of MINUSMA": "Mean headcount of a peace operation",
    "Timeline of Tinzaouatene": "Timeline of a battle",
    "he five source articles": "he source articles",
    "the five articles": "the articles",
}
LOCAL = re.compile(r"Ménaka|before 2016")
FREE = {"region", "region_2016", "acled_admin1", "theme", "topic"}
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z`])")


def worded(raw: dict[str, Any], request: Request) -> dict[str, Any]:
    """Return the description of a table as a fork has it."""
    if "schema" not in raw:
        return raw
    subject = raw["name"] in SUBJECT
    title = SUBJECT[raw["name"]].format(name=request.name) if subject else _without(raw["title"], request)
    description = _renamed(raw["description"], request) if subject else _without(raw["description"], request)
    title, description = _neutral(title), _neutral(description)
    sources = [s | {"title": _untied(s["title"])} if "title" in s else s for s in raw.get("sources", [])]
    fields = [_field(field, request) for field in raw["schema"]["fields"]]
    schema = raw["schema"] | {"fields": fields}
    return raw | {"title": title, "description": description, "sources": sources, "schema": schema}


def _field(field: dict[str, Any], request: Request) -> dict[str, Any]:
    said = FIELDS.get(field["name"]) or _without(field["description"], request)
    new = field | {"description": said}
    if field["name"] in FREE and "enum" in field.get("constraints", {}):
        new["constraints"] = {key: value for key, value in field["constraints"].items() if key != "enum"}
    return new


def _without(text: str, request: Request) -> str:
    """Return a text without sentences on a country that the fork does not hold; the first one stays, with the name changed."""
    first, *rest = _SENTENCE.split(text)
    kept = [part for part in rest if not _absent(part, request)]
    return " ".join([_renamed(first, request) if _absent(first, request) else first, *kept])


def _absent(text: str, request: Request) -> bool:
    held = {home_country(), *countries()} - set(request.countries)
    return any(re.search(rf"\b{re.escape(country_title(code))}", text) for code in held)


def _neutral(text: str) -> str:
    """Return a text without what only the forked book's subject explains."""
    for said, instead in NEUTRAL.items():
        text = text.replace(said, instead)
    return " ".join(part for part in _SENTENCE.split(text) if not LOCAL.search(part))


def _renamed(text: str, request: Request) -> str:
    return re.sub(rf"\b{country_name(home_country())}\b", request.name, text)


def _untied(title: str) -> str:
    """Return a publisher's title without the country of the forked book."""
    return re.sub(rf" (?:for|in|on) {country_name(home_country())}\b", "", title)
