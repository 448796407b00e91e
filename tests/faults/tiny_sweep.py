"""A book whose one sweep runs a notebook of four short cells, which waits, fails or dies where it is told to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import fsspec
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from tests.conftest import ROOT

NAME = "notebooks/sweeps/tiny.ipynb"
IMPORTS = """import os, time
from pathlib import Path
from malibook import exhibits as ex
from malibook.evidence import Parameters, load"""
PARAMETERS = """country: str = "MLI"  # country
estimate: str = "best"  # low, best or high
act: str = ""  # wait, die, fail, print or poison
turn: int = 0  # makes runs differ"""
ACT = """P = Parameters(country=country, estimate=estimate)
ex.open_chapter("tiny", P)
marks = Path(os.environ.get("SWEEP_MARKS", "."))
if act == "wait":
    (marks / f"kernel-{os.getpid()}").touch()
    while not (marks / "go").exists():
        time.sleep(0.05)
if act == "die":
    os.kill(os.getpid(), 9)
if act == "poison":  # ends the worker, two processes up; where there is none it must not: that would be the tester
    parent = lambda pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    worker = parent(parent(os.getpid()))
    os.kill(worker if worker > 1 and "SWEEP_POISON" in os.environ else os.getpid(), 9)
if act == "print":
    print("no exhibit")
if act == "fail":
    raise ValueError("told to")"""
SHOW = """years = load("violence_year")
mine = years[years["iso3"] == P.country]
ex.number("sum", int(mine[f"deaths_{P.estimate}"].sum()) + turn, unit="deaths", rows=mine, how="sum over all years");"""


def write_book(book: Path, sweep: str) -> Path:
    """Write the book with a sweep called `tiny` and return it."""
    (book / "notebooks" / "sweeps").mkdir(parents=True)
    shutil.copytree(ROOT / "data", book / "data")
    shutil.copy2(ROOT / "requirements.txt", book)
    cells = [new_code_cell(IMPORTS), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    nb = new_notebook(cells=[*cells, new_code_cell(ACT), new_code_cell(SHOW)])
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (book / NAME).write_text(nbformat.writes(nb), encoding="utf-8")
    (book / "sweeps.toml").write_text(f'[tiny]\nnotebooks = ["{NAME}"]\n{sweep}\n', encoding="utf-8")
    return book


def start(book: Path, *words: str) -> subprocess.Popen[str]:
    """Start `malibook sweep tiny` on the book, marks beside it, deaf to nothing."""
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book), "SWEEP_MARKS": str(book)}
    command = [sys.executable, "-m", "malibook", "sweep", "tiny", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    hear = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    return subprocess.Popen(command, cwd=book, env=env, start_new_session=True, preexec_fn=hear, **pipes)


def finish(sweep: subprocess.Popen[str], seconds: int = 120) -> tuple[int, dict, str]:
    """Return a sweep's exit code, what it said as JSON (empty where it said none) and its errors."""
    out, err = sweep.communicate(timeout=seconds)
    return sweep.returncode, json.loads(out) if out.startswith("{") else {}, err


def wait_for(what, seconds: float = 60):
    """Return what the function returns as soon as that is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    return found


def kept(out: Path) -> list[Path]:
    """Return the records of the runs that are kept."""
    return list((out / "runs").glob("[!.]*.json"))


def table_at(url: str, folder: Path) -> list[tuple]:
    """Return the rows of a table at any address, by way of a folder."""
    with fsspec.open(url) as file:
        (folder / "tiny.parquet").write_bytes(file.read())
    return table(folder)


def table(out: Path) -> list[tuple]:
    """Return the table's rows by parameters, without the keys of the runs."""
    order = "country, estimate, act, turn, number, value, text, unit, state, cause"
    return duckdb.read_parquet(str(out / "tiny.parquet")).project(order).order(order).fetchall()
