"""`malibook coursework grade`: a folder of submissions graded offline, each in isolation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from malibook.console import say
from malibook.errors import BookError

REMEDY = (
    "grade on Linux as a user or root who may make namespaces (a laptop, a server, WSL, a virtual machine); "
    "--unsafe grades here, kept apart by the interpreter alone"
)

if TYPE_CHECKING:
    from malibook.coursework.grade.marking import Result


def grade(
    folder: Annotated[Path, typer.Argument(help="Holds one folder, one notebook or one zip per student.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Default: FOLDER-graded beside it.")] = None,
    chapter: Annotated[
        list[str] | None, typer.Option("--chapter", help="Grade this sheet only (`01`), and say who lacks it.")
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=256, help="How many at a time.")] = None,
    cell_seconds: Annotated[float, typer.Option(min=1, max=3600, help="Time for one cell.")] = 30,
    seconds: Annotated[float, typer.Option(min=5, max=86400, help="Time for one sheet of one student.")] = 240,
    memory: Annotated[int, typer.Option(min=512, max=1 << 20, help="Megabytes for one student.")] = 2048,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Grade even where submissions cannot be isolated (see docs/coursework.md).")
    ] = False,
) -> None:
    """Grade submissions offline, each in isolation.

    Writes grades.csv (a row per student), checks.csv (a row per check), one page of feedback per student, and marks.csv for
    the answers that a person marks: fill in its points and give the command again. After an interruption or a late
    submission too the command goes on: nothing is graded twice.
    """
    from malibook.coursework.grade.classroom import Classroom, usual_jobs
    from malibook.coursework.grade.level import best_level
    from malibook.coursework.grade.sandbox import Limits
    from malibook.coursework.grade.submissions import left_out
    from malibook.coursework.sheet import find_sheet

    limits = Limits(cell_seconds, seconds, memory)
    wanted = sorted({find_sheet(c) for c in chapter}) if chapter else None
    target = out or folder.resolve().with_name(f"{folder.resolve().name}-graded")
    level, why = best_level(limits)
    if level != "namespaces" and not unsafe:
        raise BookError(f"submissions cannot be isolated on this system: {why}", where=str(folder), remedy=REMEDY)
    room = Classroom(folder, target, limits, level, wanted)
    say(isolation(level, why))
    results = room.run(jobs or usual_jobs(), lambda n, of, result, old: say(line(n, of, result, old)))
    missed = left_out(folder)
    if missed:
        more = f" … and {len(missed) - 20} more" if len(missed) > 20 else ""
        say(f"not looked at, neither folder, notebook nor zip: {', '.join(missed[:20])}{more}")
    empty = sum(not r.sheets for r in results)
    say(f"{target}: {len(results)} students" + (f", {empty} with nothing that can be graded" if empty else ""))


def isolation(level: str, why: str) -> str:
    """Return in one line how submissions are kept apart, and what is not prevented where it is not the strongest way."""
    if level == "namespaces":
        return "each submission runs without network, in namespaces of its own that hold no other file"
    return (
        f"WEAK ISOLATION ({why}): sockets, processes and files are refused by the interpreter only; code made to break out "
        "can. Grade unknown people's work in a container or a virtual machine"
    )


def line(number: int, of: int, result: Result, old: bool) -> str:
    """Return one student's line of progress."""
    from malibook.coursework.grade.ledger import sums

    told = [f"{s.chapter[:2]} {sums(s)[0]}/{sums(s)[1]}" for s in result.sheets] or result.remarks[:1] or ["nothing"]
    return f"{number}/{of} {result.student}: {', '.join(told)}" + (" (graded before)" if old else "")
