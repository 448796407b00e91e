"""What a student's process does: run the cells with IPython's own shell, and tell the answers after each.

No port is opened and no kernel started: the shell is the one that a kernel holds. Output goes nowhere.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from malibook.coursework.grade.values import NotPlainError, plain_form

PREFIX = "answer_"
MOST_ANSWERS = 400
READ_SECONDS = 1.0
SLOW = "takes too long to read"
Tell = Callable[[dict[str, Any]], None]


class CellTimeout(BaseException):
    """A cell has used up its time."""


def new_shell() -> Any:
    """Return IPython's shell without history, colours or printed tracebacks."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = InteractiveShell.instance(config=quiet)
    for name in ("showtraceback", "showsyntaxerror", "showindentationerror"):
        setattr(shell, name, lambda *_, **__: None)
    shell.enable_gui = lambda *_, **__: None  # `%matplotlib inline` asks for it
    shell.system = shell.system_raw  # `!ls`: the other way asks for a terminal, which there is none of
    shell.run_cell("0;", store_history=False)
    return shell


def run_cells(shell: Any, job: dict[str, Any], tell: Tell) -> None:
    """Run `job["cells"]` in order, each for `job["seconds"]` at most; tell of each cell and of changed answers."""
    space, told, slow = shell.user_ns, {}, {}
    signal.signal(signal.SIGALRM, ring)
    for at, source in enumerate(job["cells"]):
        if at in job["skip"]:
            continue
        tell({"kind": "begin", "at": at})
        error = timed(job["seconds"], lambda code=source: _run(shell, code))
        found = answers(space, slow)
        tell({"kind": "ended", "at": at, "error": error})
        if found != told:
            tell({"kind": "answers"} | found)
            told = found


def ring(number: int, frame: FrameType | None) -> None:
    """End a cell or a check whose time is up: what the alarm calls."""
    raise CellTimeout


def timed(seconds: float, what: Callable[[], Any]) -> str:
    """Call something for `seconds` at most; return its error as a line of text, empty where there is none."""
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            result = what()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except CellTimeout:
        return f"CellTimeout: stopped after {seconds:g} seconds"
    except BaseException as error:
        return named(error)
    return result if isinstance(result, str) else ""


def _run(shell: Any, source: str) -> str:
    result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if isinstance(error, CellTimeout):
        raise error
    return named(error) if error is not None else ""


def named(error: BaseException) -> str:
    """Return an error as one line of at most 300 characters; its own text may be anything, or raise."""
    try:
        text = str(error)
    except BaseException:
        text = "(without readable text)"
    return f"{type(error).__name__}: {text}"[:300]


def _read(value: Any) -> tuple[Any, str]:
    """Return a value's plain form, or why it has none."""
    out: list[Any] = []
    error = timed(READ_SECONDS, lambda: out.append(plain_form(value)))
    if not error and out:
        return out[0], ""
    if error.startswith("CellTimeout"):
        return None, SLOW
    kind, _, text = error.partition(": ")
    return None, text if kind == NotPlainError.__name__ else f"cannot be read: {kind}"


def answers(space: dict[str, Any], slow: dict[str, int]) -> dict[str, Any]:
    """Return the answers in a namespace as plain data, and for those that are none why not.

    One that takes too long to read is noted in `slow`, and not read again while it is the same object.
    """
    good: dict[str, Any] = {}
    bad: dict[str, str] = {}
    names = [n for n in list(space) if isinstance(n, str) and n.startswith(PREFIX) and len(n) < 100]
    for name in names[:MOST_ANSWERS]:
        if slow.get(name) != id(space[name]):
            value, why = _read(space[name])
            good |= {} if why else {name: value}
            if why == SLOW:
                slow[name] = id(space[name])
        if name not in good:
            bad[name] = SLOW if slow.get(name) == id(space[name]) else why[:200]
    return {"good": good, "bad": bad}
