"""What a build was made from: commit, time of that commit, data version, lock."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass

from malibook.evidence import data_version, root

UNKNOWN = 1_577_836_800  # 2020-01-01: the date of a build made outside any git checkout


@dataclass(frozen=True)
class Provenance:
    """The origin of a build; equal origins give equal bytes."""

    commit: str
    epoch: int
    data_version: str
    data_hash: str
    lock_hash: str


def provenance() -> Provenance:
    """Return the origin of a build made now."""
    commit = _git("rev-parse", "--short=10", "HEAD") or "no commit"
    changed = _git("status", "--porcelain", "--untracked-files=no")
    version, digest = data_version()
    lock = hashlib.sha256((root() / "requirements.txt").read_bytes()).hexdigest()[:12]
    epoch = int(_git("log", "-1", "--format=%ct") or UNKNOWN)
    return Provenance(commit + ("+" if changed else ""), epoch, version, digest, lock)


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root(), capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
