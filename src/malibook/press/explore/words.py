"""The words for dates, phases and documents."""

from __future__ import annotations

import pandas as pd

from malibook.evidence import phases, split_list
from malibook.house.wording import format_value
from malibook.press.explore.addresses import document_addresses
from malibook.press.references import labels

BEFORE = "before"  # the phase of what happened before the first
FORMATS = {"day": "%d %B %Y", "month": "%B %Y", "year": "%Y"}


def phase_names() -> dict[str, str]:
    """Return the phases' names with their years, by id, the time before the first of them included."""
    out = {BEFORE: f"Before {phases()[0].start.year}"}
    for phase in phases():
        first = phase.start.year
        out[phase.id] = f"{phase.label}, " + (
            f"{first}–{phase.end.year}" if phase.end is not None else f"since {first}"
        )
    return out


def document_labels() -> dict[str, tuple[str, str]]:
    """Return the address of each document's entry, and who wrote it in what year, by its id."""
    addresses = document_addresses()
    return {name: (addresses[name], label) for name, label in labels().items()}


def labelled(cell, labels: dict[str, tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the documents of a cell, each as address and label."""
    return tuple(labels[name] for name in split_list(cell))


def known(value) -> str:
    """Return a cell as text, a missing one as nothing."""
    return "" if pd.isna(value) else str(value)


def date_words(row: dict) -> str:
    """Return when it happened, as exactly as is known: "25–27 July 2024", "March 2013", "2003"."""
    first, last, how = row["date"], row["date_end"], FORMATS[row["date_precision"]]
    whole = format_value(first, how)
    if pd.isna(last) or format_value(last, how) == whole:
        return whole
    if row["date_precision"] == "day" and first.year == last.year:
        same = first.month == last.month
        return f"{first.day}–{format_value(last, how)}" if same else f"{_short(first)} – {format_value(last, how)}"
    return f"{whole} – {format_value(last, how)}"


def _short(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B}"
