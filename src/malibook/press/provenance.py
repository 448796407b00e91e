"""What a build was made from: commit, time of that commit, data version, lock."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass

from malibook.evidence import data_version, root
from malibook.evidence.package import MARKER, as_kept

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
    """Return the origin of a build made now.

    A book that lies in a repository of something else, such as an export unpacked there, has no commit: that one is not its own.
    """
    own = bool(_git("ls-files", "--error-unmatch", "--", MARKER.as_posix()))
    commit = (own and _git("rev-parse", "--short=10", "HEAD")) or "no commit"
    changed = own and _git("status", "--porcelain", "--untracked-files=no")
    # other line ends change a file's size, not what git keeps of it
    changed = changed and _git("diff", "HEAD", "--raw")
    version, digest = data_version()
    lock = hashlib.sha256(as_kept(root() / "requirements.txt")).hexdigest()[:12]
    epoch = int((own and _git("log", "-1", "--no-show-signature", "--format=%ct")) or UNKNOWN)
    return Provenance(commit + ("+" if changed else ""), epoch, version, digest, lock)


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root(), capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
