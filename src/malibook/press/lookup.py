"""The two tables that can be searched, of events and of claims, and how a range and a citation stand in a cell."""

from __future__ import annotations

import pandas as pd

from malibook.evidence import load, split_list
from malibook.house.wording import escape, format_value


def events() -> str:
    """Return every event as a table that can be searched, the latest first."""
    places = load("places").set_index("id")["name"]
    out = ["| Date | Event | Place | Kind | Deaths | Confidence | Sources |", "|:---|:---|:---|:---|---:|:---|:---|"]
    for r in load("events").sort_values("date", ascending=False, kind="stable").itertuples():
        deaths = range_cell(r.deaths_low, r.deaths_best, r.deaths_high)
        where = places.get(r.place, r.region if isinstance(r.region, str) else "–")
        what = f"[**{escape(r.title)}**]{{#event-{r.id}}} {escape(r.description)}"
        kind = r.category.replace("-", " ")
        out.append(
            f"| {r.date:%Y-%m-%d} | {what} | {escape(where)} | {kind} | {deaths} | {r.confidence} | {cite_cell(r.sources)} |"
        )
    return _filterable(out)


def claims() -> str:
    """Return every contested claim as a table that can be searched."""
    titles = load("disputes").set_index("id")["title"]
    out = [
        "| Dispute | Date | Claimant | What is counted | Figure | Standing | Sources |",
        "|:---|:---|:---|:---|---:|:---|:---|",
    ]
    for r in load("claims").itertuples():
        figure = range_cell(r.value_low, r.value, r.value_high)
        cells = [f"{r.date:%Y-%m-%d}", r.claimant, r.counted]
        standing = r.standing.replace("-", " ")
        dispute = f"[{escape(titles[r.dispute])}]{{#claim-{r.id}}}"
        out.append(
            f"| {dispute} | "
            + " | ".join(escape(c) for c in cells)
            + f" | {figure} | {standing} | {cite_cell(r.sources)} |"
        )
    return _filterable(out)


def _filterable(rows: list[str]) -> str:
    return "\n".join([":::{table}", ":class: filterable", "", *rows, ":::"])


def range_cell(low: float, best: float, high: float) -> str:
    """Return a range as it is printed: low–high, the best alone where there is no range, a dash where nothing is known.

    A low end without a high one is open: "at least N".
    """
    if pd.isna(high) and not pd.isna(low):
        return f"at least {format_value(float(low), ',.0f')}"
    known = [float(v) for v in (low, best, high) if not pd.isna(v)]
    return format_value((min(known), max(known)), ",.0f") if known else "–"


def cite_cell(cell) -> str:
    """Return a cell of document ids as one citation, or a dash."""
    ids = split_list(cell)
    return f"{{cite:p}}`{','.join(ids)}`" if ids else "–"
