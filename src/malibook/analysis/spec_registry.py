"""All questions of the robustness chapter: those with a date, and those about levels, places, hands and counts."""

from __future__ import annotations

from malibook.analysis import spec_agree as agree
from malibook.analysis import spec_counts as counts
from malibook.analysis import spec_levels as levels
from malibook.analysis import spec_regions as regions
from malibook.analysis.spec_questions import DATED
from malibook.analysis.specifications import Question
from malibook.errors import BookError

SPANS_BEFORE, UCDP_BEST = ("2013", "2012–2013", "2012–2014"), "UCDP deaths, best"
LEVELS = (levels.ABSOLUTE, levels.PER_HEAD)

FELL = Question(
    "fell-to-2016", "Violence falls to 2016", "Violence fell from the year of Serval to 2016.",
    "01-french-intervention", "deaths-2016", "later years over earlier ones",
    published={"series": UCDP_BEST, "before": "2013", "after": "2016", "types": levels.ALL_TYPES, "level": levels.ABSOLUTE},
    choices={"series": levels.LEVELS, "before": SPANS_BEFORE, "after": ("2016", "2015–2016", "2014–2016"),
             "types": (levels.ALL_TYPES, levels.BATTLES), "level": LEVELS},
    estimator=levels.change_of_level, agreement=agree.falls(), tables=("violence_year", "violence_month", "violence_region_quarter", "population"),
    allowed=lambda s: s["types"] == levels.ALL_TYPES or s["series"] not in (levels.ACLED_DEATHS, levels.ACLED_EVENTS),
)  # fmt: skip

ROSE = Question(
    "rose-to-2020", "Violence rises from 2016", "Violence rose from 2016 to the last years before the exit was announced.",
    "01-french-intervention", "deaths-2020", "later years over earlier ones",
    published={"series": UCDP_BEST, "before": "2016", "after": "2020", "types": levels.ALL_TYPES, "level": levels.ABSOLUTE},
    choices={"series": levels.LEVELS, "before": ("2016", "2015–2016", "2014–2016"), "after": ("2020", "2019–2020", "2020–2021", "2021"),
             "types": (levels.ALL_TYPES, levels.BATTLES), "level": LEVELS},
    estimator=levels.change_of_level, agreement=agree.rises(), tables=FELL.tables, allowed=FELL.allowed,
)  # fmt: skip

CENTRE = Question(
    "centre", "The move to the centre", "The weight of the war moves to the centre.",
    "01-french-intervention", "centre-2019", "share, later over earlier years",
    published={"measure": regions.DEATHS, "regions": "Mopti, Ségou", "before": "2012–2012", "after": "2019–2019"},
    choices={"measure": (regions.DEATHS, regions.EVENTS), "regions": tuple(regions.CENTRE),
             "before": ("2012–2012", "2012–2014", "2012–2016", "2014–2016", "2016–2016"),
             "after": ("2019–2019", "2017–2021", "2018–2020", "2022–2022", "2022–2024")},
    estimator=regions.centre_share, agreement=agree.rises(), tables=("violence_region_quarter",),
)  # fmt: skip

SPILL = Question(
    "spill-before-exit", "Violence over the border", "Violence was over the border long before the exit.",
    "01-french-intervention", "burkina-lead", "months before the exit",
    published={"country": "BFA", "threshold": 1000, "months": 12, "source": "UCDP", "exit": "2022-08-15"},
    choices={"country": ("BFA", "NER"), "threshold": (250, 500, 1000, 1500, 2000), "months": (6, 12),
             "source": ("UCDP", "UCDP, high", "conflictforecast"), "exit": ("2022-02-17", "2022-08-15")},
    estimator=levels.lead_over_exit, agreement=agree.above(0, 12, "before the exit", "a year or more before it"), tables=("violence_month",), neutral=0.0, distinct=False,
)  # fmt: skip

