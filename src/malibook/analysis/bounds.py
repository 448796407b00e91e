"""The rule of the floor and the ceiling: what can be defended of a contested count."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.errors import BookError

INQUIRY, PARTY, ADMISSION = "inquiry or footage", "party or government", "own admission"
FALLEN = ("superseded", "later-contradicted")
RULES: dict[str, dict[str, object]] = {  # by the parameter counting_rule: what `bounds` accepts for a floor
    "admission": {"accept": (INQUIRY,)},
    "compilation": {"accept": (INQUIRY, "compilation")},
    "witness": {"accept": (INQUIRY, "compilation", "press or analyst", "witness or local official")},
}
_ACCEPTED = {  # by the parameter counting_rule: whose count may be a floor, as it follows "the largest count by"
    "admission": "an independent inquiry or by footage",
    "compilation": "an independent inquiry, by footage or by a compilation",
    "witness": "an independent inquiry, by footage, by a compilation, by the press or an analyst, or by a witness or local official",
}
_WHOSE = {  # what a floor rests on: as it follows "the dead", and as it follows "at least so many"
    ADMISSION: ("that {side} admit", "on their own word"),
    INQUIRY: ("that an inquiry or footage shows", "by an inquiry or by footage"),
    "compilation": ("that a compilation gives", "by a compilation"),
    "press or analyst": ("that the press or an analyst gives", "by the press or an analyst"),
    "witness or local official": ("that a witness or local official gives", "by a witness or local official"),
}
LOW, HIGH, NEITHER = "gains by a low count", "gains by a high count", "no side known"


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


def accepted(rule: str) -> str:
    """Return whose count may set a floor under a counting rule, in words that follow *the largest count by*."""
    return _ACCEPTED[rule]


def floor_words(basis: str, side: str) -> tuple[str, str]:
    """Return what a floor rests on: in words that follow *the dead*, with the name of the side, and that follow a number."""
    whose, ground = _WHOSE[basis]
    return whose.format(side=side), ground


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
    """Return what a side says against its own interest; where all of it was superseded, the last of it.

    An outlet that leans to a side does not speak for it: only parties and governments admit.
    """
    own = sound[(sound["interest"] == LOW) & (sound["evidence"] == PARTY) & (sound["standing"] != "later-contradicted")]
    standing = own[~own["fallen"]]
    return (own.tail(1) if standing.empty else standing).assign(basis=ADMISSION)


def _largest(rows: pd.DataFrame, column: str) -> dict[str, object]:
    """Return the row with the largest value (the earliest of several) as a dictionary, empty where there is none."""
    if rows.empty:
        return {}
    ordered = rows.sort_values([column, "date"], ascending=[False, True], kind="stable")
    return ordered.iloc[0].to_dict()


def claimed_range(low: float, high: float, open_ended: bool = False) -> str:
    """Return a range in words that keep an open end: `46–84`, `50`, `77 to at least 100`, `claimed 81`, `claimed: 100 or more`.

    Without a floor the figure is the enemy's or a side's claim alone, and says so.
    """
    if pd.isna(low) and pd.isna(high):
        return "no count"
    if pd.isna(low):
        return f"claimed: {high:,.0f} or more" if open_ended else f"claimed {high:,.0f}"
    if pd.isna(high) or (open_ended and low == high):
        return f"{low:,.0f} or more"
    if low == high:
        return f"{low:,.0f}"
    return f"{low:,.0f} to at least {high:,.0f}" if open_ended else f"{low:,.0f}–{high:,.0f}"
