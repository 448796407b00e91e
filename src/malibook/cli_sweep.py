"""`malibook sweep`: notebooks over a grid of parameters, one table of their numbers."""

from __future__ import annotations

import json
import sys
import time
from typing import Annotated, Any

import typer

from malibook.console import clock, counted, end, hush, say
from malibook.errors import BookError, Interrupted, shown

AGAIN = "run the same command again: it goes on where it was"


def sweep(
    name: Annotated[str, typer.Argument(help="The sweep's name in sweeps.toml.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the sweeps and end.")] = False,
    out: Annotated[
        str, typer.Option("--out", "-o", help="Folder or address (s3://…, gs://…) for runs and table.")
    ] = "",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Runs at a time; 0: as many as cores.")] = 0,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Do it on the Dask cluster at tcp://HOST:PORT.")
    ] = None,
    wait: Annotated[float, typer.Option("--wait", min=1, help="Seconds to wait for scheduler and workers.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON and nothing else.")] = False,
) -> None:
    """Run notebooks over a grid of parameters; what an earlier sweep finished is not run again."""
    if listed:
        _list()
        return
    if not name:
        raise BookError("no sweep named", where="malibook sweep", remedy="malibook sweep --list")
    if scheduler is not None and not scheduler.strip():
        raise BookError("is empty", where="--scheduler", remedy="name it, tcp://HOST:8786, or leave the option out")
    if scheduler and jobs:
        remedy = "leave --jobs out: a cluster does as many runs at a time as its workers have threads"
        raise BookError("go not together", where="--scheduler, --jobs", remedy=remedy)
    if out.startswith("memory:"):
        remedy = "name a folder or a bucket; without --out it is _build/sweeps"
        raise BookError("is lost when the command ends", where=shown(out), remedy=remedy)
    outcome = _sweep(name, out, jobs, scheduler or "", wait, hush if as_json else say)
    failed = [f"{f['notebook']} {f['parameters']}: {f['cause']}" for f in outcome["failed"]]
    if as_json:
        print(json.dumps(outcome, indent=1, ensure_ascii=False))
        raise typer.Exit(1 if failed else 0)
    end(failed, f"runs failed; {AGAIN}")


def _list() -> None:
    from malibook.press.sweep.declared import sweeps

    for key, one in sweeps().items():
        print(f"{key}: {one.get('title', '')}")


def _sweep(name: str, out: str, jobs: int, scheduler: str, wait: float, tell: Any) -> dict[str, Any]:
    """Do a sweep and write its table; return what it came to, for machines."""
    from malibook.evidence import root
    from malibook.press.interruption import interruptible
    from malibook.press.sweep.declared import sweeps
    from malibook.press.sweep.gather import write_table
    from malibook.press.sweep.plan import plan
    from malibook.press.sweep.store import Store
    from malibook.press.sweep.work import do, missing

    runs, began = plan(name), time.monotonic()
    store = Store(out or str(root() / "_build" / "sweeps"))
    due = missing(runs, store)
    tell(f"{name}: {len(runs)} runs, {len(runs) - len(due)} kept from before")
    try:
        with interruptible(), counted(len(due), quiet=tell is hush) as count:
            report = lambda r, p: count(f"{r.notebook} {r.given} {p or 'good'}", bool(p))  # noqa: E731
            problems = _there(due, store, report, scheduler, wait) if scheduler else do(due, store, report, jobs)
            table = write_table(runs, problems, store, name, sweeps()[name].get("numbers"))
    except (KeyboardInterrupt, Interrupted):
        kept = len(runs) - len(missing(runs, store))
        print(f"malibook: interrupted; {kept} of {len(runs)} runs are kept in {store.url}; {AGAIN}", file=sys.stderr)
        raise typer.Exit(130) from None
    took = time.monotonic() - began
    tell(f"{len(runs) - len(problems)} of {len(runs)} runs in {table}, {clock(took)}")
    bad = [r for r in runs if r.key in problems]
    failed = [{"run": r.key, "notebook": r.notebook, "parameters": r.parameters, "cause": problems[r.key]} for r in bad]
    counts = {"runs": len(runs), "kept_before": len(runs) - len(due), "ran": len(due)}
    return {"sweep": name, **counts, "seconds": round(took, 1), "table": table, "failed": failed}


def _there(due: list, store: Any, report: Any, address: str, wait: float) -> dict[str, str]:
    """Do runs on a cluster; a cluster is not even asked for where nothing is to be done."""
    from malibook.press.sweep.cluster import connected, lay_out
    from malibook.press.sweep.spread import do_there

    if not due:
        return {}
    with connected(address, wait) as client:
        book = lay_out(client, sorted({task.notebook for task in due}))
        return do_there(due, store, report, client, book, wait)
