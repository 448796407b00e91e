"""What a refresh changes, said so that a person can judge it: rows added, changed, removed; totals by year before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

# The figure that is added up, what its series are told apart by, and the column that has the year.
TOTALS = {
    "displacement": ("value", "measure", "year"),
    "population": ("population", "iso3", "year"),
    "refugees_by_host": ("refugees", "origin_iso3", "year"),
    "violence_dyad_month": ("deaths_best", "type", "month"),
    "violence_events": ("deaths_best", "dataset", "date"),
    "violence_month": ("deaths_best", "dataset", "month"),
    "violence_part_year": ("deaths_best", "type", "end"),
    "violence_region_quarter": ("deaths", "", "quarter"),
    "violence_year": ("deaths_best", "type", "year"),
}
MOST_LINES = 14
Total = tuple[str, str, int | None, int | None]


@dataclass(frozen=True)
class Difference:
    """One table before and after: rows by what happened to them, columns that changed, yearly totals that moved."""

    table: str
    before: int
    after: int
    added: int
    removed: int
    changed: int
    relabelled: int
    columns: tuple[tuple[str, int], ...]
    totals: tuple[Total, ...]
    touched: tuple[str, ...] = ()  # the countries whose rows changed, where that is not all of them

    @property
    def nothing(self) -> bool:
        """Return whether the table stays as it is, byte for byte."""
        return not (self.added or self.removed or self.changed or self.relabelled)


def compare(table: str, old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> Difference:
    """Return the difference of two states of a table, all cells text. `relabelled` rows differ in their vintage only."""
    one, two = _keyed(old, key), _keyed(new, key)
    both = two.index.intersection(one.index)
    here, there = one.loc[both], two.loc[both]
    columns = Counter({name: int((here[name] != there[name]).sum()) for name in new.columns})
    values = [name for name in new.columns if name != "vintage"]
    moved = (here[values] != there[values]).any(axis=1)
    label = (here["vintage"] != there["vintage"]) & ~moved if "vintage" in new else moved & False
    odd = [*both[moved | label], *two.index.difference(both), *one.index.difference(both)]
    place, touched = _touched(old, new, key, set(odd))
    if touched:
        old, new = (frame[frame[place].isin(touched)] for frame in (old, new))
    return Difference(
        table,
        len(one),
        len(two),
        len(two) - len(both),
        len(one) - len(both),
        int(moved.sum()),
        int(label.sum()),
        tuple((name, count) for name, count in columns.most_common() if count and name != "vintage"),
        _totals(table, old, new),
        touched,
    )


def lines(differences: Iterable[Difference]) -> list[str]:
    """Return the differences as lines of text, a block a table."""
    out = []
    for d in differences:
        if d.nothing:
            out.append(f"{d.table}: no change ({d.after:,} rows)")
            continue
        out.append(f"{d.table}: {d.before:,} -> {d.after:,} rows; {_counts(d)}")
        if d.columns:
            out.append("  changed cells: " + ", ".join(f"{name} {count:,}" for name, count in d.columns[:6]))
        if d.totals:
            value, series, _ = TOTALS[d.table]
            of = f" of {', '.join(d.touched)}" if d.touched else ""
            out.append(f"  {value}{of} by year{' and ' + series if series else ''}: before -> after")
            if len(d.totals) > MOST_LINES:
                out.append(f"    … {len(d.totals) - MOST_LINES} earlier ones moved too")
            out += [_total(total) for total in d.totals[-MOST_LINES:]]
    return out


def _touched(old: pd.DataFrame, new: pd.DataFrame, key: list[str], odd: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the country column and the countries with rows that changed; none where those are all, or there is none."""
    place = next((name for name in ("iso3", "origin_iso3") if name in new), "")
    if not place:
        return "", ()
    found: set[str] = set()
    for frame in (old, new):
        found |= set(frame.loc[_keyed(frame, key).index.isin(odd), place])
    everyone = set(old[place]) | set(new[place])
    return place, tuple(sorted(found)) if found < everyone else ()


def _keyed(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return table.set_index(pd.Index(table[key].agg("\t".join, axis=1) if len(table) else [], dtype=object))


def _totals(table: str, old: pd.DataFrame, new: pd.DataFrame) -> tuple[Total, ...]:
    if table not in TOTALS:
        return ()
    before, after = _by_year(table, old), _by_year(table, new)
    keys = sorted(before.index.union(after.index), key=lambda key: (key[1], key[0]))
    pairs = [(key, _int(before.get(key)), _int(after.get(key))) for key in keys]
    return tuple((key[0], key[1], one, two) for key, one, two in pairs if one != two)


def _by_year(table: str, frame: pd.DataFrame) -> pd.Series:
    value, series, date = TOTALS[table]
    names = frame[series] if series else pd.Series("", index=frame.index)
    return pd.to_numeric(frame[value]).groupby([names.rename("series"), frame[date].str[:4].rename("year")]).sum()


def _total(total: Total) -> str:
    series, year, before, after = total
    moved = f"{after - before:+,}" if before is not None and after is not None else "new" if before is None else "gone"
    show = ["-" if figure is None else f"{figure:,}" for figure in (before, after)]
    return f"    {year} {series:22}{show[0]:>11} -> {show[1]:>11}  {moved}"


def _counts(d: Difference) -> str:
    parts = [(d.added, "added"), (d.changed, "changed"), (d.removed, "removed"), (d.relabelled, "new vintage only")]
    return ", ".join(f"{count:,} {what}" for count, what in parts if count)


def _int(figure: float | None) -> int | None:
    return None if figure is None or pd.isna(figure) else int(figure)
