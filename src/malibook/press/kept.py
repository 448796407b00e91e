"""Tables that the book computes itself: made anew by their sweep where an input changed, aside or into `data/`.

The runs go through papermill like any other, side by side; what each hands over as `data` is joined in the order of the sweep.
The record beside it names every part that the runs were made from, so that `evidence.derived` can say whether it still holds.
"""

from __future__ import annotations

import ast
import hashlib
import json
import tempfile
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import nbformat

from malibook.errors import BookError
from malibook.evidence import derived, descriptor, root
from malibook.evidence.package import MARKER
from malibook.press.execute import CELL_SECONDS
from malibook.press.imports import file_of, modules_used, syntax_tree
from malibook.press.ledger import Ledger, read_ledger
from malibook.press.notebooks import path_of, read
from malibook.press.processes import side_by_side, waited
from malibook.press.runner import all_parameters, run
from malibook.press.swap import write_whole
from malibook.press.sweep.declared import sweeps
from malibook.press.sweep.plan import combinations
from malibook.press.warm.environment import warm_up

SWEEP = "robustness"
COUNTED = ("malibook.analysis.", "malibook.evidence.tables")  # what an estimate can depend on; the rest only carries it
Say = Callable[[str], None]


def freshen(say: Say, readers: Collection[str], *, jobs: int = 0, seconds: int = CELL_SECONDS) -> bool:
    """Make the computed tables anew, aside, where the committed ones are out of date and one of these chapters reads them.

    Returns whether anything was computed. Raises `BookError` where a run fails.
    """
    wanted = [
        raw["name"]
        for raw in descriptor()["resources"]
        if derived.KEY in raw and set(raw.get("malibook:chapters", ())) & set(readers)
    ]
    late = [made for name in wanted if not derived.holds(name) and (made := derived.recorded(name))]
    changed = [part for made in late for part in derived.outdated(made)]
    if not changed:
        return False
    named = list(dict.fromkeys(changed))
    more = f" and {len(named) - 3} more" if len(named) > 3 else ""
    say(f"{' and '.join(wanted)}: {', '.join(named[:3])}{more} changed, all is computed anew")
    for name, (text, record) in remake(say, jobs=jobs, seconds=seconds).items():
        table, beside = derived.aside(name)
        write_whole(table, text)
        sha = hashlib.sha256(text.encode()).hexdigest()
        write_whole(beside, json.dumps(record | {"sha256": sha}, indent=1, ensure_ascii=False) + "\n")
    return True


def write_into_data(say: Say, *, jobs: int = 0) -> list[str]:
    """Compute the kept tables and write them and their records into `data/`; return one line for each table."""
    whole, lines = descriptor(), []
    made = remake(say, jobs=jobs)
    by_name = {raw["name"]: raw for raw in whole["resources"]}
    for name, (text, record) in made.items():
        if name not in by_name:
            raise BookError(f"does not describe {name!r}", where=str(MARKER), remedy="describe the table there first")
        path = root() / "data" / by_name[name]["path"]
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        write_whole(path, text)
        by_name[name][derived.KEY] = record
        lines.append(
            f"data/{by_name[name]['path']}: {text.count(chr(10)) - 1:,} rows, {'as before' if same else 'new'}"
        )
    write_whole(root() / MARKER, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    return lines


def remake(say: Say, *, jobs: int = 0, seconds: int = CELL_SECONDS) -> dict[str, tuple[str, dict[str, Any]]]:
    """Run the sweep; return for each table its text and the record of what it was made from. Raises `BookError`."""
    sweep = sweeps().get(SWEEP)
    if sweep is None:
        raise BookError(f"has no sweep {SWEEP!r}", where="sweeps.toml", remedy="restore it with git")
    (notebook,) = sweep["notebooks"]
    sets = combinations(SWEEP, sweep)
    checked = [all_parameters(notebook, given) for given in sets]  # every refusal comes before the first kernel
    common = {k: v for k, v in checked[0].items() if all(k not in given for given in sets)}
    before = _parts(notebook, ())
    warm_up(_code(notebook))
    with tempfile.TemporaryDirectory(prefix="malibook-kept-") as folder:
        ledgers = _run_all(notebook, sets, Path(folder), jobs, seconds)
    say(f"computed: {len(ledgers)} questions by {notebook}")
    parts = _parts(notebook, sorted({table for ledger in ledgers for table in ledger.opened} | {"corrections"}))
    if any(parts[part] != sha for part, sha in before.items()):
        raise BookError("the library or the notebook was edited meanwhile", where=notebook, remedy="run it again")
    record = {"by": notebook, "parameters": common, "parts": parts}
    return {name: (text, record) for name, text in _joined(ledgers).items()}


def _run_all(notebook: str, sets: list[dict[str, Any]], folder: Path, jobs: int, seconds: int) -> list[Ledger]:
    def one(number: int) -> Ledger:
        output = folder / f"{number}.ipynb"
        result = run(notebook, output, sets[number], seconds)
        if not result.ok:
            raise BookError(f"{sets[number]}: {result.problem}", where=f"sweep {SWEEP}")
        return read_ledger(nbformat.read(output, as_version=4), notebook)

    with side_by_side(jobs) as pool:
        return [waited(future) for future in [pool.submit(one, number) for number in range(len(sets))]]


def _joined(ledgers: list[Ledger]) -> dict[str, str]:
    """Return each table as one CSV: the header once, the rows of all runs in their order."""
    out: dict[str, str] = {}
    for entry in (e for ledger in ledgers for e in ledger.exhibits if e["kind"] == "data"):
        head, _, rows = entry["csv"].partition("\n")
        whole = out.setdefault(entry["key"], head + "\n")
        if not whole.startswith(head + "\n"):
            raise BookError(f"{entry['key']} has other columns in one run than in another", where=f"sweep {SWEEP}")
        out[entry["key"]] = whole + rows
    return out


def _parts(notebook: str, tables: Iterable[str]) -> dict[str, str]:
    """Return the hash of each part that a run depends on: tables, notebook, modules of the library, pinned packages."""
    modules = [m for m in modules_used(_code(notebook)) if m.startswith(COUNTED)]
    sources = [file_of(m).read_text(encoding="utf-8") for m in modules]
    packages = [f"package {name}" for name in sorted(_imported(sources))]
    names = [
        *(f"table {t}" for t in tables),
        f"notebook {notebook}",
        *(f"module {m}" for m in modules),
        *(p for p in packages if derived.hash_of(p)),
    ]
    return {name: derived.hash_of(name) for name in names}


def _imported(sources: Iterable[str]) -> set[str]:
    nodes = [node for source in sources for node in ast.walk(syntax_tree(source))]
    named = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    named += [n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    return {name.split(".")[0] for name in named}


def _code(notebook: str) -> list[str]:
    return [c.source for c in read(path_of(notebook)).cells if c.cell_type == "code"]
