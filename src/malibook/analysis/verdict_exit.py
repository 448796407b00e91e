"""Claims about Wagner's exit in June 2025, tested as chapter 4 tests them: beside the change at every other date."""

from __future__ import annotations

import pandas as pd

from malibook.analysis import shares
from malibook.analysis.aftermath import Placebo, placebo
from malibook.analysis.forecasts import of_a_change, of_rises
from malibook.analysis.series import monthly
from malibook.analysis.shift import by_region
from malibook.analysis.verdict_readers import need, people
from malibook.analysis.verdict_rules import CONTESTED, CONTRADICTED, OF_SCORE, Bench, Finding, of_rise
from malibook.errors import BookError

EXIT, START, QUARTERS = "2025-06-06", "2018-01-01", 3


def deaths_around(bench: Bench, countries: tuple[str, ...]) -> Placebo:
    """Return deaths a month before and after the exit in the countries together, beside all placebo dates."""
    rows = [monthly(bench.table("violence_month"), iso, START).set_index("month")["deaths_best"] for iso in countries]
    return placebo(pd.concat(rows, axis=1).dropna().astype(float).sum(axis=1), EXIT, bench.months)


def neighbours(bench: Bench) -> Finding:
    """Judge "the neighbours will feel it": deaths in Burkina Faso and in Niger, each by itself, as chapter 4 does.

    Open where the two do not agree. Values: `bfa_before`, `bfa_after`, `ner_before`, `ner_after`.
    """
    found = {iso: deaths_around(bench, (iso,)) for iso in ("BFA", "NER")}
    values = {f"{iso.lower()}_{side}": getattr(one, side) for iso, one in found.items() for side in ("before", "after")}
    return Finding(OF_SCORE[of_rises(*found.values())], values)


def moved(bench: Bench) -> tuple[pd.Series, bool]:
    """Return the south and west's share of events before and after the exit, and whether no earlier quarter since 2018
    shows as large a shift."""
    events = shares.wide(by_region(bench.table("violence_region_quarter"), START), "events")
    need(set(shares.SOUTH_AND_WEST) <= set(events.columns), f"quarters by region since {START}")
    here, others = shares.shift_at(shares.share_shifts(events, QUARTERS), EXIT, QUARTERS)
    return here, bool((others.abs() < here["shift"]).all())


def reach(bench: Bench) -> Finding:
    """Judge "armed groups may gain from it": they did where the map moved as never before; the cause is not shown.

    Values: `before`, `after` (shares of the south and west).
    """
    here, alone = moved(bench)
    return Finding(CONTESTED if alone else CONTRADICTED, {"before": here["before"], "after": here["after"]})


def landscape(bench: Bench) -> Finding:
    """Judge "security will change": in its level, and in its places. Values: `ratio` of the level, `shift`."""
    level, (here, alone) = deaths_around(bench, ("MLI",)), moved(bench)
    return Finding(OF_SCORE[of_a_change(level.stands_out, alone)], {"ratio": level.ratio, "shift": here["shift"]})


def sides(bench: Bench) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return deaths by side in the months before and after the month of the exit."""
    rows = bench.table("violence_dyad_month")
    rows, middle = rows[rows["iso3"] == "MLI"], pd.Timestamp(EXIT).replace(day=1)
    first, last = (middle + pd.DateOffset(months=n) for n in (-bench.months, bench.months))
    wanted = pd.date_range(first, last, freq="MS")
    if not set(wanted) <= set(rows["month"]):
        raise BookError("no months by side around the exit", where="verdicts", remedy="choose a smaller window_months")
    found = shares.by_side(rows, wanted)
    return found[found.index < middle], found[found.index > middle]


def factions(bench: Bench) -> Finding:
    """Judge "factions may fight one another": deaths between armed groups. Values: `before`, `after`, `months`."""
    before, after = (part[shares.BETWEEN_GROUPS].sum() for part in sides(bench))
    values = {"before": before, "after": after, "months": bench.months}
    return Finding(of_rise(before, after, bench.margin), values)


def harm(bench: Bench) -> Finding:
    """Judge "civilians will be harmed": refugees at year's end, and deaths in one-sided violence, each risen or not."""
    killed = [part[[shares.BY_RUSSIA, shares.BY_MALI, shares.BY_OTHERS]].to_numpy().sum() for part in sides(bench)]
    fled = [people(bench, "MLI", year, "refugees-abroad") for year in (2024, 2025)]
    score = of_a_change(fled[1] > fled[0], killed[1] > killed[0])
    values = {"fled_before": fled[0], "fled_after": fled[1], "killed_before": killed[0], "killed_after": killed[1]}
    return Finding(OF_SCORE[score], values)


def base_attacks(bench: Bench) -> Finding:
    """Judge "attacks on the army rose before the exit": JNIM's attacks in our events, a month of thirty days.

    Values: `before` (the year less a month), `after` (the last thirty days).
    """
    bench.need_until(EXIT)
    rows, exit_day = bench.table("events"), pd.Timestamp(EXIT)
    actors = rows["actors"].fillna("").str.split(";")
    hit = (rows["category"] == "battle") & actors.map({"jnim", "fama"}.issubset) & (rows["confidence"] != "low")
    ago = (exit_day - rows["date"]).dt.days
    before, after = int((hit & ago.between(31, 365)).sum()) / (335 / 30), int((hit & ago.between(1, 30)).sum())
    return Finding(of_rise(before, after, bench.margin), {"before": before, "after": after})


def beside_the_army(bench: Bench) -> Finding:
    """Judge "the army is alone now": events after the exit with Africa Corps and the army. Values: `value`."""
    bench.need_until(EXIT)
    rows = bench.table("events")
    actors = rows["actors"].fillna("").str.split(";")
    hit = actors.map({"africa-corps", "fama"}.issubset) & (rows["date"] > EXIT) & (rows["confidence"] != "low")
    return Finding(CONTRADICTED if hit.sum() > 2 else CONTESTED, {"value": int(hit.sum())})
