"""What Sphinx said of a compilation, read for what is wrong."""

from __future__ import annotations

import os
import re
from pathlib import Path

from malibook.errors import BookError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COMPLAINT = re.compile(r"(WARNING|ERROR|CRITICAL)|Error:|Exception occurred")
_BROKEN = re.compile(r"^Exception occurred:\n(.*?)(?:^The full traceback.*|\Z)", re.M | re.S)
_LOG = re.compile(r"^The full traceback has been saved in:?\s+(.*sphinx-err-\w+\.log)", re.M)


def plain(text: str) -> str:
    """Return a text without the colours of a terminal."""
    return _ANSI.sub("", text)


def complaints(text: str, stage: Path) -> list[str]:
    """Return what Sphinx broke down over, and its warnings and errors, with the stage's folder taken off their paths."""
    broke = _breakdown(text)
    text = _BROKEN.sub("", text) if broke else text
    found = [line.strip() for line in text.splitlines() if _COMPLAINT.search(line)]
    ours = [line.replace(f"{stage}{os.sep}", "").replace(str(stage), "") for line in found]
    return broke + list(dict.fromkeys(line for line in ours if "build finished with problems" not in line))


def remove_logs(text: str) -> None:
    """Remove the files that Sphinx wrote about a breakdown, in the folder for temporary files: the cause is told here."""
    for name in _LOG.findall(text):
        Path(name).unlink(missing_ok=True)


def _breakdown(text: str) -> list[str]:
    """Return in one message what Sphinx broke down over, empty where it did not: what it prints besides says nothing."""
    found = _BROKEN.search(text)
    said = [line.strip() for line in found[1].splitlines() if line.strip()] if found else []
    if not said:
        return []
    remedy = "mend what it names; where it names nothing, build again: one of its processes was ended"
    return [str(BookError(f"Sphinx broke down: {said[-1]}", where="compilation", remedy=remedy))]
