"""One country in figures: what the tables hold of it, and plain answers where they hold nothing; names of countries in prose."""

from __future__ import annotations

import json
import re

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

from malibook.analysis import first_look, profile
from malibook.analysis import profile_context as context
from malibook.analysis.comparison import yearly_totals
from malibook.errors import BookError
from malibook.evidence import country_file, country_first, country_name, country_title, load
from malibook.exhibits import charts_profile as charts
from malibook.press.subject import named, uses_country, with_country


def yearly(**deaths: list[int]) -> pd.DataFrame:
    """Return rows of `violence_year`: by country, state-based deaths from 2001 on; a tenth of them one-sided as well."""
    rows = []
    for iso3, best in deaths.items():
        for year, number in enumerate(best, 2001):
            bounds = {"deaths_low": number - 1, "deaths_best": number, "deaths_high": number * 2}
            rows.append({"iso3": iso3, "year": year, "type": "state-based", **bounds})
            rows.append({"iso3": iso3, "year": year, "type": "one-sided", "deaths_best": number // 10})
    return pd.DataFrame(rows).convert_dtypes()


def months(*deaths: float | None, dataset: str = "ucdp-ged") -> pd.DataFrame:
    days = pd.date_range("2001-01-01", periods=len(deaths), freq="MS")
    frame = pd.DataFrame({"iso3": "SOM", "month": days, "deaths_best": deaths, "deaths_low": None, "deaths_high": None})
    return frame.assign(dataset=dataset)


# Years


def test_a_year_counts_where_it_lies_wholly_inside_the_window():
    rows = yearly(SOM=[10, 20, 30, 40])
    assert set(profile.whole_years(rows, "2001-01-02", "2003-12-31")["year"]) == {2002, 2003}
    with pytest.raises(BookError, match="no whole year") as refusal:
        profile.whole_years(rows, "2001-02-01", "2002-12-30")
    assert "2001 to 2004" in str(refusal.value)


def test_the_summary_adds_up_and_takes_the_best_where_no_bound_is_published():
    found = profile.summary(yearly(SOM=[10, 40, 30], KEN=[500, 0, 0]), "SOM", "high")
    assert found.total == 2 * 80 + 8 and (found.low, found.high) == (80 - 3 + 8, 168)
    assert (found.first, found.last, found.worst, found.worst_deaths, found.last_deaths) == (2001, 2003, 2002, 84, 63)
    assert sum(found.shares.values()) == pytest.approx(1) and found.shares["one-sided"] == pytest.approx(8 / 168)


def test_a_country_in_which_nobody_died_has_no_worst_year_and_one_without_a_row_is_refused():
    found = profile.summary(yearly(SOM=[0, 0]), "SOM", "best")
    assert found.worst is None and found.total == 0 and set(found.shares.values()) == {0.0}
    with pytest.raises(BookError, match="no row of TCD"):
        profile.summary(yearly(SOM=[1]), "TCD", "best")


def test_places_go_by_deaths_and_by_rates_and_a_country_without_population_has_no_rate():
    rows = yearly(SOM=[100, 200], KEN=[150, 50], TCD=[10, 10])
    years = [2001, 2002]
    people = pd.DataFrame({
        "iso3": ["SOM"] * 2 + ["KEN"] * 2, "year": years * 2, "population": [1e6, 1e6, 1e5, 1e5]
    }).convert_dtypes()  # fmt: skip
    found = profile.standing(yearly_totals(rows), profile.rates(rows, people, "best")).set_index("iso3")
    assert found["place"].to_dict() == {"SOM": 1, "KEN": 2, "TCD": 3}
    assert found["place_rate"].dropna().to_dict() == {"KEN": 1, "SOM": 2}
    assert found.loc["SOM", "rate"] == pytest.approx((110 + 220) / 2 / 1e6 * 1e5)
    assert profile.rates(rows, people.iloc[:0], "best").empty


def test_the_published_totals_of_mali_are_those_of_the_table():
    """Against a sum that is written otherwise, of the real table."""
    rows = load("violence_year")
    found = profile.summary(profile.whole_years(rows, "2012-01-01", "2025-12-31"), "MLI", "best")
    total = sum(
        int(r.deaths_best)
        for r in rows.itertuples()
        if r.iso3 == "MLI" and 2012 <= r.year <= 2025 and pd.notna(r.deaths_best)
    )
    assert found.total == total > 10_000


# Months


def test_the_most_final_dataset_counts_and_a_month_that_none_has_is_a_gap():
    both = pd.concat([months(1, 2, dataset="ucdp-candidate"), months(5), months(None, None, None, 7).iloc[3:]])
    found = profile.months(both, "SOM", "2001-01-15", "2001-12-31", "high")
    assert found["deaths"].tolist()[:2] == [5, 2] and found["deaths"].isna().tolist() == [False, False, True, False]
    assert found["stand_in"].iloc[0], "no high estimate is published: the best one stands for it"
    assert profile.months(both, "KEN", "2001-01-01", "2001-12-31", "best").empty


def test_levels_are_not_sought_in_short_quiet_or_broken_series():
    for series in ([3] * 10, [0] * 60, [1, 2, None] * 12, [0] * 30 + [4] * 5):
        assert profile.levels(profile.months(months(*series), "SOM", "2001-01-01", "2009-01-01", "best")).empty
    rising = [3, 5, 4, 6] * 8 + [300, 500, 400, 600] * 8
    found = profile.levels(profile.months(months(*rising), "SOM", "2001-01-01", "2009-01-01", "best"))
    assert len(found) == 2 and found["start"].iloc[1] == pd.Timestamp("2003-09-01")


# What surrounds them


def test_what_the_tables_hold_of_a_country_is_said_in_each_table_s_own_time():
    fled = pd.DataFrame({"origin_iso3": ["SOM", "NER"], "start": pd.to_datetime(["2003-02-01", "1999-01-01"])})
    tables = {
        "years": yearly(SOM=[1, 2], NER=[1, 2, 3]),
        "months": months(1, 2, 3),
        "fled": fled,
        "none": fled.iloc[1:],
    }
    held = first_look.held(tables, "SOM")
    rows = [tuple(None if pd.isna(value) else value for value in row) for row in held.itertuples(index=False)]
    assert rows == [
        ("years", 4, "2001", "2002"),
        ("months", 3, "2001-01", "2001-03"),
        ("fled", 1, "2003-02", "2003-02"),
        ("none", 0, None, None),
    ]


def test_where_a_table_has_nothing_the_answer_is_empty():
    empty = {name: load(name).iloc[:0] for name in ("violence_dyad_month", "conflict_year", "displacement", "coups")}
    assert context.pairs(empty["violence_dyad_month"], "SOM", "2001-01-01", "2020-01-01").empty
    assert context.wars(empty["conflict_year"], "SOM", 2001, 2020).empty
    assert context.flight(empty["displacement"], "SOM", 2001, 2020).empty
    assert context.coup_rows(empty["coups"], profile.months(months(), "SOM", "2001", "2002", "best"), "SOM").empty
    assert context.democracy(load("democracy"), "SOM", 2001, 2020).empty
    assert context.hunger(load("food_insecurity"), "NER", "2012-01-01", "2026-01-01").empty, (
        "regions of Mali are no country's"
    )


def test_only_the_ways_of_flight_that_are_counted_are_named():
    assert context.directions(pd.Series(["idps-idmc", "refugees-abroad", "refugees-hosted"])) == "from, within and to"
    assert context.directions(["idps-idmc", "idps-unhcr"]) == "within"


def test_the_last_month_of_an_unfinished_quarter_is_the_last_that_it_covers():
    rows = pd.DataFrame({"quarter": pd.to_datetime(["2025-10-01", "2026-01-01"]), "months": [3, 1]})
    assert list(context.last_months(rows)) == [pd.Timestamp("2025-12-01"), pd.Timestamp("2026-01-01")]


def test_a_region_that_is_counted_within_another_is_named_once():
    rows = pd.DataFrame({"acled_admin1": ["Gao", "Ménaka", "Ménaka"], "region": ["Gao", "Gao", "Gao"]})
    assert context.joined(rows) == " Ménaka is counted within Gao." and context.joined(rows[:1]) == ""


def test_what_a_table_holds_ends_with_its_last_period_and_not_with_where_that_begins():
    parts = pd.DataFrame({"iso3": ["SOM"], "start": [pd.Timestamp("2026-01-01")], "end": [pd.Timestamp("2026-08-31")]})
    row = first_look.held({"violence_part_year": parts}, "SOM").iloc[0]
    assert (row["first"], row["last"]) == ("2026-01", "2026-08")


def test_coups_are_set_between_the_months_before_and_after():
    coups = pd.DataFrame({"iso3": ["SOM"], "month": [pd.Timestamp("2003-01-01")], "successful": [1]})
    series = profile.months(months(*[2] * 24, 99, *[6] * 20), "SOM", "2001-01-01", "2009-01-01", "best")
    row = context.coup_rows(coups, series, "SOM").iloc[0]
    assert (row["outcome"], row["before"], row["after"]) == ("succeeded", 2, 6)


def test_charts_are_drawn_for_one_country_without_population():
    rows = yearly(SOM=[10, 0, 30])
    totals = yearly_totals(rows)
    fig = charts.beside(totals, profile.rates(rows, load("population").iloc[:0], "best"), "SOM", "Head", "Sub")
    assert len(fig.axes) == 1 and len(fig.axes[0].lines) == 1
    plt.close(fig)


# Names


@pytest.mark.parametrize(
    ("code", "in_text", "in_title", "first", "file"),
    [
        ("CAF", "the Central African Republic", "Central African Republic", "The Central African Republic", "central-african-republic"),
        ("CIV", "Côte d’Ivoire", "Côte d’Ivoire", "Côte d’Ivoire", "cote-d-ivoire"),
        ("STP", "São Tomé and Príncipe", "São Tomé and Príncipe", "São Tomé and Príncipe", "sao-tome-and-principe"),
    ],
)  # fmt: skip
def test_a_country_is_called_by_where_it_is_named(code, in_text, in_title, first, file):
    assert (country_name(code), country_title(code), country_first(code), country_file(code)) == (
        in_text,
        in_title,
        first,
        file,
    )


def test_prose_waits_for_a_country_and_code_does_not():
    cells = [nbformat.v4.new_markdown_cell("# {country}\n\n{Country} and {country}; `{country}`")]
    nb = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell("f'{country}'")])
    assert uses_country(nb.cells[0].source) and with_country(nb, {}) is nb
    out = with_country(nb, {"country": "CAF"}).cells
    name = "Central African Republic"
    assert out[0].source == f"# {name}\n\nThe {name} and the {name}; `{{country}}`"
    assert out[1].source == "f'{country}'" and nb.cells[0].source.startswith("# {country}"), "the notebook stays"
    assert named("in {country}", "NER") == "in Niger"


def test_the_profile_names_no_country_in_its_prose(root):
    cells = json.loads((root / "notebooks" / "country-profile.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "".join(line for cell in cells for line in cell["source"] if not line.startswith("country: str"))
    assert not re.search(r"\b(?:Mali|Malian|Niger|Bamako|MLI)\b", text)
