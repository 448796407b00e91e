"""Armed Conflict Location and Event Data (ACLED), as the Humanitarian Data Exchange gives it: by cercle and month.

ACLED's own terms hold, non-commercial: only sums by region and quarter may be published, with attribution. Units: events
of political violence (battles, explosions and remote violence, violence against civilians), deaths as reported.
"""

from __future__ import annotations

import pandas as pd

from malibook.evidence.loaders import regions
from malibook.evidence.loaders.shape import require, total, whole


def region_quarters(raw: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return `violence_region_quarter` rows: events and deaths by region and quarter, never finer.

    `months` says how many months of the quarter the file covers: less than three at its end. A zero is a true zero, since
    the file lists every cercle in every month.
    """
    require(raw, ["date", "admin1", "admin2", "events", "fatalities"], "ACLED by cercle and month")
    month = pd.PeriodIndex(raw["date"].astype(str), freq="M")
    admin1 = regions.spelled(raw["admin1"])
    rows = pd.DataFrame(
        {
            "region": regions.before_2016(admin1),
            "acled_admin1": admin1,
            "quarter": month.asfreq("Q").start_time.strftime("%Y-%m-%d"),
            "month": month.astype(str),
            "events": whole(raw["events"], "ACLED"),
            "deaths": whole(raw["fatalities"], "ACLED"),
        }
    )
    keys = ["region", "acled_admin1", "quarter"]
    groups = rows.groupby(keys)
    out = pd.DataFrame(
        {
            "events": total(groups["events"]),
            "deaths": total(groups["deaths"]),
            "months": groups["month"].nunique().astype("Int64"),
        }
    )
    return (
        out.reset_index()
        .assign(vintage=vintage)
        .sort_values(["quarter", "region", "acled_admin1"])
        .reset_index(drop=True)
    )
