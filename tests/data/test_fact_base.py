"""Nothing of the fact base is dropped: every row, with its dates, figures and sources, stands in a table.

`fact_rows.csv` says which row of the fact base became which row of a table, and which of its columns differ, with the
reason. The fact base lies beside the repository where the book is made; elsewhere only the table's side is tested.
"""

from __future__ import annotations

import calendar
import csv
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT.parent / "shared" / "facts"
ABSENT = "the fact base is not beside this repository (it was carried over into data/)"
DECISIONS = (ROOT / "docs" / "data-decisions.md").read_text(encoding="utf-8")
MERGED = dict(re.findall(r"^- `(\w+)` into `(\w+)`", DECISIONS, re.M))
DROPPED = set(re.findall(r"^- `(ucdp_\w+)`: a working copy", DECISIONS, re.M))
# Left out where another source carries the row: what everybody knows, and the five articles that the book examines.
SPARED = {"general_knowledge", "seed000", "seed001", "seed002", "seed003", "seed004"}
LOWER = ["high", "medium", "low"]
DATES = ("date", "date_end", "as_of_date", "claim_date", "period_start", "period_end", "founded", "ended")
RENAMED = {"as_of_date": "date", "claim_date": "date"}
FIGURES = {
    "fatalities_low": "deaths_low", "fatalities_best": "deaths_best", "fatalities_high": "deaths_high",
    "killed_low": "killed_low", "killed_best": "killed_best", "killed_high": "killed_high",
    "value_low": "value_low", "value": "value", "value_high": "value_high", "figure": "value",
}  # fmt: skip


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def table(name: str) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in read(ROOT / "data" / "tables" / f"{name}.csv")}


MAPPING = read(Path(__file__).with_name("fact_rows.csv"))
BY_ROW = {(entry["file"], entry["row"]): entry for entry in MAPPING}
FILES = sorted({entry["file"] for entry in MAPPING})


def facts(name: str) -> dict[str, dict[str, str]]:
    if not FACTS.is_dir():
        pytest.skip(ABSENT)
    rows = read(FACTS / f"{name}.csv")
    return {row[next(iter(row))]: row for row in rows}


def merged(cell: str) -> set[str]:
    return {MERGED.get(part.strip(), part.strip()) for part in re.split("[;,]", cell) if part.strip()}


def possible(date: str) -> set[str]:
    """Return the full dates that stand for one known to the month or year: its first day, or its last as an end."""
    if re.fullmatch(r"\d{4}", date):
        return {f"{date}-01-01", f"{date}-12-31"}
    if re.fullmatch(r"\d{4}-\d\d", date):
        year, month = map(int, date.split("-"))
        return {f"{date}-01", f"{date}-{calendar.monthrange(year, month)[1]}"}
    return {date[:10]} if re.match(r"\d{4}-\d\d-\d\d", date) else {""}


def number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def losses(fact: dict[str, str], rows: list[dict[str, str]], differs: set[str]) -> Iterator[str]:
    """Yield what of a fact is not in the rows that it became."""
    yield from lost_dates(fact, rows, differs)
    yield from lost_figures(fact, rows, differs)
    kept = {source for row in rows for source in row["sources"].split(";")}
    for source in merged(fact.get("source_keys") or fact.get("sources", "")) - kept - SPARED:
        yield f"source {source}"
    if not kept - {""}:
        yield "every source"
    said = fact.get("confidence") or fact.get("confidence_it_was_claimed") or "high"
    if "confidence" not in differs and all(LOWER.index(r["confidence"]) < LOWER.index(said) for r in rows):
        yield f"confidence {said} raised"
    if (
        "evidence" in rows[0]
        and "evidence" not in differs
        and fact.get("evidence", rows[0]["evidence"]) != rows[0]["evidence"]
    ):
        yield f"evidence {fact['evidence']}"


def lost_dates(fact: dict[str, str], rows: list[dict[str, str]], differs: set[str]) -> Iterator[str]:
    for name in DATES:
        if fact.get(name) and name not in differs:
            column = RENAMED.get(name, name)
            stated = {row[column] for row in rows if column in row}
            if stated and not stated & possible(fact[name]):
                yield f"{name} {fact[name]} (table: {', '.join(stated)})"
    precision = fact.get("date_precision")
    held = {row["date_precision"] for row in rows if "date_precision" in row}
    if precision and held and "date_precision" not in differs and precision not in held:
        yield f"date_precision {precision}"


