"""The press from end to end: check the data, run the chapters, hold contracts, compile, check, swap."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from malibook.errors import BookError
from malibook.evidence import root
from malibook.evidence.checks import validate
from malibook.press.check import check_html
from malibook.press.compile import Compiled, compile_book
from malibook.press.contents import contents_problems, documents
from malibook.press.fresh import remember, stale
from malibook.press.ledger import Ledger, breaches, read_ledger
from malibook.press.notebooks import chapters
from malibook.press.provenance import provenance
from malibook.press.runner import RunResult, run_all
from malibook.press.stage import lay_out
from malibook.press.swap import only_one_build, replace_folder
from malibook.press.warm.engine import warm_up

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a build came to: its problems, or the outputs that now stand in `_build`."""

    problems: list[str] = field(default_factory=list)
    outputs: list[Path] = field(default_factory=list)


def build(say: Say, kinds: tuple[str, ...] = ("html", "pdf"), *, force: bool = False, jobs: int = 0) -> Outcome:
    """Build the book; where anything is wrong, say what and leave the last good book where it is."""
    with only_one_build(root() / "_build"):
        if force or _something_due():
            warm_up()  # it imports while the data are checked
        problems = [str(p) for p in validate(root() / "data")] + contents_problems()
        say(f"data and contents checked: {len(problems) or 'no'} problem{'s' * (len(problems) != 1)}")
        if problems:
            return Outcome(problems)
        ledgers, problems = run_chapters(say, force=force, jobs=jobs)
        if problems:
            return Outcome(problems)
        return _compile(ledgers, kinds, say)


def _something_due() -> bool:
    """Return whether a chapter will have to run, as far as can be told before anything is checked."""
    folder = root() / "_build" / "executed"
    try:
        return any(stale(folder / f"{n}.json", folder / f"{n}.ipynb", n, {}) for n in chapters())
    except (OSError, BookError):
        return False  # the checks that follow say what is wrong


def run_chapters(say: Say, *, force: bool = False, jobs: int = 0) -> tuple[list[Ledger], list[str]]:
    """Run the chapters whose last run no longer stands; return all ledgers and what went wrong."""
    folder, names = root() / "_build" / "executed", chapters()
    reasons = {n: "asked for" if force else stale(folder / f"{n}.json", folder / f"{n}.ipynb", n, {}) for n in names}
    due, done = [n for n in names if reasons[n]], []

    def report(result: RunResult) -> None:
        done.append(result)
        state = "ran" if result.ok else "FAILED"
        say(
            f"chapter {len(done)}/{len(due)} {state}: {result.chapter}, {result.seconds:.1f} s ({reasons[result.chapter]})"
        )

    for name in names:
        if not reasons[name]:
            say(f"chapter stands: {name}")
    results = run_all(due, folder, report, jobs=jobs)
    problems = [r.problem for r in results if not r.ok]
    if problems:
        return [], problems
    return _held(folder, names, due)


def _held(folder: Path, names: list[str], due: list[str]) -> tuple[list[Ledger], list[str]]:
    ledgers, problems = [], []
    for name in names:
        path = folder / f"{name}.ipynb"
        try:
            ledger = read_ledger(nbformat.read(path, as_version=4), name)
            broken = breaches(ledger)
        except BookError as error:
            broken = [str(error)]
        problems += broken
        if broken:
            path.with_suffix(".json").unlink(missing_ok=True)
            continue
        ledgers.append(ledger)
        if name in due:
            remember(path.with_suffix(".json"), path, ledger, {})
    return ledgers, problems


def _compile(ledgers: list[Ledger], kinds: tuple[str, ...], say: Say) -> Outcome:
    stage, aside, origin = root() / "_build" / "stage", root() / "_build" / "aside", provenance()
    lay_out(stage, ledgers, origin)
    started = time.monotonic()
    with ThreadPoolExecutor(len(kinds)) as pool:
        made = list(pool.map(lambda kind: compile_book(kind, stage, aside / kind, origin), kinds))
    say(f"compiled {' and '.join(kinds)}, {time.monotonic() - started:.1f} s")
    problems = [p for m in made for p in m.problems]
    for m in made:
        if m.kind == "html" and not problems:
            problems += check_html(m.folder, documents())
    if problems:
        return Outcome(problems)
    outputs = [_publish(m) for m in made]
    _write_ledger(ledgers)
    say("published: " + ", ".join(str(p.relative_to(root())) for p in outputs))
    return Outcome(outputs=outputs)


def _publish(made: Compiled) -> Path:
    """Copy the output beside the last good one, then swap; Sphinx keeps its own copy for the next build."""
    target = root() / "_build" / made.kind
    fresh = target.with_name(f".next-{made.kind}")
    shutil.rmtree(fresh, ignore_errors=True)
    unwanted = shutil.ignore_patterns(
        "*.typ", "img", "_sources", ".buildinfo*", "*.map", "*.doctree", "objects.inv.tmp"
    )
    shutil.copytree(made.folder, fresh, ignore=unwanted)
    replace_folder(fresh, target)
    return target / {"html": "index.html", "pdf": "mali.pdf"}[made.kind]


def _write_ledger(ledgers: list[Ledger]) -> None:
    entries = [{k: v for k, v in e.items() if k not in ("svg", "csv", "markdown")} for x in ledgers for e in x.exhibits]
    text = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (root() / "_build" / "ledger.json").write_text(text, encoding="utf-8")
