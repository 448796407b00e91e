"""Published findings on violence around Wagner's arrival, computed again from this book's tables.

One function a finding. Each takes `findings` and whole series (not the chapter's window, since a finding names its own
period). Our series is UCDP's; most findings rest on ACLED or on inquiries of the UN. A difference is one between ways
of counting before it is an error of either.
"""

from __future__ import annotations

import pandas as pd

from malibook.analysis.outcome import ELSEWHERE, Replication, deaths_between, per_day, published, tested

Q4_2021, Q1_2022, Q2_2022 = ("2021-10-01", "2021-12-31"), ("2022-01-01", "2022-03-31"), ("2022-04-01", "2022-06-30")
MARCH = ("2022-03-01", "2022-03-31")
SINCE_ARRIVAL, ACLED_SPAN = ("2021-12-01", "2023-06-30"), ("2022-01-01", "2023-07-21")
LAST_BEFORE = "2021-11-30"
_NO_SIDES = "our copy of UCDP names the sides from 2025 only"
_ALL_SIDES = "Ours counts all perpetrators, so it can refute and not confirm"
WITHOUT_REGIONS = {"hrw-2022-islamic-state": "Needs deaths by region: ACLED has them, and this run leaves its data out"}
OUT_OF_REACH = {
    "acled-2022-wagner-civilian-share": f"Needs events by perpetrator; {_NO_SIDES}",
    "acled-2022-wagner-civilian-deaths": f"Needs deaths by perpetrator; {_NO_SIDES}",
    "minusma-2022-q2-security-forces": f"Needs deaths by perpetrator; {_NO_SIDES}",
    "un-panel-2022-robinet": "Needs single events; our copy of UCDP has months",
    "acled-2024-after-prigozhin": "Needs ACLED's coding of Russian units, which its open summary does not carry",
    "csis-2022-wagner": "Only the opening of the paper was read, so its percentages are not known to us",
    "sentry-2025-wagner": "Only the press release was read; it gives a judgement and no figure",
}