PER_HEAD = Question(
    "burkina-deadlier", "Mali is not the worst case", "Per head, Burkina Faso's war is deadlier than Mali's.",
    "05-regional-comparison", "rate-burkina-2025", "Burkina Faso over Mali",
    published={"years": "2025", "series": UCDP_BEST, "types": levels.ALL_TYPES, "level": levels.PER_HEAD},
    choices={"years": ("2023", "2024", "2025", "2023–2025", levels.PART_OF_2026), "series": tuple(levels.YEARLY),
             "types": (levels.ALL_TYPES, levels.BATTLES, levels.NO_BATTLES), "level": LEVELS},
    estimator=levels.over_mali, agreement=agree.rises(), tables=("violence_year", "violence_part_year", "population"),
)  # fmt: skip

SOUTH = Question(
    "south-west", "The move to the south and west", "After Wagner's exit a larger share of the events lies in the south and west.",
    "04-withdrawal-aftermath", "shift", "percentage points, after less before",
    published={"measure": regions.EVENTS, "regions": "five regions", "quarters": 3, "side": "neither", "baseline": regions.JUST_BEFORE,
               "scale": regions.POINTS},
    choices={"measure": (regions.EVENTS, regions.DEATHS), "regions": tuple(regions.SOUTH), "quarters": (1, 2, 3),
             "side": ("neither", "after", "before"), "baseline": (regions.JUST_BEFORE, regions.SAME_SEASON), "scale": (regions.POINTS,)},
    estimator=regions.south_share, agreement=agree.rises(0.0), tables=("violence_region_quarter",), neutral=0.0,
    allowed=lambda s: s["baseline"] == regions.JUST_BEFORE or s["side"] != "before",
)  # fmt: skip

RUSSIA = Question(
    "russia-civilians", "Civilians killed by Russians", "Fewer civilians are coded as killed by Russians after Wagner's exit.",
    "04-withdrawal-aftermath", "russia-after", "killed a month, after over before",
    published={"who": regions.WITH_RUSSIA, "measure": regions.DEATHS, "before": 5, "after": 5, "side": "neither"},
    choices={"who": tuple(regions.WHO), "measure": (regions.DEATHS, regions.EVENTS), "before": (3, 4, 5), "after": (3, 5, 8),
             "side": ("neither", "after", "before")},
    estimator=regions.coded_to_russia, agreement=agree.falls(), tables=("violence_dyad_month",),
)  # fmt: skip

RULES = {"evidence": tuple(counts.RULES), "admissions": ("counted", "left out"), "weak": ("left out", "counted")}
RULE = {"evidence": "inquiry or footage", "admissions": "counted", "weak": "left out"}

FOREIGN_DEAD = Question(
    "foreign-dead", "Wagner's worst day", "Tinzaouatene cost Wagner more men than any other foreign force lost in one event in Mali.",
    "03-tinzaouatene", "chad-times", "Wagner's dead over the other force's",
    published=RULE | {"count": counts.FLOOR, "other": "Chad, Ifoghas 2013"},
    choices=RULES | {"count": (counts.FLOOR, counts.MIDDLE, counts.CEILING), "other": tuple(counts.OTHERS)},
    estimator=counts.times_other_loss, agreement=agree.rises(), tables=("claims", "actors", "events"), distinct=False,
)  # fmt: skip

ARMY_DEAD = Question(
    "army-dead", "Not the army's worst day", "For the Malian army Tinzaouatene was not the worst.",
    "03-tinzaouatene", "worse-count", "engagements that cost more",
    published=RULE | {"count": counts.FLOOR, "fights": counts.ALL_FIGHTS},
    choices=RULES | {"count": (counts.FLOOR, counts.MIDDLE, counts.CEILING),
                     "fights": (counts.ALL_FIGHTS, counts.SINCE_2016, counts.NO_EXECUTIONS)},
    estimator=counts.army_losses_above, agreement=agree.above(0, 3, "some other engagement cost more", "three or more did"), tables=("claims", "actors"), neutral=0.0, distinct=False,
)  # fmt: skip

QUESTIONS = (*DATED, FELL, ROSE, CENTRE, SPILL, PER_HEAD, SOUTH, RUSSIA, FOREIGN_DEAD, ARMY_DEAD)


def question(key: str, among: tuple[Question, ...] = QUESTIONS) -> Question:
    """Return one question by its key; raise `BookError` for an unknown one."""
    for one in among:
        if one.key == key:
            return one
    known = ", ".join(q.key for q in among)
    raise BookError(f"no question {key!r}", where="specifications", remedy=f"known: {known}")
