"""ACLED, displacement, context and map loaders on small made-up frames whose answers are plain to see."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from malibook.errors import BookError
from malibook.evidence.loaders import acled, context, derive, displacement, maps


def test_acled_is_added_up_by_region_and_quarter():
    raw = pd.DataFrame(
        {
            "date": ["2026-01", "2026-02", "2026-02", "2026-04", "2026-01"],
            "admin1": ["Segou", "Segou", "Segou", "Segou", "Menaka"],
            "admin2": ["Niono", "Niono", "Ségou", "Niono", "Inekar"],
            "events": [1, 2, 3, 4, 5],
            "fatalities": [10, 20, 30, 40, 50],
        }
    )
    rows = acled.region_quarters(raw, "v").set_index(["acled_admin1", "quarter"])
    assert "admin2" not in rows
    assert rows.loc[("Ségou", "2026-01-01"), ["events", "deaths", "months"]].tolist() == [6, 60, 2]
    assert rows.loc[("Ségou", "2026-04-01"), ["events", "deaths", "months"]].tolist() == [4, 40, 1]
    assert rows.loc[("Ménaka", "2026-01-01"), "region"] == "Gao"


def unhcr() -> pd.DataFrame:
    """Mali's people in Mauritania and at home, a Burkinabè in Mali, and a country that the file does not cover."""
    return pd.DataFrame(
        {
            "year": [1999.0, 2012.0, 2012.0, 2012.0, 2012.0, 2012.0],
            "coo_iso": ["MLI", "MLI", "MLI", "BFA", "TCD", "MLI"],
            "coa_iso": ["MRT", "MRT", "MLI", "MLI", "NER", "CIV"],
            "coa_name": ["Mauritania", "Mauritania", "Mali", "Mali", "Niger", "Cote d'Ivoire"],
            "refugees": [5.0, 100.0, 0.0, 7.0, 3.0, 0.0],
            "asylum_seekers": [0.0, 2.0, 0.0, 0.0, 0.0, 4.0],
            "idps": [0.0, 0.0, 900.0, 0.0, 0.0, 0.0],
        }
    )


def idmc() -> pd.DataFrame:
    return pd.DataFrame({"year": [2012.0], "coa_iso": ["MLI"], "total": [1000.0]})


def test_displacement_keeps_both_series_and_no_zero():
    rows = displacement.displacement(unhcr(), idmc(), "u", "i").set_index(["iso3", "measure", "year"])["value"]
    assert rows.to_dict() == {
        ("BFA", "refugees-abroad", 2012): 7,
        ("MLI", "asylum-seekers-abroad", 2012): 6,
        ("MLI", "idps-idmc", 2012): 1000,
        ("MLI", "idps-unhcr", 2012): 900,
        ("MLI", "refugees-abroad", 1999): 5,
        ("MLI", "refugees-abroad", 2012): 100,
        ("MLI", "refugees-hosted", 2012): 7,
        ("NER", "refugees-hosted", 2012): 3,
    }


def test_hosts_leave_out_the_country_itself():
    rows = displacement.refugees_by_host(unhcr()).set_index(["year", "host_iso3"])
    assert rows.index.tolist() == [(1999, "MRT"), (2012, "CIV"), (2012, "MRT")]
    assert pd.isna(rows.loc[(1999, "MRT"), "asylum_seekers"]), "no asylum seekers are listed anywhere in that year"
    assert rows.loc[(2012, "CIV"), ["host", "refugees", "asylum_seekers"]].tolist() == ["Côte d'Ivoire", 0, 4]


