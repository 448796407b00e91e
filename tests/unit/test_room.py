"""Limits that are each allowed and together leave too few months around `break_date`: refused where the estimators would fail."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from malibook.analysis.aftermath import placebo, rest_of_year
from malibook.analysis.comparison import GROUPS, panel
from malibook.analysis.differences import differences_everywhere, placebos
from malibook.analysis.interrupted import step_at
from malibook.analysis.series import monthly
from malibook.analysis.shares import wide
from malibook.analysis.shift import by_region
from malibook.errors import BookError
from malibook.evidence import Parameters, load, room
from malibook.exhibits import open_chapter
from malibook.press.declared import defaults_of
from malibook.press.runner import check_parameters

TIGHT = [
    ("04-withdrawal-aftermath", {"start": "2021-01-01", "break_date": "2023-01-01"}, "38 whole months from start to break_date, and there are 24"),
    ("04-withdrawal-aftermath", {"start": "2019-08-25", "break_date": "2023-08-17"}, "18 whole quarters from start to break_date, and there are 15"),
    ("04-withdrawal-aftermath", {"end": "2025-12-31", "window_months": 7}, "7 months with values after break_date, and there are 6"),
    ("04-withdrawal-aftermath", {"estimate": "high", "break_date": "2023-10-31", "window_months": 20}, "20 months with values"),
    ("02-wagner-arrival", {"start": "2018-01-01", "break_date": "2018-06-01"}, "8 months from start to break_date, and there are 5"),
    ("02-wagner-arrival", {"end": "2023-06-30", "break_date": "2022-12-31"}, "8 months after it to end, and there are 6"),
    ("05-regional-comparison", {"start": "2016-01-01", "break_date": "2019-03-01"}, "49 months from start to break_date, and there are 38"),
    ("05-regional-comparison", {"start": "2016-01-01", "break_date": "2020-03-31"}, "17 whole quarters"),
    ("05-regional-comparison", {"break_date": "2020-01-25", "window_months": 36}, "too few deaths"),
    ("05-regional-comparison", {"break_date": "2022-12-10", "window_months": 36}, "12 quarters of all five countries after break_date, and there are 8"),
]  # fmt: skip


@pytest.mark.parametrize(("chapter", "given", "says"), TIGHT)
def test_limits_that_collide_are_refused_before_and_in_the_kernel(chapter, given, says):
    with pytest.raises(BookError, match=says) as by_the_press:
        check_parameters(chapter, given)
    with pytest.raises(BookError) as in_the_notebook:
        open_chapter(chapter, Parameters(**(defaults_of(chapter) | given)))
    assert str(by_the_press.value) == str(in_the_notebook.value)


def test_the_tables_reach_as_far_as_the_rules_say():
    mali = load("violence_month").query("iso3 == 'MLI'")
    last = mali["month"].max() + pd.offsets.MonthEnd(0)
    one = monthly(mali, "MLI")
    gap = one.loc[
        one["deaths_high"].isna() & (one["month"] > "2012"), "month"
    ].min()  # candidate data of 2025 have the best estimate alone
    ranged = gap - pd.DateOffset(days=1)
    totals = load("violence_part_year").query("iso3 == 'MLI'")["end"].max()
    quarters = by_region(load("violence_region_quarter"))["quarter"].max() + pd.DateOffset(months=3, days=-1)
    five = load("violence_month").query("iso3 != 'MLI'").groupby("iso3")["month"].max().min() + pd.offsets.MonthEnd(0)
    found = [str(day.date()) for day in (last, ranged, totals, quarters, five)]
    assert found == [room.MONTHS_TO, room.RANGED_TO, room.TOTAL_TO, room.QUARTERS_TO, room.ALL_FIVE_TO]


def made_by(work, *given, **named) -> bool:
    try:
        work(*given, **named)
    except BookError:
        return False
    return True


STARTS = ("2015-01-01", "2017-05-20", "2019-01-01", "2021-01-01")


@pytest.mark.parametrize("start", STARTS)
def test_chapter_4_has_room_exactly_where_its_comparisons_can_be_made(start):
    violence, totals = load("violence_month"), load("violence_part_year").query("iso3 == 'MLI' and type == 'all'")
    quarters = load("violence_region_quarter")
    for day, width, end in product(
        ("2023-01-01", "2024-06-30", "2025-06-06", "2025-09-15"), (3, 8), ("2025-12-31", "2026-08-31")
    ):
        series = monthly(violence, "MLI", start, end)
        values = series.set_index("month")["deaths_best"].astype(float)
        extended = pd.concat([values, rest_of_year(series, totals, "deaths_best", end)])
        widest = min(14, int((extended.index > pd.Timestamp(day).replace(day=1)).sum()))
        regions = wide(by_region(quarters, start, end), "deaths").sum(axis=1)
        here = min(4, int((regions.index > pd.Timestamp(day).to_period("Q").start_time).sum()))
        compared = ((values, width), (extended, widest), (regions, here))
        made = all(made_by(placebo, of, day, reach, start=start) for of, reach in compared)
        asked = {"start": start, "end": end, "break_date": day, "window_months": width}
        assert made == (not room.lacking("04-withdrawal-aftermath", asked)), asked


def test_chapter_2_has_room_exactly_where_its_step_can_be_estimated():
    violence = load("violence_month")
    for start, end, day in product(
        ("2017-08-01", "2018-01-01"),
        ("2023-06-30", "2023-08-01"),
        ("2018-08-01", "2018-09-01", "2022-11-01", "2022-12-31"),
    ):
        months = monthly(violence, "MLI", start, end)
        civilians = months["deaths_civilians"].astype(float)
        made = made_by(step_at, months["month"], civilians, day, 24, skip=["2022-03-01"])
        asked = {"start": start, "end": end, "break_date": day, "window_months": 24}
        assert made == (not room.lacking("02-wagner-arrival", asked)), asked


def test_where_chapter_5_has_room_each_comparison_has_placebo_dates():
    violence = load("violence_month")
    for start, day, width in product(
        ("2005-01-01", "2016-01-01"), ("2019-03-01", "2020-08-31", "2020-09-01", "2021-12-24"), (12, 24, 36)
    ):
        asked = {"start": start, "end": "2026-08-31", "break_date": day, "window_months": width}
        if room.lacking("05-regional-comparison", asked):
            continue
        months = panel(violence, ("MLI", "BFA", "NER", "CAF", "LBY"), start, "2026-08-31", "low")
        for others in (("BFA",), ("NER",), *(group.countries for group in GROUPS.values())):
            placebos(differences_everywhere(months, "MLI", list(others), width), day, width)


def test_nothing_is_said_where_not_all_are_given_and_of_a_chapter_without_a_rule():
    assert not room.lacking("04-withdrawal-aftermath", {"break_date": "2023-01-01"})
    assert not room.lacking("01-french-intervention", {"start": "", "end": "", "break_date": "", "window_months": 1})
