"""What the grader takes in of a process of its own: frames in their form, until an end or a limit; nothing is believed."""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from malibook.coursework.grade import channel, tree

MOST_HEARD = 40_000_000


@dataclass(frozen=True)
class Bounds:
    """When to stop listening: seconds without a new unit, seconds in all, bytes and processes of the whole family."""

    unit: float
    seconds: float
    memory: int
    processes: int


@dataclass
class Run:
    """What was heard of one process: each unit (cell, check) that ended, the last answers, and why it ended early."""

    ended: dict[int, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)
    begun: int | None = None
    stopped: str = ""
    complete: bool = False


def hear(ours: socket.socket, frames: channel.Frames, run: Run, pid: int, bounds: Bounds) -> None:
    """Take in frames until the end, or until a limit is passed; note in `run` what was heard.

    Raises `channel.BrokenTalkError` at bytes that are no frame, `OSError` where the socket breaks.
    """
    start = since = looked = time.monotonic()
    heard, begun = 0, run.begun
    with selectors.DefaultSelector() as ready:
        ready.register(ours, selectors.EVENT_READ)
        while not run.complete and not run.stopped:
            if ready.select(0.1):
                more = ours.recv(1 << 20)
                heard += len(more)
                for message in frames.feed(more):
                    _note(message, run)
                if not run.complete and not more:
                    run.stopped = run.stopped or "the process ended itself"
            now = time.monotonic()
            if run.begun != begun:
                begun, since = run.begun, now
            family = now - looked > 0.25
            looked = now if family else looked
            if not run.complete:
                run.stopped = run.stopped or _passed(heard, now - since, now - start, pid if family else None, bounds)


def _passed(heard: int, unit: float, seconds: float, pid: int | None, bounds: Bounds) -> str:
    """Return which bound is passed, in words; empty where none is."""
    if heard > MOST_HEARD:
        return "too much was handed over"
    if unit > bounds.unit:
        return "time: a cell did not end"
    if seconds > bounds.seconds:
        return "time: the submission took too long"
    members = tree.family(pid) if pid is not None else []
    if len(members) > bounds.processes:
        return "too many processes"
    return "memory: its processes took too much together" if tree.held(members) > 1.25 * bounds.memory else ""


def _note(message: dict[str, Any], run: Run) -> None:
    """Take one message in; what has not the form of one is left out."""
    kind, at = message.get("kind"), message.get("at")
    if kind == "begin" and isinstance(at, int) and (run.begun is None or at > run.begun):
        run.begun = at
    elif kind == "ended" and isinstance(at, int):
        run.ended[at] = {k: v for k, v in message.items() if isinstance(v, str) and len(v) < 2000}
    elif kind == "answers" and isinstance(message.get("good"), dict) and isinstance(message.get("bad"), dict):
        run.answers = message["good"]
        run.bad = {str(k): str(v)[:200] for k, v in message["bad"].items()}
    elif kind == "end":
        run.complete = True
    elif kind == "refused":
        run.stopped = f"refused: {str(message.get('why'))[:200]}"
