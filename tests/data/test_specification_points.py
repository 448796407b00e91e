"""Points of the kept curves by another route: the CSV files, plain numpy, and none of our estimators."""

from __future__ import annotations

import csv
import itertools
import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).resolve().parents[2] / "data" / "tables"
TOP_RANK = {"ucdp-ged": 0, "ucdp-candidate": 1, "conflictforecast": 2}


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def kept(question: str, **spec: object) -> dict[str, float]:
    """The one kept row with these choices."""
    found = [r for r in rows("specifications") if r["question"] == question and json.loads(r["choices"]) == spec]
    assert len(found) == 1, (question, spec)
    return {name: float(found[0][name] or "nan") for name in ("value", "low", "high", "n")}


@cache
def months(country: str, column: str) -> dict[int, float]:
    """One value a month, counted from year nought, of the best dataset that has the month."""
    best: dict[int, tuple[int, str]] = {}
    for r in rows("violence_month"):
        if r["iso3"] == country:
            at, rank = month(r["month"]), TOP_RANK[r["dataset"]]
            best[at] = min(best.get(at, (9, "")), (rank, r[column]))
    return {at: float(value or "nan") for at, (_, value) in best.items()}


def month(day: str) -> int:
    return 12 * int(day[:4]) + int(day[5:7]) - 1


def around(values: dict[int, float], day: str, before: int, after: int, skip: str = "") -> tuple[np.ndarray, ...]:
    """Values before and after a month that counts for neither side, and their distances from it."""
    here = month(day)
    at = [here + d for d in (*range(-before, 0), *range(1, after + 1)) if not skip or here + d != month(skip)]
    distance = np.array(at) - here
    return np.array([values[m] for m in at]), distance


def quarters(column: str, regions: tuple[str, ...] = ()) -> dict[int, float]:
    """Sums of ACLED by whole quarter, counted from year nought."""
    out: dict[int, float] = defaultdict(float)
    for r in rows("violence_region_quarter"):
        if r["months"] == "3" and (not regions or r["region"] in regions):
            out[month(r["quarter"]) // 3] += float(r[column])
    return dict(out)


def newey_west(design: np.ndarray, rest: np.ndarray, bread: np.ndarray, lags: int) -> np.ndarray:
    """Standard errors with Bartlett weights, term by term."""
    size, width = design.shape
    scores, middle = design * rest[:, None], np.zeros((width, width))
    for s in range(size):
        for t in range(size):
            if abs(s - t) <= lags:
                middle += (1 - abs(s - t) / (lags + 1)) * np.outer(scores[s], scores[t])
    return np.sqrt(np.diag(bread @ middle @ bread * size / (size - width)))


T_46 = 2.0128955989  # two-sided 95 per cent of Student’s t with 46 degrees, from printed tables


# --- the causal questions -------------------------------------------------------------------------------------------------

EXIT = {"day": "2022-08-15", "window": 24, "baseline": "as long as after", "season": "none"}


def test_exit_as_a_ratio_of_means():
    for series, column in (("UCDP deaths, best", "deaths_best"), ("UCDP events", "events")):
        counts, d = around(months("MLI", column), "2022-08-15", 24, 24)
        spec = EXIT | {"series": series, "march": "all months", "model": "means"}
        assert kept("exit-surge", **spec)["value"] == pytest.approx(counts[d > 0].mean() / counts[d < 0].mean())


def test_exit_in_logs_with_its_interval():
    counts, d = around(months("MLI", "deaths_high"), "2022-08-15", 24, 24)
    design = np.column_stack([np.ones(48), d > 0]).astype(float)
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ np.log(counts + 1)
    half = T_46 * newey_west(design, np.log(counts + 1) - design @ beta, bread, 3)[1]
    found = kept("exit-surge", **EXIT, series="UCDP deaths, high", march="all months", model="logs")
    assert [found["value"], found["low"], found["high"]] == pytest.approx(np.exp(beta[1] + np.array([0, -half, half])))


def test_exit_as_printed_by_newtons_method():
    counts, d = around(months("MLI", "deaths_best"), "2022-08-15", 24, 24, skip="2022-03-01")
    years, after = d / 12, (d > 0).astype(float)
    design = np.column_stack([np.ones(len(d)), after, years, years * after])
    beta = np.array([np.log(counts.mean()), 0, 0, 0])
    for _ in range(60):
        mean = np.exp(design @ beta)
        beta = beta + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (counts - mean))
    bread = np.linalg.inv(design.T @ (design * np.exp(design @ beta)[:, None]))
    half = 2.0166921992 * newey_west(design, counts - np.exp(design @ beta), bread, 3)[1]  # t with 43 degrees
    found = kept("exit-surge", **EXIT, series="UCDP deaths, best", march="without March 2022", model="Poisson, trends")
    assert [found["value"], found["low"], found["high"]] == pytest.approx(np.exp(beta[1] + np.array([0, -half, half])))


