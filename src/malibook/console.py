"""What every command prints alike: a progress line, and problems with the exit code that goes with them."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import NoReturn

import typer

MOST = 30


def say(text: str) -> None:
    """Print one progress line at once."""
    print(f"[malibook] {text}", flush=True)


def hush(text: str) -> None:
    """Print nothing: what `--json` and `--quiet` put in the place of `say`."""


def watched() -> bool:
    """Return whether somebody sits before a terminal that can redraw a line."""
    return (
        sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
    )


@contextmanager
def counted(total: int, quiet: bool = False) -> Iterator[Callable[[str, bool], None]]:
    """Show how many of `total` are done, how many failed and the time left: a bar on a terminal, else a line each.

    Yields a function to be told of each as it ends: a text, and whether it failed. A failure is always printed.
    """
    done = failed = 0
    began = time.monotonic()
    bar = _bar(total) if not quiet and watched() else None

    def tell(text: str, bad: bool) -> None:
        nonlocal done, failed
        done, failed = done + 1, failed + bad
        left = (time.monotonic() - began) / done * (total - done)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, failed=failed)
            if bad:
                bar.console.print(text, markup=False, highlight=False)
        elif not quiet:
            say(f"{done}/{total}, {failed} failed, {clock(left)} left: {text}")

    with bar or nullcontext():
        yield tell


def clock(seconds: float) -> str:
    """Return a duration as people read it: `45 s`, `12 min`, `3 h 20 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _bar(total: int):
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[failed]} failed"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    bar.add_task("", total=total, failed=0)
    return bar


@contextmanager
def live(quiet: bool = False) -> Iterator[Callable[[str, int, int], None] | None]:
    """Show, on a terminal, which cell of which chapter runs just now; elsewhere (a file, CI) show nothing.

    Yields a function to be told of each cell (chapter, cell, cells), or None where nobody watches.
    """
    if quiet or not watched():
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


def ended(message: str, code: int = 1) -> NoReturn:
    """Print how a command ended, where anybody can still be told, and leave with its exit code."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):  # nobody reads it: as Python ends it would try again, and say so
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with contextlib.suppress(OSError, ValueError, AttributeError):  # stderr is closed, or nobody reads it
        print(f"malibook: {message}", file=sys.stderr, flush=True)
    raise SystemExit(code) from None


def end(problems: Sequence[str], summary: str, most: int = MOST) -> None:
    """Print problems, no more than `most`, and leave with exit code 1; do nothing where there are none."""
    if problems:
        print("\n".join(["", *problems[:most]]), file=sys.stderr)
        if not any("remedy:" in problem for problem in problems):
            print("  remedy: mend what is named, then run the same command again", file=sys.stderr)
        if len(problems) > most:
            print(f"… and {len(problems) - most} more", file=sys.stderr)
        print(f"\n{summary} ({len(problems)} problem{'s' * (len(problems) != 1)})", file=sys.stderr)
        raise typer.Exit(1)
