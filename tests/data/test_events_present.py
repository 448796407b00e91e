"""Chapters with UCDP's events one by one and without: what they show, that it adds up, what they say where it is missing."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest

from malibook.press.ledger import Ledger, read_ledger
from malibook.press.notebooks import read
from tests import upstream as up
from tests.conftest import ROOT, copy_of_the_book, malibook
from tests.events import write_ged_of_mali

pytestmark = pytest.mark.slow
FRENCH, BATTLE = "01-french-intervention", "03-tinzaouatene"
NEAR = {"latitude": 19.95, "longitude": 2.97, "adm_1": "Kidal region", "where_coordinates": "Tinzaouatène town"}
OF_THE_BATTLE = [
    up.event(
        90_001, "MLI", "2024-07-25", 19, conflict_new_id=372, date_end="2024-07-27 00:00:00.000", where_prec=2, **NEAR
    ),
    up.event(90_002, "MLI", "2024-07-30", 8, 3, **NEAR | {"where_prec": 4, "latitude": 18.4}),
    up.event(90_003, "MLI", "2024-07-28", 5, **NEAR | {"latitude": 16.0, "adm_1": "Gao region"}),
    up.event(90_004, "MLI", "2024-08-01", 6, **NEAR),
]


def refreshed(folder: Path, *words: str) -> Path:
    book = copy_of_the_book(folder / "book")
    done = malibook(book, "data", "refresh", *words)
    assert done.returncode == 0, done.stderr
    return book


@pytest.fixture(scope="module")
def with_events(tmp_path_factory) -> Path:
    """A copy of the book whose data were refreshed with a GED file of Mali."""
    folder = tmp_path_factory.mktemp("events")
    months = pd.read_csv(ROOT / "data" / "tables" / "violence_month.csv", parse_dates=["month"])
    mine = months.query("iso3 == 'MLI' and dataset == 'ucdp-ged' and month >= '2012-01-01'")
    return refreshed(folder, "--ucdp-ged", str(write_ged_of_mali(folder, mine, *OF_THE_BATTLE)))


def ledger_of(book: Path, chapter: str, out: Path, *words: str) -> Ledger:
    done = malibook(book, "run", chapter, *words, "-o", str(out))
    assert done.returncode == 0, done.stderr
    return read_ledger(read(out / f"{chapter}.ipynb"), chapter)


def events_of(book: Path, last: str = "2024-12-31") -> pd.DataFrame:
    events = pd.read_csv(book / "data" / "tables" / "violence_events.csv")
    return events[(events["iso3"] == "MLI") & events["date"].between("2012-01-01", last)]


def shown(ledger: Ledger, kind: str, key: str) -> dict:
    (entry,) = [e for e in ledger.exhibits if (e["kind"], e["key"]) == (kind, key)]
    return entry


def frame(entry: dict) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(entry["csv"]))


def value(ledger: Ledger, key: str) -> float:
    return shown(ledger, "number", key)["value"]


def refers_to_what_is_shown(ledger: Ledger) -> bool:
    """Whether the remark quotes only numbers, figures and tables of the same run."""
    text, keys = shown(ledger, "remark", "single-events")["text"], {e["key"] for e in ledger.exhibits}
    quoted = re.findall(r"\{(?:n|numref)\}`([^`]+)`", text)
    return len(quoted) > 3 and set(quoted) <= keys


def test_the_first_chapter_draws_and_adds_up_every_event(with_events, tmp_path):
    ledger, events = ledger_of(with_events, FRENCH, tmp_path), events_of(with_events)
    assert len(events) > 2_000 and "violence_events" in ledger.opened
    points, known = shown(ledger, "figure", "fig-1-events"), events[events["where_prec"] <= 3]
    drawn = frame(points)
    assert sorted(drawn["id"]) == sorted(known["id"]) and len(known) < len(events)
    for column in ("deaths_low", "deaths_best", "deaths_high"):
        assert drawn[column].sum() == known[column].sum()
    left, dead = len(events) - len(known), events["deaths_best"].sum() - known["deaths_best"].sum()
    assert f"Left out: {left:,} events with {dead:,} deaths" in points["note"]
    assert "do not cover the whole window" not in points["note"]
    pairs = frame(shown(ledger, "table", "tbl-1-actors"))
    assert pairs["events"].sum() == len(events) and pairs["pair"].iloc[-1].startswith("All others")
    for column in ("low", "best", "high"):
        assert pairs[column].sum() == events[f"deaths_{column}"].sum()
    first = events[(events["dyad"] == pairs["pair"][0]) & (events["type"] == pairs["type"][0])]
    assert pairs["best"][0] == first["deaths_best"].sum() == events.groupby(["dyad", "type"])["deaths_best"].sum().max()
    assert (value(ledger, "single-all"), value(ledger, "single-left-out")) == (len(events), left)
    words = shown(ledger, "remark", "single-events")
    assert words["title"] == "" and "{numref}`fig-1-events`" in words["text"] and refers_to_what_is_shown(ledger)


def test_estimate_and_window_are_honoured(with_events, tmp_path):
    ledger, events = (
        ledger_of(with_events, FRENCH, tmp_path, "--estimate", "high", "--end", "2023-12-31"),
        events_of(with_events, "2023-12-31"),
    )
    drawn = frame(shown(ledger, "figure", "fig-1-events"))
    assert sorted(drawn["id"]) == sorted(events.loc[events["where_prec"] <= 3, "id"])
    assert value(ledger, "single-deaths") == drawn["deaths_high"].sum() > drawn["deaths_best"].sum()
    pairs = frame(shown(ledger, "table", "tbl-1-actors"))
    assert pairs["high"].iloc[:-1].is_monotonic_decreasing and pairs["high"].sum() == events["deaths_high"].sum()


def test_the_third_chapter_lists_the_battle(with_events, tmp_path):
    ledger, events = ledger_of(with_events, BATTLE, tmp_path), events_of(with_events)
    listed = frame(shown(ledger, "table", "tbl-3-events"))
    july = (events["date"] <= "2024-07-31") & (events["date_end"] >= "2024-07-25")
    in_kidal = july & (events["region"] == "Kidal") & (events["where_prec"] > 3)
    expected = events[in_kidal | (july & (events["id"] == 90_001))]
    assert {90_001, 90_002} <= set(expected["id"]) and not {90_003, 90_004} & set(expected["id"])
    assert len(listed) == len(expected) == value(ledger, "single-near")
    for name in ("low", "best", "high"):
        assert value(ledger, f"single-{name}") == expected[f"deaths_{name}"].sum()
    assert value(ledger, "single-azawad") == 19 and refers_to_what_is_shown(ledger)
    assert listed.loc[listed["days"] == "25–27 July 2024", "place"].tolist() == [
        "Tinzaouatène town (within about 25 km)"
    ]


@pytest.mark.parametrize(
    ("chapter", "exhibits"), [(FRENCH, ("fig-1-events", "tbl-1-actors")), (BATTLE, ("tbl-3-events",))]
)
def test_without_the_table_the_reader_is_told_at_that_place(chapter, exhibits, tmp_path):
    ledger = ledger_of(copy_of_the_book(tmp_path / "book"), chapter, tmp_path / "out")
    keys = [e["key"] for e in ledger.exhibits]
    assert not set(exhibits) & set(keys) and "violence_events" not in ledger.opened
    assert [key for key in keys if key.startswith("single-")] == ["single-events"]
    words = shown(ledger, "remark", "single-events")
    assert words["title"] == "Not in this copy of the data"
    assert "would stand here. UCDP's events one by one are not in this copy" in words["text"]
    assert "`malibook data refresh --ucdp-ged FILE` adds them." in words["text"]


def test_events_of_another_country_alone_are_no_events_of_mali(tmp_path):
    path = up.write_ged(
        tmp_path / "GEDEvent_v25_1.csv", [up.event(1, "SOM", "2016-03-04", 10), up.event(2, "SOM", "2024-07-26", 7)]
    )
    book = refreshed(tmp_path, "--ucdp-ged", str(path), "--countries", "SOM")
    for chapter, says in (
        (FRENCH, "none of Mali with a known place from January 2012 to December 2024"),
        (BATTLE, "but none of Mali in July 2024"),
    ):
        words = shown(ledger_of(book, chapter, tmp_path / "out"), "remark", "single-events")
        assert words["title"] == "Not in this copy of the data" and says in words["text"], chapter
