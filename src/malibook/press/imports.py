"""Which modules of the library a notebook uses: those that it imports, and those that they import in turn.

Read from the source, not from a running kernel: a warm kernel has modules loaded that its notebook never asked for,
and imports inside functions count before they happen. The lower rooms import nothing by a computed name (tested).
"""

from __future__ import annotations

import ast
import contextlib
import re
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import malibook

PACKAGE = "malibook"
# What may be loaded before a notebook asks for it: heavy, and the same whoever imports it, wherever and when.
HEAVY = ("numpy", "pandas", "matplotlib", "scipy", "statsmodels", "ruptures", "seaborn", "sklearn", "malibook")
HOME = Path(malibook.__file__).parent
# CPython 3.11 loses count of its depth where two threads build syntax trees at once, and fails (gh-106905).
_one_at_a_time = threading.Lock()
_IPYTHON = re.compile(r"\s*([%!?]|.*\?\s*$)")
_IMPORT = re.compile(r"(import|from)\s")
# An import of the library's own source, which keeps one to a line or in brackets: to parse these takes a tenth of the time.
_STATEMENT = re.compile(r"^[ \t]*((?:from[ \t]+\S+[ \t]+)?import[ \t]+(?:\([^)]*\)|[^\n]*))", re.M)


def modules_used(sources: Iterable[str]) -> list[str]:
    """Return the names of the library's modules that this code reaches, sorted (`malibook.analysis.breaks`, …).

    A line that is no Python by itself (a magic, a shell command) names nothing; the lines around it count.
    """
    reached: set[str] = set()
    waiting = [name for source in sources for name in _named(source, "")]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        waiting += _imports_of(name)
    return sorted(reached)


def worth_loading(sources: Iterable[str]) -> list[str]:
    """Return the modules of heavy packages that this code imports at its top level, in order: `pandas`, `scipy.stats`, …

    A name that is no module (`from scipy import pi`) may be among them: whoever loads them must bear that.
    """
    out: dict[str, None] = {}
    for source in sources:
        for node in parsed(source):
            if isinstance(node, ast.Import):
                out |= dict.fromkeys(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                out |= dict.fromkeys([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return [name for name in out if name.split(".")[0] in HEAVY]


def parsed(source: str) -> list[ast.stmt]:
    """Return the statements of a cell without what only IPython reads: magics, shell lines, questions.

    Where what is left is still no Python (`files = !ls`), each line that is an import by itself is returned.
    """
    for lines in (source.splitlines(), [x for x in source.splitlines() if not _IPYTHON.match(x)]):
        with contextlib.suppress(SyntaxError, ValueError):
            return syntax_tree("\n".join(lines)).body
    return [node for line in source.splitlines() if _IMPORT.match(line) for node in _alone(line)]


def syntax_tree(source: str) -> ast.Module:
    """Return the syntax tree of a piece of source, from one thread at a time; raises `SyntaxError`."""
    with _one_at_a_time:
        return ast.parse(source)


def literal(text: str) -> Any:
    """Return the value of a literal, from one thread at a time; raises `ValueError` or `SyntaxError`."""
    with _one_at_a_time:
        return ast.literal_eval(text)


def _alone(line: str) -> list[ast.stmt]:
    with contextlib.suppress(SyntaxError, ValueError):
        return syntax_tree(line).body
    return []


def file_of(module: str) -> Path | None:
    """Return the source file of one of the library's modules, None where there is no such module."""
    stem = HOME.joinpath(*module.split(".")[1:])
    for path in (stem / "__init__.py", stem.with_suffix(".py")):
        if path.is_file():
            return path
    return None


@cache
def _imports_of(module: str) -> tuple[str, ...]:
    path = file_of(module)
    inside = module if path is not None and path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(_named("\n".join(_STATEMENT.findall(path.read_text(encoding="utf-8"))), inside)) if path else ()


def _named(source: str, package: str) -> Iterator[str]:
    """Yield every module of the library that a piece of source names, its parent packages included."""
    if "import" not in source:
        return
    for node in ast.walk(ast.Module(parsed(source), [])):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            named = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in named:
            yield from _with_parents(name)


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return
    for length in range(1, len(parts) + 1):
        module = ".".join(parts[:length])
        if file_of(module) is not None:
            yield module
