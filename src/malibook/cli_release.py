"""`malibook release`: the files that a release offers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from malibook.console import say


def release(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the files; an earlier release in it is replaced.")
    ],
    tag: Annotated[
        str, typer.Option("--tag", help="The tag to be released, as v0.1.0; without one it is a rehearsal.")
    ] = "",
) -> None:
    """Lay out a release of the built book: HTML zip, PDF, EPUB, data zip, receipt and SHA256SUMS, the same bytes each time."""
    from malibook.press.release import release as press_release

    for name, digest in press_release(out.resolve(), tag).items():
        print(f"{digest}  {name}")
    say(f"the release{f' {tag}' if tag else ' (a rehearsal: no tag given)'} is in {out}")
