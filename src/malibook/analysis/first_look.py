"""What the tables hold of one country: deaths by year from the best table that has them, and years and rows of each table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from malibook.analysis.series import monthly
from malibook.errors import BookError

YEARLY, MONTHLY = "violence_year", "violence_month"
_TIMES = ("month", "start", "year")


def deaths_by_year(yearly: pd.DataFrame, months: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return deaths in organised violence in one country: `year`, `deaths` (persons, UCDP's best estimate), `months`, `table`.

    The yearly table is taken where it holds the country, all types of violence together; else the months are added up, and `months`
    says how many of a year there were. Raises `BookError` where neither holds it.
    """
    rows = yearly[(yearly["iso3"] == country) & yearly["deaths_best"].notna()]
    if len(rows):
        sums = rows.groupby("year", as_index=False)["deaths_best"].sum()
        return sums.rename(columns={"deaths_best": "deaths"}).assign(months=12, table=YEARLY)
    if not months["iso3"].eq(country).any():
        remedy = "malibook data refresh with a UCDP file brings them in"
        raise BookError(f"no deaths of {country}", where=f"{YEARLY}, {MONTHLY}", remedy=remedy)
    series = monthly(months, country).dropna(subset=["deaths_best"])
    years = series.assign(year=series["month"].dt.year.astype("Int64")).groupby("year", as_index=False)
    return years.agg(deaths=("deaths_best", "sum"), months=("month", "size")).assign(table=MONTHLY)


def held(tables: Mapping[str, pd.DataFrame], country: str) -> pd.DataFrame:
    """Return one row a table that tells countries apart: `table`, `rows` of the country, `first`, `last` (text, missing for none)."""
    out = []
    for name, frame in tables.items():
        own = frame[frame["iso3" if "iso3" in frame else "origin_iso3"] == country]
        times = own[next((t for t in _TIMES if t in own), own.columns[0])].dropna()
        ends = own["end"].dropna() if "end" in own else times
        first, last = (_moment(times.min()), _moment(ends.max())) if len(times) else (None, None)
        out.append({"table": name, "rows": len(own), "first": first, "last": last})
    return pd.DataFrame(out)


def _moment(value: object) -> str:
    return value.strftime("%Y-%m") if isinstance(value, pd.Timestamp) else str(value)
