"""The pages that data write: dictionary, timeline, who is who, bibliography, and each chapter's run panel.

Prose pages in `book/` take them in with `{include}`, so that an author can write around them.
"""

from __future__ import annotations

import re

import pandas as pd

from malibook.evidence import Resource, bibliography, load, resources, split_list
from malibook.exhibits import escape
from malibook.exhibits.number import format_value
from malibook.exhibits.table import escape_inline
from malibook.press.ledger import Ledger
from malibook.press.provenance import Provenance


def generated_pages(ledgers: list[Ledger], provenance: Provenance) -> dict[str, str]:
    """Return every generated file of the stage by its path."""
    used = {table: [x.chapter for x in ledgers if table in x.opened] for table in resources()}
    return {
        "book/references.bib": bibliography(load("sources")),
        "_generated/data-dictionary.md": "\n\n".join(_dictionary(r, used[r.name]) for r in resources().values()),
        "_generated/timeline.md": _timeline(),
        "_generated/who-is-who.md": _who_is_who(),
        "_generated/corrections.md": _corrections(),
        "_generated/events.md": _events(),
        "_generated/claims.md": _claims(),
        "_generated/edition.md": _edition(ledgers, provenance),
    }


def run_panel(ledger: Ledger, origin: Provenance) -> str:
    """Return the panel at a chapter's foot: what it was made from, and with which parameters."""
    declared = " · ".join(f"`{name}` = {value}" for name, value in ledger.parameters.items())
    tables = ", ".join(f"[{name}](#table-{name})" for name in ledger.opened)
    return "\n".join(
        [
            "## About this run",
            "",
            f"- **Code** commit `{origin.commit}`; packages pinned by lock `{origin.lock_hash}`",
            f"- **Data** version {origin.data_version}, SHA-256 `{origin.data_hash}`; tables read: {tables}",
            f"- **Parameters** {declared}",
            f"- **Exhibits** {len(ledger.keys('figure'))} figures, {len(ledger.keys('table'))} tables, "
            f"{len(ledger.keys('number'))} bound numbers, each listed in [](../book/numbers.md)",
            f"- **Take it along** {{download}}`this chapter’s data (zip) <../_exhibits/{ledger.chapter}/{ledger.chapter}-data.zip>`: "
            "each exhibit as CSV, the tables that it read, their descriptor, licences and citations",
        ]
    )


def _dictionary(resource: Resource, chapters: list[str]) -> str:
    lines = [f"(table-{resource.name})=", f"## {resource.name}: {resource.title}", "", resource.description, ""]
    facts = {
        "Cite as": resource.citation,
        "Licence": f"{resource.licence} (redistribution: {resource.redistribution})",
        "Vintage": resource.vintage,
        "Coverage": resource.coverage,
        "Known gaps": resource.known_gaps,
        "Read by": ", ".join(chapters) or "no chapter yet",
    }
    lines += [f"- **{name}** {_prose(text)}" for name, text in facts.items() if text]
    if resource.fields:
        rows = [f"| `{f.name}` | {f.type} | {_prose(f.description)} |" for f in resource.fields]
        lines += ["", "| column | type | meaning |", "|:---|:---|:---|", *rows]
    return "\n".join(lines)


def _prose(text: str) -> str:
    """Return a description with its `code` kept as code and all else shown as it is."""
    return "".join(part if i % 2 else escape_inline(part) for i, part in enumerate(re.split(r"(`[^`]+`)", text)))


def _timeline() -> str:
    events = load("events")[["date", "date_precision", "title", "sources"]]
    politics = load("politics")[["date", "date_precision", "title", "sources"]]
    rows = (
        pd.concat([events, politics]).drop_duplicates(["date", "title"]).sort_values(["date", "title"], kind="stable")
    )
    out = []
    for year, group in rows.groupby(rows["date"].dt.year, sort=True):
        out += [f"## {year}", "", "| date | what happened | sources |", "|:---|:---|:---|"]
        out += [f"| {_when(r)} | {escape(r.title)} | {_cite(r.sources)} |" for r in group.itertuples()]
        out.append("")
    return "\n".join(out)


