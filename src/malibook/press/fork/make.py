"""The fork from end to end: all of it is made aside, checked there, and moved to its place at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence.held import countries
from malibook.evidence.loaders.request import Choices, Files, Outcome
from malibook.press.fork.chapters import chapters_taken, lay_chapters
from malibook.press.fork.data import lay_data, refreshed
from malibook.press.fork.kit import lay_kit
from malibook.press.fork.pages import lay_pages
from malibook.press.fork.request import Request
from malibook.press.fork.version import first_commit


@dataclass(frozen=True)
class Made:
    """A fork that was made: where, its chapters with the reason for each that was left out, rows by table, the refresh."""

    folder: Path
    chapters: tuple[str, ...]
    left_out: dict[str, str]
    rows: dict[str, int]
    refresh: Outcome | None
    commit: str


def fork(request: Request, files: Files, choices: Choices) -> Made:
    """Make the repository of a fork at `request.out` and return what was made.

    Raises `BookError` (and `RefusedError` for an official file that is not what its option takes); nothing is left then.
    """
    with _aside(request.out) as folder:
        years = request.country in countries() or bool(files.ucdp_ged or files.ucdp_country_year)
        taken, left_out = chapters_taken(request, years)
        lay_data(folder, request, taken)
        outcome = refreshed(folder / "data", files, choices, request) if files != Files() else None
        rows = _has_its_country(folder, request)
        lay_chapters(folder, request, taken)
        lay_pages(folder, request, taken)
        lay_kit(folder, request)
        _move(folder, request.out)
    names = tuple(sorted(path.stem for path in (request.out / "notebooks").glob("*.ipynb")))
    return Made(request.out, names, left_out, rows, outcome, first_commit(request))


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """Give a folder beside the target to build in, so that the last step is one move; nothing of it stays."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BookError(
            f"cannot be written: {error.strerror}", where=str(out.parent), remedy="choose another"
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move(folder: Path, out: Path) -> None:
    folder.chmod(0o755)  # a temporary folder is for its maker alone
    if out.exists():
        out.rmdir()  # empty, or somebody wrote into it meanwhile, and then this fails as it should
    os.replace(folder, out)


def _has_its_country(folder: Path, request: Request) -> dict[str, int]:
    """Return the rows of each table; raise `BookError` where no table of violence holds the fork's country."""
    rows, home = {}, 0
    for path in sorted((folder / "data" / "tables").glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        rows[path.stem] = len(lines)
        if path.stem in ("violence_year", "violence_month"):
            home += sum(line.startswith(f"{request.country},") for line in lines)
    if not home:
        remedy = "give an official file that has it: --ucdp-ged, --ucdp-country-year or --ucdp-candidate"
        raise BookError(f"no table holds violence in {request.name}", where="--country", remedy=remedy)
    return rows
