"""Stop a refresh that is formally right but probably a mistake: an older release, rows that vanish, totals that jump."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from malibook.evidence.loaders.merge import as_text
from malibook.evidence.loaders.part import Part
from malibook.evidence.loaders.releases import age
from malibook.evidence.problem import Problem

LOST = 0.05  # share of the replaced rows that may go without being asked about
MOVED = 0.25  # share by which a total over the rows that both have may move; UCDP's revisions stay far below
LEAST = 100
STABLE = {
    "population": "population",
    "violence_month": "deaths_best",
    "violence_region_quarter": "deaths",
    "violence_year": "deaths_best",
    "displacement": "value",
}
OLDER = "give the newer file, or add --allow-older"
LARGE = "check that the file is whole and the right one; if it is, add --accept-large-changes"


def older(part: Part, old: pd.DataFrame, stated: str) -> Iterator[Problem]:
    """Yield where a part is older than the rows it replaces; `stated` is the table's vintage where rows have none."""
    replaced = old[part.replaces(old)]
    if replaced.empty or part.another(old):
        return
    present = replaced["vintage"].unique() if "vintage" in old else [stated]
    for vintage in present:
        same = vintage.replace("UCDP ", "").split()[0] == part.vintage.split()[0]
        if same and len(age(vintage)) == len(age(part.vintage)) and age(part.vintage) < age(vintage):
            what = f"{part.vintage} is older than what the package holds ({vintage})"
            yield Problem(f"data/tables/{part.table}.csv", None, "vintage", part.vintage, what, OLDER)


def jumps(part: Part, old: pd.DataFrame, key: list[str]) -> Iterator[Problem]:
    """Yield where a part loses many rows that the table has, or moves their total by more than a revision would."""
    value = STABLE.get(part.table)
    if value is None or part.another(old):
        return
    replaced, new = old[part.replaces(old)], as_text(part.rows)
    if part.table == "violence_region_quarter":
        key = [*key, "months"]  # a quarter that was not complete may grow
    one, two = (frame.set_index(pd.MultiIndex.from_frame(frame[key]))[value] for frame in (replaced, new))
    where = f"data/tables/{part.table}.csv"
    gone = len(one.index.difference(two.index))
    if part.table != "violence_region_quarter" and gone > max(LOST * len(one), 10):
        yield Problem(where, None, "", "", f"would lose {gone:,} of {len(one):,} rows to {part.vintage}", LARGE)
    both = one.index.intersection(two.index)
    before, after = (int(pd.to_numeric(series.loc[both]).sum()) for series in (one, two))
    if before >= LEAST and abs(after - before) > MOVED * before:
        share = f"{(after - before) / before:+.0%}"
        what = f"the total of {len(both):,} rows would go from {before:,} to {after:,} ({share}) with {part.vintage}"
        yield Problem(where, None, value, "", what, LARGE)
