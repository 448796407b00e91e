"""Places and events against the map and the calendar: inside their stated region and phase, or named as exceptions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.path import Path as Outline

from malibook.evidence import geo, load, phase_of, phases

KM_A_DEGREE = 111.2
# Places whose point lies outside the polygon of their stated region by more than their own precision, and why.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture(scope="module")
def outlines() -> dict[str, list[Outline]]:
    out: dict[str, list[Outline]] = {}
    for feature in geo("mali_regions")["features"]:
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        out[feature["properties"]["name"]] = [Outline(np.array(part[0])) for part in parts]
    return out


def distance_outside(lon: float, lat: float, rings: list[Outline]) -> float:
    """Return how many kilometres a point lies outside a region; zero within."""
    if any(ring.contains_point((lon, lat)) for ring in rings):
        return 0.0
    scale = np.array([math.cos(math.radians(lat)), 1.0]) * KM_A_DEGREE
    return min(float(np.min(np.hypot(*((ring.vertices - (lon, lat)) * scale).T))) for ring in rings)


def test_places_lie_in_their_stated_region(outlines):
    places = load("places")
    inside = places[(places["country"] == "MLI") & places["lat"].notna() & places["region"].notna()]
    assert len(inside) > 60
    off = {}
    for p in inside.itertuples():
        allowed = max(5.0, 0.0 if pd.isna(p.precision_km) else float(p.precision_km))
        far = distance_outside(p.lon, p.lat, outlines[p.region])
        if far > allowed:
            off[p.id] = round(far)
    assert set(off) == set(EXCEPTIONS), off


def test_the_two_known_traps_of_the_map(outlines):
    places = load("places").set_index("id")
    tinzaouatene, anefis = places.loc["tinzaouatene"], places.loc["anefis"]
    assert 0 < distance_outside(tinzaouatene["lon"], tinzaouatene["lat"], outlines["Kidal"]) < 12
    assert tinzaouatene["region"] == anefis["region"] == "Kidal"


def test_every_event_since_2012_falls_in_one_phase():
    events = load("events")
    since = events[events["date"] >= phases()[0].start]
    assert phase_of(since["date"]).notna().all()
    before = events[events["date"] < phases()[0].start]
    assert phase_of(before["date"]).isna().all()


@pytest.mark.parametrize(
    "table", ["events", "politics", "claims", "deployments", "civilian_harm", "economy", "handovers"]
)
def test_dates_fit_their_precision(table):
    rows = load(table)
    dated = rows[rows["date"].notna()]
    assert (dated.loc[dated["date_precision"] == "month", "date"].dt.day == 1).all()
    years = dated.loc[dated["date_precision"] == "year", "date"]
    assert ((years.dt.month == 1) & (years.dt.day == 1)).all()


def test_nothing_is_dated_after_the_fact_base_ends():
    end = pd.Timestamp("2026-10-31")  # the last compiled notes are of October 2026
    for table in ("events", "politics", "claims", "deployments", "civilian_harm", "handovers"):
        assert load(table)["date"].max() <= end, table
