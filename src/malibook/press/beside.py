"""The published runs that an edition is held against, and those that it can take over as they are."""

from __future__ import annotations

import shutil
from typing import Any

from malibook.press import places
from malibook.press.chapters import Say, run_chapters
from malibook.press.due import executed, record, wanted
from malibook.press.ledger import Ledger
from malibook.press.outcome import Run
from malibook.press.swap import only_one_build


def published_runs(say: Say, **how: Any) -> tuple[list[Ledger], list[Run]]:
    """Run the chapters of the present edition as published where those runs do not stand; return their ledgers and runs.

    A chapter to which the edition gives nothing is not run a second time: its published run is taken over. Raises `BookError`
    where a build of the published edition is running.
    """
    given = wanted()
    how = how | {"force": False}
    with places.of(None), only_one_build(places.folder()):
        ledgers, runs = run_chapters(lambda text: say(f"published {text}"), list(given), **how)
        if any(run.problems for run in runs):
            return ledgers, runs
        same = {name: (executed(name), record(name)) for name, values in given.items() if not values}
    for name, files in same.items():
        for source, target in zip(files, (executed(name), record(name)), strict=True):
            if source.exists() and (not target.exists() or target.read_bytes() != source.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    return ledgers, runs
