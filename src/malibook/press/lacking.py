"""What an edition lacks, for the summary of a build: the chapters and pages that do not apply, the evidence that is not there."""

from __future__ import annotations

from typing import Any

from malibook.press import places
from malibook.press.sayings import counted, country_name, listed


def of_edition() -> dict[str, Any]:
    """Return the name of the present edition and one line for each thing that it lacks; nothing for the published one."""
    edition = places.current()
    if edition is None:
        return {}
    chapters = {d.partition("/")[2]: why for d, why in edition.left_out.items() if d.startswith("notebooks/")}
    pages = [d.partition("/")[2] for d in edition.left_out if not d.startswith("notebooks/")]
    lines = [f"chapter {name}: {why}" for name, why in chapters.items()]
    if pages:
        lines.append(f"{counted(len(pages), 'page')}, about Mali or bound to those chapters: {', '.join(pages)}")
    lines += [
        f"{chapter} keeps {name} as published: {why}"
        for chapter, kept in edition.keeps.items()
        for name, why in kept.items()
    ]
    return {"edition": edition.name, "missing": lines + _tables(edition.country)}


def _tables(country: str) -> list[str]:
    from malibook.evidence import home_country

    if country == home_country():
        return []
    from malibook.press.held_here import missing

    lost = missing(home_country(), country)
    return [f"of {country_name(country)} these tables hold no row: {listed(lost)}"] if lost else []
