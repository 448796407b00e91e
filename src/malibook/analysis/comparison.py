"""Countries side by side: deaths per head, by month on one calendar, and whether one country's war leads another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from malibook.analysis.series import estimate_column, monthly
from malibook.errors import BookError

PER = 100_000
STATE, WITH_RUSSIA, JNIM, IS, OTHERS = "the state", "Russia, alone or with the state", "JNIM", "Islamic State", "others"
ATTACKERS = (STATE, WITH_RUSSIA, JNIM, IS, OTHERS)


@dataclass(frozen=True)
class Group:
    """Countries that Mali is compared with: a short name for a sentence, a title for a panel, ISO 3166-1 alpha-3 codes."""

    name: str
    title: str
    countries: tuple[str, ...]


GROUPS: dict[str, Group] = {  # by the parameter comparison
    "both-neighbours": Group("both", "both neighbours (geometric mean)", ("BFA", "NER")),
    "all-four": Group("all four", "all four countries (geometric mean)", ("BFA", "NER", "CAF", "LBY")),
    "without-burkina-faso": Group(
        "the three others", "Niger, Central Africa and Libya (geometric mean)", ("NER", "CAF", "LBY")
    ),
    "central-african-republic": Group("Central African Rep.", "the Central African Republic", ("CAF",)),
}


def population_to(population: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return `iso3`, `year`, `population`, `assumed`, one row a country and year, up to the year `last`.

    After a country's last known year its population grows on at that year's rate; such rows are marked `assumed`.
    """
    out = []
    for iso3, rows in population.dropna(subset="population").groupby("iso3"):
        known = rows.set_index("year")["population"].astype(float)
        end = int(known.index.max())
        growth = known[end] / known[end - 1]
        later = pd.Series({year: known[end] * growth ** (year - end) for year in range(end + 1, last + 1)}, dtype=float)
        both = pd.concat([known[known.index <= last], later]).rename_axis("year").rename("population").reset_index()
        out.append(both.assign(iso3=iso3, assumed=both["year"] > end))
    return pd.concat(out, ignore_index=True)[["iso3", "year", "population", "assumed"]]


def yearly_totals(yearly: pd.DataFrame, estimate: str = "best") -> pd.DataFrame:
    """Return deaths of all types by country and year: `deaths` (the estimate asked for), `low`, `high`.

    UCDP gives a low and a high for some types only; where it gives none, the best estimate stands in for both.
    """
    best = yearly["deaths_best"].astype(float)
    bounds = {name: yearly[f"deaths_{name}"].astype(float).fillna(best) for name in ("low", "high")}
    frame = yearly[["iso3", "year"]].assign(deaths=bounds.get(estimate, best), **bounds)
    return frame.groupby(["iso3", "year"], as_index=False)[["deaths", "low", "high"]].sum()


def per_head(totals: pd.DataFrame, people: pd.DataFrame, columns: Sequence[str] = ("deaths",)) -> pd.DataFrame:
    """Return `totals` with `population`, `assumed` and, for each column, the same per 100,000 people (`…_rate`).

    `people` is from `population_to`. Raises `BookError` where a country and year has no population.
    """
    out = totals.merge(people, on=["iso3", "year"], how="left")
    if out["population"].isna().any():
        gap = out[out["population"].isna()].iloc[0]
        remedy = "call population_to with a later last year"
        raise BookError(f"no population of {gap['iso3']} in {gap['year']}", where="population", remedy=remedy)
    return out.assign(**{f"{c}_rate": out[c].astype(float) / out["population"] * PER for c in columns})


def panel(violence: pd.DataFrame, countries: Iterable[str], start: object, end: object, estimate: str) -> pd.DataFrame:
    """Return deaths by month (rows) and country (columns); a month that a country's series lacks is missing.

    Where the estimate asked for is not published, as for Niger and for 2025, the best one stands in for it.
    """
    columns = {}
    for iso3 in countries:
        rows = monthly(violence, iso3, start, end).set_index("month")
        best = rows["deaths_best"].astype(float)
        has = rows[f"deaths_{estimate}"].notna().any()
        columns[iso3] = rows[estimate_column(estimate, rows)].astype(float).fillna(best) if has else best
    return pd.DataFrame(columns).sort_index()


def since_first_death(values: pd.Series) -> pd.Series:
    """Return the months from the first one with a death on: years of nothing would pass for calm of a measured kind.

    Raises `BookError` where nobody died.
    """
    known = values.dropna()
    if not (known > 0).any():
        remedy = "choose another country or a wider window"
        raise BookError("no month has a death", where="analysis.comparison", remedy=remedy)
    return known.loc[known.index[(known > 0).to_numpy()][0] :]


def lead_lag(table: pd.DataFrame, leader: str, follower: str, most: int) -> pd.DataFrame:
    """Return how quarterly changes in two countries go together: `lag`, `correlation`, `quarters`.

    A lag of 1 sets the follower's change beside the leader's of the quarter before. Changes are of log(deaths + 1).
    """
    pairs = table[[leader, follower]].dropna()
    whole = pairs.resample("QS").count().min(axis=1) == 3
    changes = np.log1p(pairs.resample("QS").sum()[whole]).diff()
    rows = []
    for lag in range(-most, most + 1):
        both = pd.concat([changes[leader].shift(lag), changes[follower]], axis=1).dropna()
        rows.append({"lag": lag, "correlation": both.corr().iloc[0, 1], "quarters": len(both)})
    return pd.DataFrame(rows)


def attackers(dyads: pd.DataFrame, names: Mapping[str, str], measure: str = "deaths_best") -> pd.DataFrame:
    """Return deaths in attacks on civilians by country (rows) and one of `ATTACKERS` (columns), zero where none is coded.

    `dyads` has `iso3`, `type` and UCDP's `conflict` ("JNIM - Civilians"); `names` maps a country to its name, so that
    its own state is told from others.
    """
    rows = dyads[dyads["type"] == "one-sided"]
    who = [_attacker(c, names[i]) for c, i in zip(rows["conflict"], rows["iso3"], strict=True)]
    table = rows.assign(who=who).pivot_table(index="iso3", columns="who", values=measure, aggfunc="sum")
    return table.reindex(index=list(names), columns=list(ATTACKERS)).fillna(0).astype(float)


def _attacker(conflict: str, country: str) -> str:
    side = conflict.removesuffix(" - Civilians")
    if "Government of Russia" in side:
        return WITH_RUSSIA
    if side == f"Government of {country}":
        return STATE
    return side if side == JNIM else IS if side == "IS" else OTHERS