def test_exit_by_acled_quarters():
    events = quarters("events")
    here = month("2022-02-17") // 3
    after = [events[here + k] for k in range(1, 5)]
    before = [events[here - k] for k in range(1, 17)]
    spec = EXIT | {"day": "2022-02-17", "window": 12, "baseline": "four years", "march": "all months", "model": "means"}
    assert kept("exit-surge", **spec, series="ACLED events")["value"] == pytest.approx(np.mean(after) / np.mean(before))


def test_arrival_as_printed_and_in_other_ways():
    base = {"season": "none"}
    counts, d = around(months("MLI", "deaths_civilians"), "2021-12-24", 24, 24)
    spec = base | {"day": "2021-12-24", "window": 24, "baseline": "as long as after", "march": "all months"}
    found = kept("wagner-civilians", **spec, series="civilian deaths", model="means")
    assert found["value"] == pytest.approx(counts[d > 0].mean() / counts[d < 0].mean())
    assert found["n"] == 48
    attacks, d = around(months("MLI", "events_one_sided"), "2021-09-13", 48, 12, skip="2022-03-01")
    step = np.log1p(attacks[d > 0]).mean() - np.log1p(attacks[d < 0]).mean()
    spec = base | {"day": "2021-09-13", "window": 12, "baseline": "four years", "march": "without March 2022"}
    found = kept("wagner-civilians", **spec, series="one-sided events", model="logs")
    assert found["value"] == pytest.approx(np.exp(step))


def ratio_at(values: dict[int, float], here: int, width: int) -> float:
    before = sum(values[here - k] for k in range(1, width + 1))
    return sum(values[here + k] for k in range(1, width + 1)) / before if before else float("nan")


def test_departure_as_printed_with_its_placebos():
    values, here = months("MLI", "deaths_best"), month("2025-06-06")
    value = ratio_at(values, here, 5)
    fakes = [ratio_at(values, m, 5) for m in range(month("2018-01-01") + 5, here - 5)]
    low, high = np.quantile(fakes, [0.05, 0.95])
    spec = {"series": "UCDP deaths, best", "day": "2025-06-06", "window": 5, "december": "as coded", "model": "means"}
    found = kept("wagner-exit", **spec, side="neither", baseline="just before")
    assert [found["value"], found["low"], found["high"]] == pytest.approx([value, value / high, value / low])


def test_departure_in_events_against_the_year_before():
    values, here = months("MLI", "events"), month("2025-06-06")
    after = [values[here + k] for k in range(1, 4)]
    earlier = [values[here + k - 12] for k in range(1, 4)]
    spec = {"series": "UCDP events", "day": "2025-06-06", "window": 3, "december": "as coded", "side": "neither"}
    found = kept("wagner-exit", **spec, baseline="a year before", model="means")
    assert found["value"] == pytest.approx(sum(after) / sum(earlier))
    found = kept("wagner-exit", **spec, baseline="a year before", model="medians")
    assert found["value"] == pytest.approx(np.median(after) / np.median(earlier))


def test_neighbours_by_means_and_by_logs():
    sides = {c: around(months(c, "deaths_best"), "2021-12-24", 24, 24) for c in ("MLI", "BFA", "NER")}
    d = sides["MLI"][1]
    own, other = sides["MLI"][0], sides["BFA"][0] + sides["NER"][0]
    spec = {"day": "2021-12-24", "window": 24, "march": "all months", "estimate": "best"}
    found = kept("neighbours", **spec, group="both neighbours", model="differences, means")
    expected = own[d > 0].sum() / own[d < 0].sum() * other[d < 0].sum() / other[d > 0].sum()
    assert found["value"] == pytest.approx(expected)
    gap = np.log1p(own) - np.log1p(sides["NER"][0])
    found = kept("neighbours", **spec, group="Niger", model="differences, logs")
    design = np.column_stack([np.ones(48), d > 0]).astype(float)
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ gap
    half = T_46 * newey_west(design, gap - design @ beta, bread, 3)[1]
    assert [found["value"], found["low"], found["high"]] == pytest.approx(np.exp(beta[1] + np.array([0, -half, half])))


