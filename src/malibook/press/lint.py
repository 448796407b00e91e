"""Check what is committed without running it: notebooks tidy, no logic in them, no number typed into prose."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence import root
from malibook.press.applies import unknown_conditions
from malibook.press.imports import syntax_tree
from malibook.press.notebooks import dumps, every_chapter, path_of, read, tidy
from malibook.press.prose import loose_in_notebook, loose_numbers

REQUIRED = ("# ", "## How this could be wrong")


def lint() -> list[str]:
    """Return every fault of the committed notebooks and prose pages, one line each."""
    out: list[str] = []
    for name in every_chapter():
        out += lint_notebook(path_of(name))
    for path in (*sorted((root() / "coursework").glob("*.ipynb")), *sorted((root() / "notebooks").glob("*/*.ipynb"))):
        out += lint_code(path)
    for page in sorted((root() / "book").glob("*.md")):
        out += [str(x) for x in loose_numbers(page.read_text(encoding="utf-8"), f"book/{page.name}")]
    return out


def lint_notebook(path: Path) -> list[str]:
    """Return the faults of one notebook: outputs, definitions, missing parts, typed numbers."""
    try:
        nb = read(path)
    except BookError as error:
        return [str(error)]
    where = f"notebooks/{path.name}"
    out = [str(x) for x in loose_in_notebook(path)]
    if path.read_text(encoding="utf-8") != dumps(tidy(nb)):
        out.append(f"{where}: carries outputs or untidy metadata; run `malibook tidy`")
    tags = [c.metadata.get("tags", []) for c in nb.cells if c.cell_type == "code"]
    if sum("parameters" in t for t in tags) != 1:
        out.append(f"{where}: must have exactly one cell tagged `parameters`")
    prose = "\n".join(c.source for c in nb.cells if c.cell_type == "markdown")
    out += [
        f"{where}: lacks the part {part!r}" for part in REQUIRED if not re.search(f"^{re.escape(part)}", prose, re.M)
    ]
    for number, cell in enumerate(nb.cells, 1):
        out += [
            f"{where}, cell {number}: the tag {tag!r} names no parameter and value" for tag in unknown_conditions(cell)
        ]
        if cell.cell_type == "code":
            out += [
                f"{where}, cell {number}: {fault}"
                for fault in _code_faults(cell.source, "parameters" in cell.metadata.get("tags", []))
            ]
    return out


def lint_code(path: Path) -> list[str]:
    """Return the faults in the code of a notebook that is no chapter: an exercise sheet, one that a sweep runs."""
    try:
        nb = read(path)
    except BookError as error:
        return [str(error)]
    code = [(number, cell) for number, cell in enumerate(nb.cells, 1) if cell.cell_type == "code"]
    where = path.relative_to(root()).as_posix()
    return [f"{where}, cell {number}: {fault}" for number, cell in code for fault in _code_faults(cell.source, False)]


def _code_faults(source: str, is_parameters: bool) -> list[str]:
    try:
        tree = syntax_tree(source)
    except SyntaxError as error:
        return [f"line {error.lineno} is not Python: {error.msg}"]
    out = [
        f"line {node.lineno} defines {node.name!r}: logic belongs in src/malibook, with a test"
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
    ]
    if is_parameters:
        for line, node in zip(source.splitlines(), tree.body, strict=False):
            if not isinstance(node, ast.AnnAssign) or "#" not in line or "=" in line.partition("#")[2]:
                out.append(
                    f"line {node.lineno}: a parameter needs a type and a comment without an equals sign: {line.strip()}"
                )
    return out
