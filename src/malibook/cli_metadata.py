"""`malibook metadata`: the files by which archives and catalogues know the book."""

from __future__ import annotations

from typing import Annotated

import typer

from malibook.console import end, say


def metadata(
    write: Annotated[bool, typer.Option("--write", help="Write .zenodo.json and codemeta.json anew.")] = False,
) -> None:
    """Hold title, version, authors, licences, keywords and date equal in every file that names them (CITATION.cff leads)."""
    from malibook.evidence import root
    from malibook.press.agreement import disagreements
    from malibook.press.metadata import write_generated

    if write:
        for name in write_generated(root()) or ["nothing: all stand"]:
            say(f"wrote {name}")
    end(disagreements(root()), "the metadata disagree")
    say("all metadata agree")
