"""Rerun the whole book aside and hold every exhibit against a receipt."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nbformat

from malibook.errors import BookError
from malibook.press import places
from malibook.press.chapters import Say, Tell
from malibook.press.due import all_code, wanted
from malibook.press.editions import edition
from malibook.press.execute import CELL_SECONDS
from malibook.press.interruption import interruptible
from malibook.press.kept import freshen
from malibook.press.ledger import read_ledger
from malibook.press.provenance import provenance
from malibook.press.receipt import compare, read_receipt, receipt
from malibook.press.runner import RunResult, run_all
from malibook.press.warm.environment import warm_up

ORIGIN = ("commit", "data_version", "data_hash", "lock_hash", "python", "machine")


def verify(
    path: Path, say: Say, *, jobs: int = 0, seconds: int = CELL_SECONDS, tell: Tell | None = None
) -> dict[str, Any]:
    """Run every chapter of the receipt's edition anew, in a folder aside, and return how each exhibit compares with it.

    Returns `rows` (one an exhibit, see `receipt.compare`) and `origin` (what both were made from, where it differs).
    Raises `BookError` where the receipt cannot be read or a chapter fails.
    """
    before = read_receipt(path)
    made_for = edition(before.get("edition", places.PUBLISHED))
    with interruptible(), places.of(made_for), tempfile.TemporaryDirectory(prefix="malibook-verify-") as aside:
        now = _rerun(Path(aside), say, jobs=jobs, seconds=seconds, tell=tell)
    made = {name: (before["made_from"].get(name, "?"), now["made_from"][name]) for name in ORIGIN}
    return {"rows": compare(before, now), "origin": {k: v for k, v in made.items() if v[0] != v[1]}}


def _rerun(aside: Path, say: Say, **options: Any) -> dict[str, Any]:
    given = wanted()
    names = list(given)

    def report(result: RunResult) -> None:
        say(f"rerun {'of' if result.ok else 'FAILED:'} {result.chapter}, {result.seconds:.1f} s")

    warm_up(all_code())
    kept = {name: options[name] for name in ("jobs", "seconds")}
    # a chapter that reads a computed table of other inputs could not run, and nothing be compared
    freshen(say, names, **kept)
    failed = [result.problem for result in run_all(names, aside, report, by_chapter=given, **options) if not result.ok]
    if failed:
        raise BookError("\n".join(failed), where="malibook verify")
    ledgers = [read_ledger(nbformat.read(aside / f"{name}.ipynb", as_version=4), name) for name in names]
    return receipt(ledgers, provenance())


def report_lines(found: dict[str, Any]) -> list[str]:
    """Return the comparison as lines: totals by chapter, then each exhibit that is not identical."""
    rows, out = found["rows"], []
    for chapter in dict.fromkeys(row["chapter"] for row in rows):
        states = [row["state"] for row in rows if row["chapter"] == chapter]
        counts = ", ".join(
            f"{states.count(s)} {s}" for s in ("identical", "different", "missing", "new") if s in states
        )
        out.append(f"{chapter}: {counts}")
    for row in rows:
        if row["state"] != "identical":
            detail = f": {row['detail']}" if row["detail"] else ""
            out.append(f"  {row['chapter']} {row['kind']} {row['key']} is {row['state']}{detail}")
    return out + [f"made from another {name}: {a} then, {b} now" for name, (a, b) in found["origin"].items()]