def minusma_q1_change(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilian deaths, first quarter of 2022 over the last of 2021."""
    ours = deaths_between(series, *Q1_2022) / deaths_between(series, *Q4_2021)
    total = deaths_between(series, *Q1_2022, "deaths_best") / deaths_between(series, *Q4_2021, "deaths_best")
    calm = per_day(series, *Q1_2022, without=MARCH) / per_day(series, *Q4_2021)
    why = "Our rise is March 2022 before all else; MINUSMA's figure came out a year before the UN's finding on Moura"
    readings = {"all deaths, fighters included": total, "without March 2022": calm}
    measure = "civilian deaths, Q1 2022 over Q4 2021"
    return tested(findings, "minusma-2022-q1-change", "factor", measure, ours, why, readings)


def minusma_q1_level(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilians killed in the first quarter of 2022."""
    why = "UCDP, which revises for years, counts far more, nearly all of it in March"
    ours = deaths_between(series, *Q1_2022)
    return tested(findings, "minusma-2022-q1-civilians", "level", "civilian deaths, Q1 2022", ours, why)


def minusma_q2_level(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilians killed in the second quarter of 2022."""
    why = "A quarter without a killing as disputed as Moura: the two counts meet"
    ours = deaths_between(series, *Q2_2022)
    return tested(findings, "minusma-2022-q2-civilians", "level", "civilian deaths, Q2 2022", ours, why)


def treasury_change(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilian deaths since December 2021 over those of an equally long span before; other baselines as readings."""
    why = "Met against an equally long span before, missed against others; Washington named no baseline"
    return _since_arrival(findings, "us-treasury-2023-change", series, why)


def acled_fourfold(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """The same comparison, by a newspaper's paraphrase of ACLED."""
    why = "Met against an equally long span before, missed against others; the newspaper names no baseline"
    return _since_arrival(findings, "acled-2023-fourfold", series, why)


def nearest_baseline(findings: pd.DataFrame, series: pd.DataFrame, longest: int = 36) -> tuple[int, float]:
    """Return how many months before December 2021 make the baseline nearest to Washington's figure, and its factor."""
    after, target = per_day(series, *SINCE_ARRIVAL), published(findings, "us-treasury-2023-change")
    starts = {n: pd.Timestamp("2021-12-01") - pd.DateOffset(months=n) for n in range(6, longest + 1)}
    factors = {n: after / per_day(series, start, LAST_BEFORE) for n, start in starts.items()}
    best = min(factors, key=lambda n: abs(factors[n] - target))
    return best, factors[best]


def acled_doubling(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilian deaths a day, January 2022 to 21 July 2023, over 2018–2021."""
    before = per_day(series, "2018-01-01", "2021-12-31")
    calm = per_day(series, *ACLED_SPAN, without=MARCH) / before
    why = "Holds with March 2022; without it, our ratio falls short of two"
    measure, ours = "civilian deaths a day, 2022 to 21 July 2023 over 2018–2021", per_day(series, *ACLED_SPAN) / before
    return tested(findings, "acled-2023-doubling", "at least", measure, ours, why, {"without March 2022": calm})


def acled_total(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilians killed, January 2022 to 21 July 2023."""
    why = "Probably a difference of rules: ACLED also counts incidents that UCDP's definitions leave out"
    measure, ours = "civilian deaths, 2022 to 21 July 2023", deaths_between(series, *ACLED_SPAN)
    return tested(findings, "acled-2023-shares", "at least", measure, ours, why)


def hrw_by_side(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilians killed by army and jihadists, December 2021 to 15 March 2022: a minimum, by two sides."""
    cut = {"to 15 March, by share of days": deaths_between(series, "2021-12-01", "2022-03-15")}
    why = f"{_ALL_SIDES}; the split by side is out of reach"
    measure = "civilian deaths, December 2021 to February 2022"
    ours = deaths_between(series, "2021-12-01", "2022-02-28")
    return tested(findings, "hrw-2022-civilians-by-side", "part", measure, ours, why, cut)


def acled_nine_incidents(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """Civilians killed in nine incidents of army and Wagner, January to mid-April 2022."""
    why = f"{_ALL_SIDES}; months do not show incidents"
    measure, ours = "civilian deaths, January to mid-April 2022", deaths_between(series, "2022-01-01", "2022-04-15")
    quarter = {"January to March only": deaths_between(series, *Q1_2022)}
    return tested(findings, "acled-2022-nine-incidents", "part", measure, ours, why, quarter)


def ohchr_moura(findings: pd.DataFrame, series: pd.DataFrame) -> Replication:
    """People killed at Moura, 27–31 March 2022, within all civilian deaths of that month."""
    why = "The month has room for the UN's minimum; what UCDP coded for Moura alone is not in a monthly table"
    total = {"all deaths, fighters included": deaths_between(series, *MARCH, "deaths_best")}
    measure, ours = "civilian deaths, March 2022", deaths_between(series, *MARCH)
    return tested(findings, "ohchr-2023-moura", "part", measure, ours, why, total)


def hrw_north_east(findings: pd.DataFrame, regions: pd.DataFrame) -> Replication:
    """Deaths a quarter in Gao Region (with Ménaka), first half of 2022 over 2020–2021; `regions` is `shift.by_region`."""
    gao = regions[regions["region"] == "Gao"].set_index("quarter")[["deaths", "events"]].astype(float)
    ratio = gao.loc["2022-01-01":"2022-06-30"].mean() / gao.loc["2020-01-01":"2021-12-31"].mean()
    why = "ACLED's count for the region jumps in the same months; villages and perpetrators are not in our table"
    measure = "deaths a quarter in Gao Region, first half of 2022 over 2020–2021"
    readings = {"events instead of deaths": ratio["events"]}
    return tested(findings, "hrw-2022-islamic-state", "rise", measure, ratio["deaths"], why, readings)


def nasr_worse(findings: pd.DataFrame, years: pd.DataFrame, conflicts: pd.DataFrame) -> Replication:
    """Deaths of 2022 over 2021, in all (`violence_year`) and in battles with each group (`conflict_year`)."""
    total = years[years["iso3"] == "MLI"].groupby("year")["deaths_best"].sum().astype(float)
    battle = conflicts.set_index(["conflict", "year"])["battle_deaths_best"].astype(float)
    foes = {"battles with JNIM": "Mali: Government", "battles with Islamic State": "Mali: Islamic State"}
    readings = {label: battle[name, 2022] / battle[name, 2021] for label, name in foes.items()}
    why = "Every measure of ours rose; who gained by it cannot be read off deaths"
    measure, ours = "deaths in organised violence, 2022 over 2021", total[2022] / total[2021]
    return tested(findings, "nasr-2022-security", "rise", measure, ours, why, readings)


def swed_arduino_design(findings: pd.DataFrame, years: pd.DataFrame) -> Replication:
    """Deaths a year in Mali, 2022–2025 over 2018–2021: a design made for the Central African Republic, carried over.

    There the authors find that Wagner did better than the state force before it. A finding on another country is not
    tested by ours: the figure is given beside it, without an outcome.
    """
    mali = years[years["iso3"] == "MLI"].pivot(index="year", columns="type", values="deaths_best").astype(float)
    mali["all"] = mali.sum(axis=1)
    ratio = (mali.loc[2022:2025].mean() / mali.loc[2018:2021].mean()).to_dict()
    why = "A finding on another country; the same design shows no fall in Mali (2025 is partly the Africa Corps)"
    measure = "deaths a year in Mali, 2022–2025 over 2018–2021"
    return tested(findings, "swed-arduino-2024-car", ELSEWHERE, measure, ratio.pop("all"), why, ratio)


MONTHLY = (
    minusma_q1_change,
    minusma_q1_level,
    minusma_q2_level,
    treasury_change,
    acled_fourfold,
    acled_doubling,
    acled_total,
    hrw_by_side,
    acled_nine_incidents,
    ohchr_moura,
)


def replicate(
    findings: pd.DataFrame,
    series: pd.DataFrame,
    regions: pd.DataFrame | None,
    years: pd.DataFrame,
    conflicts: pd.DataFrame,
) -> list[Replication]:
    """Return every replication of this module, those with a published figure first; without `regions` not that by region."""
    out = [function(findings, series) for function in MONTHLY]
    out += [] if regions is None else [hrw_north_east(findings, regions)]
    return [*out, nasr_worse(findings, years, conflicts), swed_arduino_design(findings, years)]


def _since_arrival(findings: pd.DataFrame, finding: str, series: pd.DataFrame, why: str) -> Replication:
    after = per_day(series, *SINCE_ARRIVAL)
    baselines = {"2021": "2021-01-01", "2020 and 2021": "2020-01-01", "2018 to 2021": "2018-01-01"}
    readings = {f"against {name}": after / per_day(series, day, LAST_BEFORE) for name, day in baselines.items()}
    measure = "civilian deaths, December 2021 to June 2023 over as long before"
    ours = after / per_day(series, "2020-05-01", LAST_BEFORE)
    return tested(findings, finding, "factor", measure, ours, why, readings)
