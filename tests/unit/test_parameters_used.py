"""A parameter that a chapter declares reaches it, by the same values that the schema allows."""

from __future__ import annotations

from typing import get_args

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malibook.analysis import shares
from malibook.analysis.bounds import RULES
from malibook.analysis.comparison import GROUPS
from malibook.analysis.contested import Category, bounds, panel, sides
from malibook.analysis.series import CANDIDATE, DATASETS, monthly
from malibook.analysis.spec_neighbours import CONTROLS
from malibook.analysis.spec_regions import SOUTH
from malibook.errors import BookError
from malibook.evidence import Parameters, check_served, load, phases
from malibook.evidence.dated_phases import MISSIONS, SCHEMES
from malibook.evidence.served import SERVED
from malibook.exhibits import number, open_chapter, table
from malibook.press.applies import applicable, unknown_conditions
from malibook.press.declared import defaults_of
from malibook.press.runner import check_parameters

COST = {"wagner": "state", "fama": "state", "rebel": "insurgent"}
DEAD = [Category(name, f"tinzaouatene-{name}-dead", cost_to=side) for name, side in COST.items()]


def test_every_allowed_counting_rule_is_a_rule():
    assert set(get_args(Parameters.model_fields["counting_rule"].annotation)) == set(RULES)


def floors(rule: str) -> pd.Series:
    rows = panel(load("claims"), DEAD, sides(load("actors")))
    return bounds(rows, **RULES[rule]).set_index("category")["at_least"]


def test_the_default_rule_is_the_published_one_and_weaker_evidence_raises_floors_only():
    rows = panel(load("claims"), DEAD, sides(load("actors")))
    published = bounds(rows).set_index("category")["at_least"]
    pd.testing.assert_series_equal(floors(Parameters().counting_rule), published)
    assert (floors("compilation") >= published).all()
    assert (floors("witness") >= floors("compilation")).all()
    assert (floors("witness") > published).any()


def test_a_counting_rule_is_refused_where_nothing_is_counted_and_where_it_is_misspelt():
    assert check_parameters("03-tinzaouatene", {"counting_rule": "witness"}) == {"counting_rule": "witness"}
    with pytest.raises(BookError, match="did you mean 'witness'"):
        check_parameters("03-tinzaouatene", {"counting_rule": "witnes"})
    with pytest.raises(BookError, match="unknown parameter 'counting_rule'"):
        check_parameters("01-french-intervention", {"counting_rule": "witness"})


def test_every_allowed_region_scheme_is_a_division_and_the_robustness_chapter_tries_the_same():
    assert set(get_args(Parameters.model_fields["region_scheme"].annotation)) == set(shares.SCHEMES)
    assert shares.SCHEMES[Parameters().region_scheme] == shares.SOUTH_AND_WEST
    assert [set(chosen) for chosen in SOUTH.values()] == [set(chosen) for chosen in shares.SCHEMES.values()]
    assert shares.named(shares.SCHEMES["kayes-and-sikasso"]) == "Kayes and Sikasso"
    assert shares.named(shares.SOUTH_AND_WEST) == "Kayes, Koulikoro, Sikasso, Ségou and Bamako"


def test_every_allowed_comparison_is_a_group_and_the_robustness_chapter_tries_the_same():
    assert set(get_args(Parameters.model_fields["comparison"].annotation)) == set(GROUPS)
    assert GROUPS[Parameters().comparison].countries == ("BFA", "NER")
    assert {group.countries for group in GROUPS.values()} <= set(CONTROLS.values())
    assert all("MLI" not in group.countries for group in GROUPS.values())


@pytest.mark.parametrize(
    ("chapter", "given", "says"),
    [
        ("04-withdrawal-aftermath", {"estimate": "high"}, ("04-withdrawal", "'high'", "2025", "allowed here: best;", "2023-10-31")),
        ("05-regional-comparison", {"end": "2026-07-31"}, ("05-regional", "'2026-07-31'", "allowed here: 2026-08-31 to 2026-12-31")),
        ("05-regional-comparison", {"start": "2017-01-01"}, ("05-regional", "allowed here: 2005-01-01 to 2016-01-01")),
    ],
)  # fmt: skip
def test_what_a_chapter_cannot_serve_is_refused_before_and_in_the_kernel(chapter, given, says):
    with pytest.raises(BookError) as by_the_press:
        check_parameters(chapter, given)
    with pytest.raises(BookError) as in_the_notebook:  # as its second cell does in Jupyter or under plain papermill
        open_chapter(chapter, Parameters(**(defaults_of(chapter) | given)))
    assert str(by_the_press.value) == str(in_the_notebook.value)
    for part in says:
        assert part in str(by_the_press.value)


