"""Hashes over folders: what is in them and what it is called, never when it was written."""

from __future__ import annotations

import hashlib
from pathlib import Path


def tree_hash(folder: Path) -> str:
    """Return one hash over the names and contents of all files below a folder; empty where there is none."""
    return _over(folder, lambda path: True)[:16] if folder.is_dir() else ""


def source_hash(folder: Path) -> str:
    """Return one hash over a folder's files, bytecode and editors' leavings apart."""
    return _over(folder, lambda path: not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts))


def short(content: bytes) -> str:
    """Return 16 hex digits of a SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def _over(folder: Path, wanted) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and wanted(p)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + short(path.read_bytes()).encode())
    return digest.hexdigest()
