"""Whatever stands in sweeps.toml: runs, or one message that names the sweep."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from malibook.errors import BookError
from malibook.press.sweep import declared, plan
from tests.faults.small import write_small_book

NAMES = st.sampled_from(["start", "end", "estimate", "country", "window_months"]) | st.text(max_size=5)
SIMPLE = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["MLI", "best", "2012-01-01", date(2012, 1, 1), datetime(2012, 1, 1, 2), time(1)])
)
ANY = st.recursive(SIMPLE, lambda v: st.lists(v, max_size=3) | st.dictionaries(NAMES, v, max_size=3), max_leaves=8)
GRID = st.dictionaries(NAMES, st.lists(SIMPLE, max_size=3), max_size=3)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": ANY,
        "notebooks": st.just(["01-small"]) | ANY,
        "grid": GRID | ANY,
        "runs": st.lists(st.dictionaries(NAMES, SIMPLE, max_size=2), max_size=2) | ANY,
        "numbers": ANY,
        "other": ANY,
    },
)
FIT = {
    "start": st.sampled_from(["2012-01-01", date(2013, 1, 1), "2013-13-01", 3]),
    "end": st.sampled_from(["2020-12-31", date(2021, 12, 31), datetime(2021, 1, 1), ""]),
    "estimate": st.sampled_from(["low", "best", "high", "hihg", True]),
}
NEARLY = st.fixed_dictionaries(
    {"notebooks": st.sampled_from([["01-small"], ["01"]])},
    optional={
        "grid": st.fixed_dictionaries({}, optional={k: st.lists(v, min_size=1, max_size=3) for k, v in FIT.items()}),
        "runs": st.lists(st.fixed_dictionaries({}, optional=FIT), max_size=3),
    },
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = write_small_book(tmp_path_factory.mktemp("fuzz") / "book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALIBOOK_ROOT", str(folder))
        patch.setattr(plan, "ground", dict)
        yield folder, patch


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(NEARLY | NEARLY | FIELDS | ANY, st.just("x") | st.text(max_size=4))
def test_any_declaration_gives_runs_or_one_message(book, sweep, name):
    _, patch = book

    def found():
        declared.check(name, sweep)
        return {name: sweep}

    patch.setattr(plan, "sweeps", found)
    try:
        runs = plan.plan(name)
    except BookError as error:
        assert str(error).strip() and "\n" not in error.what
    else:
        assert runs and len({r.key for r in runs}) == len(runs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("grid = [1, 2]", "sweeps.toml, x, grid: cannot be [1, 2]"),
        ('grid = "start"', "sweeps.toml, x, grid: cannot be 'start'"),
        ("grid = { start = 3 }", "sweeps.toml, x, grid: cannot be {'start': 3}"),
        ("grid = { start = [] }", "sweeps.toml, x, grid: cannot be {'start': []}"),
        ("grid = { start = [[1]] }", "sweeps.toml, x, grid: cannot be {'start': [[...]]}"),
        ("[[x.grid]]\nstart = [1]", "sweeps.toml, x, grid: cannot be [{'start': [...]}]"),
        ("runs = { start = 1 }", "sweeps.toml, x, runs: cannot be {'start': 1}"),
        ("grid = [", "sweeps.toml: cannot be read"),
    ],
)
def test_a_wrong_grid_in_the_file_is_one_message_with_an_example(book, text, said):
    folder, _ = book
    (folder / "sweeps.toml").write_text(f'[x]\nnotebooks = ["01-small"]\n{text}\n', encoding="utf-8")
    with pytest.raises(BookError) as caught:
        declared.sweeps()
    assert str(caught.value).startswith(said) and "remedy: write" in str(caught.value)


def test_a_grid_that_would_fill_the_memory_is_refused_before_it_is_expanded():
    grid = {name: list(range(1000)) for name in itertools.islice("abcdef", 6)}
    with pytest.raises(BookError, match="1,000,000,000,000,000,000 runs"):
        plan.combinations("x", {"grid": grid})
