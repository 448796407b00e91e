"""The data check of a build: done once for the same data and the same rules."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import malibook
from malibook.evidence import root
from malibook.evidence.checks import validate
from malibook.press import forks
from malibook.press.hashes import source_hash
from malibook.press.swap import write_whole


def data_problems() -> list[str]:
    """Return what is wrong with the data package; a package that passed the same rules before is not read again."""
    record, key = root() / "_build" / "checked", _key()
    try:
        if record.read_text(encoding="utf-8") == key:
            return []
    except (OSError, ValueError):  # none yet, or not ours
        pass
    problems = [str(problem) for problem in validate(root() / "data", side_by_side)]
    if not problems:
        write_whole(record, key)
    return problems


def side_by_side(tables: Iterable[Path], work: Callable[[Path], Any]) -> list[Any]:
    """Have tables checked in as many processes as there are cores: a small one takes longer a byte than a large one."""
    return forks.each(tables, work, lambda table: math.isqrt(forks.size(table)))


def _key() -> str:
    """Return a hash over every file of the package and over the rules: the room `evidence` and the lock."""
    data, rules = root() / "data", Path(malibook.__file__).parent / "evidence"
    digest = hashlib.sha256(source_hash(data).encode() + source_hash(rules).encode())
    digest.update((root() / "requirements.txt").read_bytes())
    return digest.hexdigest()