# --- dates ----------------------------------------------------------------------------------------------------------------


@cache
def exact_breaks(last: str) -> tuple[tuple[int, float], ...]:
    """Every break by exhaustive dynamic programming: the month and the ratio of the levels on its two sides."""
    values = months("MLI", "deaths_best")
    at = list(range(month("2012-01-01"), month(last) + 1))
    logs = np.log1p([values[m] for m in at])
    steps = np.diff(logs)
    noise = np.median(np.abs(steps - np.median(steps))) * 1.4826 / np.sqrt(2)
    penalty, size, shortest = 3.0 * noise**2 * np.log(len(logs)), len(logs), 6

    def cost(a: int, b: int) -> float:
        return float(((logs[a:b] - logs[a:b].mean()) ** 2).sum())

    best, cut = [0.0] + [np.inf] * size, [0] * (size + 1)
    for end in range(shortest, size + 1):
        for start in [0, *range(shortest, end - shortest + 1)]:
            total = best[start] + cost(start, end) + (penalty if start else 0)
            if end - start >= shortest and total < best[end]:
                best[end], cut[end] = total, start
    edges = [size]
    while edges[-1]:
        edges.append(cut[edges[-1]])
    edges = edges[::-1]
    levels = [np.expm1(logs[a:b].mean()) for a, b in itertools.pairwise(edges)]
    return tuple((at[e], levels[i + 1] / levels[i]) for i, e in enumerate(edges[1:-1]))


SEARCH = {"series": "UCDP deaths, best", "scale": "logs", "penalty": 3.0, "shortest": 6, "start": "2012-01-01"}


def test_the_first_lasting_rise_and_the_surge():
    breaks = exact_breaks("2024-12-31")
    first = next(m for m, ratio in breaks if ratio > 1 and m >= month("2014-01-01"))
    assert kept("rise-2017", **SEARCH, end="2024-12-31")["value"] == first - month("2017-01-01")
    span = range(month("2021-01-01"), month("2023-12-31") + 1)
    surge = max((ratio, m) for m, ratio in breaks if ratio > 1 and m in span)[1]
    found = kept("surge-before-exit", **SEARCH, march="all months", end="2024-12-31")
    assert found["value"] == month("2022-08-01") - surge


@pytest.mark.parametrize(("country", "threshold", "span"), [("BFA", 1000, 12), ("NER", 500, 6)])
def test_the_month_in_which_a_neighbour_crossed(country, threshold, span):
    values = months(country, "deaths_best")
    at = range(month("2011-01-01") + span - 1, month("2024-12-31") + 1)
    reached = next(m for m in at if sum(values[m - k] for k in range(span)) >= threshold * span / 12)
    spec = {"country": country, "threshold": threshold, "months": span, "source": "UCDP", "exit": "2022-08-15"}
    assert kept("spill-before-exit", **spec)["value"] == month("2022-08-15") - reached


# --- levels, places, hands, counts ----------------------------------------------------------------------------------------


def yearly(country: str, column: str = "deaths_best") -> dict[int, float]:
    out: dict[int, float] = defaultdict(float)
    for r in rows("violence_year"):
        if r["iso3"] == country:
            out[int(r["year"])] += float(r[column] or r["deaths_best"] or 0)  # no bound given: the best stands for it
    return out


def test_levels():
    best = yearly("MLI")
    base = {"series": "UCDP deaths, best", "types": "all violence", "level": "absolute"}
    assert kept("fell-to-2016", **base, before="2013", after="2016")["value"] == pytest.approx(best[2016] / best[2013])
    spec = base | {"before": "2015–2016", "after": "2019–2020"}
    expected = (best[2019] + best[2020]) / (best[2015] + best[2016])
    assert kept("rose-to-2020", **spec)["value"] == pytest.approx(expected)


def test_deaths_per_head():
    people = {(r["iso3"], int(r["year"])): float(r["population"]) for r in rows("population") if r["population"]}
    rate = {c: yearly(c, "deaths_high")[2023] / people[c, 2023] for c in ("BFA", "MLI")}
    spec = {"series": "UCDP deaths, high", "types": "all violence", "level": "per head", "years": "2023"}
    assert kept("burkina-deadlier", **spec)["value"] == pytest.approx(rate["BFA"] / rate["MLI"])


