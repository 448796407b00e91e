"""`malibook data specifications`: the tables that the book computes itself, held against their inputs or made anew."""

from __future__ import annotations

from typing import Annotated

import typer

from malibook.console import end, say


def data_specifications(
    write: Annotated[bool, typer.Option("--write", help="Compute them and write them into data/.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Runs side by side; 0: one a core.")] = 0,
) -> None:
    """Say whether the kept specification curves fit their inputs, or compute them (the sweep `robustness`) and keep them."""
    from malibook.evidence import root
    from malibook.press.interruption import interruptible
    from malibook.press.kept import write_into_data
    from malibook.press.swap import only_one_build

    if write:
        with interruptible(), only_one_build(root() / "_build"):
            print("\n".join(write_into_data(say, jobs=jobs)))
        return
    end(stale_lines(), "kept results are out of date")
    say("the kept results are those of the present data and estimators")


def stale_lines() -> list[str]:
    """Return one line for each computed table that is out of date, with what changed and what to do."""
    from malibook.errors import BookError
    from malibook.evidence import derived

    return [
        str(
            BookError(f"is out of date: {', '.join(parts)} changed", where=f"data, table {name}", remedy=derived.REMEDY)
        )
        for name, parts in derived.stale().items()
    ]
