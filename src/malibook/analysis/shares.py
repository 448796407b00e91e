"""Shares: how much of the violence lies in some regions, quarter by quarter, and who is coded as killing whom."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from malibook.analysis.words import listed
from malibook.errors import BookError

SOUTH_AND_WEST = ("Bamako", "Kayes", "Koulikoro", "Sikasso", "Ségou")
SCHEMES: dict[str, tuple[str, ...]] = {  # by the parameter region_scheme: what counts as the south and west
    "five-regions": SOUTH_AND_WEST,
    "without-segou": ("Bamako", "Kayes", "Koulikoro", "Sikasso"),
    "without-bamako": ("Kayes", "Koulikoro", "Sikasso", "Ségou"),
    "kayes-and-sikasso": ("Kayes", "Sikasso"),
}
ORDER = ("Kayes", "Koulikoro", "Sikasso", "Ségou", "Bamako")  # from the west, the capital last
IN_BATTLE, BETWEEN_GROUPS = "in battles with the state", "in battles between groups"
BY_RUSSIA, BY_MALI = "civilians, by Russia and Mali", "civilians, by Mali alone"
BY_OTHERS = "civilians, by JNIM, IS, Burkina’s army"
SIDES = (IN_BATTLE, BETWEEN_GROUPS, BY_RUSSIA, BY_MALI, BY_OTHERS)


def named(chosen: Collection[str]) -> str:
    """Return regions as a sentence lists them: `Kayes, Koulikoro, Sikasso, Ségou and Bamako`."""
    return listed([region for region in ORDER if region in chosen])


def wide(regions: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return one row a quarter and one column a region, from the rows of `shift.by_region`."""
    return regions.pivot(index="quarter", columns="region", values=measure).astype(float)


def share_of(quarters: pd.DataFrame, chosen: tuple[str, ...] = SOUTH_AND_WEST) -> pd.Series:
    """Return the chosen regions' share of each quarter's total, from 0 to 1."""
    return quarters[list(chosen)].sum(axis=1) / quarters.sum(axis=1)


def share_shifts(quarters: pd.DataFrame, width: int, chosen: tuple[str, ...] = SOUTH_AND_WEST) -> pd.DataFrame:
    """Return, for every quarter, the chosen regions' pooled share `width` quarters before and after it, and the shift.

    The quarter itself counts for neither side; quarters without full windows are left out. Shares run from 0 to 1.
    """
    part = quarters[list(chosen)].sum(axis=1).rolling(width).sum()
    share = part / quarters.sum(axis=1).rolling(width).sum()
    out = pd.DataFrame({"before": share.shift(1), "after": share.shift(-width)}).dropna()
    return out.assign(shift=out["after"] - out["before"])


def shift_at(shifts: pd.DataFrame, day: object, width: int) -> tuple[pd.Series, pd.Series]:
    """Return the row of the quarter that holds `day`, and the earlier shifts whose windows do not reach that quarter.

    Raises `BookError` where the quarter has no full window.
    """
    quarter = pd.Timestamp(day).to_period("Q").start_time
    if quarter not in shifts.index:
        remedy = "choose another break_date or fewer quarters"
        raise BookError(f"no full window around the quarter of {day}", where="violence_region_quarter", remedy=remedy)
    clear = shifts.index < quarter - pd.DateOffset(months=3 * width)
    return shifts.loc[quarter], shifts.loc[clear, "shift"]


def side_of(violence_type: str, conflict: str) -> str:
    """Return one of `SIDES` for a type of violence and UCDP's name of the conflict."""
    if violence_type == "state-based":
        return IN_BATTLE
    if violence_type == "non-state":
        return BETWEEN_GROUPS
    if "Government of Russia" in conflict:
        return BY_RUSSIA
    return BY_MALI if "Government of Mali" in conflict else BY_OTHERS


def by_side(dyads: pd.DataFrame, months: pd.DatetimeIndex, measure: str = "deaths_best") -> pd.DataFrame:
    """Return one row a month and one column for each of `SIDES`, zero where no such event was coded.

    `dyads` is the part of `violence_dyad_month` for one country. `BY_RUSSIA` holds what is coded to the two governments
    together or to Russia alone.
    """
    rows = dyads[dyads["month"].isin(months)]
    sides = [side_of(t, c) for t, c in zip(rows["type"], rows["conflict"], strict=True)]
    table = rows.assign(side=sides).pivot_table(index="month", columns="side", values=measure, aggfunc="sum")
    return table.reindex(index=months, columns=list(SIDES)).fillna(0).astype(float).rename_axis("month")
