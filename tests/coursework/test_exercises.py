"""The exercise sheets: complete, graded by level, and checked by tests that tell right from plausibly wrong."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from malibook.evidence import root
from malibook.press.lint import lint_code
from malibook.press.notebooks import chapters, path_of, read
from malibook.press.prose import loose_numbers
from tests.coursework.sheets import HIDDEN, SOLUTION, exercises, names, public, run, sheet, start, stripped
from tests.coursework.wrong_answers import WRONG

KEYS = {"exercise", "title", "kind", "level", "minutes", "objectives", "hint"}
NBGRADER = {"schema_version", "grade_id", "grade", "solution", "locked", "task", "points", "cell_type"}
LINE = re.compile(r"^\*Level \d of 5, [a-z ]+, about \d+ minutes\.\*$", re.M)
ORDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORDS = {"none": 0, "sixty": 60, "ninety": 90, "a hundred and twenty": 120, "two hours": 120, "three hours": 180}
AUTO = [(name, e) for name in names() for e in exercises(name) if e.auto]


@pytest.fixture(scope="module")
def solved() -> dict[str, dict]:
    """Return, per sheet, the namespace after its solutions, made once."""
    return {}


def solve(name: str, solved: dict[str, dict]) -> dict:
    if name not in solved:
        space = start(name)
        for exercise in exercises(name):
            for cell in exercise.of_part("answer"):
                if cell.cell_type == "code":
                    run(cell.source, space)
        solved[name] = space
    return dict(solved[name])


def fails(source: str, space: dict) -> bool:
    try:
        run(source, space)
    except (AssertionError, KeyError, NameError):
        return True
    return False


def test_every_chapter_has_a_sheet() -> None:
    assert set(chapters()) == set(names())


@pytest.mark.parametrize("name", names())
def test_a_sheet_is_complete(name: str) -> None:
    found = exercises(name)
    assert len(found) >= 5
    assert [e.meta["exercise"] for e in found] == [f"{int(name[:2])}.{i}" for i in range(1, len(found) + 1)]
    levels = [e.meta["level"] for e in found]
    assert levels == sorted(levels) and levels[0] == 1 and levels[-1] == 5
    assert {e.meta["kind"] for e in found} == {"numeric", "short", "open"}
    first, second = sheet(name).cells[:2]
    assert first.metadata["malibook"]["part"] == "intro" and len(first.metadata["malibook"]["objectives"]) >= 3
    assert second.metadata["malibook"]["part"] == "imports" and "load" in second.source
    assert all("outputs" not in c or not c.outputs for c in sheet(name).cells)


@pytest.mark.parametrize("name", names())
def test_an_exercise_is_complete(name: str) -> None:
    for e in exercises(name):
        assert set(e.meta) == KEYS, e.meta
        assert e.meta["title"] and e.meta["objectives"] and e.meta["hint"] and 5 <= e.meta["minutes"] <= 120
        assert e.prompt.startswith(f"### {e.meta['exercise']} {e.meta['title']}\n")
        assert e.meta["hint"] in e.prompt
        assert len(e.of_part("answer")) == 1 and e.of_part("errors")
        if e.auto:
            assert e.of_part("check") and e.of_part("solution")
        else:
            assert e.of_part("rubric") and not e.of_part("check")
        for cell in e.cells:
            private = cell.metadata["malibook"]["part"] in {"solution", "rubric", "errors"}
            assert private == ("instructor" in cell.metadata.get("tags", []))


@pytest.mark.parametrize("name", names())
def test_markers_and_grading_metadata_hold(name: str) -> None:
    for e in exercises(name):
        for cell in e.of_part("answer"):
            meta = cell.metadata["nbgrader"]
            assert len(SOLUTION.findall(cell.source)) == cell.source.count("BEGIN SOLUTION") == 1
            assert cell.source.count("END SOLUTION") == 1
            assert set(meta) == NBGRADER and meta["solution"] and not meta["locked"]
            assert meta["grade"] == (cell.cell_type == "markdown") == (not e.auto)
        for cell in e.of_part("check"):
            meta = cell.metadata["nbgrader"]
            assert len(HIDDEN.findall(cell.source)) == cell.source.count("BEGIN HIDDEN TESTS") == 1
            assert cell.source.count("END HIDDEN TESTS") == 1
            assert set(meta) == NBGRADER and meta["grade"] and meta["locked"] and not meta["solution"]
            assert meta["points"] > 0 and meta["cell_type"] == "code"
            assert "assert" in public(cell.source) and "assert" in HIDDEN.findall(cell.source)[0]


def test_grade_ids_are_unique() -> None:
    for name in names():
        ids = [c.metadata["nbgrader"]["grade_id"] for c in sheet(name).cells if "nbgrader" in c.metadata]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", names())
def test_rubrics_add_up(name: str) -> None:
    for e in exercises(name):
        for cell in e.of_part("rubric"):
            rows = re.findall(r"^\| (?!criterion)(.+) \| \*?(\d+)\*? \|$", cell.source, re.M)
            *criteria, (_, whole) = rows
            points = e.of_part("answer")[0].metadata["nbgrader"]["points"]
            assert len(criteria) >= 3
            assert sum(int(p) for _, p in criteria) == int(whole) == points


@pytest.mark.parametrize("name", names())
def test_prompts_hold_no_typed_numbers(name: str) -> None:
    """A prompt goes onto the chapter's page, whose numbers are bound; what a task sets stands in words or as code."""
    for e in exercises(name):
        body = LINE.sub("", e.prompt.split("\n", 1)[1])
        assert LINE.search(e.prompt)
        assert [str(x) for x in loose_numbers(body, e.meta["exercise"])] == []


