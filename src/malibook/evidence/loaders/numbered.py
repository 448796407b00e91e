"""Countries by number: one name must not stand with the numbers of two, or events would silently go to the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from malibook.evidence.loaders.cells import AS_PUBLISHED
from malibook.evidence.loaders.refusal import refuse

Seen = dict[str, dict[int, list[int]]]  # name, number, the rows that have both: the first one and how many
Rows = Callable[[pd.DataFrame], pd.Series]


def noting(keep: Rows, name: str, number: str, seen: Seen) -> Rows:
    """Return the test `keep`, which from then on notes in `seen` each name and number of all rows it is asked about."""

    def test(frame: pd.DataFrame) -> pd.Series:
        for (text, value), rows in frame.groupby([name, number], sort=False)["row"]:
            seen.setdefault(text, {}).setdefault(int(value), [int(rows.iloc[0]), 0])[1] += len(rows)
        return keep(frame)

    return test


def one_each(seen: Seen, codes: Mapping[int, str], where: str, field: str) -> None:
    """Refuse a file in which one name stands with the numbers of two countries, or with a number that none has."""
    for name, numbers in seen.items():
        if len({codes.get(number) for number in numbers}) > 1:
            rare = min(numbers, key=lambda number: (number in codes, numbers[number][1], -numbers[number][0]))
            others = ", ".join(f"{number} in row {row}" for number, (row, _) in numbers.items() if number != rare)
            what = f"is not the number of {name}, which stands with {others}"
            raise refuse(where, what, AS_PUBLISHED, row=numbers[rare][0], field=field, value=str(rare))
