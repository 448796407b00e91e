"""What takes effect only while modules are loaded, and so comes too late in a kernel that has them loaded already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

# Beginnings of the names of variables that Python, the loader of libraries or a heavy package reads as it starts.
_BY_PYTHON = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "HOME", "XDG_", "MALLOC_", "GLIBC_", "MALIBOOK_")
_BY_LIBRARIES = (
    *("MPL", "MATPLOTLIBRC", "NPY_", "NUMPY_", "PANDAS_", "SCIPY_", "SKLEARN_", "JOBLIB_", "NUMEXPR_"),
    *("OMP_", "GOMP_", "KMP_", "OPENBLAS", "GOTO_", "MKL_", "BLIS_", "VECLIB_"),
)
# Code that sees or sets how modules are loaded, how garbage is collected, or what is said while a module is imported.
_LOOKS = re.compile(
    rf"""
    \b(?:{"|".join(_BY_LIBRARIES)})[A-Z_]+\b               # os.environ["MPLBACKEND"] = "agg" before the import
    | \bsys\s*\.\s*modules\b | \bfrom\s+sys\s+import\b[^\n]*\bmodules\b
    | \bmeta_path\b | \bpath_hooks\b | \b__import__\s*=
    | \b(?:matplotlib|mpl)\s*\.\s*use\s*\(                 # sets a name before pyplot is loaded, loads a backend after
    | ^\s*%matplotlib\s+(?!inline\b|-)\w                    # likewise
    | \bgc\b | \bweakref\b | \b__del__\b                   # a kernel of this engine collects later
    | \bwarnings\s*\.\s*filters\b
    | (?:simplefilter|filterwarnings)\s*\(\s*(?:action\s*=\s*)?["'](?!ignore|once)
    | \blogging\s*\.\s*(?:DEBUG|NOTSET)\b | \b(?:setLevel\s*\(|level\s*=)\s*(?:["']DEBUG|10\b)
    """,
    re.VERBOSE | re.MULTILINE,
)


def read_early(env: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the variables of an environment that a warm parent must have as its kernels have them."""
    return frozenset((k, v) for k, v in env.items() if k.startswith((*_BY_PYTHON, *_BY_LIBRARIES)))


def looks_at_loading(sources: Iterable[str]) -> bool:
    """Return whether this code could tell a warm kernel from an ordinary one: it names what only loading does."""
    return any(_LOOKS.search(source) for source in sources)
