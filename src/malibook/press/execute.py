"""Execute one notebook with papermill, say plainly what failed, and take off what differs from run to run."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError

from malibook.errors import BookError, cause, few_lines
from malibook.press.notebooks import METADATA
from malibook.press.swap import clear
from malibook.press.unwritten import as_written, held_back, write_failed
from malibook.press.warm.engine import WarmEngine  # noqa: F401 - registered by entry point, imported so that it exists
from malibook.press.warm.manager import PressKernelManager

CELL_SECONDS = 300
ENGINE = "malibook-warm"
_LINE = re.compile(r"Cell In\[(\d+)\][^\n]*line\s+(\d+)")
_ELSEWHERE = re.compile(r"(?:\(<\w+>|ipykernel_\d+/\d+\.py\"), line (\d+)")  # where there is no such line
_MEMBER = re.compile(r"^[ |]*\| (\w[\w.]*: .*)$", re.M)
_UNSAID = "the cell failed, and its kernel could not send what it says: text that is no text?"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(source: Path, output: Path, parameters: dict[str, Any], seconds: int = CELL_SECONDS) -> None:
    """Execute `source` with the given parameters and write it to `output`; each cell has at most `seconds`.

    Raises `BookError` naming notebook, cell, line and cause. A failed run leaves no `output`: what was executed until
    then lies beside it as `NAME.failed.ipynb`.
    """
    failed = output.with_suffix(".failed.ipynb")
    output.parent.mkdir(parents=True, exist_ok=True)
    for path in (output, failed):
        clear(path) if path.is_dir() else path.unlink(missing_ok=True)
    for name in ("papermill", "traitlets", "asyncio"):  # what they say, the error says
        logging.getLogger(name).setLevel(logging.CRITICAL)
    options = {"progress_bar": False, "log_output": False, "kernel_name": "python3", "execution_timeout": seconds}
    options["kernel_manager_class"] = PressKernelManager
    try:
        with held_back() as held:
            nb = papermill.execute_notebook(str(source), str(failed), parameters, engine_name=ENGINE, **options)
        failed.write_text(written(normalise(as_written(nb))), encoding="utf-8", newline="\n")
        failed.replace(output)
    except PapermillExecutionError as error:
        write_failed(held, failed)
        raise explain(error, _named(source), bool(parameters), _stderr(failed, error)) from None
    except Exception as error:  # a killed kernel, an endless cell, a full disk
        said = f"{type(error).__name__}: {cause(error)}"
        where = f"notebooks/{_named(source)}{_reached(failed, bool(parameters))}"
        raise BookError(said, where=where, remedy=_remedy(error)) from None


def _named(source: Path) -> str:
    """Return a notebook's path from the folder of notebooks: chapters lie in it, those of sweeps below it."""
    parts = source.parent.parts
    return "/".join(
        [*(parts[len(parts) - parts[::-1].index("notebooks") :] if "notebooks" in parts else ()), source.name]
    )


def _remedy(error: Exception) -> str:
    known = {
        "DeadKernelError": "the kernel was killed, often for want of memory: run with --jobs 1",
        "CellTimeoutError": "the cell did not end in time: look for an endless loop",
        "RuntimeError": "the kernel did not start: build again, with --jobs 1 where the machine is short of memory",
    }
    usual = "check that the disk has room and can be written" if isinstance(error, OSError) else "python run.py lab"
    return known.get(type(error).__name__, usual)


def explain(error: PapermillExecutionError, name: str, injected: bool, told: str = "") -> BookError:
    """Return what failed: notebook, cell (counted from one, as committed), line and cause, without the traceback.

    `told` is what the cell wrote to stderr: there IPython prints a group of exceptions, and nothing of it elsewhere.
    """
    trace = _ANSI.sub("", "\n".join(error.traceback))
    found = _LINE.findall(trace)
    lines = [line for count, line in found if count == str(error.exec_count)] or _ELSEWHERE.findall(
        f"{error.evalue}\n{told}"
    )  # another cell's line stands first where a function of it raised while it handled an error
    own = error.ename == "BookError"
    if own:
        said = _ANSI.sub("", error.evalue).strip()
    else:
        said = f"{error.ename}: {error.evalue}".strip() if error.traceback else _group(told) or _UNSAID
    source = error.source.splitlines()
    blank = next((number for number, line in enumerate(source) if line.strip()), 0)  # IPython counts none of these
    line = int(lines[0]) + blank if lines else 0
    where = f"notebooks/{name}, cell {error.cell_index + 1 - injected}" + (f", line {line}" if line else "")
    at = source[line - 1].strip() if 0 < line <= len(source) else ""
    remedy = "" if own and "remedy:" in said else "mend the cell; the last good book stays"
    return BookError(few_lines(said) + (f"\n  in: {at[:160]}" if at else ""), where=where, remedy=remedy)


def _stderr(failed: Path, error: PapermillExecutionError) -> str:
    """Return what the failed cell wrote to stderr, where the kernel sent no traceback."""
    if error.traceback:
        return ""
    try:
        cells = [c for c in json.loads(failed.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        said = [o for c in cells if "".join(c["source"]) == error.source for o in c["outputs"]]
        return "".join("".join(o["text"]) for o in said if o.get("name") == "stderr")
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _group(told: str) -> str:
    """Return a group of exceptions, as Python prints it, in one line, or the last line of what else was printed."""
    named = _MEMBER.findall(told) or told.strip().splitlines()[-1:]  # of anything else the last line says most
    return "; ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")


def _reached(failed: Path, injected: bool) -> str:
    """Return the cell that was running when the kernel ended, as far as the failed notebook tells."""
    try:
        cells = json.loads(failed.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return ""
    # papermill calls the cell completed, however it ended: the last one that was begun is the one
    begun = [i for i, c in enumerate(cells, 1) if c["metadata"].get("papermill", {}).get("start_time")]
    return f", cell {begun[-1] - injected}" if begun else ""


def written(nb: dict[str, Any]) -> str:
    """Return an executed notebook as it is written: always the same bytes."""
    return json.dumps(nb, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def normalise(nb: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without what differs from run to run: times, durations, paths, random ids."""
    given = nb["metadata"].get("papermill", {}).get("parameters", {})
    nb["metadata"] = METADATA | {"papermill": {"parameters": given}}
    for number, cell in enumerate(nb["cells"], 1):
        tags = cell["metadata"].get("tags", [])
        cell["metadata"] = {"tags": tags} if tags else {}
        cell["id"] = f"run-{number:02d}"
    return nb
