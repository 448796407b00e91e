"""The commands that make the book and that check a book made before: `malibook build`, `malibook verify`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from malibook.cli_editions import Country, EditionName, chosen
from malibook.console import end, hush, live, say
from malibook.errors import BookError
from malibook.press import places
from malibook.press.outcome import PAPER

if TYPE_CHECKING:
    from malibook.press.outcome import Outcome

Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, help="Chapters run side by side; 0: one a core and two more.")
]
Paper = Literal["a4", "us-letter", "both"]
CellSeconds = Annotated[int, typer.Option("--cell-seconds", min=1, help="The longest that one cell may run.")]


def build(
    html: Annotated[bool, typer.Option("--html/--no-html", help="Compile the HTML book.")] = True,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Compile the PDF book.")] = True,
    epub: Annotated[bool, typer.Option("--epub/--no-epub", help="Make the EPUB book.")] = True,
    paper: Annotated[
        Paper | None,
        typer.Option("--paper", help="Paper of the PDF, else as in _config.yml; both: US Letter too, mali-letter.pdf."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run every chapter, also those whose last run still stands.")
    ] = False,
    why: Annotated[bool, typer.Option("--why", help="Only say which chapters would run, and what changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON and nothing else.")] = False,
    jobs: Jobs = 0,
    cell_seconds: CellSeconds = 300,
    edition: EditionName = "published",
    country: Country = None,
) -> None:
    """Build the book: data check, all chapters, HTML, PDF and EPUB, into `_build/`, an edition into `_build/editions/NAME`."""
    with places.of(chosen(edition, country)):
        _build(html, pdf, epub, paper, force, why, as_json, jobs, cell_seconds)


def _build(
    html: bool,
    pdf: bool,
    epub: bool,
    paper: Paper | None,
    force: bool,
    why: bool,
    as_json: bool,
    jobs: int,
    cell_seconds: int,
) -> None:
    if why:
        from malibook.press.due import why as reasons

        print("\n".join(reasons()))
        return
    kinds = tuple(k for k, wanted in (("html", html), ("pdf", pdf), ("epub", epub)) if wanted)
    if not kinds:
        raise BookError("nothing to build", where="--no-html --no-pdf --no-epub", remedy="leave one of them out")
    if paper:
        os.environ[PAPER] = paper
    outcome = None if force else _standing(kinds, hush if as_json else say)
    if outcome is None:
        from malibook.press.due import start_warm

        start_warm(force=force)  # it imports beside the press
        from malibook.press.build import build as press_build

        with live(as_json) as tell:
            tune = {"force": force, "jobs": jobs, "seconds": cell_seconds, "tell": tell}
            outcome = press_build(hush if as_json else say, kinds, **tune)
    if as_json:
        print(json.dumps(outcome.as_json(), indent=1, ensure_ascii=False))
        raise typer.Exit(1 if outcome.problems else 0)
    end(outcome.problems, "the build failed; the last good book stays where it was")
    for line in outcome.missing:
        say(f"missing: {line}")
    say(outcome.summary())


def verify(
    receipt: Annotated[Path, typer.Option("--receipt", help="The receipt to compare with.")] = Path(
        "_build/receipt.json"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON and nothing else.")] = False,
    jobs: Jobs = 0,
    cell_seconds: CellSeconds = 300,
) -> None:
    """Rerun every chapter aside and compare, exhibit by exhibit, with the receipt of a build or a release."""
    from malibook.press.verify import report_lines
    from malibook.press.verify import verify as press_verify

    with live(as_json) as tell:
        found = press_verify(receipt, hush if as_json else say, jobs=jobs, seconds=cell_seconds, tell=tell)
    same = all(row["state"] == "identical" for row in found["rows"])
    print(json.dumps(found, indent=1, ensure_ascii=False) if as_json else "\n".join(report_lines(found)))
    if not as_json:
        say("every exhibit is identical" if same else "the rerun differs from the receipt")
    raise typer.Exit(0 if same else 1)


def _standing(kinds: tuple[str, ...], tell: Callable[[str], None]) -> Outcome | None:
    """Return the outcome where a build has nothing to do, and say so; asked before anything heavy is loaded."""
    from malibook.press.outcome import path_of
    from malibook.press.unchanged import standing

    outcome = standing(kinds)
    if outcome is not None:
        tell(f"nothing changed: {', '.join(path_of(kind) for kind in kinds)}")
    return outcome
