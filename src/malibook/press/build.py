"""The press from end to end: check the data, run the chapters, hold contracts; what comes after is `binding`."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

from malibook.press import places
from malibook.press.beside import published_runs
from malibook.press.chapters import Tell, run_chapters
from malibook.press.checked import data_problems
from malibook.press.compile import base, compilers
from malibook.press.contents import configuration, contents_problems
from malibook.press.due import start_warm
from malibook.press.execute import CELL_SECONDS
from malibook.press.interruption import interruptible
from malibook.press.lacking import of_edition
from malibook.press.ledger import Ledger
from malibook.press.limits import allow_files
from malibook.press.outcome import KINDS, Outcome, timed
from malibook.press.processes import one_aside
from malibook.press.provenance import provenance
from malibook.press.staging import Stage
from malibook.press.swap import only_one_build
from malibook.press.unchanged import inputs

Say = Callable[[str], None]


def build(
    say: Say,
    kinds: tuple[str, ...] = KINDS,
    *,
    force: bool = False,
    jobs: int = 0,
    seconds: int = CELL_SECONDS,
    tell: Tell | None = None,
) -> Outcome:
    """Build the book; where anything is wrong, say what and leave the last good book where it is.

    `force` runs every chapter; `jobs` is how many run side by side (0: one a core and two more); `seconds` the time that a cell has.
    """
    outcome = Outcome(**of_edition())
    allow_files()
    with interruptible(), only_one_build(places.folder()), timed(outcome, "in all"):
        start_warm(force=force)  # where the command line has not done so
        with timed(outcome, "checks"):
            configuration()
            outcome.problems = data_problems() + contents_problems()
        found = len(outcome.problems)
        say(f"data and contents checked: {found or 'no'} problem{'s' * (found != 1)}")
        if outcome.problems:
            return outcome
        began = inputs()
        with compilers(len(base(kinds)), provenance()) as load:  # as soon as a core has no chapter left to run
            how = {"force": force, "jobs": jobs, "seconds": seconds, "tell": tell}
            _run_and_compile(say, kinds, outcome, began, load, **how)
    return outcome


def _run_and_compile(
    say: Say, kinds: tuple[str, ...], outcome: Outcome, began: str, load: Callable[[], None], **how: Any
) -> None:
    stage, edition = Stage(places.folder() / "stage"), places.current()
    with timed(outcome, "chapters"), one_aside() as aside:  # one thread: tables are traced by who opens them
        aside.submit(_load_binding)
        published, outcome.runs = published_runs(say, **how) if edition else ([], [])
        if not any(run.problems for run in outcome.runs):
            early = {}
            if not edition:  # whose chapters ask which others it has
                aside.submit(_lay_first, stage)
                early = {"ran": partial(aside.submit, _lay_early, stage)}
            ledgers, outcome.runs = run_chapters(say, idle=load, **early, **how)
    outcome.problems = [problem for run in outcome.runs for problem in run.problems]
    if not outcome.problems:
        from malibook.press.binding import bind

        bind(stage, ledgers, kinds, say, outcome, began, published)


def _load_binding() -> None:
    """Load the press's second half while chapters run; where that fails, it does so again, and aloud, when it is needed."""
    with contextlib.suppress(Exception):
        importlib.import_module("malibook.press.binding")


def _lay_first(stage: Stage) -> None:
    """Lay out what asks for no chapter."""
    from malibook.press.stage import lay_ahead

    lay_ahead(stage)


def _lay_early(stage: Stage, ledger: Ledger) -> None:
    """Lay out a chapter that has just run."""
    from malibook.press.stage import lay_early

    lay_early(stage, ledger, provenance())
