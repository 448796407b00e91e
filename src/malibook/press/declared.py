"""What the parameters cell of a committed chapter declares, read without loading papermill."""

from __future__ import annotations

import ast
import json
from typing import Any

from malibook.errors import BookError
from malibook.press.imports import syntax_tree
from malibook.press.notebooks import path_of


def defaults_of(chapter: str) -> dict[str, Any]:
    """Return each parameter of a chapter and its default, in order; empty for a chapter that has none.

    Raises `BookError` where the notebook cannot be read.
    """
    try:
        cells = json.loads(path_of(chapter).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
        nodes = [node for source in sources[:1] for node in syntax_tree(source).body]
    except (OSError, ValueError, KeyError, TypeError, SyntaxError) as error:
        where = f"notebooks/{chapter}.ipynb"
        raise BookError(f"its parameters cannot be read: {error}", where=where, remedy="restore it with git") from None
    found = [n for n in nodes if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name) and n.value]
    return {node.target.id: ast.literal_eval(node.value) for node in found}
