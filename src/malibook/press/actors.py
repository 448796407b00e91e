"""The page *Who is who*: the actors of the book by kind."""

from __future__ import annotations

import re

import pandas as pd

from malibook.errors import BookError
from malibook.evidence import load
from malibook.house.wording import escape
from malibook.press.lookup import cite_cell

# In the order in which the page has them: states and those they send, then those who fight.
KINDS = {
    "state": "States, their governments and armies",
    "foreign-force": "Foreign operations and forces",
    "international-mission": "International missions",
    "regional-organisation": "Regional organisations",
    "other": "United Nations and mixed bodies",
    "pmc": "Private military companies",
    "political-movement": "Political movements",
    "pro-state-militia": "Armed groups on the state’s side, at least for a time",
    "communal-militia": "Communal self-defence groups",
    "separatist": "Separatist and rebel movements of the north",
    "jihadist": "Jihadist groups",
}


def who_is_who() -> str:
    """Return one table a kind of actor: the name in use and in full, its years, what it is."""
    actors = load("actors")
    if unknown := sorted(set(actors["kind"]) - set(KINDS)):
        raise BookError(f"the table actors has kinds without a heading in press/lookup.py: {', '.join(unknown)}")
    out = []
    for kind, heading in KINDS.items():
        group = actors[actors["kind"] == kind].sort_values("short_name", key=lambda s: s.str.casefold())
        out += [f"## {heading}", "", "| name | years | what it is | sources |", "|:---|:---|:---|:---|"]
        out += [
            f"| {_name(r)} | {_years(r)} | {escape(r.description)} | {cite_cell(r.sources)} |"
            for r in group.itertuples()
        ]
        out.append("")
    return "\n".join(out)


def _name(row) -> str:
    """Return the short name in bold with the full one after it, where that says more."""
    full = re.sub(r" \((?:state|state and armed forces|Russian Ministry of Defence)\)$", "", row.name)
    return f"**{escape(row.short_name)}**" + (
        "" if full.casefold() == row.short_name.casefold() else f", {escape(full)}"
    )


def _years(row) -> str:
    """Return the years of an actor, open at the end while it lasts; a state is given none."""
    first, last = (None if pd.isna(d) else d.year for d in (row.founded, row.ended))
    if first is None or row.kind == "state":
        return "–"
    return f"{first}" if first == last else f"{first}–{last or ''}"
