"""The `malibook` command: parse, call, print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from malibook import __version__
from malibook.cli_build import build, verify
from malibook.cli_coursework import coursework_app
from malibook.cli_data import data_app
from malibook.cli_editions import Country, EditionName, chosen, editions
from malibook.cli_fork import fork, placeholders, wheel
from malibook.cli_links import links
from malibook.cli_look import look
from malibook.cli_metadata import metadata
from malibook.cli_release import release
from malibook.cli_specifications import stale_lines
from malibook.cli_sweep import sweep
from malibook.console import end, ended, say
from malibook.errors import BookError, Interrupted, shown, told
from malibook.press.interruption import end_now, interruptible
from malibook.startup import PARENT, collect_seldom, end_with_parent, skip_grammar


class Commands(TyperGroup):
    """The commands, each of which somebody may interrupt: typer itself would end then without a word."""

    def invoke(self, ctx: typer.Context) -> Any:
        """Return what the command returns; raise `Interrupted` where somebody asked it to end."""
        try:
            with interruptible():
                return super().invoke(ctx)
        except BrokenPipeError as error:  # of which typer says nothing either
            raise BookError(told(error), where="standard output") from None


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    help=__doc__,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(data_app, name="data")
app.add_typer(coursework_app, name="coursework")
app.command()(build)
app.command()(verify)
app.command()(editions)
app.command()(links)
app.command()(look)
app.command()(fork)
app.command()(placeholders)
app.command()(wheel)
app.command()(metadata)
app.command()(release)
app.command()(sweep)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """Mali, 2012–2026: build, run and check the book."""
    if version:
        print(f"malibook {__version__}")
        raise typer.Exit


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(
    context: typer.Context,
    chapter: Annotated[str, typer.Argument(help="The chapter: its number or the beginning of its name.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the executed notebook.")] = Path("_build/runs"),
) -> None:
    """Run one chapter with other parameters: `malibook run 01 --estimate high --end 2024-12-31`."""
    from malibook.press.ledger import breaches, read_ledger
    from malibook.press.notebooks import find, read
    from malibook.press.runner import run as run_chapter

    name = find(chapter)
    result = run_chapter(name, out.resolve() / f"{name}.ipynb", _pairs(context.args))
    if not result.ok:
        end([result.problem], "the run failed")
    ledger = read_ledger(read(result.output), name)
    say(f"{name}: {result.seconds:.1f} s, {len(ledger.exhibits)} exhibits, written to {result.output}")
    end(breaches(ledger), "the run broke its contract")


@app.command()
def check() -> None:
    """Check data, notebooks and prose without running anything."""
    from malibook.evidence import root
    from malibook.evidence.checks import validate
    from malibook.press.lint import lint
    from malibook.press.placeholders import placeholders as placeholders_of

    problems = [str(p) for p in validate(root() / "data")]
    problems += ([] if problems else stale_lines()) + lint()
    end(problems, "the check failed")
    waiting = placeholders_of()
    say("data, notebooks and prose are in order" + (f"; {len(waiting)} placeholders" if waiting else ""))


@app.command()
def tidy() -> None:
    """Take outputs, counts and stray metadata off the committed notebooks."""
    from malibook.press import notebooks

    for name in notebooks.every_chapter():
        path = notebooks.path_of(name)
        path.write_text(notebooks.dumps(notebooks.tidy(notebooks.read(path))), encoding="utf-8")
    say(f"{len(notebooks.every_chapter())} notebooks are tidy")


@app.command()
def contract() -> None:
    """Print a contracts file that fits the last executed chapters, for an author to judge and commit."""
    from malibook.evidence import root
    from malibook.press.ledger import read_ledger, write_contracts
    from malibook.press.notebooks import every_chapter, read

    folder = root() / "_build" / "executed"
    print(
        write_contracts(
            [read_ledger(read(folder / f"{n}.ipynb"), n) for n in every_chapter() if (folder / f"{n}.ipynb").exists()]
        )
    )


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", "-p", help="Port on this machine.")] = 8000,
    edition: EditionName = "published",
    country: Country = None,
) -> None:
    """Show the built book in a browser, from this machine only."""
    from malibook.press import places
    from malibook.press.serve import serve as press_serve

    with places.of(chosen(edition, country)):
        press_serve(port)


def _pairs(words: list[str]) -> dict[str, Any]:
    """Return `--name value` and `--name=value` words as a dictionary, dashes in names turned to underscores."""
    out: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--") or not word[2:].partition("=")[0]:
            raise BookError(
                f"unexpected word {shown(word)}", where="malibook run", remedy="write parameters as --name value"
            )
        name, equals, value = word[2:].partition("=")
        given = value if equals else next(rest, None)
        if given is None:
            raise BookError(f"parameter {shown(name)} has no value", where="malibook run", remedy="write --name VALUE")
        name = name.replace("-", "_")
        if name in out:
            raise BookError(f"parameter {shown(name)} is given twice", where="malibook run", remedy="give it once")
        out[name] = given
    return out


def _stand_somewhere() -> None:
    """Leave a working directory that is gone, for the book where that is named; raise `BookError` where it is not."""
    try:
        os.getcwd()
    except FileNotFoundError:
        book = os.environ.get("MALIBOOK_ROOT", "")
        if not os.path.isabs(book) or not os.path.isdir(book):
            what, remedy = "the folder that this shell is in is gone", "cd into the book's folder"
            raise BookError(what, where="working directory", remedy=remedy) from None
        os.chdir(book)


def main() -> None:
    """Run the command; a user's mistake ends in one clear message and exit code 1, an interruption in 130."""
    parent = os.environ.pop(PARENT, "")
    if parent:  # run.py, which may be killed: this build must not go on alone
        end_with_parent(int(parent))
    skip_grammar()
    collect_seldom()
    try:
        _stand_somewhere()
        app()
    except (Interrupted, KeyboardInterrupt):
        end_now("interrupted; the last good book stays where it was")
    except Exception as error:
        ended(told(error))