def lost_figures(fact: dict[str, str], rows: list[dict[str, str]], differs: set[str]) -> Iterator[str]:
    """Yield figures that stand nowhere in the rows, or in another column than low, best or high as they did."""
    held = {number(row[c]) for row in rows for c in FIGURES.values() if c in row}
    alone = not {"value_low", "fatalities_low", "killed_low"} & set(fact)  # one figure: it may be a minimum
    for name, column in FIGURES.items():
        value = number(fact.get(name, ""))
        if value is None or name in differs:
            continue
        where = held if alone else {number(row.get(column, "")) for row in rows}
        if value not in where:
            yield f"{name} {fact[name]}"


def test_the_mapping_points_to_rows_that_exist():
    assert len(MAPPING) == len(BY_ROW) > 700
    for entry in MAPPING:
        assert all(key in table(entry["table"]) for key in entry["keys"].split(";")), entry
        assert bool(entry["differs"]) == bool(entry["why"]), entry


@pytest.mark.parametrize("name", FILES)
def test_every_row_with_its_figures_dates_and_sources_stands_in_a_table(name):
    rows = facts(name)
    mapped = {row for file, row in BY_ROW if file == name}
    assert mapped == set(rows), f"not accounted for: {sorted(set(rows) ^ mapped)}"
    lost = []
    for row, fact in rows.items():
        entry = BY_ROW[name, row]
        became = [table(entry["table"])[key] for key in entry["keys"].split(";")]
        lost += [
            f"{row} → {entry['table']} {entry['keys']}: {what}"
            for what in losses(fact, became, set(entry["differs"].split(";")))
        ]
    sample = random.Random(name).sample(lost, min(10, len(lost)))
    assert not lost, f"{len(lost)} of {name} lost, some of them: " + " | ".join(sample)


@pytest.mark.parametrize("name", FILES)
def test_a_difference_that_is_named_is_one(name):
    """A reason for a difference that no longer exists would hide the next one."""
    rows = facts(name)
    for entry in (e for e in MAPPING if e["file"] == name and e["differs"]):
        became = [table(entry["table"])[key] for key in entry["keys"].split(";")]
        found = " ".join(losses(rows[entry["row"]], became, set()))
        assert all(column in found for column in entry["differs"].split(";")), (entry, found)


@pytest.mark.parametrize("period", ["1960-2021", "2021-2026"])
def test_every_document_stands_in_the_bibliography(period):
    for key, fact in facts(f"{period}/sources").items():
        if key in DROPPED:
            continue
        row = table("sources")[MERGED.get(key, key)]
        if key not in MERGED and fact["url"]:
            assert row["url"] == fact["url"], key
        if key not in MERGED and key not in SPARED and key != "seed003":
            assert row["date"].startswith(fact["date"]), key
            assert fact["seen"] == row["text_read"] or fact["seen"] == "no", key
    assert len(DROPPED) == 2 and len(MERGED) >= 25


def test_every_claim_of_the_articles_stands_in_the_table():
    for key, fact in facts("1960-2021/seed_claims").items():
        row = table("press_claims")[key.lower()]
        assert (row["article"], row["line"]) == ("a" + fact["seed_file"][:3], fact["seed_line"]), key
        assert (row["theme"], row["kind"]) == (fact["theme"], fact["kind"]), key
        assert row["claim"] == fact["claim"].replace("The junta", "The military authorities").replace(
            "the junta", "the military authorities"
        ), key


def test_the_counts_of_the_decisions_page_are_those_of_the_fact_base():
    for period, name, count in re.findall(r"^\| (1960-2021|2021-2026) \| (\w+) \| (\d+) \|", DECISIONS, re.M):
        assert len(facts(f"{period}/{name}")) == int(count), name


def test_a_lost_date_figure_and_source_would_be_found():
    kept = {
        "date": "2024-07-25",
        "value_low": "",
        "value": "47",
        "value_high": "",
        "confidence": "high",
        "sources": "a;b",
    }
    fact = kept | {"sources": "a; b"}
    assert list(losses(fact, [kept], set())) == []
    for column, value in (("date", "2024-07-26"), ("value", "48"), ("sources", "a"), ("confidence", "high")):
        told = fact | {"confidence": "low"} if column == "confidence" else fact
        assert len(list(losses(told, [kept | {column: value}], set()))) == 1, column
