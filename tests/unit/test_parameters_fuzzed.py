"""Parameters, chapter names and command lines of any kind: accepted or refused in a few plain lines, never executed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from papermill.translators import translate_parameters

from malibook.cli import _pairs, main
from malibook.cli_editions import chosen
from malibook.errors import BookError
from malibook.evidence import Parameters, check_served
from malibook.press.declared import defaults_of
from malibook.press.notebooks import find
from malibook.press.parameter_docs import described
from malibook.press.runner import check_parameters
from tests.conftest import ROOT

given = lambda *kinds: lambda test: settings(deadline=None)(given_any(*kinds)(test))  # noqa: E731 - no test is held to a time
NAMES = st.one_of(st.sampled_from(list(Parameters.model_fields)), st.text(max_size=40))
HOSTILE = [
    "__import__('os').system('touch stolen')", "high'; import os #", "$(touch stolen)", "`touch stolen`", "../../etc/passwd",
    "2020-01-01\n%%bash\ntouch stolen", "\x00", "\u202e", "\ud800", "=HYPERLINK(1)", "é" * 5000, 10**4000, 10**5000, -(10**5000),
    float("nan"), float("inf"), b"2020-01-01", [], {}, {"a": [1]}, None, True, object(), ["MLI"], "0", "1e3", "2020-W01", 0, 1e308,
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(HOSTILE), st.text(), st.integers(), st.floats(), st.dates(), st.binary(max_size=20), st.lists(st.text(), max_size=3)
)  # fmt: skip
PLAIN = st.one_of(st.text(), st.integers(-(10**300), 10**300), st.floats(), st.booleans(), st.none())
INJECTED = st.one_of(
    PLAIN, st.lists(PLAIN, max_size=3), st.dictionaries(st.text(max_size=5), PLAIN, max_size=2),
    st.sampled_from([x for x in HOSTILE if isinstance(x, str)]),
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


@given(st.sampled_from(described()), st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
def test_a_chapter_takes_only_its_own_parameters(chapter, values):
    try:
        checked = check_parameters(chapter, values)
    except BookError as error:
        refused_well(error)
    else:
        assert set(checked) == set(values)


@given(st.data())
def test_what_papermill_injects_is_a_value_and_is_accepted_or_refused(data):
    chapter = data.draw(st.sampled_from(described()))
    defaults = defaults_of(chapter)
    name, value = data.draw(st.sampled_from(list(defaults))), data.draw(INJECTED)
    cell = translate_parameters("python3", "python", {name: value}, "injected")
    held: dict[str, object] = {}
    exec(
        compile(cell, "injected", "exec"), {"__builtins__": {"float": float}}, held
    )  # as the kernel does, with less at hand
    assert list(held) == [name]
    assert held[name] == value or "nan" in repr(value)  # which equals nothing
    try:
        check_served(chapter, Parameters(**(defaults | held)).model_dump(mode="json", include=set(defaults)))
    except BookError as error:
        refused_well(error)
        assert name in str(error) or "window" in str(error)


@pytest.mark.parametrize("chapter", described())
def test_the_command_line_refuses_in_a_few_lines_what_no_parameter_may_be(chapter, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("MALIBOOK_ROOT", str(ROOT))
    monkeypatch.chdir(tmp_path)
    for name in defaults_of(chapter):
        for value in ("high'; import os #", "2020-01-01\n%%bash\ntouch stolen", "\x00", "\ud800", "é" * 5000):
            monkeypatch.setattr("sys.argv", ["malibook", "run", chapter, f"--{name}", value, "-o", "out"])
            with pytest.raises(SystemExit) as ended:
                main()
            said = capsys.readouterr()
            assert ended.value.code == 1 and not said.out, "no kernel is started"
            assert name in said.err and "may be" in said.err and "Traceback" not in said.err
            assert len(said.err) < 2000 and said.err.count("\n") <= 3
    assert list(tmp_path.iterdir()) == []


@given(st.one_of(st.text(), st.sampled_from([x for x in HOSTILE if isinstance(x, str)])))
def test_a_chapter_is_found_by_its_name_alone(name):
    try:
        found = find(name)
    except BookError as error:
        refused_well(error)
    else:
        assert found in described()


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


def test_a_parameter_given_twice_and_an_empty_country_are_refused():
    with pytest.raises(BookError, match="'window_months' is given twice"):
        _pairs(["--window-months", "3", "--window_months=4"])
    with pytest.raises(BookError, match="is no country"):
        chosen("published", "")


@pytest.mark.parametrize("value", [x for x in HOSTILE if isinstance(x, str)])
def test_nothing_hostile_is_run(value, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError):
        check_parameters("01-french-intervention", {"estimate": value})
    assert list(tmp_path.iterdir()) == []
