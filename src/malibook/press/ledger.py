"""Read the exhibits out of executed notebooks and hold them against each chapter's contract."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from malibook.errors import BookError
from malibook.evidence import root
from malibook.exhibits import MIME

CONTRACTS = Path("notebooks") / "contracts.toml"


@dataclass
class Ledger:
    """What one executed chapter showed: its parameters, its exhibits by cell, the tables that it opened."""

    chapter: str
    parameters: dict[str, Any] = field(default_factory=dict)
    exhibits: list[dict[str, Any]] = field(default_factory=list)
    by_cell: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    opened: tuple[str, ...] = ()

    def keys(self, kind: str) -> list[str]:
        """Return the keys of one kind of exhibit (figure, table, number) in order of appearance."""
        return [e["key"] for e in self.exhibits if e["kind"] == kind]


def read_ledger(nb: NotebookNode, chapter: str) -> Ledger:
    """Return an executed notebook's ledger; cells are counted among the code cells that are not injected.

    Raises `BookError` for an output that is no exhibit: whatever a cell prints would stand in the book.
    """
    ledger = Ledger(chapter)
    for index, cell in enumerate(code_cells(nb)):
        for output in cell.get("outputs", []):
            entry = output.get("data", {}).get(MIME)
            if entry is None:
                raise _stray(output, cell, chapter, index)
            if entry["kind"] == "chapter":
                ledger.parameters = entry["parameters"]
                continue
            ledger.exhibits.append(entry)
            ledger.by_cell.setdefault(index, []).append(entry)
            ledger.opened = tuple(dict.fromkeys([*ledger.opened, *entry["opened"]]))
    return ledger


def code_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook without the one that papermill injected."""
    return [c for c in nb.cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])]


def contract(chapter: str) -> dict[str, list[str]]:
    """Return the figures, tables and numbers that a chapter must show; raise `BookError` where none is written."""
    path = root() / CONTRACTS
    try:
        all_contracts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BookError(f"cannot be read: {error}", where=str(CONTRACTS), remedy="restore it with git") from None
    if chapter not in all_contracts:
        raise BookError(
            f"has no contract for {chapter}", where=str(CONTRACTS), remedy="write it: malibook contract " + chapter[:2]
        )
    return all_contracts[chapter]


def breaches(ledger: Ledger) -> list[str]:
    """Return where a run breaks its contract: exhibits missing, shown twice, or shown without being named there."""
    promised, out = contract(ledger.chapter), []
    for kind in ("figure", "table", "number"):
        due, shown = promised.get(f"{kind}s", []), ledger.keys(kind)
        out += [f"{kind} {key!r} is in the contract, but the run did not show it" for key in due if key not in shown]
        out += [f"{kind} {key!r} was shown twice" for key in sorted({k for k in shown if shown.count(k) > 1})]
        out += [f"{kind} {key!r} was shown, but is not in the contract" for key in shown if key not in due]
    where = f"notebooks/{ledger.chapter}.ipynb against {CONTRACTS}"
    return [str(BookError(text, where=where)) for text in dict.fromkeys(out)]


def write_contracts(ledgers: list[Ledger]) -> str:
    """Return the text of a contracts file that fits these ledgers: for an author to read, judge and commit."""
    lines = ["# What each chapter must show. A run that lacks one of these fails, though every cell passed.", ""]
    for ledger in ledgers:
        lines.append(f'["{ledger.chapter}"]')
        for kind in ("figure", "table", "number"):
            lines.append(f"{kind}s = [")
            lines += [f'  "{key}",' for key in dict.fromkeys(ledger.keys(kind))]
            lines.append("]")
        lines.append("")
    return "\n".join(lines)


def _stray(output: dict[str, Any], cell: NotebookNode, chapter: str, index: int) -> BookError:
    text = (
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue") or output["output_type"]
    )
    first = (cell.source.strip().splitlines() or [""])[0]
    kind = "writes to stderr" if output.get("name") == "stderr" else "prints something that is no exhibit"
    return BookError(
        f"{kind}: {str(text).strip().splitlines()[0][:120]}",
        where=f"notebooks/{chapter}.ipynb, code cell {index + 1} ({first[:50]})",
        remedy="show it by figure, table or number, end the line with a semicolon, or mend the warning",
    )
