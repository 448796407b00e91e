"""Sources against each other and against themselves, each with its tolerance and its named, reasoned exceptions."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from malibook.evidence.loaders import derive, ucdp

DATA = Path(__file__).resolve().parents[2] / "data"
TYPES = ("state_based", "non_state", "one_sided")


def table(name: str) -> pd.DataFrame:
    frame = pd.read_csv(DATA / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""])
    dates = [c for c in frame if c in ("month", "quarter", "date", "start", "end", "period_start", "period_end")]
    return frame.assign(**{c: pd.to_datetime(frame[c]) for c in dates})


def months(dataset: str, iso3: str | None = None) -> pd.DataFrame:
    frame = table("violence_month")
    frame = frame[frame["dataset"] == dataset]
    return frame if iso3 is None else frame[frame["iso3"] == iso3]


def by_year(frame: pd.DataFrame, column: str = "deaths_best") -> pd.Series:
    return frame.groupby(["iso3", frame["month"].dt.year.rename("year")])[column].sum()


def final_years() -> pd.Series:
    return table("violence_year").groupby(["iso3", "year"])["deaths_best"].sum()


def differences(left: pd.Series, right: pd.Series) -> dict[object, tuple[int, int]]:
    both = pd.concat({"left": left, "right": right}, axis=1).dropna().astype(int)
    both = both[both["left"] != both["right"]]
    return {key: (row["left"], row["right"]) for key, row in both.iterrows()}


# UCDP against UCDP


def test_mali_s_months_add_up_to_its_years():
    found = differences(by_year(months("ucdp-ged", "MLI")), final_years())
    assert found == {("MLI", 1995): (4, 11)}, "1995: the later country-year release has seven deaths more"


def test_the_other_countries_months_differ_from_their_years_only_where_the_later_release_says_so():
    ged = months("ucdp-ged")
    found = differences(by_year(ged[ged["iso3"] != "MLI"]), final_years())
    revised = {("BFA", y) for y in (2014, 2015, 2022, 2023)} | {("CAF", y) for y in (2015, 2018, 2019, 2023, 2024)}
    assert set(found) == revised
    assert all(ours < later for ours, later in found.values()), "revisions only ever added deaths here"


@pytest.mark.parametrize(
    ("iso3", "candidate", "final", "tolerance"),
    [("MLI", 2168, 2157, 0.01), ("BFA", 4392, 4441, 0.02), ("NER", 1338, 1117, 0.2)],
)
def test_candidate_2025_against_the_final_year(iso3, candidate, final, tolerance):
    """Niger is the exception: the final year has a sixth fewer deaths than the candidate events."""
    rows = months("ucdp-candidate", iso3)
    rows = rows[rows["month"].dt.year == 2025]
    assert len(rows) == 12
    assert rows["deaths_best"].sum() == candidate
    assert final_years()[iso3, 2025] == final
    assert abs(candidate - final) / final < tolerance


def test_deaths_by_type_add_up_to_all_deaths():
    rows = months("ucdp-candidate")
    assert (rows[[f"deaths_{kind}" for kind in TYPES]].sum(axis=1) == rows["deaths_best"]).all()
    counted = table("violence_month").dropna(subset="events")
    assert (counted[[f"events_{kind}" for kind in TYPES]].sum(axis=1) == counted["events"]).all()


def test_civilians_are_part_of_the_dead():
    rows = table("violence_month").dropna(subset="deaths_civilians")
    assert (rows["deaths_civilians"] <= rows["deaths_best"]).all()
    rows = rows[(rows["events"] == 0)]
    assert len(rows) > 500 and (rows["deaths_best"] == 0).all()


def test_pairs_of_parties_add_up_to_the_months():
    pairs = table("violence_dyad_month")
    rows = months("ucdp-candidate").set_index(["iso3", "month"])
    keys = ["iso3", "month"]
    for kind in TYPES:
        part = pairs[pairs["type"] == kind.replace("_", "-")].groupby(keys)
        for column in ("events", "deaths_best"):
            whole = rows[f"{column.removesuffix('_best')}_{kind}"]
            assert (part[column].sum().reindex(rows.index, fill_value=0) == whole).all()
    in_2026 = rows[rows.index.get_level_values("month").year == 2026]
    for column in ("deaths_low", "deaths_high", "deaths_civilians"):
        assert (pairs.groupby(keys)[column].sum().reindex(in_2026.index) == in_2026[column]).all()


def test_russia_is_a_coded_party_and_2025_names_no_sides():
    pairs = table("violence_dyad_month")
    early, late = pairs[pairs["month"].dt.year == 2025], pairs[pairs["month"].dt.year == 2026]
    assert early[["dyad", "side_a", "side_b", "deaths_low", "deaths_high"]].isna().all(axis=None)
    assert late.notna().all(axis=None)
    russian = early[early["conflict"].str.contains("Russia") & (early["iso3"] == "MLI")]
    assert (russian["type"] == "one-sided").all() and russian["deaths_best"].sum() == 25 + 322


def test_the_part_year_holds_its_types_and_its_first_months():
    part = table("violence_part_year")
    assert set(part["start"]) == {pd.Timestamp("2026-01-01")} and set(part["end"]) == {pd.Timestamp("2026-08-31")}
    wide = part.pivot(index="iso3", columns="type", values="deaths_best")
    assert (wide["all"] == wide[["state-based", "non-state", "one-sided"]].sum(axis=1)).all()
    assert wide.loc["MLI", "all"] == 1383
    rows = months("ucdp-candidate")
    first = rows[rows["month"].dt.year == 2026].groupby("iso3")[[f"deaths_{kind}" for kind in TYPES]].sum()
    for kind in TYPES:
        later = wide.loc[first.index, kind.replace("_", "-")]
        assert (first[f"deaths_{kind}"] <= later).all(), f"{kind}: two months exceed eight"


def test_battle_deaths_by_conflict_stay_close_to_state_based_deaths_in_mali():
    """Conflicts are not clipped to the border, and years under 25 deaths have no row: within 10 per cent, save 1991."""
    years, conflicts = table("violence_year"), table("conflict_year")
    state = years[(years["iso3"] == "MLI") & (years["type"] == "state-based")].set_index("year")["deaths_best"]
    battle = conflicts[conflicts["conflict"].str.startswith("Mali")].groupby("year")["battle_deaths_best"].sum()
    ratio = (battle / state).dropna()
    assert len(ratio) == 20
    assert set(ratio[(ratio - 1).abs() > 0.1].index) == {1991}


def test_the_older_extract_stays_close_to_the_final_years():
    """conflictforecast rests on an older UCDP release: within 10 per cent a year where there are 100 deaths or more."""
    both = pd.concat({"old": by_year(months("conflictforecast")), "final": final_years()}, axis=1).dropna()
    both = both[both["final"] >= 100]
    off = (both["old"] / both["final"] - 1).abs()
    assert set(both.index.get_level_values("iso3")) == {"BFA", "MLI", "NER"}
    assert off.max() < 0.1, off[off >= 0.1]


# UCDP against ACLED


def test_acled_counts_more_than_ucdp_and_both_peak_in_2022():
    """ACLED reports more deaths in every year since 2010, by no more than 2.4 times."""
    quarters = table("violence_region_quarter")
    acled = quarters.groupby(quarters["quarter"].dt.year)["deaths"].sum().loc[2010:2025]
    years = final_years()["MLI"].loc[2010:2025]
    assert acled.idxmax() == years.idxmax() == 2022
    assert (acled / years).between(1, 2.4).all()


def test_every_region_has_every_quarter():
    quarters = table("violence_region_quarter")
    spans = quarters.groupby("acled_admin1")["quarter"].agg(["count", "min", "max"])
    assert len(spans) == 10 and (spans["count"] == 118).all()
    part = quarters[quarters["months"] < 3]
    assert set(part["quarter"]) == {pd.Timestamp("2026-04-01")} and set(part["months"]) == {1}
    assert set(quarters.loc[quarters["region"] != quarters["acled_admin1"], "acled_admin1"]) == {"Ménaka"}


# Context


def test_refugees_by_host_add_up():
    hosts, flight = table("refugees_by_host"), table("displacement")
    for column, measure in (("refugees", "refugees-abroad"), ("asylum_seekers", "asylum-seekers-abroad")):
        whole = flight[(flight["iso3"] == "MLI") & (flight["measure"] == measure)].set_index("year")["value"]
        parts = hosts.groupby("year")[column].sum(min_count=1).dropna()
        assert differences(parts, whole) == {} and set(parts[parts > 0].index) == set(whole.index)
    assert hosts.loc[hosts["year"] < 2000, "asylum_seekers"].isna().all()
    assert not (hosts["host_iso3"] == "MLI").any()


def test_unhcr_and_idmc_agree_on_the_displaced_within_a_fifth():
    """The four years outside are named, not explained: the copies do not say why the two series part there."""
    flight = table("displacement")
    wide = flight[flight["measure"].str.startswith("idps")].pivot(
        index=["iso3", "year"], columns="measure", values="value"
    )
    ratio = (wide["idps-unhcr"] / wide["idps-idmc"]).dropna()
    off = set(ratio[~ratio.between(0.8, 1.2)].index)
    assert len(ratio) == 34 and off == {("BFA", 2017), ("MLI", 2014), ("MLI", 2015), ("NER", 2024)}


def test_no_series_of_people_holds_a_zero_for_missing():
    assert (table("displacement")["value"] > 0).all()
    people = table("population")
    assert (people["population"] > 0).all() and (people["gdp_usd"].dropna() > 0).all()
    assert people.loc[people["year"] == 2024, "gdp_usd"].isna().all()


def test_population_moves_by_less_than_a_tenth_a_year():
    people = table("population").sort_values(["iso3", "year"])
    assert (people.groupby("iso3")["population"].pct_change().dropna().abs() < 0.1).all()
    assert people.set_index(["iso3", "year"]).loc[("MLI", 2024), "population"] == 24478595


def test_food_insecurity_is_a_share_and_bamako_s_gap_is_a_gap():
    food = table("food_insecurity")
    gap = food[food["phase3_plus"].isna()]
    assert gap[["region", "year", "season"]].to_numpy().tolist() == [["Bamako", 2014, "Sep-Dec"]]
    assert gap["note"].item() == "1 of 1 units not classified"
    rest = food.dropna(subset="phase3_plus")
    assert (rest["phase3_plus"] / rest["population"]).between(0, 0.6).all()
    national = rest.groupby(["year", "season"])["phase3_plus"].sum()
    assert national[2022, "Jun-Aug"] == 1841062 and national[2020, "Jun-Aug"] == 1340745


def test_each_coup_of_powell_and_thyne_in_mali_is_an_event():
    coups, events = table("coups"), table("events")
    done = coups[(coups["iso3"] == "MLI") & (coups["successful"] > 0)]["month"]
    told = events[(events["category"] == "coup") & (events["country"] == "MLI")]["date"]
    assert set(done.dt.strftime("%Y-%m")) == {"1991-03", "2012-03", "2020-08", "2021-05"}
    assert set(done.dt.strftime("%Y-%m")) <= set(told.dt.strftime("%Y-%m"))


# Forces

WINDOWS = {
    "afisma": ("2012-12-20", "2013-07-01"),
    "africa-corps": ("2023-11-01", None),
    "barkhane": ("2014-08-01", "2022-11-09"),
    "eutm": ("2013-02-18", "2024-05-18"),
    "fc-g5s": ("2017-02-06", "2022-05-15"),
    "minusma": ("2013-04-25", "2023-12-31"),
    "serval": ("2013-01-11", "2014-08-01"),
    "takuba": ("2020-03-27", "2022-06-30"),
    "wagner": ("2021-12-01", "2025-06-06"),
}
LARGEST = {"afisma": 7000, "africa-corps": 2500, "barkhane": 5500, "eutm": 1200, "minusma": 18000, "serval": 5500}
LARGEST |= {"takuba": 900, "russia": 2500, "fama": 45000, "fc-g5s": 5600}
PERIOD = {"day": pd.Timedelta(days=0), "month": pd.Timedelta(days=31), "year": pd.Timedelta(days=366)}


def test_forces_are_counted_while_they_were_there():
    rows = table("deployments")
    present = rows[rows["measure"].isin(["strength", "peak", "remaining"]) & rows["actor"].isin(list(WINDOWS))]
    assert len(present) > 40
    late = []
    for row in present.itertuples():
        start, end = (pd.Timestamp(day or "2026-10-07") for day in WINDOWS[row.actor])
        if row.date > end or row.date + PERIOD[row.date_precision] < start:
            late.append(row.id)
    assert late == []


def test_no_force_is_larger_than_it_can_have_been():
    rows = table("deployments")
    rows = rows[(rows["unit"] == "persons") & rows["measure"].isin(["strength", "peak", "remaining"])]
    top = rows[["value_low", "value", "value_high"]].max(axis=1)
    ceiling = rows["actor"].map(LARGEST)
    assert rows.loc[top > ceiling, "id"].tolist() == []
    wagner = rows[(rows["actor"] == "wagner") & (rows["scope"] == "Mali")]
    assert len(wagner) >= 4 and wagner["value"].max() <= 2500, "above that figures are for all of Africa"


def test_cumulative_losses_never_fall():
    losses = table("losses")
    running = losses[losses["series"] == "cumulative"].sort_values("period_end")
    for key, rows in running.groupby(["actor", "period_start", "measure"]):
        assert rows["value"].is_monotonic_increasing, key


def test_phases_follow_without_gap_or_overlap():
    phases = table("phases")
    phases = phases[phases["scheme"] == "main"].sort_values("start")
    assert phases["end"].iloc[:-1].tolist() == phases["start"].iloc[1:].tolist()
    assert pd.isna(phases["end"].iloc[-1]) and phases["start"].iloc[0] == pd.Timestamp("2012-01-17")


# The committed tables against the copies they come from


@pytest.fixture(scope="module")
def derived(reference: Path) -> dict[str, pd.DataFrame]:
    return derive.tables(reference) | derive.airfields(reference.parent / "geo")


DERIVED = (
    "airfields",
    "conflict_year",
    "coups",
    "democracy",
    "displacement",
    "food_insecurity",
    "peacekeepers",
    "population",
    "refugees_by_host",
    "violence_dyad_month",
    "violence_month",
    "violence_part_year",
    "violence_region_quarter",
    "violence_year",
)


@pytest.mark.parametrize("name", DERIVED)
def test_a_committed_table_is_what_its_loader_makes(name, derived):
    assert set(DERIVED) == set(derived)
    assert (DATA / "tables" / f"{name}.csv").read_text(encoding="utf-8") == derive.to_csv(derived[name])


def test_the_committed_maps_are_what_their_loader_makes(reference):
    for name, text in derive.layers(reference.parent / "geo").items():
        assert (DATA / "geo" / f"{name}.geojson").read_text(encoding="utf-8") == text


def test_no_upstream_file_is_in_the_package(reference):
    upstream = {path.read_bytes() for path in [*reference.rglob("*.csv"), *reference.parent.glob("geo/SHARED_ONLY_*")]}
    assert upstream and not upstream & {path.read_bytes() for path in DATA.rglob("*") if path.is_file()}


def test_mali_s_months_equal_the_combined_copy(reference):
    """The combined copy was made by other hands from the same releases."""
    copy = pd.read_csv(reference / "ucdp" / "ucdp_mali_month_1989_2026_combined.csv")
    ours = pd.concat([months("ucdp-ged", "MLI"), months("ucdp-candidate", "MLI")])
    assert len(ours) == len(copy) == 446
    assert ours["month"].dt.strftime("%Y-%m").tolist() == copy["year_month"].tolist()
    pairs = {
        "events": "ucdp_event_count",
        "deaths_best": "ucdp_fatalities_best",
        "deaths_high": "ucdp_fatalities_high",
        "deaths_civilians": "ucdp_civilian_deaths",
        "events_one_sided": "ucdp_one_sided_events",
    }
    for mine, theirs in pairs.items():
        assert (ours[mine].to_numpy() == copy[theirs].to_numpy()).sum() == copy[theirs].notna().sum()
        assert (ours[mine].isna().to_numpy() == copy[theirs].isna().to_numpy()).all()


@pytest.mark.parametrize(
    ("file", "key", "value", "totals"),
    [
        ("acled/acled_hdx_mali_political_violence_admin2_month_1997_2026.csv", "events", "events", 11028),
        ("acled/acled_hdx_mali_political_violence_admin2_month_1997_2026.csv", "fatalities", "deaths", 30734),
    ],
)
def test_nothing_is_lost_when_acled_is_added_up(reference, file, key, value, totals):
    assert pd.read_csv(reference / file)[key].sum() == table("violence_region_quarter")[value].sum() == totals


def test_events_in_two_releases_are_counted_once(reference):
    raw = pd.read_csv(reference / "ucdp" / "ucdp_candidate_2026_jan_feb_events_mli_bfa_ner.csv")
    events = ucdp.read_events(raw)
    assert len(raw) - len(events) == 3 and events["id"].is_unique
    assert events["iso3"].value_counts().to_dict() == {"BFA": 116, "MLI": 89, "NER": 35}
