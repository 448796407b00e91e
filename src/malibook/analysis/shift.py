"""Where violence moved: regions before and after a day, by quarter."""

from __future__ import annotations

import pandas as pd

from malibook.errors import BookError


def by_region(quarters: pd.DataFrame, start: object = None, end: object = None) -> pd.DataFrame:
    """Return one row a region and quarter: `events`, `deaths`. Parts of a region (Ménaka in Gao) are added up.

    `quarters` is `violence_region_quarter`. Quarters that are not complete (`months` under three) are left out, and so
    are those that begin before `start` or reach beyond `end`.
    """
    rows = quarters[quarters["months"] == 3]
    if start is not None:
        rows = rows[rows["quarter"] >= pd.Timestamp(start)]
    if end is not None:
        rows = rows[rows["quarter"] + pd.DateOffset(months=3) <= pd.Timestamp(end) + pd.DateOffset(days=1)]
    return rows.groupby(["region", "quarter"], as_index=False)[["events", "deaths"]].sum()


def region_shift(regions: pd.DataFrame, column: str, day: object, quarters: int) -> pd.DataFrame:
    """Return each region's mean a quarter before and after the quarter of `day`, which counts for neither.

    Columns: `region`, `before`, `after`, `difference`, `share_before`, `share_after` (shares of the country), and
    `quarters_before`, `quarters_after`, the number found. Raises `BookError` where a side has no quarter.
    """
    middle = pd.Timestamp(day).to_period("Q").start_time
    first, last = middle - pd.DateOffset(months=3 * quarters), middle + pd.DateOffset(months=3 * quarters)
    before = regions[(regions["quarter"] >= first) & (regions["quarter"] < middle)]
    after = regions[(regions["quarter"] > middle) & (regions["quarter"] <= last)]
    if before.empty or after.empty:
        raise BookError("no quarter on one side of the break", where="region shift", remedy="widen start and end")
    out = pd.DataFrame(
        {name: part.groupby("region")[column].mean() for name, part in (("before", before), ("after", after))}
    )
    out = out.astype(float).reset_index()
    out["difference"] = out["after"] - out["before"]
    for side in ("before", "after"):
        out[f"share_{side}"] = out[side] / out[side].sum()
    counts = {"quarters_before": before["quarter"].nunique(), "quarters_after": after["quarter"].nunique()}
    return out.assign(**counts).sort_values("difference", ascending=False, ignore_index=True)
