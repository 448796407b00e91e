"""What every command prints alike: a progress line, and problems with the exit code that goes with them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer

MOST = 30


def say(text: str) -> None:
    """Print one progress line at once."""
    print(f"[malibook] {text}", flush=True)


def hush(text: str) -> None:
    """Print nothing: what `--json` and `--quiet` put in the place of `say`."""


@contextmanager
def live(quiet: bool = False) -> Iterator[Callable[[str, int, int], None] | None]:
    """Show, on a terminal, which cell of which chapter runs just now; elsewhere (a file, CI) show nothing.

    Yields a function to be told of each cell (chapter, cell, cells), or None where nobody watches.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("CI") or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console

    running, guard = {}, threading.Lock()
    with Console(stderr=True).status("") as status:

        def tell(chapter: str, cell: int, cells: int) -> None:
            with guard:
                running[chapter] = f"{chapter} {cell}/{cells}"
                if cell >= cells:
                    running.pop(chapter)
                status.update("cell by cell: " + " · ".join(running.values()) if running else "")

        yield tell


def end(problems: Sequence[str], summary: str, most: int = MOST) -> None:
    """Print problems, no more than `most`, and leave with exit code 1; do nothing where there are none."""
    if problems:
        print("\n".join(["", *problems[:most]]), file=sys.stderr)
        if len(problems) > most:
            print(f"… and {len(problems) - most} more", file=sys.stderr)
        print(f"\n{summary} ({len(problems)} problem{'s' * (len(problems) != 1)})", file=sys.stderr)
        raise typer.Exit(1)
