"""Totals by year and by phase, recomputed in SQL straight from the upstream copies, without a line of the loaders."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from malibook.analysis.series import PREFERENCE, monthly, per_phase
from malibook.evidence import load, phases

DATA = Path(__file__).resolve().parents[2] / "data" / "tables"

# One row a month, country and series, as SQL makes it from the upstream files.
MONTHS = """
create table months as
with e25 as (
  select distinct on (id) id, country, best, date from (select *, row_number() over () n from read_csv('{ucdp}/ucdp_candidate_2025_events_mli_bfa_ner.csv'))
  order by id, n desc
), e26 as (
  select distinct on (id) id, country, best, low, high, date_start
  from (select *, row_number() over () n from read_csv('{ucdp}/ucdp_candidate_2026_jan_feb_events_mli_bfa_ner.csv', all_varchar = false))
  order by id, n desc
), names(country, iso3) as (values ('Mali', 'MLI'), ('Burkina Faso', 'BFA'), ('Niger', 'NER'))
select country_iso3 as iso3, cast(year_month || '-01' as date) as month, 'ucdp-ged' as dataset, ucdp_event_count as events,
  ucdp_fatalities_best as best, ucdp_fatalities_high as high,
  round(ucdp_fatalities_high - ucdp_fatality_uncertainty * ucdp_event_count) as low, ucdp_peak_event_fatalities as largest
from read_csv('{ucdp}/ucdp_ged_v25_1_country_month_mli_bfa_caf_lby.csv')
union all
select iso3, date_trunc('month', cast(date as date)), 'ucdp-candidate', count(*), sum(best), null, null, max(best)
from e25 join names using (country) group by all
union all
select iso3, date_trunc('month', cast(date_start as date)), 'ucdp-candidate', count(*), sum(best), sum(high), sum(low), max(best)
from e26 join names using (country) group by all
union all
select isocode, strptime(cast(period as varchar) || '01', '%Y%m%d')::date, 'conflictforecast', null, fatalities_UCDP, null, null, null
from read_csv('{ucdp}/ucdp_monthly_fatalities_conflictforecast_mli_bfa_ner_2010_2024.csv')
"""
COLUMNS = {"events": "events", "deaths_low": "low", "deaths_best": "best", "deaths_high": "high"}
COLUMNS |= {"deaths_largest_event": "largest"}


@pytest.fixture(scope="module")
def sql(reference: Path) -> duckdb.DuckDBPyConnection:
    """A database with the months made from the copies, and the book's phases."""
    connection = duckdb.connect()
    connection.execute(MONTHS.format(ucdp=reference / "ucdp"))
    connection.execute(f"create table phases as select * from read_csv('{DATA / 'phases.csv'}') where scheme = 'main'")
    return connection


def same(left: pd.Series, right: pd.Series) -> None:
    """Assert that two series hold the same keys and figures, a missing one for a missing one."""
    both = pd.concat({"ours": left.astype(float), "theirs": right.astype(float)}, axis=1)
    off = both[~(both["ours"].eq(both["theirs"]) | (both["ours"].isna() & both["theirs"].isna()))]
    assert len(both) == len(left) and off.empty, off.head(10)


@pytest.mark.parametrize("column", COLUMNS)
def test_months_by_year(sql, column):
    how = "max" if column == "deaths_largest_event" else "sum"
    theirs = sql.execute(
        f"select dataset, iso3, year(month) as year, {how}({COLUMNS[column]}) as value from months group by all having value > 0"
    ).df()
    ours = load("violence_month")
    keys = [ours["dataset"], ours["iso3"], ours["month"].dt.year.rename("year")]
    totals = ours.groupby(keys)[column].agg(how)
    totals = totals[totals.fillna(0) > 0]
    assert len(totals) > 80
    same(totals, theirs.set_index(["dataset", "iso3", "year"])["value"])


