"""The page *Timeline*: events and political acts by year, each told once."""

from __future__ import annotations

import re

import pandas as pd

from malibook.evidence import load
from malibook.house.wording import escape, format_value
from malibook.press.lookup import cite_cell

OFFICE = {"president": "becomes head of state", "prime-minister": "becomes prime minister"}
SHOWN = ["date", "date_precision", "title", "sources", "confidence"]


def timeline() -> str:
    """Return every event and every political act that no event tells already, by year; a weak source is said."""
    happened = load("events")
    acts = load("politics")
    acts = acts.assign(title=[_act(r) for r in acts.to_dict("records")])
    acts = acts[~told_already(acts, happened)]
    rows = pd.concat([happened[SHOWN], acts[SHOWN]]).sort_values(["date", "title"], kind="stable")
    out = []
    for year, group in rows.groupby(rows["date"].dt.year, sort=True):
        out += [f"## {year}", "", "| date | what happened | sources |", "|:---|:---|:---|"]
        out += [f"| {_when(r)} | {escape(r.title)}{_weak(r)} | {cite_cell(r.sources)} |" for r in group.itertuples()]
        out.append("")
    return "\n".join(out)


def told_already(acts: pd.DataFrame, happened: pd.DataFrame) -> pd.Series:
    """Return which political acts an event of the same day tells as well: one kind, or two weighty words in common."""
    by_day = {day: list(zip(g["title"], g["category"], strict=True)) for day, g in happened.groupby("date")}
    return pd.Series(
        [
            any(
                r.kind == category or len(_stems(r.title) & _stems(title)) > 1
                for title, category in by_day.get(r.date, [])
            )
            for r in acts.itertuples()
        ],
        index=acts.index,
        dtype=bool,
    )


def _stems(title: str) -> set[str]:
    return {word[:5].lower() for word in re.findall(r"\w{4,}", title)}


def _act(row: dict) -> str:
    """Return a political act in words: an office taken, a resolution with what it does, else its title."""
    if row["kind"] in OFFICE:
        name, _, role = row["title"].partition(" (")
        role = role.rstrip(")")
        return f"{name} {OFFICE[row['kind']]}" + (f" ({role})" if role in ("transition", "interim", "elected") else "")
    if row["title"].startswith("UNSC "):
        return f"Security Council resolution {row['title'].removeprefix('UNSC ')}: {_small(row['description'])}"
    return row["title"]


def _small(text: str) -> str:
    """Return a sentence as it stands after a colon: first letter small, no full stop."""
    text = text.rstrip(".")
    return text if text[1:2].isupper() else text[0].lower() + text[1:]


def _weak(row) -> str:
    return " *(one weak source)*" if row.confidence == "low" else ""


def _when(row) -> str:
    formats = {"day": "%d %B", "month": "%B", "year": "during the year"}
    how = formats[row.date_precision]
    return how if "%" not in how else format_value(row.date, how).lstrip("0")
