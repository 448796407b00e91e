"""The press's second half: lay out the stage, compile it, check the pages, publish them whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable

from malibook.press import places
from malibook.press.check import check_html
from malibook.press.compilation import Compilation
from malibook.press.compile import Compiled
from malibook.press.contents import documents
from malibook.press.ledger import Ledger
from malibook.press.outcome import Outcome, path_of, timed
from malibook.press.pages import tables_of_files
from malibook.press.processes import patiently
from malibook.press.provenance import Provenance, provenance
from malibook.press.publish import compile_key, prepare, publish, stands
from malibook.press.readers import reader_problems
from malibook.press.receipt import receipt, receipt_text
from malibook.press.site.figures import foresee_dark
from malibook.press.stage import lay_extras, lay_pages
from malibook.press.staging import Stage
from malibook.press.swap import write_whole
from malibook.press.unchanged import remember_standing

Say = Callable[[str], None]


def bind(
    stage: Stage,
    ledgers: list[Ledger],
    kinds: tuple[str, ...],
    say: Say,
    outcome: Outcome,
    began: str,
    published: list[Ledger],
) -> None:
    """Lay out the rest of the stage, compile what is due, check it and publish it; what is wrong goes into the outcome.

    `began` is the hash of the inputs when the build began; `published` what an edition is held against.
    """
    origin = provenance()
    with timed(outcome, "stage"):
        lay_pages(stage, ledgers, origin, published)
    pages = _keys(kinds, stage, origin)
    with timed(outcome, "compile"), Compilation(stage.folder, origin, kinds) as compilation:
        compilation.begin([kind for kind in kinds if not stands(kind, pages[kind], "pages")])
        patiently(lay_extras, stage, ledgers, origin)  # while the pages compile
        _note_readers(ledgers, say)
        keys = _keys(kinds, stage, origin)
        fresh = [kind for kind in kinds if not stands(kind, keys[kind])]
        compilation.begin(fresh)
        records = _records(ledgers, origin)
        if "html" in fresh:
            patiently(foresee_dark, [e["svg"] for ledger in ledgers for e in ledger.exhibits if "svg" in e])
        outcome.problems = _publish(compilation.made(), keys, pages)
    if outcome.problems:
        return
    outcome.outputs = {kind: "made" if kind in fresh else "stands" for kind in kinds}
    for name, text in records.items():
        write_whole(places.folder() / name, text)
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


def _records(ledgers: list[Ledger], origin: Provenance) -> dict[str, str]:
    """Return the ledger of all exhibits, and the receipt that `malibook verify` compares with, by the names of their files."""
    entries = [{k: v for k, v in e.items() if k not in ("svg", "csv", "markdown")} for x in ledgers for e in x.exhibits]
    text = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return {"ledger.json": text, "receipt.json": receipt_text(receipt(ledgers, origin))}
