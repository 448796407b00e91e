"""The process in which one notebook runs: reads a job from standard input, writes the executed notebook.

Exit code 0: done. 3: the notebook failed, and standard output says where and why. Anything else: a crash.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError

from malibook.errors import BookError
from malibook.press.notebooks import METADATA

_LINE = re.compile(r"Cell In\[\d+\][^\n]*line\s+(\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    """Run the job on standard input."""
    job = json.load(sys.stdin)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    output, failed = Path(job["output"]), Path(job["failed"])
    try:
        with contextlib.redirect_stderr(sys.stderr):
            papermill.execute_notebook(
                job["input"],
                str(failed),  # under the name of a failed run until it is known to be a good one
                parameters=job["parameters"],
                progress_bar=False,
                log_output=False,
                kernel_name="python3",
                execution_timeout=job["seconds"],
            )
    except PapermillExecutionError as error:
        print(explain(error, Path(job["input"]).name))
        return 3
    except Exception as error:
        print(
            BookError(f"{type(error).__name__}: {error}".splitlines()[0], where=f"notebooks/{Path(job['input']).name}")
        )
        return 3
    nb = normalise(json.loads(failed.read_text(encoding="utf-8")))
    output.write_text(json.dumps(nb, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    failed.unlink()
    return 0


def explain(error: PapermillExecutionError, name: str) -> BookError:
    """Return what failed: notebook, cell, line and cause, without the traceback."""
    trace = _ANSI.sub("", "\n".join(error.traceback))
    lines = _LINE.findall(trace)
    cause = (
        _ANSI.sub("", error.evalue).strip() if error.ename == "BookError" else f"{error.ename}: {error.evalue}".strip()
    )
    where = f"notebooks/{name}, cell {error.cell_index}" + (f", line {lines[0]}" if lines else "")
    source = error.source.strip().splitlines()
    at = source[int(lines[0]) - 1].strip() if lines and int(lines[0]) <= len(source) else ""
    return BookError(
        cause + (f"\n  in: {at}" if at else ""), where=where, remedy="mend the cell; the last good book stays"
    )


def normalise(nb: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without what differs from run to run: times, durations, paths, random ids."""
    given = nb["metadata"].get("papermill", {}).get("parameters", {})
    nb["metadata"] = METADATA | {"papermill": {"parameters": given}}
    for number, cell in enumerate(nb["cells"], 1):
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": tags} if tags else {}
        cell["id"] = f"run-{number:02d}"
    return nb


if __name__ == "__main__":
    raise SystemExit(main())
