"""Soldiers against deaths: dated strengths of a force beside the violence before and after each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from malibook.errors import BookError


def strengths(deployments: pd.DataFrame, operations: Sequence[str], scopes: Sequence[str]) -> pd.DataFrame:
    """Return the dated strengths of some operations within some areas, in order of time; `value` is in persons.

    Only the measure `strength` with a day or a month counts: no ceiling, plan or peak, and no figure known by its year
    alone. Areas are named because soldiers in Mali and soldiers in five countries are different counts. Raises
    `BookError` where nothing is left.
    """
    rows = deployments[deployments["operation"].isin(operations) & deployments["scope"].isin(scopes)]
    rows = rows[(rows["measure"] == "strength") & rows["value"].notna() & (rows["date_precision"] != "year")]
    if rows.empty:
        what = f"no strength of {', '.join(operations)} in {', '.join(scopes)}"
        raise BookError(what, where="deployments", remedy="check the operations and the scopes")
    return rows.sort_values("date")


def ceiling(deployments: pd.DataFrame, operation: str) -> pd.DataFrame:
    """Return the authorised strength of an operation as steps: `date`, `value`, military and police together.

    A ceiling stands until the next one of its kind.
    """
    rows = deployments[(deployments["operation"] == operation) & (deployments["measure"] == "authorised")]
    kinds = rows["measure_note"].str.contains("police").map({True: "police", False: "military"})
    table = rows.assign(kind=kinds).pivot_table(index="date", columns="kind", values="value", aggfunc="last")
    return table.ffill().sum(axis=1).rename("value").reset_index()


def beside_deaths(
    points: pd.DataFrame, series: pd.DataFrame, column: str, months: int = 12, skip: Iterable[object] = ()
) -> pd.DataFrame:
    """Return each dated strength with deaths a month in the `months` before and after its own month.

    Columns `id`, `date`, `operation`, `value`, `before`, `after` (missing where fewer months are known) and
    `per_thousand`: deaths a month after the date for each thousand soldiers. Months in `skip` are left out of the means.
    """
    deaths = series.set_index("month")[column].astype(float)
    left_out = pd.to_datetime(list(skip))
    rows = []
    for point in points.itertuples():
        here = point.date.replace(day=1)
        before = deaths[(deaths.index >= here - pd.DateOffset(months=months)) & (deaths.index < here)]
        after = deaths[(deaths.index > here) & (deaths.index <= here + pd.DateOffset(months=months))]
        means = [
            side[~side.index.isin(left_out)].mean() if len(side) == months else float("nan") for side in (before, after)
        ]
        rows.append([point.id, point.date, point.operation, float(point.value), *means])
    out = pd.DataFrame(rows, columns=["id", "date", "operation", "value", "before", "after"])
    return out.assign(per_thousand=1000 * out["after"] / out["value"].where(out["value"] > 0))
