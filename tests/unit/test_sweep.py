"""Sweeps: grids, refusals, records, the table."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from datetime import date

import duckdb
import fsspec
import pytest

from malibook.cli_sweep import sweep
from malibook.console import clock, counted
from malibook.errors import BookError
from malibook.press import imports, notebooks, processes
from malibook.press.sweep import declared, gather, plan, spread, work
from malibook.press.sweep.store import Store
from tests.faults.small import write_small_book


def test_a_grid_is_the_product_and_a_run_stands_once():
    got = plan.combinations("x", {"grid": {"a": [1, 2], "b": ["u"]}, "runs": [{"b": "u", "a": 2}, {"a": 9}]})
    assert [(s["a"], s.get("b")) for s in got] == [(1, "u"), (2, "u"), (9, None)]


@pytest.mark.parametrize("sweep", [{}, {"runs": []}, {"grid": {}}])
def test_a_sweep_without_runs_is_refused(sweep):
    with pytest.raises(BookError):
        plan.combinations("x", sweep)


def test_an_unknown_parameter_is_refused_while_planning(monkeypatch):
    bad = {"x": {"notebooks": ["06"], "grid": {"window_month": [12]}}}
    monkeypatch.setattr(plan, "sweeps", lambda: bad)
    with pytest.raises(BookError, match="window_month"):
        plan.plan("x")


def test_a_notebook_that_is_no_chapter_may_have_parameters_of_its_own(monkeypatch, tmp_path):
    book = write_small_book(tmp_path / "book")
    (book / "notebooks" / "sweeps").mkdir()
    path, name = book / "notebooks" / "sweeps" / "one.ipynb", "notebooks/sweeps/one.ipynb"
    text = (book / "notebooks" / "01-small.ipynb").read_text(encoding="utf-8")
    path.write_text(text.replace('"start: str', '"question: str = \\"exit\\"\\n",\n    "start: str'), encoding="utf-8")
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    grid = {"question": ["exit", "entry"], "estimate": ["high"]}
    monkeypatch.setattr(plan, "sweeps", lambda: {"x": {"notebooks": [name], "grid": grid}})
    runs = plan.plan("x")
    assert [(r.notebook, r.parameters["question"]) for r in runs] == [(name, "exit"), (name, "entry")]
    grid["question"] = [3]
    with pytest.raises(BookError, match="question: 3 is not of type str"):
        plan.plan("x")
    grid["question"], grid["estimate"] = ["exit"], ["hihg"]
    with pytest.raises(BookError, match="did you mean 'high'"):
        plan.plan("x")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(BookError, match="is not a readable notebook") as broken:
        plan.plan("x")
    assert broken.value.where == name


def test_a_question_that_the_library_does_not_have_is_refused_while_planning(monkeypatch):
    grid = {"question": ["exit-surge", "exit-surgery"]}
    monkeypatch.setattr(
        plan, "sweeps", lambda: {"x": {"notebooks": ["notebooks/sweeps/specification.ipynb"], "grid": grid}}
    )
    with pytest.raises(BookError, match=r"(?s)no question 'exit-surgery'.*known: .*exit-surge"):
        plan.plan("x")
    grid["question"].pop()
    assert [run.given for run in plan.plan("x")] == [{"question": "exit-surge"}]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """The small book, its notebook under a second name, and a copy of the library that may be changed."""
    book = write_small_book(tmp_path_factory.mktemp("keys") / "book")
    (book / "notebooks" / "sweeps").mkdir()
    shutil.copy2(book / "notebooks" / "01-small.ipynb", book / "notebooks" / "sweeps" / "twin.ipynb")
    shutil.copytree(imports.HOME, book / "library", ignore=shutil.ignore_patterns("__pycache__"))
    return book


@pytest.mark.parametrize(
    ("path", "old", "new", "changes"),
    [
        ("data/tables/losses.csv", "Mali", "Mari", "both"),
        ("requirements.txt", "==", "== ", "both"),
        ("library/analysis/series.py", "import", "import ", "both"),
        ("notebooks/01-small.ipynb", "mali = ", "mali  = ", "one"),
        ("notebooks/01-small.ipynb", "The peak was", "The highest was", "none"),
        ("book/welcome.md", "Welcome", "Hello", "none"),
    ],
)
def test_a_run_is_kept_under_all_that_it_depends_on(swept, monkeypatch, path, old, new, changes):
    monkeypatch.setenv("MALIBOOK_ROOT", str(swept))
    monkeypatch.setattr(plan, "HOME", swept / "library")
    names = ["01-small", "notebooks/sweeps/twin.ipynb"]
    monkeypatch.setattr(plan, "sweeps", lambda: {"x": {"notebooks": names, "grid": {"estimate": ["high"]}}})
    before = [run.key for run in plan.plan("x")]
    assert len(before) == 2, "the same code under another name is another run"
    text = (swept / path).read_text(encoding="utf-8")
    assert old in text
    (swept / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    now = [run.key for run in plan.plan("x")]
    (swept / path).write_text(text, encoding="utf-8")
    kept = {"both": 0, "one": 1, "none": 2}[changes]
    assert len(set(now) & set(before)) == kept and now[2 - kept :] == before[2 - kept :]


@pytest.mark.parametrize("name", ["notebooks/sweeps/none.ipynb", "../x/y.ipynb", "/etc/y.ipynb"])
def test_a_notebook_outside_the_book_is_refused(name):
    with pytest.raises(BookError, match="no notebook of this book"):
        notebooks.locate(name)


def test_a_failed_run_is_a_row_and_tried_again_alone(monkeypatch):
    runs = [plan.Run("06-robustness", {"window_months": n, "end": "2024-12-31"}, f"k{n}") for n in (12, 24)]
    store, asked = Store("memory://failed"), []
    number = {"key": "n", "value": [1, 2], "text": "1–2", "unit": "u"}
    work.keep(runs[1], [number], store)
    monkeypatch.setattr(work, "numbers_of", lambda name, given: (asked.append(name), ([], "kernel died"))[1])
    problems = work.do(runs, store, lambda *_: None)
    assert asked == ["06-robustness"]
    assert rows_of(gather.write_table(runs, problems, store, "t")) == [
        ("k12", "06-robustness", 12, "2024-12-31", "", None, None, None, None, None, "failed", "kernel died"),
        ("k24", "06-robustness", 24, "2024-12-31", "n", "1–2", None, 1.0, 2.0, "u", "good", ""),
    ]


def test_a_good_run_without_a_number_that_was_asked_for_is_a_row():
    runs, store = (
        [plan.Run("06-robustness", {"window_months": n}, f"k{n}") for n in (12, 24)],
        Store("memory://without"),
    )
    for run, key in zip(runs, "nm", strict=True):
        work.keep(run, [{"key": key, "value": 1, "text": "1", "unit": ""}], store)
    rows = rows_of(gather.write_table(runs, {}, store, "t", ["m"]))
    assert rows[0] == ("k12", "06-robustness", 12, "", None, None, None, None, None, "good", "")
    assert rows[1][3] == "m"


def test_a_number_that_no_run_binds_is_refused_and_no_table_written():
    """Where a run failed, its cause stands first: the number may be one of its own."""
    runs, store = [plan.Run("notebooks/x.ipynb", {"n": n}, f"k{n}") for n in (1, 2)], Store("memory://misspelt")
    work.keep(runs[0], [{"key": "peak", "value": 1, "text": "1", "unit": ""}], store)
    with pytest.raises(BookError, match=r"sweeps.toml, s, numbers.*'peek'[\s\S]*did you mean 'peak'"):
        gather.write_table(runs[:1], {}, store, "s", ["peek"])
    assert not fsspec.filesystem("memory").exists("/misspelt/s.parquet")
    rows = rows_of(gather.write_table(runs, {"k2": "kernel died"}, store, "s", ["peek"]))
    assert [row[-2] for row in rows] == ["good", "failed"]


def test_a_number_that_no_contract_names_is_refused_while_planning(monkeypatch):
    one = {"notebooks": ["06"], "grid": {"window_months": [12]}, "numbers": ["exit-surge-median"]}
    monkeypatch.setattr(plan, "sweeps", lambda: {"x": one})
    assert len(plan.plan("x")) == 1
    one["numbers"] = ["exit-surge-median", "exit-surge-medain"]
    with pytest.raises(
        BookError, match=r"sweeps.toml, x, numbers.*'exit-surge-medain'[\s\S]*did you mean 'exit-surge-median'"
    ):
        plan.plan("x")
    one["notebooks"] = ["06", "notebooks/sweeps/specification.ipynb"]  # without a contract: asked after the runs
    one["grid"] = {}
    one["runs"] = [{"end": "2024-12-31"}]
    monkeypatch.setattr(plan, "all_parameters", lambda notebook, given: given)
    assert len(plan.plan("x")) == 2


def rows_of(url: str) -> list[tuple]:
    """Return the rows of a table wherever it lies."""
    with fsspec.open(url) as file, tempfile.NamedTemporaryFile(suffix=".parquet") as here:
        here.write(file.read())
        here.flush()
        return duckdb.read_parquet(here.name).fetchall()


def test_runs_beside_one_that_kills_workers_get_a_second_chance_alone(monkeypatch):
    """Dask suspects all that a killed worker was given; here are three, of which one is to blame."""
    runs, windows = [plan.Run("06", {}, key) for key in "abc"], []

    def outcomes(client, by_key, book, patience, window):
        windows.append(window)
        for run in by_key.values():
            alone = window == 1 and run.key != "b"
            yield run, [], "" if alone or run.key == "c" else spread.KILLED

    monkeypatch.setattr(spread, "_outcomes", outcomes)
    store = Store("memory://chance")
    assert spread.do_there(runs, store, lambda *_: None, None, "book") == {"b": spread.KILLED}
    assert store.kept() == {"a", "c"} and windows == [spread.WINDOW, 1]
    monkeypatch.setattr(spread, "ALONE", 1)
    assert set(spread.do_there(runs, Store("memory://none"), lambda *_: None, None, "book")) == {"a", "b"}


def test_only_what_belongs_to_a_run_is_ended_with_it():
    ended = []
    for key, owner in ((1, "a"), (2, "b"), (3, "")):
        with processes.belonging_to(owner):
            processes.note(key, lambda key=key: ended.append(key))
    processes.end_all("a")
    assert ended == [1]
    processes.end_all()
    assert ended == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "said"), [({"scheduler": " "}, "is empty"), ({"scheduler": "x", "jobs": 2}, "--jobs")]
)
def test_a_scheduler_is_named_and_goes_without_jobs(given, said):
    with pytest.raises(BookError, match=said):
        sweep(name="placebo-window", **given)


def test_a_store_that_fills_up_is_one_message(monkeypatch):
    store = Store("memory://full")
    monkeypatch.setattr(store, "_write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(BookError, match=r"memory://full: a run cannot be kept: OSError: .*No space left"):
        work.keep(plan.Run("06", {}, "k"), [], store)


def test_a_record_cut_short_is_removed_and_said(tmp_path):
    store, run = Store(str(tmp_path)), plan.Run("06-robustness", {}, "k1")
    work.keep(run, [], store)
    (tmp_path / "runs" / "k1.json").write_text('{"numbers": [')
    problems: dict[str, str] = {}
    gather.write_table([run], problems, store, "t")
    assert "damaged" in problems["k1"] and store.kept() == set()


def test_columns_are_the_union_of_parameters_with_one_type_each():
    runs = [
        plan.Run("a", {"n": 1, "x": 1, "s": "2012-01-01", "b": True}, "1"),
        plan.Run("b", {"x": 0.5, "more": 1}, "2"),
    ]
    kinds = gather.columns(runs)
    assert list(kinds)[:7] == ["run", "notebook", "n", "x", "s", "b", "more"]
    assert [kinds[c] for c in "nxsb"] == ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("s3://bucket/x", "pip install s3fs"), ("nowhere://x", "no address"), ("/proc/x", "cannot be written")],
)
def test_a_place_that_cannot_be_written_is_refused_before_any_run(url, said):
    if url.startswith("s3") and importlib.util.find_spec("s3fs"):
        pytest.skip("the driver is installed")
    with pytest.raises(BookError, match=said):
        Store(url)


WRONG = {
    "title": 3, "notebooks": "06", "grid": {"a": 1}, "runs": [1], "numbers": [1],
}  # fmt: skip


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_type_is_refused_by_sweep_and_field(field):
    with pytest.raises(BookError, match=f"x, {field}: cannot be"):
        declared.check("x", {"notebooks": ["06"]} | {field: WRONG[field]})


@pytest.mark.parametrize(
    "sweep", [3, {"notebooks": []}, {}, {"notebooks": ["06"], "gird": {}}, {"notebooks": ["06"], "grid": {"a": [[1]]}}]
)
def test_other_shapes_are_refused(sweep):
    with pytest.raises(BookError):
        declared.check("x", sweep)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "Ü"])
def test_a_sweep_is_not_called_like_a_path(name):
    with pytest.raises(BookError, match="no name of a sweep"):
        declared.check(name, {"notebooks": ["06"]})


def test_defaults_are_filled_in_and_dates_are_text(monkeypatch):
    sweep = {"notebooks": ["01"], "runs": [{"end": date(2023, 12, 31)}, {"end": "2023-12-31", "estimate": "best"}]}
    monkeypatch.setattr(plan, "sweeps", lambda: {"x": sweep})
    runs = plan.plan("x")
    assert len(runs) == 1, "the same choices, once with a default written out"
    assert runs[0].parameters["end"] == "2023-12-31" and runs[0].parameters["estimate"] == "best"
    assert runs[0].given == {"end": "2023-12-31"}


def test_progress_is_told_in_plain_lines_where_nobody_watches(capsys):
    with counted(2) as tell:
        tell("one", False)
        tell("two", True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("[malibook] 1/2, 0 failed, ") and lines[1] == "[malibook] 2/2, 1 failed, 0 s left: two"
    assert clock(12000) == "3 h 20 min" and clock(600) == "10 min"
