"""Wrong answers that a careful student might hand in, by exercise: the error's name and the code that makes it.

Each passes the public checks (its form is right) and must fail the hidden ones. The code runs after the sheet's
solutions, so that it changes only what the error changes.
"""

from __future__ import annotations

MALI = "m = load('violence_month').query(\"iso3 == 'MLI' and dataset == 'ucdp-ged'\").set_index('month')\n"

WRONG: dict[str, dict[str, str]] = {
    "1.1": {
        "state-based deaths alone": (
            "y = load('violence_year').query(\"iso3 == 'MLI' and type == 'state-based' and year >= 2012\")\n"
            "t = y.set_index('year')['deaths_best']\n"
            "answer_1_1_deaths, answer_1_1_factor = int(t.min()), t[2020] / t.min()"
        ),
        "the first year of the rise": "answer_1_1_year = 2017",
    },
    "1.2": {
        "the phase run on to the last convoy": (
            MALI + "d = m['deaths_best']\nlate, early = d['2017-01':'2022-08-01'], d['2014-08-01':'2016-12-01']\n"
            "answer_1_2_after, answer_1_2_share = late.mean(), late.sum() / (late.sum() + early.sum())"
        ),
        "all datasets averaged together": (
            "m = load('violence_month').query(\"iso3 == 'MLI' and '2014-08' <= month < '2017'\")\n"
            "answer_1_2_before = m.groupby('month')['deaths_best'].sum().mean()"
        ),
    },
    "1.3": {
        "the announcement for the break": "answer_1_3_month, answer_1_3_lead = '2021-06', 14",
        "no start, so no effect": "answer_1_3_choice = 'D'",
    },
    "1.4": {
        "calendar years": (
            "answer_1_4 = dict(answer_1_4)\n"
            "answer_1_4.update({'BFA-100': '2018-12', 'BFA-500': '2019-12', 'BFA-1000': '2019-12'})"
        ),
        "Burkina Faso first throughout": "answer_1_4_niger_first = []",
    },
    "1.5": {
        "March as nought": (
            MALI + "b = m['deaths_best']['2020-08-01':'2022-07-01'].copy()\nb[pd.Timestamp('2022-03-01')] = 0\n"
            "answer_1_5_without = m['deaths_best']['2022-09-01':'2024-08-01'].mean() / b.mean()"
        ),
        "August counted as after": (
            MALI + "d = m['deaths_best']\n"
            "answer_1_5_all = d['2022-08-01':'2024-07-01'].mean() / d['2020-08-01':'2022-07-01'].mean()"
        ),
    },
    "1.6": {
        "the last month of the earlier part": (
            "answer_1_6 = {k: f'{pd.Timestamp(v) - pd.DateOffset(months=1):%Y-%m}' for k, v in answer_1_6.items()}"
        ),
        "one date for both scales": "answer_1_6 = answer_1_6 | {'raw-all': answer_1_6['log-all']}",
    },
    "2.1": {
        "the range of ACLED for the floor": "answer_2_1_floor = 'moura-2022-acled'",
        "the army's count for the silent one": "answer_2_1_silent = 'moura-2022-malian-army'",
    },
    "2.2": {
        "all deaths for civilian deaths": (
            MALI + "d = m['deaths_best']\n"
            "answer_2_2_all = d['2022-01-01':'2023-12-01'].mean() / d['2019-12-01':'2021-11-01'].mean()"
        ),
        "March as nought": (
            MALI + "d = m['deaths_civilians']\na = d['2022-01-01':'2023-12-01']\n"
            "answer_2_2_without = (a.sum() - a['2022-03-01']) / 24 / d['2019-12-01':'2021-11-01'].mean()"
        ),
    },
    "2.3": {"a published share, repeated": "answer_2_3_choice = 'B'", "the arrival": "answer_2_3_month = '2021-12'"},
    "2.4": {
        "the equally long span": "answer_2_4_nearest = 19",
        "December on both sides": (
            MALI + "d = m['deaths_civilians']\nlate = d['2021-12-01':'2023-06-01'].mean()\n"
            "f = [late / d[:'2021-12-01'].iloc[-n:].mean() for n in range(12, 37)]\n"
            "answer_2_4_lowest, answer_2_4_highest = min(f), max(f)"
        ),
    },
    "2.5": {
        "all deaths for civilians": (MALI + "answer_2_5_q2 = m['deaths_best']['2022-04-01':'2022-06-01'].sum() / 317"),
        "the whole quarter over Moura": MALI
        + "answer_2_5_moura = m['deaths_civilians']['2022-01':'2022-03'].sum() / 500",
    },
    "2.6": {
        "without March in no combination": "answer_2_6_smallest = 2.9",
        "none below three": "answer_2_6_below = 0.0",
    },
    "3.1": {
        "the missing counted among the dead": "answer_3_1_claims = 11",
        "all that were said still stand": "answer_3_1_standing = 8",
        "the ends of the standing claims": "answer_3_1_span = 84 - 46",
    },
    "3.2": {
        "the number confirms itself": "answer_3_2_choice = 'A'",
        "about fifty in footage": "answer_3_2_footage = 'tinzaouatene-bodies-on-video-wassim-nasr'",
    },
    "3.3": {
        "the rebels' count as floor of their enemy's dead": (
            "answer_3_3 = answer_3_3 | {'tinzaouatene-wagner-dead': (84, 84)}"
        ),
        "a compilation taken for the inquiry": "answer_3_3 = answer_3_3 | {'tinzaouatene-rebel-dead': (18, 20)}",
        "an admission left out": "answer_3_3 = answer_3_3 | {'tinzaouatene-rebel-dead': (0, 20)}",
    },
    "3.4": {
        "July within its own mean": (
            MALI
            + "d = m['deaths_best']['2024-01-01':'2024-12-01']\nanswer_3_4_excess = d[pd.Timestamp('2024-07-01')] - d.mean()"
        ),
        "July of Kidal alone": "answer_3_4_ratio = answer_3_4_ratio / 3",
    },
    "3.6": {
        "nought for nothing": "answer_3_6 = answer_3_6 | {'wagner': 0}",
        "the missing for the dead": "answer_3_6 = answer_3_6 | {'wagner': 23}",
        "the enemy's claim as floor": "answer_3_6 = answer_3_6 | {'soldiers': 10}",
    },
    "3.7": {"a claim of success as admission": "answer_3_7_army = 'A'", "a closed range": "answer_3_7_open = False"},
    "4.1": {
        "June counted as after": (
            "m = load('violence_month').query(\"iso3 == 'MLI' and dataset == 'ucdp-candidate'\").set_index('month')\n"
            "answer_4_1_after = m['deaths_best']['2025-06-01':'2025-10-01'].mean()"
        ),
        "June over all months": "answer_4_1_june = 455 / 181",
    },
    "4.2": {
        "one direction only": "answer_4_2_share = answer_4_2_share / 2",
        "the mirror image forgotten": "answer_4_2_least = 1 / 252",
    },
    "4.3": {
        "a hedge for a reason": "answer_4_3_choice = 'A'",
        "the end of the part-years": "answer_4_3_month = '2026-08'",
    },
    "4.4": {
        "the relative change": "answer_4_4_points = 100 * (answer_4_4_after / answer_4_4_before - 1)",
        "without Ségou": "answer_4_4_before = 0.125",
    },
    "4.5": {
        "Ségou kept": "answer_4_5_points = answer_4_4_points",
        "every quarter a placebo": "answer_4_5_quarters = len(shifts) - 1",
    },
    "4.6": {
        "Russia alone": (
            "k = killed[killed['month'].between('2025-01-01', '2025-05-01')]\n"
            "alone = k[k['conflict'].str.startswith('Government of Russia')]\n"
            "answer_4_6_before = alone['deaths_best'].sum() / k['deaths_best'].sum()"
        ),
        "deaths in battle in the denominator": (
            "k = load('violence_dyad_month').query(\"iso3 == 'MLI' and '2025-07' <= month < '2025-12'\")\n"
            "r = k[(k['type'] == 'one-sided') & k['conflict'].str.contains('Government of Russia')]\n"
            "answer_4_6_after = r['deaths_best'].sum() / k['deaths_best'].sum()"
        ),
    },
    "5.1": {
        "state-based deaths alone": (
            "d = load('violence_year').query(\"year == 2024 and type == 'state-based'\").set_index('iso3')['deaths_best']\n"
            "answer_5_1 = {c: 1e5 * d[c] / people[c] for c in answer_5_1}"
        ),
        "the people of another year": (
            "p = load('population').query('year == 2020').set_index('iso3')['population']\n"
            "answer_5_1 = {c: 1e5 * deaths[c] / p[c] for c in answer_5_1}"
        ),
    },
    "5.2": {
        "a published year": "answer_5_2_first = 2021",
        "the first for the lasting": "answer_5_2_lasting = answer_5_2_first",
        "never changes an order": "answer_5_2_choice = 'B'",
    },
    "5.3": {
        "the mean of two ratios": "answer_5_3_both = (answer_5_3_bfa + answer_5_3_ner) / 2",
        "December counted as after": (
            "c = wide['2021-12-01':'2023-11-01'].mean() / wide['2019-12-01':'2021-11-01'].mean()\n"
            "answer_5_3_bfa = c['MLI'] / c['BFA']"
        ),
        "the control over the country": "answer_5_3_ner = 1 / answer_5_3_ner",
    },
    "5.4": {"parallel for equal": "answer_5_4 = 'A'"},
    "5.5": {
        "the Niger of twenty-four months": "answer_5_5_ratio = answer_5_3_ner",
        "smaller for larger": "answer_5_5_share_bfa = 1 - answer_5_5_share_bfa",
    },
    "6.1": {
        "the mean for the median": "answer_6_1_median = arrival['value'].mean()",
        "strength for direction": "answer_6_1_up = arrival['strength'].mean()",
    },
    "6.2": {
        "the share against forgotten": "answer_6_2 = answer_6_2 | {'c': 'leans'}",
        "nine in ten is enough": "answer_6_2 = answer_6_2 | {'e': 'holds'}",
    },
    "6.3": {"strength for direction": "answer_6_3 = left.groupby('day')['strength'].mean().to_dict()"},
    "6.4": {
        "the announcement left in": (
            "t = left['model'].str.contains('trends')\nanswer_6_4_plain = left.loc[~t, 'against'].mean()"
        ),
        "not agreeing for the opposite": "answer_6_4_trend = 1 - gone.loc[trend, 'direction'].mean()",
    },
    "6.5": {
        "rows for columns": (
            "answer_6_5_method, answer_6_5_group = answer_6_5_group, answer_6_5_method\nanswer_6_5_choice = 'method'"
        ),
        "missing as nought": (
            "z = shares.fillna(0)\nanswer_6_5_group = (z.max(axis=1) - z.min(axis=1)).mean()\n"
            "answer_6_5_method = (z.max() - z.min()).mean()"
        ),
    },
    "6.6": {
        "what is rare in a year is rare": "answer_6_6 = {12: answer_6_6[12], 24: answer_6_6[12]}",
        "the top of the shorter window": "answer_6_6_top = '2018-01'",
    },
    "7.1": {
        "untestable in the denominator": (
            "answer_7_1 = claims.groupby('article')['verdict'].agg(lambda v: (v == 'supported').mean()).to_dict()"
        ),
    },
    "7.2": {
        "contested as errors of fact": "answer_7_2_causes = 1 - (causes['verdict'] == 'contradicted').mean()",
        "only premises that hold": (
            "answer_7_2_premise = (causes.loc[causes['verdict'] == 'contested', 'premise'] == 'holds').mean()"
        ),
        "untestable in the denominator": (
            "answer_7_2_causes = (claims.loc[claims['kind'] == 'causal', 'verdict'] == 'supported').mean()"
        ),
    },
    "7.3": {
        "advice counted too": "answer_7_3_rest = int((every['verdict'] == 'untestable').sum())",
        "never by anybody": "answer_7_3_choice = 'B'",
    },
    "7.4": {
        "the essay first under every rule": "answer_7_4_first = dict.fromkeys(answer_7_4_first, 'a004')",
        "half for whole": "answer_7_4_span = share['lenient']['a003'] - share['half']['a003']",
    },
    "7.5": {
        "turns of half a point": "answer_7_5_turns = 2 * answer_7_5_turns - 1",
        "one of all its claims": "answer_7_5_step = 1 / int((claims['article'] == 'a000').sum())",
    },
    "7.6": {
        "March as nought": "answer_7_6 = answer_7_6 | {'MLI-without': 'supported'}",
        "a fall called contested": "answer_7_6 = answer_7_6 | {'MLI': 'contested'}",
        "the margin kept": "answer_7_6_none = answer_7_6",
    },
}
