"""How well this system can isolate, found out by trying."""

from __future__ import annotations

import os
import sys

from malibook.coursework.grade.sandbox import Limits, Sandbox
from malibook.errors import BookError

PROBE = """
import json, os
with open(os.path.join(os.environ["MALIBOOK_ROOT"], "data", "datapackage.json"), encoding="utf-8") as f:
    answer_tables = len(json.load(f)["resources"])
import colorsys
answer_root = os.geteuid() == 0
"""


def best_level(limits: Limits) -> tuple[str, str]:
    """Return the strongest isolation that this system grants, and in words why it is no stronger ('' for the strongest).

    Raises `BookError` where processes cannot be forked at all (Windows).
    """
    if not hasattr(os, "fork"):
        raise BookError(
            "grading needs a system that forks", where="malibook coursework grade",
            remedy="use Linux, macOS, or on Windows the Linux subsystem (WSL)",
        )  # fmt: skip
    if sys.platform != "linux":
        return "guard", "only Linux has namespaces"
    with Sandbox(limits, [], warm=False) as trial:
        run = trial.run({"do": "cells", "cells": [PROBE], "skip": [], "seconds": 10}, 30)
    if not run.complete:
        return "guard", run.stopped
    error = str(run.ended.get(0, {}).get("error", ""))
    if error or run.answers.get("answer_root") is not False:
        return "guard", f"the interpreter or the tables cannot be read there: {error or 'it runs as root'}"
    return "namespaces", ""
