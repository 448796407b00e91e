"""What chapter 3 computes beside the contested counts: the calendar of the battle, the parties' words, one month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from malibook.analysis.contested import HIGH, LOW
from malibook.errors import BookError


def calendar(timeline: pd.DataFrame, first: str, last: str, fighting: tuple[str, str]) -> pd.DataFrame:
    """Return one row a day from `first` to `last`: `date`, `what` happened (empty on a quiet day), `fighting`.

    Several entries of a day are joined in the table's order; `fighting` marks the days of the battle itself.
    """
    days = pd.DataFrame({"date": pd.date_range(first, last)})
    what = timeline.groupby("date")["what"].agg("; ".join)
    inside = days["date"].between(pd.Timestamp(fighting[0]), pd.Timestamp(fighting[1]))
    return days.assign(what=days["date"].map(what).fillna(""), fighting=inside)


def announced(rows: pd.DataFrame, first: str, last: str, offsets: Mapping[str, float]) -> pd.DataFrame:
    """Return the figures of a panel by the day they were given: `date`, `subject`, `low`, `high`, `offset`.

    Only claims in their category's own unit, dated to the day and within the window; the same figure for the same
    subject on one day counts once. `offsets` gives each subject's place within the day's row.
    """
    dated = rows[rows["bounding"] & (rows["date_precision"] == "day") & rows["date"].between(first, last)]
    found = dated.drop_duplicates(["date", "subject", "low", "high"]).drop_duplicates(["date", "subject", "low"])
    unknown = sorted(set(found["subject"]) - set(offsets))
    if unknown:
        raise BookError(f"no offset for {unknown[0]!r}", where="announced", remedy="give every subject its place")
    return found.assign(offset=found["subject"].map(offsets))[["date", "subject", "low", "high", "offset", "claimant"]]


def speakers(rows: pd.DataFrame, houses: Iterable[str]) -> pd.Series:
    """Return who speaks in each row: the actor where `claims` names one, else the newspaper or agency, else the claimant.

    A house that published twice, or is read through another, is one speaker: `houses` holds the beginnings of such names.
    """
    said = rows["claimant"]
    for house in houses:
        said = said.mask(said.str.startswith(house), house)
    actor = rows["claimant_actor"]
    return actor.where(actor.notna() & (actor != ""), said)


def by_party(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a party: `party`, what it counts `of itself` and what it counts `of the enemy`, in its own order.

    Only claims with an interest; a claim without a figure reads "no number"; a superseded one stands in brackets.
    `names` maps actor ids to the names shown; an actor without a name there is left out.
    """
    told = rows[rows["interest"].isin([LOW, HIGH])].assign(text=lambda x: [_told(r) for r in x.itertuples()])
    told = told.assign(party=told["claimant_actor"].map(names)).dropna(subset="party")
    out = told.pivot_table(index="party", columns="interest", values="text", aggfunc="; ".join, sort=False)
    out = out.reindex(columns=[LOW, HIGH]).rename(columns={LOW: "of itself", HIGH: "of the enemy"})
    return out.rename_axis(columns=None).reset_index()


@dataclass(frozen=True)
class MonthInYear:
    """One month beside the other months of its year: its value, their mean, the excess over it, its rank from the top."""

    value: float
    others: float
    excess: float
    rank: int
    top_month: pd.Timestamp
    top_value: float


def month_in_year(months: pd.DataFrame, column: str, day: object) -> MonthInYear:
    """Return how one month of a monthly series stands in its calendar year; raise `BookError` if the month is missing."""
    month = pd.Timestamp(day).replace(day=1)
    year = months[months["month"].dt.year == month.year].set_index("month")[column].dropna().astype(float)
    if month not in year.index:
        raise BookError(f"no value of {column} for {month:%B %Y}", where="month_in_year", remedy="choose another month")
    value, others = year[month], year.drop(month).mean()
    rank = int((year > value).sum()) + 1
    return MonthInYear(value, others, value - others, rank, year.idxmax(), year.max())


def months_headline(months: pd.DataFrame, column: str, estimate: str, day: str = "2024-07-25") -> str:
    """Return the headline over the months around the battle, by how the battle's own month stands in its year."""
    if pd.Timestamp(day).replace(day=1) not in set(months["month"]):
        return "Deaths in Mali by month, as coded by UCDP"
    if month_in_year(months, column, day).rank == 1:
        return f"In UCDP’s {estimate} estimates the month of the battle is the deadliest of its year"
    return "In UCDP’s months the battle hardly stands out"


def _told(row: object) -> str:
    low, high = row.low, row.high
    figure = "no number" if not row.figure else f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"
    text = f"{row.category}: {figure}"
    return f"({text})" if row.fallen and row.figure else text