def test_what_is_declared_as_served_is_of_the_schema_and_of_the_chapter():
    for chapter, parameters in SERVED.items():
        defaults = defaults_of(chapter)
        assert set(parameters) <= set(defaults)
        for name, only in parameters.items():
            assert only.why, "a refusal says why"
            assert set(only.values) <= set(map(str, get_args(Parameters.model_fields[name].annotation)))
            check_served(chapter, defaults)


def test_an_estimate_that_a_window_before_2025_has_is_served_there():
    given = {"estimate": "high", "break_date": "2023-10-31"}
    assert check_parameters("04-withdrawal-aftermath", given) == given
    with pytest.raises(BookError, match="allowed here"):
        check_parameters("04-withdrawal-aftermath", given | {"break_date": "2023-11-01"})


def test_every_allowed_division_of_the_time_covers_it_without_gap_or_overlap():
    allowed = get_args(Parameters.model_fields["phases"].annotation)
    assert set(allowed) == set(SCHEMES) and Parameters().phases == MISSIONS
    for scheme in allowed:
        found = phases(scheme)
        assert len({p.label for p in found}) == len(found) >= 4
        assert [p.end for p in found[:-1]] == [p.start for p in found[1:]] and found[-1].end is None
    assert [f"{p.start:%Y-%m-%d}" for p in phases("coups")[1:]] == ["2012-03-22", "2020-08-18", "2021-05-24"]
    with pytest.raises(BookError, match="missions, coups, years"):
        phases("main")


def test_final_data_alone_hold_no_candidate_event_and_end_where_the_final_data_do():
    assert set(get_args(Parameters.model_fields["dataset"].annotation)) == set(DATASETS)
    violence = load("violence_month")
    every, ucdp, final = (monthly(violence, "MLI", "2024-01-01", dataset=name) for name in DATASETS)
    pd.testing.assert_frame_equal(every, ucdp)
    assert CANDIDATE in set(every["dataset"]) and set(final["dataset"]) == {"ucdp-ged"}
    assert final["month"].max() < every["month"].max()
    with pytest.raises(BookError, match="no month of NER"):
        monthly(violence, "NER", "2025-01-01", dataset="without-candidates")


def test_a_run_on_ucdp_alone_shows_nothing_that_rests_on_acled_and_names_it_nowhere():
    shown = {}
    for dataset in ("ucdp-and-acled", "ucdp"):
        chapter = open_chapter("01-french-intervention", Parameters(dataset=dataset))
        quarters, months = load("violence_region_quarter"), load("violence_month")
        number("by-region", len(quarters), rows=quarters)
        number("by-both", len(quarters), rows=[months.head(1), quarters.head(1)])
        number("by-month", len(months), rows=months)
        table(
            "tbl-1-regions",
            quarters.head(2)[["region", "deaths"]],
            caption="Deaths by region, two of them.",
            sources=["violence_region_quarter"],
        )
        shown[dataset] = chapter.records
    assert list(shown["ucdp"]) == ["number:by-month"] and len(shown["ucdp-and-acled"]) == 4
    assert "violence_region_quarter" in shown["ucdp-and-acled"]["number:by-month"]["opened"]
    assert shown["ucdp"]["number:by-month"]["opened"] == ["violence_month"]


def test_a_paragraph_on_acled_is_not_in_a_run_without_it_and_its_tag_names_a_value():
    nb = new_notebook(
        cells=[new_markdown_cell("Of regions.", metadata={"tags": ["unless:dataset=ucdp"]}), new_code_cell("1")]
    )
    assert len(applicable(nb, {"dataset": "ucdp-and-acled"}).cells) == 2 and len(applicable(nb, {}).cells) == 2
    assert [cell.cell_type for cell in applicable(nb, {"dataset": "ucdp"}).cells] == ["code"]
    assert unknown_conditions(nb.cells[0]) == []
    nb.cells[0].metadata["tags"] = ["unless:dataset=acled", "unless:datset=ucdp", "hidden"]
    assert unknown_conditions(nb.cells[0]) == ["unless:dataset=acled", "unless:datset=ucdp"]
