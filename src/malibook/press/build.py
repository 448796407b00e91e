"""The press from end to end: check the data, run the chapters, hold contracts, compile, check, swap."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from malibook.press import places
from malibook.press.beside import published_runs
from malibook.press.chapters import Tell, run_chapters
from malibook.press.check import check_html
from malibook.press.checked import data_problems
from malibook.press.compilation import Compilation, base
from malibook.press.compile import Compiled, compilers
from malibook.press.contents import contents_problems, documents
from malibook.press.due import start_warm
from malibook.press.execute import CELL_SECONDS
from malibook.press.lacking import of_edition
from malibook.press.ledger import Ledger
from malibook.press.outcome import KINDS, Outcome, path_of
from malibook.press.pages import tables_of_files
from malibook.press.processes import interruptible
from malibook.press.provenance import Provenance, provenance
from malibook.press.publish import compile_key, prepare, publish, stands
from malibook.press.readers import reader_problems
from malibook.press.receipt import receipt, receipt_text
from malibook.press.stage import Stage, lay_extras, lay_pages
from malibook.press.swap import only_one_build, write_whole
from malibook.press.unchanged import inputs, remember_standing

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
    with interruptible(), only_one_build(places.folder()), _timed(outcome, "in all"):
        start_warm(force=force)  # where the command line has not done so
        with _timed(outcome, "checks"):
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
    with _timed(outcome, "chapters"):
        published, outcome.runs = published_runs(say, **how) if places.current() else ([], [])
        if not any(run.problems for run in outcome.runs):
            ledgers, outcome.runs = run_chapters(say, idle=load, **how)
    outcome.problems = [problem for run in outcome.runs for problem in run.problems]
    if outcome.problems:
        return
    _compile(ledgers, kinds, say, outcome, began, published)


def _compile(
    ledgers: list[Ledger], kinds: tuple[str, ...], say: Say, outcome: Outcome, began: str, published: list[Ledger]
) -> None:
    stage, origin = Stage(places.folder() / "stage"), provenance()
    with _timed(outcome, "stage"):
        lay_pages(stage, ledgers, origin, published)
    pages = _keys(kinds, stage, origin)
    with _timed(outcome, "compile"), Compilation(stage.folder, origin, kinds) as compilation:
        compilation.begin([kind for kind in kinds if not stands(kind, pages[kind], "pages")])
        lay_extras(stage, ledgers, origin)  # while the pages compile
        _note_readers(ledgers, say)
        keys = _keys(kinds, stage, origin)
        fresh = [kind for kind in kinds if not stands(kind, keys[kind])]
        compilation.begin(fresh)
        outcome.problems = _publish(compilation.made(), keys, pages)
    if outcome.problems:
        return
    outcome.outputs = {kind: "made" if kind in fresh else "stands" for kind in kinds}
    _write_records(ledgers, origin)
    remember_standing(kinds, began)
    say(f"{'published' if fresh else 'nothing changed'}: {', '.join(path_of(kind) for kind in kinds)}")


def _note_readers(ledgers: list[Ledger], say: Say) -> None:
    """Say where the descriptor names other readers of a table: a note, not a fault, for no author's build must stop at it."""
    if not places.current() and reader_problems(ledgers, tables_of_files()):
        say("note: other chapters read some tables than the descriptor says: malibook data chapters --write")


def _keys(kinds: tuple[str, ...], stage: Stage, origin: Provenance) -> dict[str, str]:
    contents = stage.digest()
    return {kind: compile_key(kind, contents, origin) for kind in kinds}


def _publish(made: list[Compiled], keys: dict[str, str], pages: dict[str, str]) -> list[str]:
    """Check and publish what was compiled; return what is wrong, having published nothing then."""
    problems = [p for m in made for p in m.problems]
    if problems:
        return problems
    fresh = {m.kind: prepare(m) for m in made if m.kind in keys}
    if "html" in fresh:
        problems = check_html(fresh["html"], documents())
    if not problems:
        for kind, folder in fresh.items():
            publish(kind, folder, keys[kind], pages[kind])
    return problems


def _write_records(ledgers: list[Ledger], origin: Provenance) -> None:
    """Write the ledger of all exhibits, and the receipt that `malibook verify` compares with."""
    entries = [{k: v for k, v in e.items() if k not in ("svg", "csv", "markdown")} for x in ledgers for e in x.exhibits]
    text = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_whole(places.folder() / "ledger.json", text)
    write_whole(places.folder() / "receipt.json", receipt_text(receipt(ledgers, origin)))


@contextmanager
def _timed(outcome: Outcome, part: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        outcome.seconds[part] = round(time.monotonic() - started, 2)
