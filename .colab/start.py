"""Make the chapters run in Colab: the first cell there clones the book and runs this file (`%run /content/book/.colab/start.py`).

Colab's own packages stay as they are, since its sessions crash where IPython, ipykernel, tornado or pyzmq change. What the
chapters import is taken from the book's lock into a folder of its own, which is looked in first. Standard library only.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1]
TARGET = BOOK / "_build" / "colab"
# What the chapters import, and what that needs in turn; a test holds it to the chapters and to the packages' own word.
NAMES = [
    "annotated-types",
    "contourpy",
    "cycler",
    "fonttools",
    "formulaic",
    "interface-meta",
    "kiwisolver",
    "matplotlib",
    "narwhals",
    "numpy",
    "packaging",
    "pandas",
    "patsy",
    "pillow",
    "pydantic",
    "pydantic-core",
    "pyparsing",
    "python-dateutil",
    "ruptures",
    "scipy",
    "statsmodels",
    "typing-extensions",
    "typing-inspection",
    "tzdata",
    "wrapt",
]
LOADED_ONCE = ("numpy", "pandas", "matplotlib", "scipy")  # cannot be exchanged in a session that has them already


def wanted(lock):
    """Return the part of a lock that pins NAMES, for any Python, hashes included; raise SystemExit where one is missing."""
    blocks = [block.strip() for block in re.split(r"\n(?=[a-z])", lock)]
    named = [(re.match(r"[a-z0-9._-]+(?===)", block), block) for block in blocks]
    kept = [(name[0], block) for name, block in named if name and name[0] in NAMES]
    missing = sorted(set(NAMES) - {name for name, _ in kept})
    if missing:
        raise SystemExit(f"requirements.txt lacks {', '.join(missing)}: please report this")
    return "\n".join(block for _, block in kept) + "\n"


def install():
    """Install them into TARGET unless they are there already, from this very lock."""
    text = wanted((BOOK / "requirements.txt").read_text(encoding="utf-8"))
    listed = TARGET / "installed.txt"
    if listed.is_file() and listed.read_text(encoding="utf-8") == text:
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    part = TARGET / "wanted.txt"
    part.write_text(text, encoding="utf-8")
    words = ["install", "-q", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--upgrade"]
    if subprocess.run([sys.executable, "-m", "pip", *words, "--target", str(TARGET), "-r", str(part)]).returncode:
        raise SystemExit("the packages could not be installed: see above, then run this cell again")
    part.replace(listed)


def start():
    """Install, look in the book's folders first, and name the book's data."""
    install()
    others = [name for name in LOADED_ONCE if name in sys.modules and not _ours(sys.modules[name])]
    sys.path[:0] = [p for p in (str(BOOK / "src"), str(TARGET)) if p not in sys.path]
    os.environ["MALIBOOK_ROOT"] = str(BOOK)
    if others:
        raise SystemExit(f"{', '.join(others)} is loaded already: Runtime, Restart session, then run this cell first")
    print(f"The book is in {BOOK}. Run the cells below.")


def _ours(module):
    return str(TARGET) in (getattr(module, "__file__", None) or "")


if __name__ == "__main__":
    start()