def _when(row) -> str:
    formats = {"day": "%d %B", "month": "%B", "year": "during the year"}
    how = formats[row.date_precision]
    return how if "%" not in how else format_value(row.date, how).lstrip("0")


def _who_is_who() -> str:
    out = []
    for kind, group in load("actors").groupby("kind", sort=True):
        out += [
            f"## {kind.replace('-', ' ').capitalize()}",
            "",
            "| name | in full | what it is | sources |",
            "|:---|:---|:---|:---|",
        ]
        for r in group.sort_values("short_name").itertuples():
            out.append(f"| {escape(r.short_name)} | {escape(r.name)} | {escape(r.description)} | {_cite(r.sources)} |")
        out.append("")
    return "\n".join(out)


def _events() -> str:
    places = load("places").set_index("id")["name"]
    out = ["| Date | Event | Place | Kind | Deaths | Confidence | Sources |", "|:---|:---|:---|:---|---:|:---|:---|"]
    for r in load("events").sort_values("date", ascending=False, kind="stable").itertuples():
        deaths = _range(r.deaths_low, r.deaths_best, r.deaths_high)
        where = places.get(r.place, r.region if isinstance(r.region, str) else "–")
        what = f"**{escape(r.title)}** {escape(r.description)}"
        kind = r.category.replace("-", " ")
        out.append(
            f"| {r.date:%Y-%m-%d} | {what} | {escape(where)} | {kind} | {deaths} | {r.confidence} | {_cite(r.sources)} |"
        )
    return _filterable(out)


def _claims() -> str:
    titles = load("disputes").set_index("id")["title"]
    out = [
        "| Dispute | Date | Claimant | What is counted | Figure | Standing | Sources |",
        "|:---|:---|:---|:---|---:|:---|:---|",
    ]
    for r in load("claims").itertuples():
        figure = _range(r.value_low, r.value, r.value_high)
        cells = [titles[r.dispute], f"{r.date:%Y-%m-%d}", r.claimant, r.counted]
        standing = r.standing.replace("-", " ")
        out.append("| " + " | ".join(escape(c) for c in cells) + f" | {figure} | {standing} | {_cite(r.sources)} |")
    return _filterable(out)


def _filterable(rows: list[str]) -> str:
    return "\n".join([":::{table}", ":class: filterable", "", *rows, ":::"])


def _range(low: float, best: float, high: float) -> str:
    """Return a range as it is printed: low–high, the best alone where there is no range, a dash where nothing is known.

    A low end without a high one is open: "at least N".
    """
    if pd.isna(high) and not pd.isna(low):
        return f"at least {format_value(float(low), ',.0f')}"
    known = [float(v) for v in (low, best, high) if not pd.isna(v)]
    return format_value((min(known), max(known)), ",.0f") if known else "–"


def _corrections() -> str:
    fixes = load("corrections")
    if fixes.empty:
        return "No correction has been declared since the first edition."
    out = ["| table | row | column | was | is | why | source |", "|:---|:---|:---|:---|:---|:---|:---|"]
    for r in fixes.fillna("").itertuples():
        cells = [r.table, r.key, r.field, r.old, r.new, r.reason]
        out.append("| " + " | ".join(escape(c) for c in cells) + f" | {_cite(r.source)} |")
    return "\n".join(out)


def _edition(ledgers: list[Ledger], origin: Provenance) -> str:
    date = pd.Timestamp(origin.epoch, unit="s")
    numbers = sum(len(x.keys("number")) for x in ledgers)
    return (
        f"Edition of {format_value(date)}, commit `{origin.commit}`, data version {origin.data_version} "
        f"(`{origin.data_hash}`). {numbers} numbers in its prose are bound to data: [](numbers.md) lists them."
    )


def _cite(cell) -> str:
    ids = split_list(cell)
    return f"{{cite:p}}`{','.join(ids)}`" if ids else "–"
