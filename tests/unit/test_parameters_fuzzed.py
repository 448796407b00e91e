"""Parameters, chapter names and command lines of any kind: accepted or refused in a few plain lines, never executed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from malibook.cli import _pairs
from malibook.errors import BookError
from malibook.evidence import Parameters
from malibook.press.notebooks import find
from malibook.press.runner import check_parameters

NAMES = st.one_of(st.sampled_from(list(Parameters.model_fields)), st.text(max_size=40))
HOSTILE = [
    "__import__('os').system('touch stolen')", "high'; import os #", "$(touch stolen)", "`touch stolen`", "../../etc/passwd",
    "2020-01-01\n%%bash\ntouch stolen", "\x00", "\u202e", "\ud800", "=HYPERLINK(1)", "é" * 5000, 10**4000, 10**5000, -(10**5000),
    float("nan"), float("inf"), b"2020-01-01", [], {}, {"a": [1]}, None, True, object(), ["MLI"], "0", "1e3", "2020-W01", 0, 1e308,
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(HOSTILE), st.text(), st.integers(), st.floats(), st.dates(), st.binary(max_size=20), st.lists(st.text(), max_size=3)
)  # fmt: skip


def refused_well(error: BookError) -> None:
    text = str(error)
    assert "remedy" in text
    assert len(text) < 2000, "a long value fills the screen"
    assert text.count("\n") < 12
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e]", text), (
        "a control character reaches the terminal"
    )
    text.encode("utf-8")


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_values_are_accepted_or_refused_in_plain_words(values):
    try:
        made = Parameters(**values)
    except BookError as error:
        refused_well(error)
    else:
        assert made.start < made.end
        assert Parameters(**made.model_dump(mode="json")) == made


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
def test_a_chapter_takes_only_its_own_parameters(values):
    try:
        checked = check_parameters("01-french-intervention", values)
    except BookError as error:
        refused_well(error)
    else:
        assert set(checked) == set(values)


@given(st.one_of(st.text(), st.sampled_from([x for x in HOSTILE if isinstance(x, str)])))
def test_a_chapter_is_found_by_its_name_alone(name):
    try:
        found = find(name)
    except BookError as error:
        refused_well(error)
    else:
        assert re.fullmatch(r"\d\d-[a-z-]+", found)


@given(
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["--estimate", "--end=", "--", "-p", "high"])), max_size=5)
)
def test_any_words_after_a_command_are_pairs_or_refused(words):
    try:
        pairs = _pairs(words)
    except BookError as error:
        refused_well(error)
    else:
        assert all(isinstance(name, str) and name for name in pairs)


@pytest.mark.parametrize("value", [x for x in HOSTILE if isinstance(x, str)])
def test_nothing_hostile_is_run(value, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError):
        check_parameters("01-french-intervention", {"estimate": value})
    assert list(tmp_path.iterdir()) == []
