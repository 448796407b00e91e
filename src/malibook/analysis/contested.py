"""Contested figures side by side: who counts what, on what evidence, against which interest, and what then holds.

The rows of `claims` stay what they are, words of named claimants. Here they are put into categories that may be
compared (`panel`), and each category is given the two figures that can be defended (`bounds`): a floor that rests on
evidence or on an admission, and the highest claim that still stands, which is a claim and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from malibook.analysis.bounds import FALLEN, HIGH, INQUIRY, LOW, NEITHER, PARTY, bounds, total
from malibook.errors import BookError

__all__ = ["EVIDENCE", "HIGH", "INQUIRY", "LOW", "NEITHER", "Category", "bounds", "panel", "sides", "total"]

EVIDENCE = {
    "press-investigation": INQUIRY,
    "un": INQUIRY,
    "ngo": INQUIRY,
    "witness": "witness or local official",
    "press": "press or analyst",
    "analyst": "press or analyst",
    "compiler": "compilation",
    "party": PARTY,
    "government": PARTY,
}
_SIDE_OF_KIND = {
    "state": "state",
    "foreign-force": "state",
    "pmc": "state",
    "pro-state-militia": "state",
    "separatist": "insurgent",
    "jihadist": "insurgent",
}
_COLUMNS = ["claimant", "subject", "counted", "statement", "unit", "standing", "assessment", "confidence", "sources"]


@dataclass(frozen=True)
class Category:
    """Claims that count the same thing: those of one dispute, in one unit and, where given, of one subject or count.

    `cost_to` is the side (`state` or `insurgent`) that a high figure embarrasses; empty where nobody's interest is
    plain. `beside` names units that are shown with the others and never enter the bounds.
    """

    label: str
    dispute: str
    unit: str = "killed"
    subject: str = ""
    counted: str = ""
    cost_to: str = ""
    beside: tuple[str, ...] = ()


def sides(actors: pd.DataFrame) -> dict[str, str]:
    """Return each actor's side, `state` or `insurgent`, by its kind in `actors`; other kinds have none."""
    return {a: _SIDE_OF_KIND[k] for a, k in zip(actors["id"], actors["kind"], strict=True) if k in _SIDE_OF_KIND}


def panel(claims: pd.DataFrame, categories: Iterable[Category], side_of: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a claim, in the order of the categories and of time: the rows of a chart or a table.

    `low`, `value`, `high` are as claimed; `figure` says whether there is one at all; `open_ended` marks an "at least";
    `bounding` marks claims in the category's own unit. `evidence` and `interest` are derived. Raises `BookError`
    for a category that no claim fits, or a kind of claimant that is not known.
    """
    parts = [_category_rows(claims, category, side_of) for category in categories]
    return pd.concat(parts, ignore_index=True)


def _category_rows(claims: pd.DataFrame, category: Category, side_of: Mapping[str, str]) -> pd.DataFrame:
    units = claims["unit"].isin([category.unit, *category.beside])
    rows = claims[(claims["dispute"] == category.dispute) & (units | claims[["value_low", "value"]].isna().all(axis=1))]
    for column, wanted in (("subject", category.subject), ("counted", category.counted)):
        rows = rows[rows[column] == wanted] if wanted else rows
    unknown = sorted(set(rows["claimant_kind"]) - set(EVIDENCE))
    if rows.empty or unknown:
        fault = f"no evidence group for the claimant kind {unknown[0]!r}" if unknown else "no claim fits the category"
        raise BookError(fault, where=f"contested.panel, {category.label}", remedy="check the dispute, unit and subject")
    rows = rows.iloc[_said_on(rows).argsort(kind="stable")]
    out = pd.DataFrame({"category": category.label, "claim": rows["id"], "date": rows["date"]})
    out = out.assign(date_precision=rows["date_precision"], claimant_actor=rows["claimant_actor"])
    out = out.assign(**{name: rows[name] for name in _COLUMNS}, **_figures(rows))
    out["bounding"] = (rows["unit"] == category.unit) & out["figure"]
    out["evidence"] = rows["claimant_kind"].map(EVIDENCE)
    out["interest"] = [_interest(row, category, side_of) for row in rows.itertuples()]
    return out


def _said_on(rows: pd.DataFrame) -> pd.Series:
    """Return the day to sort by: a claim known only to the month comes after those of a known day."""
    return rows["date"].where(rows["date_precision"] == "day", rows["date"] + pd.offsets.MonthEnd(0))


def _figures(rows: pd.DataFrame) -> dict[str, pd.Series]:
    low, value, high = rows["value_low"], rows["value"], rows["value_high"]
    return {
        "low": low.fillna(value),
        "value": value,
        "high": high.fillna(value).fillna(low),
        "figure": low.notna() | value.notna(),
        "open_ended": low.notna() & high.isna(),
        "fallen": rows["standing"].isin(FALLEN),
    }


def _interest(row: object, category: Category, side_of: Mapping[str, str]) -> str:
    """A party's interest is its side's; so is that of an outlet that `claims` ties to an actor of one side."""
    side = side_of.get(row.claimant_actor, "")
    if not side or not category.cost_to:
        return NEITHER
    return LOW if side == category.cost_to else HIGH
