"""The `malibook data` commands: list, check, cite, refresh."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from malibook import cli_files as official
from malibook.cli_specifications import data_specifications
from malibook.console import end, say

if TYPE_CHECKING:
    from malibook.evidence.loaders.refresh import Outcome

WIDTH = 80  # of the printed difference
data_app = typer.Typer(no_args_is_help=True, help="Look at the data package, check, cite and refresh it.")
data_app.command("specifications")(data_specifications)


@data_app.command("list")
def data_list() -> None:
    """List the tables: rows, licence, vintage."""
    from malibook.evidence import derived, load, resources

    for resource in resources().values():
        if not derived.holds(resource.name):
            rows = "  outdated "
        else:
            rows = f"{len(load(resource.name)):>6,} rows" if resource.fields else "       map "
        print(f"{resource.name:26}{rows}  {resource.licence[:34]:36}{resource.vintage[:50]}")


@data_app.command("check")
def data_check() -> None:
    """Validate every table: types, keys, references, ranges, licences."""
    from malibook.evidence import root
    from malibook.evidence.checks import validate

    end([str(p) for p in validate(root() / "data")], "the data check failed")
    say("all tables are valid")


@data_app.command("cite")
def data_cite(table: Annotated[str, typer.Argument(help="A table of the package: see `malibook data list`.")]) -> None:
    """Print how to cite a table: citation, licence, BibTeX."""
    from malibook.evidence.citing import cite

    print(cite(table))


@data_app.command("chapters")
def data_chapters(
    write: Annotated[bool, typer.Option("--write", help="Write the real readers into datapackage.json.")] = False,
) -> None:
    """Hold the readers that each table declares against what chapters and pages really open; runs what is due."""
    from malibook.evidence import root
    from malibook.press.chapters import run_chapters
    from malibook.press.pages import tables_of_files
    from malibook.press.readers import declare, reader_problems
    from malibook.press.swap import only_one_build

    with only_one_build(root() / "_build"):
        ledgers, runs = run_chapters(say)
    end([problem for run in runs for problem in run.problems], "a chapter failed; nothing was written")
    if write:
        changed = declare(ledgers, tables_of_files())
        print("\n".join(changed) or "no change: the descriptor names every reader")
    else:
        end(reader_problems(ledgers, tables_of_files()), "the descriptor names other readers")
        say("the descriptor names every reader")


@data_app.command("refresh")
def data_refresh(
    ucdp_ged: official.UcdpGed = None,
    ucdp_candidate: official.UcdpCandidate = None,
    ucdp_country_year: official.UcdpCountryYear = None,
    acled: official.Acled = None,
    hdx: official.Hdx = None,
    unhcr: official.Unhcr = None,
    idmc: official.Idmc = None,
    world_bank: official.WorldBank = None,
    vdem: official.Vdem = None,
    countries: Annotated[
        str, typer.Option(help="ISO 3166-1 codes; the regions of the first one are shown.")
    ] = "MLI,BFA,NER,CAF,LBY",
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Data folder; by default the book's.")
    ] = None,
    accessed: official.Accessed = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    allow_older: official.Older = False,
    accept_large_changes: official.LargeChanges = False,
) -> None:
    """Rebuild derived tables from upstream files; all or nothing, with a readable difference."""
    from malibook.evidence import root
    from malibook.evidence.loaders.countries import chosen
    from malibook.evidence.loaders.refresh import Choices, Files, refresh
    from malibook.evidence.loaders.refusal import MOST, RefusedError
    from malibook.evidence.loaders.releases import month_given

    files = Files(
        ucdp_ged, tuple(ucdp_candidate or ()), ucdp_country_year, acled, hdx, unhcr, idmc, tuple(world_bank or ()), vdem
    )
    choices = Choices(chosen(countries), dry_run, allow_older, accept_large_changes, month_given(accessed))
    try:
        outcome = refresh(files, data or root() / "data", choices)
    except RefusedError as error:
        end([str(problem) for problem in error.problems], "refused; the data folder is as it was", MOST)
        raise
    print(_report(outcome, dry_run))


def _report(outcome: Outcome, dry_run: bool) -> str:
    from malibook.evidence.loaders.difference import lines

    out = ["Files", *_wrapped(outcome.files)]
    if outcome.notes:
        out += ["", "Notes", *_wrapped(outcome.notes)]
    out += ["", "Difference", *_wrapped(lines(outcome.differences)), ""]
    if all(d.nothing for d in outcome.differences):
        out.append("no change: nothing was written")
    elif dry_run:
        out.append("dry run: nothing was written")
    else:
        out += textwrap.wrap(f"written: {', '.join(outcome.written)}", WIDTH, subsequent_indent="  ")
    return "\n".join(out)


def _wrapped(paragraphs: Iterable[str]) -> list[str]:
    """Return paragraphs as lines that fit a terminal; a path is not broken."""
    out = []
    for text in paragraphs:
        inner = text[: len(text) - len(text.lstrip())] + "  "
        how = {"initial_indent": inner, "subsequent_indent": inner + "  ", "break_on_hyphens": False}
        out += (
            textwrap.wrap(text.strip(), WIDTH, break_long_words=False, **how)
            if len(text) > WIDTH - 2
            else [f"  {text}"]
        )
    return out
