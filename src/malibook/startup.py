"""Start-up costs that this book need not pay.

`jsonschema` compiles a whole grammar of internationalised web addresses when the optional package `rfc3987-syntax` is
installed (JupyterLab brings it): two seconds in every process that imports `nbformat`, `jupyter_book` or
`frictionless`. None of our schemas uses that format, and `jsonschema` does without the package when it is absent.
"""

from __future__ import annotations

import sys

GRAMMAR = "rfc3987_syntax"


def skip_grammar() -> None:
    """Make `import rfc3987_syntax` fail in this process, unless somebody has imported it already."""
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]
