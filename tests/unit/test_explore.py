"""The page *Explore*, before Sphinx has it: every event and every claim once, filters that equal the data, a small page."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pandas as pd
import pytest

from malibook.errors import BookError
from malibook.evidence import load, phase_of, root, split_list
from malibook.press.explore.basemap import GRAIN, cut, inside, path
from malibook.press.explore.hooks import document_addresses
from malibook.press.explore.kinds import FAMILIES, check_kinds
from malibook.press.explore.model import events
from malibook.press.explore.packing import GAP, in_rows, round_points
from malibook.press.explore.page import body, explore
from malibook.press.explore.words import date_words
from malibook.press.sphinxext import curly

LIMIT = 60_000  # bytes, compressed: the page's own HTML, its script and its style sheet


@pytest.fixture(scope="module")
def page() -> str:
    return body()


@pytest.fixture(scope="module")
def rows(page) -> dict[str, str]:
    found = re.findall(r'<tr id="e-([^"]+)"(.*?)</tr>', page, re.S)
    assert len(found) == len(dict(found))
    return dict(found)


def part(page: str, name: str) -> str:
    return re.search(rf'<svg class="{name}".*?</svg>', page, re.S)[0]


def options(page: str, select: str) -> dict[str, int]:
    """Return what a drop-down offers: the value, and the count that its label ends with."""
    inner = re.search(rf'<select name="{select}">(.*?)</select>', page, re.S)[1]
    found = re.findall(r'<option value="([^"]+)">[^<]* \((\d+)\)</option>', inner)
    assert len(found) == inner.count("<option") - 1  # one for all
    return {unescape(value): int(count) for value, count in found}


def test_every_event_has_one_row_with_its_title_and_at_least_one_source(rows):
    table = load("events").set_index("id")
    assert set(rows) == set(table.index)
    assert list(rows) == list(table.sort_values(["date", "id"]).index)
    addresses = document_addresses()
    for name, row in rows.items():
        assert unescape(re.search("<summary>([^<]+)", row)[1]).strip() == curly(table.at[name, "title"]), name
        linked = set(re.findall(r'<a href="sources\.html#([^"]+)">[^<]+</a>', row))
        assert linked >= {addresses[source] for source in split_list(table.at[name, "sources"])} != set(), name


@pytest.mark.parametrize("drawing", ["xmap", "xtime"])
def test_every_event_has_one_mark_in_each_drawing_which_leads_to_its_row(page, rows, drawing):
    marks = re.findall(r'<a href="#(e\d+)" tabindex="-1"', part(page, drawing))
    targets = [re.search(r'<p id="(e\d+)">', row)[1] for row in rows.values()]
    assert len(marks) == len(set(marks))
    assert set(marks) == set(targets)


def test_marks_of_what_lies_in_the_frame_stand_by_their_place_and_none_covers_another(page):
    table = load("events")
    at_home = table[[pd.notna(r.lat) and inside(r.lon, r.lat) for r in table.itertuples()]]
    height = float(re.search(r'<clipPath id="frame"><path d="M0 0H\d+V(\d+)', page)[1])
    spots = [tuple(map(int, m)) for m in re.findall(r'<use href="#\w+" x="(\d+)" y="(\d+)"/>', part(page, "xmap"))]
    assert sum(y <= height for _, y in spots) == len(at_home) > 150
    assert len(spots) == len(table) == len(set(spots))


def test_a_rim_says_that_figures_are_contested(page, rows):
    contested = set(load("events").dropna(subset="disputes")["id"]) | set(load("disputes")["event"].dropna())
    by_target = {re.search(r'<p id="(e\d+)">', row)[1]: name for name, row in rows.items()}
    for drawing in ("xmap", "xtime"):
        rimmed = re.findall(r'<a href="#(e\d+)" tabindex="-1" class="rim"', part(page, drawing))
        assert {by_target[target] for target in rimmed} == contested


def test_every_claim_stands_once_beside_its_claimant_with_a_source(page):
    claims = load("claims")
    shown = re.findall(r"<li><b>(.*?)</b>.*?</li>", page, re.S)
    assert sorted(map(unescape, shown)) == sorted(curly(name) for name in claims["claimant"])
    for item in re.findall(r"<li><b>.*?</li>", page, re.S):
        assert "sources.html#d" in item, item
    assert page.count("<b>Contested:</b>") >= len(load("disputes"))


def test_rows_stand_under_their_phase(page):
    table = load("events").set_index("id")
    phases = phase_of(table["date"]).fillna("before").to_dict()
    for phase, inner in re.findall(r'<tbody data-p="([^"]+)">(.*?)</tbody>', page, re.S):
        for name in re.findall(r'<tr id="e-([^"]+)"', inner):
            assert phases.pop(name) == phase
    assert phases == {}


def test_filters_offer_what_the_data_hold_with_the_right_counts(page):
    table = load("events")
    phases = phase_of(table["date"]).fillna("before").value_counts().to_dict()
    assert options(page, "p") == phases
    assert options(page, "a") == table["actors"].dropna().map(split_list).explode().value_counts().to_dict()
    places = options(page, "l")
    assert {k: v for k, v in places.items() if not k.startswith("r/")} == table["place"].value_counts().to_dict()
    regions = {k[2:]: v for k, v in places.items() if k.startswith("r/")}
    assert sum(regions.values()) == len(table)
    assert set(table["region"].dropna()) <= set(regions)
    kinds = dict(re.findall(r'<li data-k="([^"]+)">.*?\((\d+)\)</li>', page))
    assert {k: int(v) for k, v in kinds.items()} == table["category"].value_counts().to_dict()


def test_without_a_script_no_control_shows(page):
    form = re.search(r"<form[^>]*>", page)[0]
    assert " hidden" in form
    outside = re.sub(r"<form.*?</form>", "", page, flags=re.S)
    assert not re.search(r"<(?:input|select|button|output)", outside)
    assert not re.search(r"\son\w+=|<script|style=", page)


def test_each_kind_has_a_shape_of_its_own_and_an_unknown_one_is_named():
    shapes = [shape for kinds in FAMILIES.values() for shape in kinds.values()]
    assert len(set(shapes)) == len(shapes)
    with pytest.raises(BookError, match="marching"):
        check_kinds({"battle", "marching"})


def test_the_page_is_small(page):
    static = root() / "book" / "static"
    parts = {"html": page.encode()} | {name: (static / name).read_bytes() for name in ("explore.js", "explore.css")}
    sizes = {name: len(gzip.compress(content, 9, mtime=0)) for name, content in parts.items()}
    print(f"explore, compressed: {sizes}, in all {sum(sizes.values()):,} bytes")
    assert sum(sizes.values()) < LIMIT, sizes


def test_it_is_the_same_twice_and_shows_no_missing_value(page):
    assert body() == page
    assert explore() == f"````{{raw}} html\n{page}\n````\n"
    text = re.sub(r"<[^>]+>", " ", page)
    assert not re.search(r"\b(?:nan|NaT|None|<NA>)\b", text)
    assert "\n\n" not in page


@pytest.mark.parametrize(
    ("date", "end", "precision", "said"),
    [
        ("2024-07-25", "2024-07-27", "day", "25–27 July 2024"),
        ("2024-07-25", "2024-08-02", "day", "25 July – 2 August 2024"),
        ("1963-05-14", "1964-08-15", "day", "14 May 1963 – 15 August 1964"),
        ("2013-03-01", None, "month", "March 2013"),
        ("2003-01-01", "2003-12-31", "year", "2003"),
        ("2020-01-03", "2020-01-03", "day", "3 January 2020"),
    ],
)
def test_dates_say_no_more_than_is_known(date, end, precision, said):
    row = {"date": pd.Timestamp(date), "date_end": pd.Timestamp(end) if end else pd.NaT, "date_precision": precision}
    assert date_words(row) == said


def test_marks_at_one_place_are_moved_apart_and_the_first_stays():
    spots = round_points([(100.0, 100.0)] * 7 + [(5.0, 5.0)], 400, 400)
    assert spots[0] == (100, 100)
    assert spots[7] != (5, 5)  # moved into the frame
    for n, (x, y) in enumerate(spots):
        assert all((x - u) ** 2 + (y - v) ** 2 > (GAP - 1) ** 2 for u, v in spots[:n])


def test_marks_in_a_lane_go_up_only_where_they_must():
    assert in_rows([0, 5, 10, 30, 60]) == [0, 1, 2, 0, 0]


def test_a_ring_is_cut_to_the_frame_and_written_in_steps():
    square = [(-10.0, -10.0), (30.0, -10.0), (30.0, 30.0), (-10.0, 30.0)]
    assert set(cut(square, (0, 0, 20, 20))) == {(0, 0), (20, 0), (20, 20), (0, 20)}
    assert path([(0, 0), (10 * GRAIN, 0), (10 * GRAIN, 5 * GRAIN), (10 * GRAIN, 5 * GRAIN + 0.2)]) == "M0 0l10 0 0 5z"
    assert path([(0, 0), (0.2, 0)]) == ""


def test_an_event_abroad_or_without_a_place_says_so():
    by_id = {e.row["id"]: e for e in events()}
    assert by_id["2012-12-20-resolution-2085"].region == "Outside Mali"
    assert by_id["2017-03-02-jnim-announced"].region == "No single place"
    assert by_id["2024-07-25-tinzaouatene"].region == "Kidal"
