"""Contested figures side by side: who counts what, on what evidence, against which interest, and what then holds.

The rows of `claims` stay what they are, words of named claimants. Here they are put into categories that may be
compared (`panel`), and each category is given the two figures that can be defended (`bounds`): a floor that rests on
evidence or on an admission, and the highest claim that still stands, which is a claim and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from malibook.errors import BookError

EVIDENCE = {
    "press-investigation": "inquiry or footage",
    "un": "inquiry or footage",
    "ngo": "inquiry or footage",
    "witness": "witness or local official",
    "press": "press or analyst",
    "analyst": "press or analyst",
    "compiler": "compilation",
    "party": "party or government",
    "government": "party or government",
}
INQUIRY, PARTY, ADMISSION = "inquiry or footage", "party or government", "own admission"
FALLEN = ("superseded", "later-contradicted")
LOW, HIGH, NEITHER = "gains by a low count", "gains by a high count", "no side known"
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


def bounds(rows: pd.DataFrame, *, accept: tuple[str, ...] = (INQUIRY,), admissions: bool = True) -> pd.DataFrame:
    """Return, for each category of a panel, what can be defended: one row with `at_least` and `at_most`.

    *At least*: the largest count that still stands on evidence of an accepted kind, or that a side gives of what
    costs itself (an admission), whichever is larger. *At most*: the largest claim by anybody that still stands;
    `at_most_open` where that claim is itself an "at least". Claims of low confidence, in another unit or without a
    figure do not count. A bound is missing where no claim qualifies. `basis` says what gave the floor; the `_claim`
    columns hold the ids of the claims.
    """
    groups = rows.groupby("category", sort=False)
    return pd.DataFrame([_bound(name, group, accept, admissions) for name, group in groups])


def total(limits: pd.DataFrame, categories: Iterable[str]) -> tuple[float, float]:
    """Return the sums of the floors and of the highest claims over categories that share no person.

    Raises `BookError` where one of them has no floor, since the sum would then be that of fewer things.
    """
    wanted = list(categories)
    chosen = limits[limits["category"].isin(wanted)]
    bare = sorted(set(wanted) - set(chosen.loc[chosen["at_least"].notna(), "category"]))
    if bare:
        raise BookError(f"no floor for {bare[0]!r}", where="contested.total", remedy="leave it out of the sum")
    return float(chosen["at_least"].sum()), float(chosen["at_most"].sum())


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
    side = side_of.get(row.claimant_actor, "") if EVIDENCE[row.claimant_kind] == PARTY else ""
    if not side or not category.cost_to:
        return NEITHER
    return LOW if side == category.cost_to else HIGH


def _bound(name: str, group: pd.DataFrame, accept: tuple[str, ...], admissions: bool) -> dict[str, object]:
    sound = group[group["bounding"] & (group["confidence"] != "low")]
    standing = sound[~sound["fallen"]]
    candidates = [standing[standing["evidence"].isin(accept)].assign(basis=lambda rows: rows["evidence"])]
    if admissions:
        candidates.append(_admissions(sound))
    floor, top = _largest(pd.concat(candidates), "low"), _largest(standing, "high")
    if floor and top and top["high"] < floor["low"]:
        top = {}
    return {
        "category": name,
        "claims": int(group["bounding"].sum()),
        "at_least": floor.get("low", float("nan")),
        "at_least_by": floor.get("claimant", ""),
        "basis": floor.get("basis", ""),
        "at_most": top.get("high", float("nan")),
        "at_most_by": top.get("claimant", ""),
        "at_most_interest": top.get("interest", ""),
        "at_most_open": bool(top.get("open_ended", False)),
        "at_least_claim": floor.get("claim", ""),
        "at_most_claim": top.get("claim", ""),
    }


def _admissions(sound: pd.DataFrame) -> pd.DataFrame:
    """Return what a side says against its own interest; where all of it was superseded, the last of it."""
    own = sound[(sound["interest"] == LOW) & (sound["standing"] != "later-contradicted")]
    standing = own[~own["fallen"]]
    return (own.tail(1) if standing.empty else standing).assign(basis=ADMISSION)


def _largest(rows: pd.DataFrame, column: str) -> dict[str, object]:
    """Return the row with the largest value (the earliest of several) as a dictionary, empty where there is none."""
    if rows.empty:
        return {}
    ordered = rows.sort_values([column, "date"], ascending=[False, True], kind="stable")
    return ordered.iloc[0].to_dict()