def test_food_insecurity_takes_each_season_once_and_names_gaps():
    raw = pd.DataFrame(
        {
            "adm1_name": ["Segou", "Segou", "Segou", "Segou", "Bamako"],
            "adm2_name": ["Niono", "Bla", "Niono", "Bla", "Bamako"],
            "reference_year": [2020, 2020, 2020, 2020, 2020],
            "reference_label": ["Jun-Aug", "Jun-Aug", "Jun-Aug", "Sep-Dec", "Jun-Aug"],
            "chtype": ["projected", "projected", "projected", "current", "projected"],
            "population": [100, 200, 100, 200, 50],
            "phase35": [10.0, None, 90.0, 7.0, None],
            "usethisperiod": ["Y", "Y", "N", "Y", "Y"],
        }
    )
    rows = context.food_insecurity(raw).set_index(["region", "season"])
    assert rows.loc[("Ségou", "Jun-Aug"), ["population", "phase3_plus", "note"]].tolist() == [
        300,
        10,
        "1 of 2 units not classified",
    ]
    assert pd.isna(rows.loc[("Bamako", "Jun-Aug"), "phase3_plus"])
    assert rows.index.get_level_values("season").tolist() == ["Jun-Aug", "Jun-Aug", "Sep-Dec"]


def test_peacekeepers_keep_the_yearly_mean_of_a_place():
    raw = pd.DataFrame(
        {
            "year": [2014, 2014],
            "location": ["Dyabali", "Dyabali"],
            "latitude": [14.69, 14.69],
            "longitude": [-6.02, -6.02],
            "NoTroops": [185.0, 835.0],
            "ave.no.troops": [747.0, 747.0],
        }
    )
    (row,) = context.peacekeepers(raw).to_dict("records")
    assert (row["location"], row["headcount"]) == ("Diabaly", 747)


def test_population_leaves_gdp_missing():
    raw = pd.DataFrame(
        {"Country Code": ["MLI", "MLI"], "Year": [2024, 2023], "population": [2, 1], "gdp_current_usd": [None, 10.6]}
    )
    rows = context.population(raw)
    assert rows["year"].tolist() == [2023, 2024] and rows["gdp_usd"].tolist()[0] == 11 and pd.isna(rows["gdp_usd"][1])


def test_coups_and_democracy_are_renamed():
    coups = pd.DataFrame(
        {"country_iso3": ["MLI"], "year_month": ["2012-03"], "pt_coup_successful": [1], "pt_coup_failed": [0]}
    )
    assert context.coups(coups).to_dict("records") == [
        {"iso3": "MLI", "month": "2012-03-01", "successful": 1, "failed": 0}
    ]
    index = pd.DataFrame({"iso3": ["MLI"], "year": [2012], "v2x_libdem": [0.3]})
    assert context.democracy(index)["liberal_democracy"].tolist() == [0.3]


def test_a_layer_is_rounded_sorted_and_keeps_only_its_names():
    ring = [[0.00001, 1.0], [0.00002, 1.00001], [2.123456, 3.0], [0.00001, 1.0]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    raw = {
        "features": [
            feature | {"properties": {"name": "Sikasso", "name_fr": "Ségou"}},
            feature | {"properties": {"name": "Gao", "iso_3166_2": "ML-7"}},
        ]
    }
    layer = maps.tidy_layer(raw)
    assert [f["properties"] for f in layer["features"]] == [{"iso_3166_2": "ML-7", "name": "Gao"}, {"name": "Sikasso"}]
    assert layer["features"][0]["geometry"]["coordinates"] == [[[0.0, 1.0], [2.1235, 3.0], [0.0, 1.0]]]
    assert json.loads(maps.dump_layer(layer)) == layer
    assert len(maps.dump_layer(layer).splitlines()) == 4


def test_a_nameless_feature_is_refused():
    raw = {"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}
    with pytest.raises(BookError, match="GeoJSON feature 0: has no name"):
        maps.tidy_layer(raw)


def test_csv_is_plain():
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [0.1, None], "c": ["é,x", None]})
    assert derive.to_csv(frame) == 'a,b,c\n1,0.1,"é,x"\n,,\n'


def test_a_missing_reference_file_is_named(tmp_path):
    with pytest.raises(BookError, match=r"(?s)ucdp_candidate_2025.*is not there.*remedy: "):
        derive.tables(tmp_path)
    with pytest.raises(SystemExit, match="usage"):
        derive.main([])
