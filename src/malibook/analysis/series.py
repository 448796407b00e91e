"""Series of violence over time: one value a month from the best dataset that has it, and rates by period."""

from __future__ import annotations

import pandas as pd

from malibook.errors import BookError
from malibook.evidence import Phase

PREFERENCE = ("ucdp-ged", "ucdp-candidate", "conflictforecast")
CANDIDATE = "ucdp-candidate"
# By the parameter dataset: which datasets of violence_month count, the first before the next.
DATASETS: dict[str, tuple[str, ...]] = {
    "ucdp-and-acled": PREFERENCE,
    "ucdp": PREFERENCE,
    "without-candidates": tuple(name for name in PREFERENCE if name != CANDIDATE),
}
DAYS_A_MONTH = 365.2425 / 12


def monthly(
    violence: pd.DataFrame, country: str, start: object = None, end: object = None, dataset: str = "ucdp"
) -> pd.DataFrame:
    """Return one row a month for one country, from `violence_month`.

    Where several datasets have a month, the final UCDP GED counts before the candidate events, these before the series
    of conflictforecast.org; the column `dataset` says which was taken. With the `dataset` "without-candidates" no candidate event
    counts, and the series ends where the final data do. `start` and `end` bound the month's first day.
    Deaths are persons, as coded; nothing is filled in. Raises `BookError` where no month is left.
    """
    rows = violence[(violence["iso3"] == country) & violence["dataset"].isin(DATASETS[dataset])].copy()
    rows["rank"] = rows["dataset"].map({name: rank for rank, name in enumerate(PREFERENCE)})
    rows = rows.sort_values(["month", "rank"]).drop_duplicates("month").drop(columns="rank")
    if start is not None:
        rows = rows[rows["month"] >= pd.Timestamp(start).replace(day=1)]
    if end is not None:
        rows = rows[rows["month"] <= pd.Timestamp(end)]
    if rows.empty:
        remedy = "choose a country and a window that violence_month covers"
        raise BookError(f"no month of {country} between {start} and {end}", where="violence_month", remedy=remedy)
    return rows.reset_index(drop=True)


def estimate_column(estimate: str, series: pd.DataFrame) -> str:
    """Return the column of an estimate (`low`, `best`, `high`); raise `BookError` where the series lacks it."""
    name = f"deaths_{estimate}"
    if series[name].isna().all():
        remedy = "use best: candidate events of 2025 and the series for Niger before 2025 carry nothing else"
        raise BookError(f"the {estimate} estimate is not in this series", where="violence_month", remedy=remedy)
    return name


def per_phase(series: pd.DataFrame, periods: list[Phase], column: str, *, most_days: bool = False) -> pd.DataFrame:
    """Return, for each period that the series touches: months, the sum of `column`, its mean a month and its median.

    A month belongs to the period that holds its first day or, with `most_days`, to the one that holds most of its days;
    a month without a value is left out of all three figures.
    """
    out = []
    most = _most_days_in(series["month"], periods)
    for period in periods:
        inside = most[period.id] if most_days else _starts_in(series["month"], period)
        values = series.loc[inside, column].dropna().astype(float)
        if len(values):
            out.append(
                {
                    "phase": period.id,
                    "label": period.label,
                    "months": len(values),
                    "total": values.sum(),
                    "mean": values.mean(),
                    "median": values.median(),
                }
            )
    return pd.DataFrame(out)


def months_by_phase(series: pd.DataFrame, periods: list[Phase]) -> dict[str, pd.DataFrame]:
    """Return, by the label of each period, the rows of the months that have most of their days in it."""
    most = _most_days_in(series["month"], periods)
    return {period.label: series[most[period.id]] for period in periods}


def _most_days_in(months: pd.Series, periods: list[Phase]) -> pd.DataFrame:
    """Return one column a period: whether it holds most of each month's days."""
    days = pd.DataFrame({period.id: _days_in(months, period) for period in periods})
    return (days > 0) & days.eq(days.max(axis=1), axis=0)


def _starts_in(months: pd.Series, period: Phase) -> pd.Series:
    inside = months >= period.start
    return inside if period.end is None else inside & (months < period.end)


def _days_in(months: pd.Series, period: Phase) -> pd.Series:
    """Return how many days of each month lie in a period."""
    first, after = months, months + pd.DateOffset(months=1)
    first = first.where(first > period.start, period.start)
    after = after if period.end is None else after.where(after < period.end, period.end)
    return (after - first).dt.days.clip(lower=0)


def rolling_year(series: pd.DataFrame, column: str) -> pd.Series:
    """Return the sum over the twelve months that end with each month; missing until a year is complete."""
    return series[column].astype(float).rolling(12, min_periods=12).sum()


def compare_windows(series: pd.DataFrame, column: str, day: object, months: int) -> pd.DataFrame:
    """Return the `months` whole months before and after the month of `day`, which counts for neither.

    Two rows, `before` and `after`, with months found, total and mean. Fewer months than asked are shown as such.
    """
    middle = pd.Timestamp(day).replace(day=1)
    bounds = {
        "before": (middle - pd.DateOffset(months=months), middle),
        "after": (middle + pd.DateOffset(months=1), middle + pd.DateOffset(months=months + 1)),
    }
    out = []
    for side, (first, last) in bounds.items():
        values = series.loc[(series["month"] >= first) & (series["month"] < last), column].dropna().astype(float)
        out.append({"side": side, "months": len(values), "total": values.sum(), "mean": values.mean()})
    return pd.DataFrame(out)