@pytest.mark.parametrize(("name", "exercise"), AUTO, ids=[e.meta["exercise"] for _, e in AUTO])
def test_the_solution_passes_every_check(name: str, exercise, solved: dict) -> None:
    space = solve(name, solved)
    for cell in exercise.of_part("check"):
        run(cell.source, dict(space))  # each alone: a wrong first answer must not cost the second


@pytest.mark.parametrize(("name", "exercise"), AUTO, ids=[e.meta["exercise"] for _, e in AUTO])
def test_a_blank_sheet_passes_nothing(name: str, exercise) -> None:
    space = start(name)
    (answer,) = exercise.of_part("answer")
    with pytest.raises(NotImplementedError):
        run(stripped(answer.source), space)
    for cell in exercise.of_part("check"):
        assert fails(cell.source, dict(space)), "a check passes without an answer"


@pytest.mark.parametrize(("name", "exercise"), AUTO, ids=[e.meta["exercise"] for _, e in AUTO])
def test_plausible_errors_pass_the_public_checks_and_fail_the_hidden_ones(name: str, exercise, solved: dict) -> None:
    wrong = WRONG[exercise.meta["exercise"]]
    assert wrong, "plant at least one wrong answer"
    for error, code in wrong.items():
        space = solve(name, solved)
        run(code, space)
        checks = [c.source for c in exercise.of_part("check")]
        assert not any(fails(public(c), dict(space)) for c in checks), f"{error}: a public check gives it away"
        assert any([fails(c, dict(space)) for c in checks]), f"{error}: passes"


def test_wrong_answers_are_those_of_exercises() -> None:
    assert set(WRONG) == {e.meta["exercise"] for _, e in AUTO}


def test_chapters_leave_their_exercises_to_the_press() -> None:
    """The line that the press replaces stands once in each chapter, in a cell of its own."""
    for name in names():
        cells = [c.source for c in read(path_of(name)).cells if c.cell_type == "markdown"]
        assert cells.count("## Exercises\n\n[exercises of this chapter]") == 1, name
        assert sum("## Exercises" in source or "[exercises of" in source for source in cells) == 1, name


def test_the_syllabus_names_exercises_that_exist() -> None:
    text = (root() / "book" / "syllabus.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\d\.\d+)`", text))
    known = {e.meta["exercise"] for name in names() for e in exercises(name)}
    assert len(named) >= 25
    assert named <= known, sorted(named - known)
    assert {n.split(".")[0] for n in named} == {str(i) for i in range(1, 8)}


def test_no_session_sets_more_exercises_than_it_has_time_for() -> None:
    """Exercises in class fit into the minutes that their row states; homework is stated by the row and fits too."""
    minutes = {e.meta["exercise"]: e.meta["minutes"] for name in names() for e in exercises(name)}
    rows = [line.split("|") for line in (root() / "book" / "syllabus.md").read_text(encoding="utf-8").splitlines()]
    sessions = [r for r in rows if len(r) == 8 and re.fullmatch(r" *[a-z]+ *", r[1]) and r[1].strip() in ORDINALS]
    assert len(sessions) == 18
    for row in sessions:
        in_class, home = (sum(minutes[n] for n in re.findall(r"`(\d\.\d+)`", row[i])) for i in (3, 5))
        assert 0 < in_class <= WORDS[row[4].strip()], row
        assert home <= WORDS[row[6].strip()], row


@pytest.mark.parametrize("name", names())
def test_a_sheet_defines_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = root() / "coursework" / f"{name}.ipynb"
    assert lint_code(path) == []
    nb = nbformat.read(path, 4)
    nb.cells[1].source += "\ndef logic(x):\n    return x"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    nbformat.write(nb, tmp_path / "sheet.ipynb")
    assert ["defines 'logic'" in fault for fault in lint_code(tmp_path / "sheet.ipynb")] == [True]
