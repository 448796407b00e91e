"""Where and by whose hand: the centre's share, the move to the south and west, the deaths coded to Russia."""

from __future__ import annotations

import pandas as pd

from malibook.analysis import shares
from malibook.analysis.arrival import poisson_interval
from malibook.analysis.shift import by_region
from malibook.analysis.spec_exit import beside_placebos
from malibook.analysis.specifications import Bench, Estimate, Spec

CENTRE = {"Mopti, Ségou": ("Mopti", "Ségou"), "Mopti": ("Mopti",), "with Gao (tri-border)": ("Mopti", "Ségou", "Gao")}
SOUTH = {
    "five regions": shares.SCHEMES["five-regions"],
    "without Ségou": shares.SCHEMES["without-segou"],
    "without Bamako": shares.SCHEMES["without-bamako"],
    "Kayes and Sikasso": shares.SCHEMES["kayes-and-sikasso"],
}
WITH_RUSSIA, BY_STATE = "coded to Russia", "coded to Russia or Mali"
WHO = {WITH_RUSSIA: [shares.BY_RUSSIA], BY_STATE: [shares.BY_RUSSIA, shares.BY_MALI]}
EXIT_MONTH, FIRST_CODED, LAST_CODED = (pd.Timestamp(d) for d in ("2025-06-01", "2025-01-01", "2026-02-01"))
DEATHS, EVENTS = "deaths", "events"
POINTS, FACTOR = "points", "factor"
FIRST_PLACEBO = pd.Timestamp("2018-01-01")
SAME_SEASON, JUST_BEFORE = "same quarters a year before", "quarters just before"
NOTHING = Estimate(float("nan"))


def wide(bench: Bench, measure: str) -> pd.DataFrame:
    """Return one row a quarter and one column a region."""
    quarters = bench.table("violence_region_quarter")
    return bench.once(("wide", measure), lambda: shares.wide(by_region(quarters, "2010-01-01", bench.end), measure))


def centre_share(bench: Bench, spec: Spec) -> Estimate:
    """Return the chosen regions' share of all deaths or events in later years over that in earlier ones."""
    table, chosen = wide(bench, spec["measure"]), list(CENTRE[spec["regions"]])
    parts = []
    for name in ("before", "after"):
        first, last = spec[name].split("–")
        rows = table.loc[f"{first}-01-01" : f"{last}-12-31"]
        if len(rows) < 4 * (int(last) - int(first) + 1):
            return NOTHING
        parts.append(float(rows[chosen].to_numpy().sum() / rows.to_numpy().sum()))
    return Estimate(parts[1] / parts[0], n=len(table))


def south_share(bench: Bench, spec: Spec) -> Estimate:
    """Return the change of the share of the south and west at the exit, in percentage points or as a factor.

    Its interval leaves out no change where the change lies outside the middle 90 per cent of those at quarters since 2018 whose
    windows end before the exit.
    """
    table, width = wide(bench, spec["measure"]), spec["quarters"]
    part = table[list(SOUTH[spec["regions"]])].sum(axis=1).rolling(width).sum()
    share = part / table.sum(axis=1).rolling(width).sum()
    after = share.shift(1 - width) if spec["side"] == "after" else share.shift(-width)
    before = share if spec["side"] == "before" else share.shift(1)
    earlier = after.shift(4) if spec["baseline"] == SAME_SEASON else before
    points = spec["scale"] == POINTS
    change = (100 * (after - earlier) if points else after / earlier.where(earlier > 0)).dropna()
    here, reach = EXIT_MONTH - pd.DateOffset(months=2), pd.DateOffset(months=3 * width)
    if here not in change.index:
        return NOTHING
    fakes = change[(change.index - reach >= FIRST_PLACEBO) & (change.index + reach < here)]
    value = float(change[here])
    if not points:
        return beside_placebos(value, fakes, 2 * width)
    low, high = fakes.quantile([0.05, 0.95])
    return Estimate(value, value - high, value - low, 2 * width)


def coded_to_russia(bench: Bench, spec: Spec) -> Estimate:
    """Return civilians killed a month by those chosen after June 2025 over before, with Chapter 2's overdispersed interval."""
    if bench.end < LAST_CODED:
        return NOTHING
    column = "events" if spec["measure"] == EVENTS else "deaths_best"
    table = bench.once(("sides", column), lambda: _by_side(bench, column))
    values = table[WHO[spec["who"]]].sum(axis=1)
    here = values.index.get_loc(EXIT_MONTH)
    first = here + (spec["side"] == "before")
    last = here + (spec["side"] != "after")
    before = values.iloc[first - spec["before"] : first].to_numpy()
    after = values.iloc[last : last + spec["after"]].to_numpy()
    if len(after) < spec["after"] or before.sum() <= 0 or after.sum() <= 0:
        return NOTHING
    return Estimate(float(after.mean() / before.mean()), *poisson_interval(before, after), len(before) + len(after))


def _by_side(bench: Bench, column: str) -> pd.DataFrame:
    rows = bench.table("violence_dyad_month")
    return shares.by_side(rows[rows["iso3"] == "MLI"], pd.date_range(FIRST_CODED, LAST_CODED, freq="MS"), column)
