"""What the page *How this book was built* shows: origin, and what each chapter's run did.

No seconds: they differ from run to run, and the same commit must give the same bytes. `malibook build --json` prints
them, docs/benchmarks.md has them measured.
"""

from __future__ import annotations

from functools import cache

from malibook.evidence import data_version, describe, geo, load, root
from malibook.press.imports import file_of, modules_used
from malibook.press.ledger import Ledger, code_cells
from malibook.press.notebooks import path_of, read
from malibook.press.provenance import Provenance


def colophon(ledgers: list[Ledger], origin: Provenance) -> str:
    """Return the generated part of the page: what the book was made from, and a table of its runs."""
    facts = {
        "Commit": f"`{origin.commit}`",
        "Data package": f"version {origin.data_version}, SHA-256 `{origin.data_hash}`",
        "Lock": f"`{origin.lock_hash}`, {_locked()} packages with hashes",
        "Receipt": "{download}`receipt.json <../_exhibits/receipt.json>`, a hash of each exhibit",
    }
    head = ["chapter", "code cells", "lines of code", "figures", "tables", "numbers", "data tables", "rows", "modules"]
    rows = [_row(ledger) for ledger in ledgers]
    totals = ["**all**", *(f"**{sum(row[i] for row in rows):,}**" for i in range(1, 6)), "", "", ""]
    body = [[f"[](../notebooks/{row[0]}.ipynb)", *(f"{n:,}" for n in row[1:])] for row in rows]
    table = [
        f"| {' | '.join(head)} |",
        "|:---|" + "---:|" * (len(head) - 1),
        *(f"| {' | '.join(map(str, line))} |" for line in [*body, totals]),
    ]
    return "\n".join([*(f"- **{name}:** {text}" for name, text in facts.items()), "", *table])


def counted(ledger: Ledger) -> dict[str, int]:
    """Return how many rows, or features, each table has that a chapter read; counted once for each state of the data."""
    book, version = str(root()), data_version()
    return {table: _rows(table, book, version) for table in ledger.opened}


def _row(ledger: Ledger) -> list:
    cells = code_cells(read(path_of(ledger.chapter)))
    sources = [cell.source for cell in cells]
    counts = [len(ledger.keys(kind)) for kind in ("figure", "table", "number")]
    modules = [m for m in modules_used(sources) if file_of(m).name != "__init__.py"]
    lines = sum(len([line for line in source.splitlines() if line.strip()]) for source in sources)
    return [
        ledger.chapter,
        len(cells),
        lines,
        *counts,
        len(ledger.opened),
        sum(counted(ledger).values()),
        len(modules),
    ]


@cache
def _rows(table: str, book: str, version: tuple[str, str]) -> int:
    """Return how many rows a table, or features a map, has."""
    return len(load(table)) if describe(table).fields else len(geo(table).get("features", []))


def _locked() -> int:
    lines = (root() / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return sum("==" in line and not line.startswith((" ", "#")) for line in lines)
