"""What the second process does: run the checks of a sheet on plain answers, in a namespace that no student touched."""

from __future__ import annotations

import ast
import signal
from typing import Any

from malibook.coursework.grade.cells import PREFIX, CellTimeout, Tell, named, ring
from malibook.coursework.grade.values import NotPlainError, from_plain


def run_checks(job: dict[str, Any], tell: Tell) -> None:
    """Run `job["checks"]` on `job["answers"]`; tell the state of each, and no word of a hidden part."""
    signal.signal(signal.SIGALRM, ring)
    start: dict[str, Any] = {"__name__": "sheet"}
    exec(compile(job["imports"], "imports", "exec"), start)
    for at, check in enumerate(job["checks"]):
        if at in job["skip"]:
            continue
        tell({"kind": "begin", "at": at})
        state, why = _state(check, start, job)
        tell({"kind": "ended", "at": at, "state": state, "why": why})


def _state(check: dict[str, str], start: dict[str, Any], job: dict[str, Any]) -> tuple[str, str]:
    """Return how one check ends: passed; no answer; form (the public part fails, and why); wrong (the hidden part)."""
    names = {n.id for n in ast.walk(ast.parse(check["whole"])) if isinstance(n, ast.Name)}
    wanted = {n for n in names if n.startswith(PREFIX)}  # a process that a student ran could name anything else as well
    missing = sorted(n for n in wanted if n not in job["answers"])
    refused = next((job["bad"][n] for n in missing if n in job["bad"]), "")
    if missing:
        return ("form", f"{missing[0]}: {refused}") if refused else ("no answer", f"{missing[0]} has no value")
    try:
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        return _run(check, start, {n: from_plain(job["answers"][n]) for n in sorted(wanted & set(job["answers"]))})
    except (CellTimeout, NotPlainError) as error:
        return "wrong", f"not checked to the end: {type(error).__name__}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(check: dict[str, str], start: dict[str, Any], given: dict[str, Any]) -> tuple[str, str]:
    space = dict(start) | given
    try:
        exec(compile(check["public"], "check", "exec"), space)
    except Exception as error:
        return "form", named(error)
    try:
        exec(compile(check["whole"], "check", "exec"), dict(start) | given)
    except Exception:
        return "wrong", ""
    return "passed", ""
