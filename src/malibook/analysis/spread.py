"""How violence spreads: over the zones of Mali, around a day in each region, and over a threshold next door."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.errors import BookError

ZONES = {
    "North": ("Gao", "Kidal", "Tombouctou"),
    "Centre": ("Mopti", "Ségou"),
    "South and west": ("Bamako", "Kayes", "Koulikoro", "Sikasso"),
}


def zone_of(regions: pd.Series) -> pd.Series:
    """Return the zone of each region; raise `BookError` for a region that belongs to none."""
    lookup = {region: zone for zone, members in ZONES.items() for region in members}
    out = regions.map(lookup)
    if out.isna().any():
        stranger = regions[out.isna()].iloc[0]
        raise BookError(f"no zone holds {stranger!r}", where="analysis.spread", remedy="add it to ZONES")
    return out


def zone_shares(quarters: pd.DataFrame, window: int = 4) -> pd.DataFrame:
    """Return each zone's deaths by quarter and its share of all deaths over the last `window` quarters.

    Columns `quarter`, `zone`, `deaths`, `share` (0 to 1; missing until the window is full, or where nobody died).
    """
    sums = quarters.assign(zone=zone_of(quarters["region"])).groupby(["quarter", "zone"])["deaths"].sum().unstack()
    rolled = sums.astype(float).rolling(window, min_periods=window).sum()
    shares = rolled.div(rolled.sum(axis=1).where(lambda total: total > 0), axis=0)
    return sums.stack().rename("deaths").to_frame().join(shares.stack().rename("share")).reset_index()


def rate_by_region(quarters: pd.DataFrame, first: object, last: object) -> pd.Series:
    """Return deaths a month by region over the whole quarters from `first` to before `last`."""
    inside = quarters[(quarters["quarter"] >= pd.Timestamp(first)) & (quarters["quarter"] < pd.Timestamp(last))]
    months = inside.drop_duplicates("quarter")["months"].sum()
    return inside.groupby("region")["deaths"].sum().astype(float) / float(months)


def around_days(quarters: pd.DataFrame, days: dict[str, object], window: int = 4) -> pd.DataFrame:
    """Return, for each region, deaths in the `window` quarters before and after the quarter of its day.

    The quarter that holds the day counts for neither. Columns `region`, `day`, `before`, `after`.
    """
    out = []
    for region, day in days.items():
        middle = pd.Timestamp(day).to_period("Q").start_time
        rows = quarters[quarters["region"] == region].groupby("quarter")["deaths"].sum()
        before = rows[(rows.index < middle) & (rows.index >= middle - pd.DateOffset(months=3 * window))]
        after = rows[(rows.index > middle) & (rows.index <= middle + pd.DateOffset(months=3 * window))]
        out.append({"region": region, "day": pd.Timestamp(day), "before": int(before.sum()), "after": int(after.sum())})
    return pd.DataFrame(out)


def first_reached(months: pd.Series, totals: pd.Series, thresholds: Iterable[float]) -> pd.DataFrame:
    """Return the first month in which a running total reaches each threshold: `threshold`, `month` (missing: never)."""
    rows = []
    for threshold in thresholds:
        hit = months[(totals >= threshold).to_numpy()]
        rows.append({"threshold": threshold, "month": hit.iloc[0] if len(hit) else pd.NaT})
    return pd.DataFrame(rows)
