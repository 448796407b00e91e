"""Coups and violence: the months around each coup, and whether coups follow, or are followed by, more deaths."""

from __future__ import annotations

import numpy as np
import pandas as pd

from malibook.analysis.aftermath import window_ratios
from malibook.errors import BookError

LEAST = 1.0
DRAWS, SEED = 2000, 20200818


def around_dates(panel: pd.DataFrame, dates: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return `dates` with deaths a month in the `window` months before and after each, its own month left out.

    `panel` holds deaths by month and country; `dates` has `iso3`, `month` (first day) and what else is to be kept. Added:
    `before`, `after`, `ratio`, and `share`, the part of all months of that country whose ratio is at least as large: how
    ordinary such a rise is there. A ratio needs one death a month before, else it is missing. Dates without a whole
    window on both sides are left out.
    """
    rows = []
    for date in dates.to_dict("records"):
        if date["iso3"] not in panel:
            remedy = "add the country to the panel"
            raise BookError(f"no deaths of {date['iso3']}", where="analysis.coups", remedy=remedy)
        every = window_ratios(panel[date["iso3"]].dropna(), window)
        if date["month"] not in every.index or every.loc[date["month"], ["before", "after"]].isna().any():
            continue
        ratios = every["ratio"].where(every["before"] >= LEAST)
        here, ratio = every.loc[date["month"]], ratios[date["month"]]
        share = float((ratios.dropna() >= ratio).mean()) if pd.notna(ratio) else np.nan
        rows.append(date | {"before": here["before"], "after": here["after"], "ratio": ratio, "share": share})
    return pd.DataFrame(rows)


def rising_share(panel: pd.DataFrame, window: int) -> float:
    """Return the share of all months and countries followed by more deaths a month than came before, over `window` months.

    Months with less than one death a month before are left out, as in `around_dates`.
    """
    every = pd.concat([window_ratios(panel[iso3].dropna(), window) for iso3 in panel])
    ratios = every["ratio"].where(every["before"] >= LEAST).dropna()
    return float((ratios > 1).mean())


def coup_correlations(
    deaths: pd.DataFrame, coups: pd.DataFrame, *, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """Return how coup years go with deaths, over all country-years: `measure`, `years`, `correlation`, `p`.

    `deaths` is by year and country; a country-year counts as one of a coup where at least one succeeded. `level before` is
    log(deaths + 1) in the year before, `rise into` its change into the coup year, `rise after` the change into the next.
    `p` is the share of random shuffles of each country's coup years with a correlation as far from nought.
    """
    logs = np.log1p(deaths.astype(float))
    won = coups[coups["successful"] > 0]
    years = pd.crosstab(won["month"].dt.year, won["iso3"]).reindex(index=logs.index, columns=logs.columns, fill_value=0)
    coup = (years > 0).astype(float)
    measures = {"level before": logs.shift(1), "rise into": logs.diff(), "rise after": logs.diff().shift(-1)}
    rng = np.random.default_rng(seed)
    out = []
    for name, measure in measures.items():
        inside = measure.dropna()
        x, y = inside.to_numpy(), coup.loc[inside.index].to_numpy()
        real = _correlation(x, y)
        shuffled = [_correlation(x, rng.permuted(y, axis=0)) for _ in range(draws)]
        p = float((np.abs(shuffled) >= abs(real) - 1e-12).mean())
        out.append({"measure": name, "years": int(y.size), "coups": int(y.sum()), "correlation": real, "p": p})
    return pd.DataFrame(out)


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return the correlation over all cells, each country's mean taken out first, so that levels of countries do not count."""
    a, b = (values - values.mean(axis=0) for values in (x, y))
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / scale) if scale > 0 else float("nan")
