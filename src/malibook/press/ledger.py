"""Read the exhibits out of executed notebooks and hold them against each chapter's contract."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from malibook.errors import BookError, cause
from malibook.evidence import root
from malibook.mime import MIME
from malibook.press.notebooks import shown_path
from malibook.press.prose import loose_numbers

CONTRACTS = Path("notebooks") / "contracts.toml"
KINDS = ("figure", "table", "number", "remark")


@dataclass
class Ledger:
    """What one executed chapter showed: its parameters, its exhibits by cell, the tables that it opened."""

    chapter: str
    parameters: dict[str, Any] = field(default_factory=dict)
    exhibits: list[dict[str, Any]] = field(default_factory=list)
    by_cell: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    opened: tuple[str, ...] = ()

    def keys(self, kind: str) -> list[str]:
        """Return the keys of one kind of exhibit (figure, table, number, remark) in order of appearance."""
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


def contract(chapter: str) -> dict[str, Any]:
    """Return what a chapter must show, by kind, under `optional` what it may show where the data allow it, and under
    `countries` the countries that it is about (none named: any that the tables hold), under `needs` those that it compares.
    `unless` holds, by a parameter and its value (`dataset=without-candidates`), what a run under it does not show.

    Raises `BookError` where no contract is written, or where it promises an exhibit and calls it optional.
    """
    known = _contracts()
    if chapter not in known:
        raise BookError(
            f"has no contract for {chapter}",
            where=str(CONTRACTS),
            remedy="write it; malibook contract prints one that fits its last run",
        )
    promised = known[chapter]
    optional = promised.get("optional", [])
    for key in (key for kind in KINDS for key in promised.get(f"{kind}s", []) if key in optional):
        where, remedy = f"{CONTRACTS}, {chapter}", "name it in one of the two lists"
        raise BookError(f"both promises {key!r} and calls it optional", where=where, remedy=remedy)
    return promised


def contracted() -> list[str]:
    """Return what contracts are written for; none where the file cannot be read, which is said when a run is held against it."""
    try:
        return list(_contracts())
    except BookError:
        return []


def has_contract(chapter: str) -> bool:
    """Return whether a contract says what a notebook must show: that of a sweep of its own needs none."""
    return chapter in _contracts()


def absent(ledger: Ledger) -> dict[str, str]:
    """Return the exhibits that a run does not owe, and may not show, under its parameters: by key, `dataset=without-candidates`."""
    under = contract(ledger.chapter).get("unless", {})
    given = {f"{name}={value}" for name, value in ledger.parameters.items()}
    return {key: which for which, keys in under.items() if which in given for key in keys}


def breaches(ledger: Ledger) -> list[str]:
    """Return where a run breaks its contract: exhibits missing, shown twice, or shown without being named there.

    An optional exhibit keeps the contract shown or not. A remark is prose: a number typed into it is a breach too.
    """
    promised, out = contract(ledger.chapter), []
    optional, gone = promised.get("optional", []), absent(ledger)
    for kind in KINDS:
        due, shown = [k for k in promised.get(f"{kind}s", []) if k not in gone], ledger.keys(kind)
        out += [f"{kind} {key!r} is in the contract, but the run did not show it" for key in due if key not in shown]
        out += [f"{kind} {key!r} was shown twice" for key in sorted({k for k in shown if shown.count(k) > 1})]
        out += [
            f"{kind} {key!r} was shown, but is not in the contract" for key in shown if key not in (*due, *optional)
        ]
    for entry in (e for e in ledger.exhibits if e["kind"] == "remark"):
        out += [f"remark {entry['key']!r} has {x.text!r} typed, not bound" for x in loose_numbers(entry["text"], "")]
    where = f"{shown_path(ledger.chapter)} against {CONTRACTS}"
    remedy = "mend the chapter or its contract, so that the two agree"
    return [str(BookError(text, where=where, remedy=remedy)) for text in dict.fromkeys(out)]


def write_contracts(ledgers: list[Ledger]) -> str:
    """Return the text of a contracts file that fits these ledgers: for an author to read, judge and commit.

    What the present file calls optional stays so, whether these runs showed it or not.
    """
    declared = _contracts() if (root() / CONTRACTS).exists() else {}
    lines = ["# What each chapter must show. A run that lacks one of these fails, though every cell passed."]
    lines += ["# What is optional comes and goes with the data: shown or not, it breaks nothing."]
    lines += ["# What stands under `unless` a parameter and its value, a run with that value does not show."]
    lines += ["# A chapter that names countries is about them alone: an edition for another country leaves it out."]
    lines += ["# One that needs countries compares them: a fork whose tables lack one leaves it out.", ""]
    for ledger in ledgers:
        optional = declared.get(ledger.chapter, {}).get("optional", [])
        lines.append(f'["{ledger.chapter}"]')
        for key in ("countries", "needs"):
            if named := declared.get(ledger.chapter, {}).get(key):
                lines.append(f"{key} = {json.dumps(named)}")
        for kind in KINDS:
            keys = [key for key in dict.fromkeys(ledger.keys(kind)) if key not in optional]
            if keys or kind != "remark":
                lines += _list(f"{kind}s", keys)
        if optional:
            lines += _list("optional", optional)
        if unless := declared.get(ledger.chapter, {}).get("unless"):
            lines.append(f'["{ledger.chapter}".unless]')
            for which, keys in unless.items():
                lines += _list(json.dumps(which), keys)
        lines.append("")
    return "\n".join(lines)


def _contracts() -> dict[str, dict[str, Any]]:
    """Return the whole contracts file; raise `BookError` where it cannot be read or holds nothing."""
    try:
        known = tomllib.loads((root() / CONTRACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BookError(f"cannot be read: {cause(error)}", where=str(CONTRACTS), remedy="restore it with git") from None
    if not known:  # `malibook contract > notebooks/contracts.toml` empties it before its optional exhibits are read
        remedy = "restore it with git; write a new one to another file and move it here"
        raise BookError("is empty", where=str(CONTRACTS), remedy=remedy)
    for chapter, promised in known.items():
        _well_formed(chapter, promised)
    return known


def _well_formed(chapter: str, promised: Any) -> None:
    """Raise `BookError` where a contract is no table of lists of texts."""
    lists = dict(promised) if isinstance(promised, dict) else {"": promised}
    if isinstance(lists.get("unless"), dict):
        lists |= {f"unless {which}": keys for which, keys in lists.pop("unless").items()}
    for name, keys in lists.items():
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            where = f"{CONTRACTS}, {chapter}"
            what = f"{name or 'the whole'} is no list of texts in brackets"
            raise BookError(what, where=where, remedy='write figures = ["fig-1-name", "fig-2-name"]')


def _list(name: str, keys: list[str]) -> list[str]:
    return [f"{name} = [", *(f'  "{key}",' for key in keys), "]"]


def _stray(output: dict[str, Any], cell: NotebookNode, chapter: str, index: int) -> BookError:
    first = (cell.source.strip().splitlines() or [""])[0]
    where = f"{shown_path(chapter)}, code cell {index + 1} ({first[:50]})"
    if output["output_type"] == "error":  # papermill takes an exit without a fault for a good end
        what = f"ends the run before its last cell: {output.get('ename')} {output.get('evalue') or ''}".rstrip()
        return BookError(what, where=where, remedy="take the exit out")
    text = output.get("text") or output.get("data", {}).get("text/plain") or output["output_type"]
    said = next((line.strip() for line in str(text).splitlines() if line.strip()), "an empty line")
    kind = "writes to stderr" if output.get("name") == "stderr" else "prints something that is no exhibit"
    remedy = "show it by figure, table or number, end the line with a semicolon, or mend the warning"
    return BookError(f"{kind}: {said[:120]}", where=where, remedy=remedy)
