"""One submission graded: its cells run, its answers checked, each task with a state and points."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from malibook.coursework.grade.assignment import Assignment, Task, Work, assignment, belongs_to, unanswered, work
from malibook.coursework.grade.hearing import Run
from malibook.coursework.grade.notebook import parse
from malibook.coursework.grade.sandbox import Sandbox
from malibook.coursework.grade.submissions import Submission

RESTARTS = 4
CHECK_SECONDS = 20
PASSED, WRONG, FORM, NONE, ABSENT, UNREAD, BY_HAND, MARKED = (
    "passed", "not right", "not in the form asked for", "no answer", "not handed in", "could not be read", "to be marked", "marked",
)  # fmt: skip


@dataclass
class Row:
    """What became of one task."""

    exercise: str
    title: str
    id: str
    points: float | None
    of: float
    state: str
    why: str = ""


@dataclass
class Sheet:
    """What became of one sheet: its rows, the errors of the student's own cells, and remarks."""

    chapter: str
    rows: list[Row] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class Result:
    """What became of one student's submission."""

    student: str
    sheets: list[Sheet] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the result as JSON data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Result:
        """Return the result that `as_data` wrote; raise `TypeError` or `KeyError` where the data is none."""
        sheets = [
            Sheet(s["chapter"], [Row(**r) for r in s["rows"]], [tuple(e) for e in s["errors"]], s["remarks"])
            for s in data["sheets"]
        ]
        return cls(data["student"], sheets, data["remarks"])


def grade(submission: Submission, box: Sandbox, wanted: list[str] | None = None) -> Result:
    """Return the result of a submission. `wanted` names sheets that must be there; others are then left out."""
    out, unread = Result(submission.student, remarks=list(submission.remarks)), bool(submission.remarks)
    for name, content in submission.notebooks.items():
        try:
            nb = parse(content)
        except ValueError as error:
            out.remarks.append(f"{name} is no readable notebook: {error}")
            unread = True
            continue
        chapter = belongs_to(nb)
        unread |= chapter is None
        if chapter is None or (wanted and chapter not in wanted):
            why = f"belongs to {chapter}, which is not graded now" if chapter else "holds nothing of any sheet"
            out.remarks.append(f"{name} {why}")
        elif any(s.chapter == chapter for s in out.sheets):
            out.remarks.append(f"{name} is left out: a notebook of {chapter} was graded before it")
        else:
            out.sheets.append(_sheet(work(nb, assignment(chapter)), assignment(chapter), box))
    missing = UNREAD if unread else ABSENT
    out.sheets += [_without(assignment(c), missing) for c in wanted or [] if all(s.chapter != c for s in out.sheets)]
    out.sheets.sort(key=lambda s: s.chapter)
    return out


def _without(of: Assignment, state: str) -> Sheet:
    """Return a sheet without points: nothing was handed in, or what was could not be read, which its student must be told."""
    return Sheet(of.name, [Row(t.exercise, t.title, t.id, 0, t.points, state) for t in of.tasks])


def _sheet(done: Work, of: Assignment, box: Sandbox) -> Sheet:
    """Run the cells, then the checks on what they left; make a row of each task."""
    out = Sheet(of.name, remarks=list(done.remarks))
    ran = to_the_end({"do": "cells", "cells": done.cells, "seconds": box.limits.cell_seconds}, "cells", box)
    for at, exercise in enumerate(done.exercises):
        error = ran.ended.get(at, {}).get("error", "the cell was not run to its end")
        if error:
            out.errors.append((exercise, error))
    if ran.stopped:
        out.remarks.append(f"a cell ended the run: {ran.stopped}")
    states = _checked(of, ran, box)
    out.rows = [_row(task, states, done, of) for task in of.tasks]
    return out


def _checked(of: Assignment, ran: Run, box: Sandbox) -> dict[str, dict[str, Any]]:
    """Return the state of each check by its id, run in a second process on plain values."""
    tasks = [t for t in of.tasks if not t.by_hand]
    job = {
        "do": "checks", "imports": of.imports, "answers": ran.answers, "bad": ran.bad, "seconds": CHECK_SECONDS,
        "checks": [{"public": t.public, "whole": t.whole} for t in tasks],
    }  # fmt: skip
    checked = to_the_end(job, "checks", box)
    return {t.id: checked.ended.get(at, {}) for at, t in enumerate(tasks)}


def _row(task: Task, states: dict[str, dict[str, Any]], done: Work, of: Assignment) -> Row:
    if task.by_hand:
        empty = unanswered(done.texts.get(task.id), task, of)
        return Row(task.exercise, task.title, task.id, 0 if empty else None, task.points, NONE if empty else BY_HAND)
    told = states[task.id]
    state = {"passed": PASSED, "form": FORM, "no answer": NONE}.get(told.get("state", ""), WRONG)
    points = task.points if state == PASSED else 0
    return Row(task.exercise, task.title, task.id, points, task.points, state, told.get("why", ""))


def to_the_end(job: dict[str, Any], units: str, box: Sandbox) -> Run:
    """Run a job; where a unit ends the process, run the others again without it, a few times and in the time there is.

    So one cell that crashes or never ends costs its own exercise, not those after it.
    """
    skip: list[int] = []
    told = Run()
    until = time.monotonic() + box.limits.seconds
    for _ in range(RESTARTS):
        run = box.run(job | {"skip": skip}, max(1.0, until - time.monotonic()))
        told.ended |= run.ended
        told.answers |= run.answers
        told.bad = {n: why for n, why in (told.bad | run.bad).items() if n not in run.answers}
        told.stopped = told.stopped or run.stopped
        at = run.begun
        if run.complete or at is None or at >= len(job[units]) or at in skip or time.monotonic() > until:
            break
        skip = [*skip, at]
    return told
