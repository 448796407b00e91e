"""What every command prints alike: a progress line, and problems with the exit code that goes with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

MOST = 30


def say(text: str) -> None:
    """Print one progress line at once."""
    print(f"[malibook] {text}", flush=True)


def end(problems: Sequence[str], summary: str, most: int = MOST) -> None:
    """Print problems, no more than `most`, and leave with exit code 1; do nothing where there are none."""
    if problems:
        print("\n".join(["", *problems[:most]]), file=sys.stderr)
        if len(problems) > most:
            print(f"… and {len(problems) - most} more", file=sys.stderr)
        print(f"\n{summary} ({len(problems)} problem{'s' * (len(problems) != 1)})", file=sys.stderr)
        raise typer.Exit(1)
