"""The page *What differs*: an edition against the published one, computed from the runs of both."""

from __future__ import annotations

from collections.abc import Sequence

from malibook.evidence import home_country
from malibook.house.wording import escape
from malibook.press.compared import Pair, headlines, pairs
from malibook.press.declared import defaults_of
from malibook.press.editions import Edition
from malibook.press.held_here import held, without_country
from malibook.press.ledger import KINDS, Ledger, absent, contract
from malibook.press.notebooks import chapters
from malibook.press.sayings import counted, country_name, listed


def what_differs(
    edition: Edition, published: Sequence[Ledger], here: Sequence[Ledger], title: str, address: str
) -> str:
    """Return the page as MyST; `published` and `here` are the ledgers of the edition's chapters, run both ways.

    `title` is the published edition's, `address` where it stands, empty where no address is configured.
    """
    named = f"[{title}]({address})" if address else f"*{title}*"
    compared = pairs(published, here)
    other = [pair for pair in compared if not pair.same]
    parts = [
        f"# What differs\n\nThis is the edition `{edition.name}` and not the published one, which is {named}. {edition.note}".rstrip(),
        _warning(edition, compared, other),
        "## Parameters\n\n" + _parameters(edition),
        "## Headline numbers\n\n" + _headlines(compared, edition),
        "## Other numbers that differ\n\n" + _others(other, edition),
        "## Exhibits that are absent\n\n" + _absent(edition, published, here),
        "## Pages that are absent\n\n" + _pages(edition),
    ]
    if edition.country != home_country():
        parts.append("## Evidence that is missing\n\n" + _evidence(edition))
    return "\n\n".join(parts) + "\n"


def _warning(edition: Edition, compared: list[Pair], other: list[Pair]) -> str:
    text = (
        f"Of {counted(len(compared), 'bound number')} of its chapters {len(other):,} differ from the published edition."
    )
    return (
        f"{text} All numbers, figures and tables here are of this edition’s own runs. The sentences around them were written "
        "for the published one: where a sentence and a number of this edition do not agree, the number holds."
    )


def _parameters(edition: Edition) -> str:
    rows: list[str] = []
    for name, value in edition.parameters.items():
        for chapter in edition.chapters:
            defaults = defaults_of(chapter)
            if name in defaults:
                kept = edition.keeps.get(chapter, {}).get(name)
                now = f"as published: {escape(kept)}" if kept else escape(str(value))
                rows.append(f"| `{name}` | [](../notebooks/{chapter}.ipynb) | {escape(str(defaults[name]))} | {now} |")
    if "country" in edition.parameters and not any("`country`" in row for row in rows):
        rows.append(
            f"| `country` | none takes it; it decides which chapters there are | {home_country()} | {edition.country} |"
        )
    without = [c for c in edition.chapters if not set(edition.parameters) & set(defaults_of(c))]
    table = "\n".join(["| Parameter | Chapter | Published | This edition |", "|:---|:---|:---|:---|", *rows])
    links = listed([f"[](../notebooks/{name}.ipynb)" for name in without])
    return table + (f"\n\nRun as published, since none of these is among their parameters: {links}." if without else "")


def _headlines(compared: list[Pair], edition: Edition) -> str:
    chosen = headlines(edition.chapters)
    found = [pair for pair in compared if (pair.chapter, pair.key) in chosen]
    said = "The numbers of the published welcome page and of what each chapter says that it finds."
    return f"{said}\n\n{_table(found)}" if found else "No chapter of this edition binds one of the headline numbers."


def _others(other: list[Pair], edition: Edition) -> str:
    chosen = headlines(edition.chapters)
    found = [pair for pair in other if (pair.chapter, pair.key) not in chosen]
    return _table(found) if found else "None."


def _table(found: list[Pair]) -> str:
    """Return the numbers as a table: each chapter opens with a row of its own name."""
    out = ["| Number | Published | This edition | Change |", "|:---|---:|---:|:---|"]
    for at, pair in enumerate(found):
        if not at or found[at - 1].chapter != pair.chapter:
            out.append(f"| **[](../notebooks/{pair.chapter}.ipynb)** | | | |")
        entry = pair.now or pair.before or {}
        unit = f" ({escape(entry['unit'])})" if entry.get("unit") else ""
        now = f"{{n}}`{pair.chapter}/{pair.key}`" if pair.now else "–"
        before = escape(pair.before["text"]) if pair.before else "–"
        out.append(f"| `{pair.key}`{unit} | {before} | {now} | {pair.change} |")
    return "\n".join(out)


def _absent(edition: Edition, published: Sequence[Ledger], here: Sequence[Ledger]) -> str:
    """Return the chapters that are left out with what they would show, and what the others lack here."""
    out = []
    for chapter in chapters():
        if why := edition.left_out.get(f"notebooks/{chapter}"):
            promised = contract(chapter)
            shown = [counted(len(promised.get(f"{kind}s", [])), kind) for kind in KINDS if promised.get(f"{kind}s")]
            out.append(f"- The chapter `{chapter}` ({', '.join(shown)}): {why}.")
    before = {ledger.chapter: ledger for ledger in published}
    for ledger in here:
        for kind in KINDS:
            lost = [k for k in before[ledger.chapter].keys(kind) if k not in ledger.keys(kind)]
            out += [_lost(kind, key, ledger) for key in lost]
    return "\n".join(out) or "None: each chapter shows what it shows in the published edition."


def _lost(kind: str, key: str, ledger: Ledger) -> str:
    which = absent(ledger).get(key)
    why = "the contract lets it go where the tables hold nothing for it within the window of the run"
    why = f"it rests on what `{which}` leaves out" if which else why
    return f"- The {kind} `{key}` of [](../notebooks/{ledger.chapter}.ipynb): {why}."


def _pages(edition: Edition) -> str:
    pages = {d: why for d, why in edition.left_out.items() if not d.startswith("notebooks/")}
    return "\n".join(f"- `{document.partition('/')[2]}`: {why}." for document, why in pages.items()) or "None."


def _evidence(edition: Edition) -> str:
    """Return what the tables hold of the two countries side by side, and what does not tell countries apart."""
    here, home = country_name(edition.country), country_name(home_country())
    rows = [
        f"| [{h.table}](#table-{h.table}) | {h.rows[0]:,} | {h.spans[0] or '–'} | {h.rows[1]:,} | {h.spans[1] or 'missing'} |"
        if h.rows[1]
        else f"| [{h.table}](#table-{h.table}) | {h.rows[0]:,} | {h.spans[0] or '–'} | **missing** | – |"
        for h in held(home_country(), edition.country)
        if h.rows[0] or h.rows[1]
    ]
    head = f"| Table | Rows of {home} | Span | Rows of {here} | Span |"
    links = listed([f"[{name}](#table-{name})" for name in without_country()])
    rest = f"These tables do not tell countries apart, and most of what they hold was collected for {home}: {links}."
    return "\n".join([head, "|:---|---:|:---|---:|:---|", *rows]) + f"\n\n{rest}"
