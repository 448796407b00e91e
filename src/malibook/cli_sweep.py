"""`malibook sweep`: notebooks over a grid of parameters, one table of their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from malibook.console import end, say
from malibook.errors import BookError


def sweep(
    name: Annotated[str, typer.Argument(help="The sweep's name in sweeps.toml.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the sweeps and end.")] = False,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for runs and table.")] = Path("_build/sweeps"),
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Runs at a time; 0: as many as cores.")] = 0,
) -> None:
    """Run notebooks over a grid of parameters; what an earlier sweep finished is not run again."""
    from malibook.press.sweep.plan import plan, sweeps
    from malibook.press.sweep.work import do, table, write

    if listed:
        for key, one in sweeps().items():
            print(f"{key}: {one.get('title', '')}")
        return
    if not name:
        raise BookError("no sweep named", where="malibook sweep", remedy="malibook sweep --list")
    runs, folder, done = plan(name), out.resolve() / "runs", []
    folder.mkdir(parents=True, exist_ok=True)
    say(f"{name}: {len(runs)} runs, {sum((folder / f'{r.key}.json').is_file() for r in runs)} kept from before")
    problems = do(runs, folder, lambda r, p: (done.append(r), say(f"{len(done)}: {r.parameters} {p or 'good'}")), jobs)
    path = out.resolve() / f"{name}.parquet"
    write(table(runs, problems, folder, sweeps()[name].get("numbers")), path)
    say(f"{len(runs) - len(problems)} of {len(runs)} runs in {path}")
    end([f"{r.notebook} {r.parameters}: {problems[r.key]}" for r in runs if r.key in problems], "runs failed")
