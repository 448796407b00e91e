"""What a build came to, for people and for machines."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from malibook.evidence import country_file, file_stem, home_country
from malibook.press import places

if TYPE_CHECKING:
    from malibook.press.editions import Edition

KINDS = ("html", "pdf", "epub")
PAPER = "MALIBOOK_PAPER"  # the environment variable that carries the paper to the compiler


@dataclass
class Run:
    """What became of one chapter in a build: whether it ran, why, how long it took, what was wrong."""

    chapter: str
    reason: str = ""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Return `stands`, `ran` or `failed`."""
        return "failed" if self.problems else "ran" if self.reason else "stands"


@dataclass
class Outcome:
    """What a build came to: its problems, what became of each chapter and output, and the seconds each part took."""

    problems: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)  # kind: made, or stands
    seconds: dict[str, float] = field(default_factory=dict)
    edition: str = places.PUBLISHED
    missing: list[str] = field(default_factory=list)  # what an edition lacks: chapters, pages, evidence

    def as_json(self) -> dict[str, Any]:
        """Return the outcome for machines."""
        return {
            "edition": self.edition,
            "state": "failed" if self.problems else "built",
            "chapters": [asdict(run) | {"state": run.state} for run in self.runs],
            "outputs": {kind: {"state": state, "path": path_of(kind)} for kind, state in self.outputs.items()},
            "seconds": self.seconds,
            "missing": self.missing,
            "problems": self.problems,
        }

    def summary(self) -> str:
        """Return one line: what ran, what stood, what was made, how long it took."""
        ran = sum(run.state == "ran" for run in self.runs)
        made = [kind for kind, state in self.outputs.items() if state == "made"]
        times = ", ".join(f"{part} {taken:.1f} s" for part, taken in self.seconds.items())
        return f"{ran} of {len(self.runs)} chapters ran; made: {', '.join(made) or 'nothing new'}; {times}"


def main_file(kind: str) -> str:
    """Return the file of an output that a reader opens first: `index.html`, `mali.pdf`, `mali.epub`."""
    return "index.html" if kind == "html" else f"{stem(places.current())}.{kind}"


def stem(edition: Edition | None) -> str:
    """Return how an edition's files are called: as the book's, or after its country where it is about another one."""
    about = edition.country if edition else home_country()
    return file_stem() if about == home_country() else country_file(about)


def paper() -> str:
    """Return the paper that was asked for, or nothing where the configuration decides."""
    return os.environ.get(PAPER, "")


def path_of(kind: str) -> str:
    """Return where readers find an output, from the book's folder."""
    return f"{places.shown_folder()}/{kind}/{main_file(kind)}"


@contextmanager
def timed(outcome: Outcome, part: str) -> Iterator[None]:
    """Note in an outcome how many seconds a part of the build took."""
    started = time.monotonic()
    try:
        yield
    finally:
        outcome.seconds[part] = round(time.monotonic() - started, 2)
