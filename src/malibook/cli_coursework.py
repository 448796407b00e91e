"""`malibook coursework`: exercise sheets packed for students and for instructors, and graded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from malibook.cli_grade import grade
from malibook.console import say
from malibook.errors import BookError

coursework_app = typer.Typer(no_args_is_help=True, help=__doc__, rich_markup_mode=None)
Chapters = Annotated[list[str] | None, typer.Option("--chapter", help="Only this chapter (`01`); may be repeated.")]

coursework_app.command()(grade)


@coursework_app.callback()
def _group() -> None:
    """Exercise sheets packed for students and for instructors, and graded."""


@coursework_app.command()
def pack(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder that the pack is written into.")],
    student: Annotated[bool, typer.Option("--student", help="Without any solution.")] = False,
    instructor: Annotated[bool, typer.Option("--instructor", help="With solutions, rubrics, marking sheet.")] = False,
    chapter: Chapters = None,
    zipped: Annotated[bool, typer.Option("--zip", help="One zip instead of a folder.")] = False,
) -> None:
    """Write a pack that runs by itself; a student pack in which an answer is found is refused."""
    from malibook.coursework.pack import instructor_pack, student_pack, write_pack
    from malibook.coursework.sheet import find_sheet, sheets

    if student == instructor:
        where = "malibook coursework pack"
        raise BookError("for whom is the pack?", where=where, remedy="give either --student or --instructor")
    names = sorted({find_sheet(c) for c in chapter}) if chapter else sheets()
    files = student_pack(names) if student else instructor_pack(names)
    target = write_pack(files, out, f"malibook-{'student' if student else 'instructor'}", zipped)
    size = sum(map(len, files.values())) / 1e6
    say(
        f"{target}: {len(names)} sheets, {len(files)} files, {size:.1f} MB"
        + (", no answer found in it" if student else "")
    )
