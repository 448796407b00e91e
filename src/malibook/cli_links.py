"""`malibook links`: whether the documents that the book cites still answer. Needs the network; no part of the gate."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from malibook.console import hush, say

if TYPE_CHECKING:
    from malibook.press.links.ask import Answer


class Kind(StrEnum):
    """What is looked through for addresses."""

    SOURCES, DATA, PROSE = "sources", "data", "prose"


SHOWN = ("dead", "moved", "closed", "ignored")


def links(
    only: Annotated[list[Kind] | None, typer.Option("--only", help="What to look through; all where left out.")] = None,
    every: Annotated[bool, typer.Option("--all", help="List the living ones too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print every answer as JSON and nothing else.")] = False,
) -> None:
    """Ask every external address once, politely (links.toml says how); exit code 1 where one is dead."""
    from malibook.evidence import root
    from malibook.press.links.ask import ask_all
    from malibook.press.links.named import KINDS, named
    from malibook.press.links.settings import settings

    places, how = named(root(), tuple(dict.fromkeys(map(str, only or KINDS)))), settings(root())
    tell = hush if as_json else say
    tell(f"{len(places)} addresses, {how.pause:g} s between two requests to one host")
    answers = ask_all(list(places), how, lambda a: tell(f"{a.state}: {a.address}") if a.state == "dead" else None)
    idle = [] if only else how.idle(list(places))
    if as_json:
        rows = [asdict(answer) | {"named_in": places[answer.address]} for answer in answers]
        print(json.dumps({"answers": rows, "idle": idle}, indent=1, ensure_ascii=False))
    else:
        print("\n".join(table(answers, places, every)))
        for pattern in idle:
            say(f"links.toml: no address fits {pattern!r} any more: take the entry out")
    raise typer.Exit(1 if any(answer.state == "dead" for answer in answers) else 0)


def table(answers: list[Answer], places: dict[str, list[str]], every: bool) -> list[str]:
    """Return the answers as lines, worst first, each with its detail and where it is named; then how many of each."""
    out = []
    for state in (*SHOWN, *(["alive"] if every else [])):
        for answer in answers:
            if answer.state == state:
                out.append(f"{state:8}{answer.address}")
                out.append(f"        {answer.detail}; named in {', '.join(places[answer.address][:5])}")
    states = [answer.state for answer in answers]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("alive", *SHOWN) if state in states)
    return [*out, f"{len(answers)} addresses: {counts or 'none'}"]