@pytest.mark.parametrize("iso3", ["MLI", "BFA", "NER"])
@pytest.mark.parametrize("column", ["deaths_best", "deaths_low", "deaths_high"])
def test_deaths_by_phase(sql, iso3, column):
    """A month belongs to the phase of its first day; of several series the vetted one counts."""
    order = " ".join(f"when '{name}' then {rank}" for rank, name in enumerate(PREFERENCE))
    theirs = sql.execute(
        f"""
        with one as (
          select distinct on (month) month, {COLUMNS[column]} as value from months where iso3 = '{iso3}'
          order by month, case dataset {order} end
        )
        select id, sum(value) as total, count(value) as months from one join phases
        on month >= start and (phases."end" is null or month < phases."end") group by id having months > 0
        """
    ).df()
    ours = per_phase(monthly(load("violence_month"), iso3), phases(), column)
    assert len(ours) == len(theirs) > 0
    ours, theirs = ours.set_index("phase"), theirs.set_index("id")
    same(ours["total"], theirs["total"])
    same(ours["months"], theirs["months"])


@pytest.mark.parametrize("measure", ["low", "best", "high"])
def test_years_by_type(sql, reference, measure):
    file = reference / "ucdp" / "ucdp_country_year_v26_1_mli_bfa_ner_caf_lby.csv"
    kinds = {"sb": "state-based"} | ({"ns": "non-state", "os": "one-sided"} if measure == "best" else {})
    theirs = pd.concat(
        sql.execute(f"select iso3, year, '{kind}' as type, {code}_{measure} as value from read_csv('{file}')").df()
        for code, kind in kinds.items()
    )
    ours = load("violence_year").dropna(subset=f"deaths_{measure}").set_index(["iso3", "year", "type"])
    same(ours[f"deaths_{measure}"], theirs.set_index(["iso3", "year", "type"])["value"])
    total = sql.execute(f"select sum(total_best) from read_csv('{file}')").fetchone()[0]
    assert load("violence_year")["deaths_best"].sum() == total


@pytest.mark.parametrize(
    ("measure", "side", "column"),
    [
        ("refugees-abroad", "coo_iso", "refugees"),
        ("asylum-seekers-abroad", "coo_iso", "asylum_seekers"),
        ("refugees-hosted", "coa_iso", "refugees"),
        ("idps-unhcr", "coa_iso", "idps"),
        ("idps-idmc", "coa_iso", "total"),
    ],
)
def test_people_who_fled_by_year(sql, reference, measure, side, column):
    name = "idmc_idps_mli_bfa_ner_caf_lby" if measure == "idps-idmc" else "unhcr_population_mli_bfa_ner"
    among = "" if measure == "idps-idmc" else f"where {side} in ('MLI', 'BFA', 'NER')"
    file = reference / "displacement" / f"{name}.csv"
    theirs = sql.execute(
        f"select {side} as iso3, cast(year as integer) as year, sum({column}) as value from read_csv('{file}') {among} group by all having value > 0"
    ).df()
    ours = load("displacement")
    ours = ours[ours["measure"] == measure].set_index(["iso3", "year"])["value"]
    same(ours, theirs.set_index(["iso3", "year"])["value"])


def test_the_war_s_regions_by_year(sql, reference):
    file = reference / "acled" / "acled_hdx_mali_political_violence_admin2_month_1997_2026.csv"
    columns = sql.execute(f"describe select * from read_csv('{file}')").df()["column_name"].tolist()
    year = next(c for c in columns if c.lower() == "year")
    theirs = sql.execute(
        f"select cast(\"{year}\" as integer) as year, sum(events) as events, sum(fatalities) as deaths from read_csv('{file}') group by all"
    ).df()
    ours = load("violence_region_quarter")
    by_year = ours.groupby(ours["quarter"].dt.year.rename("year"))[["events", "deaths"]].sum()
    for name in ("events", "deaths"):
        same(by_year[name], theirs.set_index("year")[name])
