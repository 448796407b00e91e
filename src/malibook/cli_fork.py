"""A book of one's own about another country: `malibook fork`, `malibook placeholders`, and `malibook wheel`, its library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from malibook import cli_files as official
from malibook.console import end, say

if TYPE_CHECKING:
    from malibook.press.fork import Made


def fork(
    country: Annotated[str, typer.Option(help="The country of the new book, ISO 3166-1 alpha-3: NER.")],
    title: Annotated[str, typer.Option(help='Its title: "Niger, 2010–2025: a war at the borders".')],
    out: Annotated[Path, typer.Option("--out", "-o", help="A new or empty folder.")],
    author: Annotated[str | None, typer.Option(help="Who writes it.")] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            help="Countries to keep beside it: BFA,MLI; by default all that our tables hold if they hold it, else none."
        ),
    ] = None,
    ucdp_ged: official.UcdpGed = None,
    ucdp_candidate: official.UcdpCandidate = None,
    ucdp_country_year: official.UcdpCountryYear = None,
    acled: official.Acled = None,
    hdx: official.Hdx = None,
    unhcr: official.Unhcr = None,
    idmc: official.Idmc = None,
    world_bank: official.WorldBank = None,
    vdem: official.Vdem = None,
    accessed: official.Accessed = None,
    allow_older: official.Older = False,
    accept_large_changes: official.LargeChanges = False,
) -> None:
    """Make a new book repository for another country: its data, its chapters, prose to be written; all or nothing."""
    from malibook.evidence.held import countries
    from malibook.evidence.loaders.refresh import Choices, Files
    from malibook.evidence.loaders.refusal import MOST, RefusedError
    from malibook.evidence.loaders.releases import month_given
    from malibook.press.fork import fork as make
    from malibook.press.fork.request import requested

    request = requested(country, title, out, author, compare, set(countries()))
    files = Files(
        ucdp_ged, tuple(ucdp_candidate or ()), ucdp_country_year, acled, hdx, unhcr, idmc, tuple(world_bank or ()), vdem
    )
    choices = Choices(request.countries, False, allow_older, accept_large_changes, month_given(accessed))
    try:
        made = make(request, files, choices)
    except RefusedError as error:
        end([str(problem) for problem in error.problems], "refused; no fork was made", MOST)
        raise
    print(_report(made))


def placeholders() -> None:
    """List what is still to be written: each placeholder of the prose, with file and line."""
    from malibook.press.placeholders import placeholders as found

    waiting = found()
    for placeholder in waiting:
        print(placeholder)
    say(f"{len(waiting)} placeholders" if waiting else "no placeholder is left")


def wheel(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write it into.")] = Path("."),
) -> None:
    """Write this library as a wheel, with its lock, style sheets and scripts: what `python run.py raise` of a fork takes."""
    from malibook.press.fork.wheel import wheel as made

    name, content = made()
    out.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(content)
    say(f"{out / name}: {len(content) / 1e6:.1f} MB")


def _report(made: Made) -> str:
    lines = [f"made {made.folder}"]
    lines += [f"  data: {_rows(made)}"]
    if made.refresh:
        lines += [f"  official file: {text}" for text in made.refresh.files]
        lines += [f"  note: {text}" for text in made.refresh.notes]
    lines += [f"  chapters: {', '.join(made.chapters)}"]
    lines += [f"  left out: {name}: {why}" for name, why in made.left_out.items()]
    lines += [f"  first commit: {made.commit}" if made.commit else "  no commit: git is not here, or did not take it"]
    return "\n".join([*lines, "", "next, in that folder:", "  python run.py test", "  python run.py build"])


def _rows(made: Made) -> str:
    held = {name: count for name, count in made.rows.items() if count}
    return f"{sum(held.values()):,} rows in {len(held)} tables; {len(made.rows) - len(held)} tables wait for rows"
