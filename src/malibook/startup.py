"""How the book's processes start, and that none outlives the one that started it.

`jsonschema` compiles a whole grammar of internationalised web addresses when the optional package `rfc3987-syntax` is
installed (JupyterLab brings it): two seconds in every process that imports `nbformat`, `jupyter_book` or
`frictionless`. None of our schemas uses that format, and `jsonschema` does without the package when it is absent.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
import time

GRAMMAR = "rfc3987_syntax"
PARENT = "MALIBOOK_PARENT"  # the environment variable by which a process is told who started it


def skip_grammar() -> None:
    """Make `import rfc3987_syntax` fail in this process, unless somebody has imported it already."""
    sys.modules.setdefault(GRAMMAR, None)  # type: ignore[arg-type]


def end_with_parent(parent: int, every: float = 1.0) -> None:
    """End this process soon after the one that started it is gone, however that ended: no orphan may go on writing.

    Whoever started it says who it was: asked for here, it could be gone already, and another one be watched for ever.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def collect_seldom() -> None:
    """Let Python look for garbage a hundred times less often, and no more as it ends: on Sphinx's trees it took a quarter of the time."""
    gc.set_threshold(100_000, 50, 1_000)
    atexit.register(gc.disable)
    atexit.register(gc.freeze)
