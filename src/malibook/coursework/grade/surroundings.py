"""What a process that runs a student's code finds around it: its environment, and the files that it may read."""

from __future__ import annotations

import os
import sys
import tempfile

from malibook.evidence import resources, root


def clean(home: str) -> dict[str, str]:
    """Return the whole environment that graded code sees: nothing of the grader's own."""
    return {
        "PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC", "MPLBACKEND": "Agg",
        "MALIBOOK_ROOT": str(root()), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": os.path.join(tempfile.gettempdir(), "none"),
    }  # fmt: skip


def shown() -> list[str]:
    """Return what a child may read: the interpreter, the system's libraries, this library, the book's tables."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime"]
    top = root()
    data = [str(top / "data" / "datapackage.json"), *(str(top / "data" / r.path) for r in resources().values())]
    python = [sys.prefix, sys.base_prefix, here]
    return list(dict.fromkeys([*system, *python, *sorted(data)]))
