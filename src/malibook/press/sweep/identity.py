"""What a machine must have in common with the one that asks for runs, or its numbers would be of another book."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from malibook.press.hashes import source_hash, tree_hash

# What computes numbers: another version may give others.
PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "ruptures")


def identity(book: Path) -> dict[str, str]:
    """Return what this machine runs with: Python, the library's source, the packages that compute, the book's data."""
    from malibook.press.imports import HOME

    own = {"Python": python_minor(), "library source": source_hash(HOME)[:16]}
    return own | {name: _version(name) for name in PACKAGES} | {"data": tree_hash(book / "data")}


def python_minor() -> str:
    """Return Python's version without what a bug fix changes: `3.11`."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def differences(here: dict[str, str], there: dict[str, str]) -> str:
    """Return in words what `there` has otherwise than `here`; empty where nothing."""
    wrong = [f"{what} {there.get(what, 'missing')} instead of {mine}" for what, mine in here.items()]
    return "; ".join(text for text, what in zip(wrong, here, strict=True) if there.get(what) != here[what])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
