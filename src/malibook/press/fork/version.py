"""Put a new fork under version control, where git is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from malibook.press.fork.request import UNNAMED, Request

MESSAGE = "A new book, made by malibook fork"


def first_commit(request: Request) -> str:
    """Return the name of the first commit of the fork; empty where there is no git, or it will not commit."""
    if not shutil.which("git"):
        return ""
    who = "The authors" if request.author == UNNAMED else request.author
    named = _git(request.out, "config", "user.email")
    identity = [] if named else ["-c", f"user.name={who}", "-c", "user.email=authors@example.invalid"]
    steps = (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "--no-verify", "-m", MESSAGE])
    for words in steps:
        if _git(request.out, *words) is None:
            return ""
    return _git(request.out, "rev-parse", "--short=10", "HEAD") or ""


def _git(folder: Path, *words: str) -> str | None:
    """Return what git answers, None where it fails; settings that would ask for a key are off."""
    command = ["git", "-c", "commit.gpgsign=false", *words]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
