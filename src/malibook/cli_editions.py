"""`malibook editions`, and the options by which other commands are told of which edition they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from malibook.errors import BookError

if TYPE_CHECKING:
    from malibook.press.editions import Edition

PUBLISHED = "published"
EditionName = Annotated[str, typer.Option("--edition", help="One of `malibook editions`.")]
Country = Annotated[
    str | None, typer.Option("--country", help="The edition for a country (ISO 3166-1 alpha-3) that the tables hold.")
]


def editions() -> None:
    """List the editions of `editions.toml`: name, title, parameters, and what each lacks of the book."""
    from malibook.press.editions import edition, names

    for name, title in names().items():
        try:
            found = edition(name)
        except BookError as error:
            print(f"{name}: {title}\n  cannot be built: {error}")
            continue
        print(f"{name}: {title}")
        if found:
            given = ", ".join(f"{key} = {value}" for key, value in found.parameters.items())
            print(f"  {given}; {len(found.chapters)} chapters, {len(found.left_out)} documents left out")


def chosen(name: str, country: str | None) -> Edition | None:
    """Return the edition that was asked for, None for the published one; raise `BookError` where both were named."""
    if name == PUBLISHED and country is None:
        return None
    from malibook.press import editions as known

    if country is not None and name != PUBLISHED:
        raise BookError("both an edition and a country", where="--edition, --country", remedy="give one of the two")
    return known.edition_of_country(country) if country is not None else known.edition(name)
