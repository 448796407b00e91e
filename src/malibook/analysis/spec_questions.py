"""The questions with a date at which something is said to have changed, or not: exit, arrival, departure, neighbours, breaks."""

from __future__ import annotations

from malibook.analysis import spec_agree as agree
from malibook.analysis import spec_breaks as brk
from malibook.analysis import spec_exit as leave
from malibook.analysis import spec_neighbours as others
from malibook.analysis import spec_steps as steps
from malibook.analysis.specifications import Question

WINDOWS, MARCH = (12, 24, 36), (steps.WITH_MARCH, steps.WITHOUT_MARCH)
BASELINES, SEASONS = (steps.AS_LONG, steps.FOUR_YEARS), (steps.PLAIN, steps.WAVE)
ARRIVAL, LAST_UNIT = "2021-12-24", "2022-08-15"

EXIT_SURGE = Question(
    "exit-surge", "The French exit and the level of violence",
    "The level of violence takes no step up when the French leave.",
    "01-french-intervention", "step-exit-ratio", "level after over level before",
    published={"series": steps.BEST, "day": LAST_UNIT, "window": 24, "baseline": steps.AS_LONG, "march": steps.WITHOUT_MARCH,
               "model": steps.POISSON, "season": steps.PLAIN},
    choices={"series": (steps.LOW, steps.BEST, steps.HIGH, steps.EVENTS, steps.ACLED_DEATHS, steps.ACLED_EVENTS),
             "day": ("2022-02-17", LAST_UNIT, "2022-11-09"), "window": WINDOWS, "baseline": BASELINES, "march": MARCH,
             "model": tuple(steps.MODELS), "season": SEASONS},
    estimator=steps.step, agreement=agree.no_rise(), tables=("violence_month", "violence_region_quarter"), causal=True,
    allowed=steps.reasonable, at_dates=steps.steps_on,
)  # fmt: skip

WAGNER_CIVILIANS = Question(
    "wagner-civilians", "Wagner's arrival and the killing of civilians",
    "More civilians are killed a month after Wagner's arrival than before it.",
    "02-wagner-arrival", "civ-ratio", "a month, after over before",
    published={"series": steps.CIVILIANS, "day": ARRIVAL, "window": 24, "baseline": steps.AS_LONG, "march": steps.WITH_MARCH,
               "model": steps.MEANS, "season": steps.PLAIN},
    choices={"series": (steps.CIVILIANS, steps.ATTACKS), "day": ("2021-09-13", ARRIVAL, "2022-02-01"), "window": (6, *WINDOWS),
             "baseline": BASELINES, "march": MARCH, "model": tuple(steps.MODELS), "season": SEASONS},
    estimator=steps.step, agreement=agree.rises(), tables=("violence_month",), causal=True,
    allowed=steps.reasonable, at_dates=steps.steps_on,
)  # fmt: skip

WAGNER_EXIT = Question(
    "wagner-exit", "Wagner's exit and the level of violence",
    "The level of violence does not break when Wagner leaves.",
    "04-withdrawal-aftermath", "ratio", "violence a month, after over before",
    published={"series": steps.BEST, "day": "2025-06-06", "window": 5, "side": leave.NEITHER, "baseline": leave.JUST_BEFORE,
               "model": leave.MEANS, "december": leave.AS_CODED},
    choices={"series": (*leave.SERIES, steps.ACLED_EVENTS), "day": ("2025-06-06",), "window": (3, 5, 6, 8, leave.WHOLE),
             "side": (leave.NEITHER, leave.AFTER, leave.BEFORE),
             "baseline": (leave.JUST_BEFORE, leave.YEAR_BEFORE, leave.TWO_YEARS, leave.ADJUSTED),
             "model": (leave.MEANS, leave.LOGS, leave.MEDIANS), "december": (leave.AS_CODED, leave.LEFT_OUT)},
    estimator=leave.change_at_exit, agreement=agree.no_change(),
    tables=("violence_month", "violence_part_year", "violence_region_quarter"), causal=True, allowed=leave.reasonable,
)  # fmt: skip

NEIGHBOURS = Question(
    "neighbours", "Mali against its neighbours",
    "Set beside other countries, Mali shows no effect of the change of partners.",
    "05-regional-comparison", "did-both", "Mali's change over the others'",
    published={"group": "both neighbours", "day": ARRIVAL, "window": 24, "march": "all months", "model": others.MEANS,
               "estimate": "best"},
    choices={"group": tuple(others.CONTROLS), "day": (ARRIVAL, LAST_UNIT), "window": WINDOWS,
             "march": ("all months", others.WITHOUT_MARCH), "model": (*others.MODELS, others.SYNTHETIC, others.SHIFTED),
             "estimate": ("best", "high")},
    estimator=others.against_others, agreement=agree.no_change(), tables=("violence_month", "population"), causal=True,
    allowed=others.reasonable, at_dates=others.against_others_on,
)  # fmt: skip

BREAK_CHOICES = {
    "series": (steps.LOW, steps.BEST, steps.HIGH, steps.EVENTS, steps.ACLED_DEATHS, steps.ACLED_EVENTS),
    "scale": (brk.LOG_SCALE, brk.ROOT_SCALE), "penalty": (2.0, 3.0, 4.0, 6.0), "shortest": (6, 12),
}  # fmt: skip
BREAK = {"series": steps.BEST, "scale": brk.LOG_SCALE, "penalty": 3.0, "shortest": 6, "start": "2012-01-01"}

RISE_2017 = Question(
    "rise-2017", "The beginning of the long rise", "The lasting rise of violence begins in January 2017.",
    "01-french-intervention", "break-rise", "months after January 2017",
    published=BREAK | {"end": "2024-12-31"}, choices=BREAK_CHOICES | {"start": ("2012-01-01", "2014-01-01"), "end": ("2019-12-31", "2024-12-31", "2026-02-28")},
    estimator=brk.first_rise, agreement=agree.near(6, 1), tables=("violence_month", "violence_region_quarter"), neutral=0.0, distinct=False,
)  # fmt: skip

SURGE_2021 = Question(
    "surge-before-exit", "The surge and the exit, in order", "The surge breaks out before the last French unit leaves.",
    "01-french-intervention", "surge-to-exit", "months before August 2022",
    published=BREAK | {"march": brk.WITH_MARCH, "end": "2024-12-31"},
    choices=BREAK_CHOICES | {"start": ("2012-01-01",), "march": (brk.WITH_MARCH, brk.CALM), "end": ("2024-12-31", "2026-02-28")},
    estimator=brk.surge_lead, agreement=agree.above(0, 6, "before the exit", "half a year or more before it"),
    tables=("violence_month", "violence_region_quarter"), neutral=0.0, distinct=False,
)  # fmt: skip

DATED = (EXIT_SURGE, WAGNER_CIVILIANS, WAGNER_EXIT, NEIGHBOURS, RISE_2017, SURGE_2021)
