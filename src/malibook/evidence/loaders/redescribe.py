"""Bring the descriptor of a refreshed table up to date: vintage, coverage, row floor, citation, exceptions, the files read.

What only a person can judge (title, description, known gaps) stays, with a line that asks for it.
"""

from __future__ import annotations

import copy
import re
from typing import Any

import pandas as pd

from malibook.evidence.loaders import regions
from malibook.evidence.loaders.part import Part
from malibook.evidence.loaders.releases import span

READ_AGAIN = "Refreshed since these gaps were written"
OURS = {"GED": "UCDP GED", "Candidate": "UCDP Candidate", "Country-Year": "UCDP Organized Violence Country-Year"}
LICENCE = {"GED": "CC BY 4.0", "Candidate": "CC BY 4.0", "Country-Year": "CC BY 4.0", "Refugee": "CC BY 4.0"}
LICENCE |= {"IDMC,": "CC BY 4.0", "ACLED,": "aggregated by region and quarter; non-commercial use"}
CITED = {"Refugee": "UNHCR Refugee Data Finder", "IDMC,": "IDMC"}


def redescribe(resource: dict[str, Any], table: pd.DataFrame, parts: list[Part], files: list[dict[str, str]]) -> dict:
    """Return the resource as it is for `table` (all cells text), made of `parts`, which came from `files`."""
    new = copy.deepcopy(resource)
    vintages = _vintages(new["name"], table) or [f"{part.vintage}" for part in parts[-1:]]
    new["malibook:vintage"] = vintages[0] if len(vintages) == 1 else vintages
    new["malibook:coverage"] = _coverage(new["name"], table)
    new["malibook:row_floor"] = len(table)
    new["malibook:citation"] = _citation(new, table, parts)
    new["malibook:files"] = _files(new.get("malibook:files", []), files)
    gaps = [gap for gap in new["malibook:known_gaps"] if not gap.startswith(READ_AGAIN)]
    asked = f"{READ_AGAIN}, from {' and '.join(sorted({part.vintage for part in parts}))}: read them again."
    new["malibook:known_gaps"] = gaps if resource["name"] == "violence_events" else [asked, *gaps]
    _exceptions(new, table)
    _regions(new, table)
    _titles(new, table)
    return new


def _vintages(name: str, table: pd.DataFrame) -> list[str]:
    if "vintage" not in table:
        return []
    date = next(column for column in ("month", "quarter", "year", "date", "end") if column in table)
    groups = table.groupby("vintage", sort=False)[date]
    return [f"{_named(str(vintage))} ({span(dates)})" for vintage, dates in sorted(groups, key=lambda g: min(g[1]))]


def _named(vintage: str) -> str:
    first, _, rest = vintage.partition(" ")
    return f"{OURS[first]} {rest}" if first in OURS else vintage


def _coverage(name: str, table: pd.DataFrame) -> str:
    date = next(column for column in ("month", "quarter", "year", "date", "end") if column in table)
    series = next((column for column in ("dataset", "source") if column in table), None)
    place = next(column for column in ("iso3", "origin_iso3", "region") if column in table)
    if place == "region":
        return f"{table['region'].nunique()} regions, {table[date].min()} to {table[date].max()}"
    groups = table.groupby(series) if series else [("", table)]
    return "; ".join(_covered(rows, place, date, str(label)) for label, rows in groups)


def _covered(rows: pd.DataFrame, place: str, date: str, label: str) -> str:
    spans = rows.groupby(place)[date].agg(lambda dates: span(dates))
    same = spans.groupby(spans).groups
    text = ", ".join(f"{' '.join(sorted(same[years]))} {years}" for years in sorted(same))
    return f"{text} ({label})" if label else text


def _citation(resource: dict[str, Any], table: pd.DataFrame, parts: list[Part]) -> str:
    if "vintage" not in table:
        licence = "" if "(" not in resource["malibook:citation"] else resource["malibook:citation"].partition(" (")[2]
        return f"{parts[-1].vintage} ({licence}" if licence else parts[-1].vintage
    ordered = list(dict.fromkeys(table["vintage"]))
    licences: dict[str, list[str]] = {}
    for vintage in sorted(
        ordered, key=lambda text: list(OURS).index(text.split()[0]) if text.split()[0] in OURS else 9
    ):
        first = vintage.split()[0]
        name = CITED.get(first) or _named(vintage).replace("ACLED, accessed", "ACLED, acleddata.com, accessed")
        licences.setdefault(LICENCE.get(first, ""), []).append(name)
    return "; ".join(_listed(names) + (f" ({licence})" if licence else "") for licence, names in licences.items())


def _listed(names: list[str]) -> str:
    *most, last = dict.fromkeys(names)
    return f"{', '.join(most)} and {last}" if most else last


def _files(old: list[dict[str, str]], new: list[dict[str, str]]) -> list[dict[str, str]]:
    titles = {file["title"] for file in new}
    return sorted([file for file in old if file["title"] not in titles] + new, key=lambda file: file["title"])


def _exceptions(resource: dict[str, Any], table: pd.DataFrame) -> None:
    """Declare each row whose published estimates are out of order, and nothing else."""
    bounds = ["deaths_low", "deaths_best", "deaths_high"]
    if not set(bounds) <= set(table.columns):
        return
    key = resource["schema"]["primaryKey"]
    known = {(e["key"], e["field"]): e for e in resource.pop("malibook:range_exceptions", [])}
    low, best, high = (pd.to_numeric(table[name], errors="coerce") for name in bounds)
    out = []
    for field, odd in (("deaths_best", low > best), ("deaths_high", (best > high) | (low > high))):
        for row in table[odd].to_dict("records"):
            name = "/".join(row[part] for part in key)
            reason = (
                f"upstream: low {row['deaths_low'] or 'none'}, best {row['deaths_best']}, high {row['deaths_high']}"
            )
            out.append(known.get((name, field)) or {"key": name, "field": field, "reason": reason})
    if out:
        resource["malibook:range_exceptions"] = sorted(out, key=lambda e: (e["key"], e["field"]))


def _titles(resource: dict[str, Any], table: pd.DataFrame) -> None:
    """Bring the years in a title up to date."""
    if resource["name"] == "violence_part_year":
        month = f"{pd.Timestamp(table['end'].max()):%B %Y}"
        resource["title"] = re.sub(r"January to \w+ \d{4}", f"January to {month}", resource["title"])
    elif resource["name"] == "violence_dyad_month":
        resource["title"] = re.sub(r", \d{4}(–\d{4})?$", f", {span(table['month'])}", resource["title"])


def _regions(resource: dict[str, Any], table: pd.DataFrame) -> None:
    """Let the region columns allow the names that the table holds: another country's, or new ones of Mali."""
    for field in resource["schema"]["fields"]:
        if field["name"] in ("region", "acled_admin1") and "enum" in field.get("constraints", {}):
            held = set(table[field["name"]])
            mali = set(table["region"]) <= set(regions.REGIONS)
            field["constraints"]["enum"] = sorted(held | set(field["constraints"]["enum"]) if mali else held)