def test_the_share_of_the_centre():
    def share(first: int, last: int) -> float:
        span = range(first * 4, last * 4 + 4)
        centre, every = quarters("deaths", ("Mopti", "Ségou")), quarters("deaths")
        return sum(centre.get(q, 0) for q in span) / sum(every[q] for q in span)

    spec = {"measure": "deaths", "regions": "Mopti, Ségou", "before": "2012–2014", "after": "2018–2020"}
    assert kept("centre", **spec)["value"] == pytest.approx(share(2018, 2020) / share(2012, 2014))


def test_the_move_to_the_south_and_west():
    chosen, every = quarters("events", ("Kayes", "Sikasso")), quarters("events")
    here = month("2025-06-01") // 3

    def share(at: range) -> float:
        return sum(chosen.get(q, 0) for q in at) / sum(every[q] for q in at)

    spec = {"measure": "events", "regions": "Kayes and Sikasso", "quarters": 2, "side": "neither", "scale": "points"}
    found = kept("south-west", **spec, baseline="quarters just before")
    expected = share(range(here + 1, here + 3)) - share(range(here - 2, here))
    assert found["value"] == pytest.approx(100 * expected)


def test_civilians_coded_to_russia():
    killed: dict[int, float] = defaultdict(float)
    for r in rows("violence_dyad_month"):
        if r["iso3"] == "MLI" and r["type"] == "one-sided" and "Government of Russia" in r["conflict"]:
            killed[month(r["month"])] += float(r["deaths_best"])
    june = month("2025-06-01")
    after, before = (sum(killed[june + s * k] for k in range(1, 4)) for s in (1, -1))
    spec = {"who": "coded to Russia", "measure": "deaths", "before": 3, "after": 3, "side": "neither"}
    assert kept("russia-civilians", **spec)["value"] == pytest.approx(after / before)


def floor(dispute: str) -> float:
    """The largest count by an inquiry that still stands, of killed, of more than low confidence."""
    sound = [
        float(r["value_low"] or r["value"])
        for r in rows("claims")
        if r["dispute"] == dispute and r["unit"] == "killed" and r["confidence"] != "low" and (r["value_low"] or r["value"])
        and r["claimant_kind"] in ("press-investigation", "un", "ngo") and r["standing"] not in ("superseded", "later-contradicted")
    ]  # fmt: skip
    return max(sound, default=float("nan"))


def test_contested_counts_by_inquiries_alone():
    rule = {"evidence": "inquiry or footage", "admissions": "left out", "weak": "left out", "count": "floor"}
    chad = next(float(r["deaths_best"]) for r in rows("events") if r["id"] == "2013-02-22-ifoghas-battle")
    found = kept("foreign-dead", **rule, other="Chad, Ifoghas 2013")
    assert found["value"] == pytest.approx(floor("tinzaouatene-wagner-dead") / chad)
    fights = (
        "aguelhok-2012", "kidal-may-2014", "nampala-2016", "boulkessi-2019", "indelimane-2019", "tabankort-2019", "tessit-2022",
        "dioura-2023", "bamba-2023", "boulkessi-2025",
    )  # fmt: skip
    floors = [floor(name) for name in fights if not np.isnan(floor(name))]
    found = kept("army-dead", **rule, fights="all since 2012")
    assert (found["value"], found["n"]) == (sum(f > floor("tinzaouatene-fama-dead") for f in floors), len(floors))


def test_a_median_at_a_placebo_date():
    """The curve of the neighbours at one earlier month, its two plainest models by hand, lies about the kept median."""
    row = next(r for r in rows("specification_placebos") if r["question"] == "neighbours" and r["day"] == "2018-01-01")
    assert int(row["specs"]) > 20
    assert float(row["low"]) <= float(row["median"]) <= float(row["high"])
    own, d = around(months("MLI", "deaths_best"), "2018-01-01", 12, 12)
    by_hand = []
    for country in ("BFA", "NER", "CAF"):
        other, _ = around(months(country, "deaths_best"), "2018-01-01", 12, 12)
        gap = np.log1p(own) - np.log1p(other)
        by_hand.append(np.exp(gap[d > 0].mean() - gap[d < 0].mean()))
        by_hand.append(own[d > 0].sum() / own[d < 0].sum() * other[d < 0].sum() / other[d > 0].sum())
    assert min(by_hand) <= float(row["median"]) <= max(by_hand)
