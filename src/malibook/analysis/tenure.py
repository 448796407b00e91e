"""Who held a place, and from when: spells put together from dated rows, each as sure as its source."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from malibook.errors import BookError

Turn = tuple[str, str, str, str, str]


def spells(rows: pd.DataFrame, turns: Iterable[Turn], until: object) -> pd.DataFrame:
    """Return one row a spell: `place`, `start`, `end`, `holder`, `sure`, `row`.

    `rows` holds `id`, `date`, `date_end` of events, handovers or claims; `turns` names, for each place in order of time, the
    row that begins a spell, who holds the place from then, how sure that is, and a day where the row's text gives one of its
    own (empty: the row's last day). A spell ends where the place's next one begins, the last one on `until`. Raises
    `BookError` for a row that does not exist.
    """
    dated = rows.set_index("id")
    day = dated["date_end"].fillna(dated["date"])
    found = pd.DataFrame(list(turns), columns=["place", "row", "holder", "sure", "day"])
    lost = [r for r in found["row"] if r not in day.index]
    if lost:
        raise BookError(f"no row {lost[0]!r}", where="tenure.spells", remedy="check its id in events and handovers")
    found["start"] = pd.to_datetime(found["day"].mask(found["day"] == "")).fillna(found["row"].map(day))
    found["end"] = found.groupby("place", sort=False)["start"].shift(-1).fillna(pd.Timestamp(until))
    return found.drop(columns="day")
