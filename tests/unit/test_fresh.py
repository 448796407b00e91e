"""When a run stands and when it is due: each part of its key, and records that cannot be read."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from malibook import evidence
from malibook.press import imports
from malibook.press.chapters import brief
from malibook.press.fresh import changes, remember, stale
from malibook.press.hashes import tree_hash
from malibook.press.ledger import Ledger
from malibook.press.publish import stands
from tests.faults.small import write_small_book

NAME = "01-small"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book, and the record of a run that never happened but might have."""
    return write_small_book(tmp_path_factory.mktemp("fresh") / "book")


@pytest.fixture
def book(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    book = Path(shutil.copytree(written, tmp_path / "book"))
    monkeypatch.setenv("MALIBOOK_ROOT", str(book))
    (book / "run.ipynb").write_text("executed")
    remember(book / "run.json", book / "run.ipynb", Ledger(NAME, opened=("violence_month", "losses")), {})
    return book


def reason(book: Path, **parameters: str) -> str:
    return stale(book / "run.json", book / "run.ipynb", NAME, parameters)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_untouched_run_stands(book):
    assert reason(book) == ""


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("notebooks/01-small.ipynb", "peak = mali", "peak  = mali", "code changed"),
        ("data/tables/violence_month.csv", "MLI", "MLX", "table violence_month changed"),
        ("data/tables/corrections.csv", "table", "tables", "table corrections changed"),
        ("requirements.txt", "==", "== ", "lock changed"),
        # what it never read
        ("notebooks/01-small.ipynb", "The peak was", "The highest point was", ""),
        ("data/tables/events.csv", "id,", "id ,", ""),
        ("book/welcome.md", "Welcome", "Hello", ""),
    ],
)
def test_what_a_run_depends_on_makes_it_due_and_nothing_else(book, path, old, new, says):
    replace(book / path, old, new)
    assert reason(book) == says


def edit_descriptor(book: Path, table: str, **facts: object) -> None:
    path = book / "data" / "datapackage.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    next(r for r in whole["resources"] if r["name"] == table).update(facts)
    path.write_text(json.dumps(whole, indent=1))


def test_the_description_of_a_table_counts_if_the_run_read_it(book):
    edit_descriptor(book, "events", title="Another title")
    edit_descriptor(book, "losses", **{"malibook:chapters": ["99-nobody"]})
    assert reason(book) == ""
    edit_descriptor(book, "losses", title="Another title")
    assert reason(book) == "description of losses changed"


def test_other_parameters_make_it_due(book):
    assert reason(book, estimate="high") == "parameters changed"


def test_touching_files_does_not(book):
    for path in book.rglob("*"):
        path.touch()
    assert reason(book) == ""


def test_a_module_that_the_notebook_reaches_counts_and_no_other(book, monkeypatch):
    home = Path(shutil.copytree(imports.HOME, book / "library", ignore=shutil.ignore_patterns("__pycache__")))
    monkeypatch.setattr(imports, "HOME", home)
    imports._imports_of.cache_clear()
    assert reason(book) == ""
    (home / "analysis" / "coups.py").write_text("# rewritten")
    (home / "press" / "stage.py").write_text("# rewritten")
    assert reason(book) == ""
    with open(home / "analysis" / "series.py", "a", encoding="utf-8") as file:
        file.write("# one more line")
    assert reason(book) == "module analysis.series changed"
    with open(home / "exhibits" / "style.py", "a", encoding="utf-8") as file:
        file.write("# one more line")
    assert reason(book) == "module analysis.series, module exhibits.style changed"
    imports._imports_of.cache_clear()


def test_the_parts_are_told_before_and_now(book):
    replace(book / "requirements.txt", "==", "== ")
    (change,) = changes(book / "run.json", NAME, {})
    assert change.part == "lock"
    assert change.before != change.now
    assert len(change.now) == 16


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"parts": 1, "opened": []}', '{"parts": {}, "opened": ["no_such"]}']
)
def test_a_spoilt_record_means_a_new_run(book, text):
    (book / "run.json").write_text(text)
    assert reason(book)


def test_a_missing_or_changed_executed_notebook_means_a_new_run(book):
    (book / "run.ipynb").write_text("execu")
    assert reason(book) == "the executed notebook was changed by hand"
    (book / "run.ipynb").unlink()
    assert reason(book) == "no earlier run"


def test_a_long_reason_is_cut():
    assert brief("a, b changed") == "a, b changed"
    assert brief("a, b, c, d, e, f changed") == "a, b, c, d and 2 more changed"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"html": {"key": "k"}}'])
def test_a_spoilt_record_of_outputs_means_a_new_compilation(book, text):
    (book / "_build" / "html").mkdir(parents=True)
    (book / "_build" / "html" / "index.html").write_text("here")
    (book / "_build" / "published.json").write_text(text)
    assert not stands("html", "k")
    good = {"html": {"key": "k", "tree": tree_hash(book / "_build" / "html")}}
    (book / "_build" / "published.json").write_text(json.dumps(good))
    assert stands("html", "k")
    (book / "_build" / "html" / "index.html").write_text("vandalised")
    assert not stands("html", "k")


def test_a_build_killed_between_the_two_moves_of_a_swap_is_put_right(book):
    html = book / "_build" / "html"
    html.mkdir(parents=True)
    (html / "index.html").write_text("here")
    record = {"html": {"key": "k", "tree": tree_hash(html)}}
    (book / "_build" / "published.json").write_text(json.dumps(record))
    html.rename(html.with_name(".html-0a1b2c3d"))
    assert stands("html", "k")
    assert not list(html.parent.glob(".html-*"))


def test_the_lower_rooms_import_nothing_by_a_computed_name():
    for room in ("evidence", "analysis", "exhibits"):
        for path in sorted((imports.HOME / room).rglob("*.py")):
            if path == imports.HOME / "evidence" / "__init__.py":
                continue  # it names every module that it loads: the next test
            text = path.read_text(encoding="utf-8")
            assert "importlib" not in text, path
            assert "__import__" not in text, path


def test_the_door_to_the_evidence_names_every_module_that_it_loads_by_name():
    tree = ast.parse((imports.HOME / "evidence" / "__init__.py").read_text(encoding="utf-8"))
    named = {
        a.name: n.module.rpartition(".")[2] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names
    }
    assert {name: named[name] for name in evidence.__all__} == evidence._WHERE
    for name in evidence.__all__:
        assert getattr(evidence, name).__module__ == f"malibook.evidence.{named[name]}"


def test_a_question_about_the_book_loads_no_pandas():
    code = "import sys, malibook.press.unchanged, malibook.press.due, malibook.press.execute; print(sorted({'pandas', 'numpy'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


CELLS = [
    ("%matplotlib inline\nimport pandas as pd", ["pandas"]),
    ("%%time\nfrom scipy import stats\nprint(1)", ["scipy", "scipy.stats"]),
    ("!ls\nimport numpy as np\nnp.sum?", ["numpy"]),
    ("files = !ls\nimport numpy as np", ["numpy"]),
    ("if True:\n    %time 1\nimport seaborn", ["seaborn"]),
    ("import malibook.exhibits as ex; import os", ["malibook.exhibits"]),
    ("this is no Python\nimport (", []),
    ("x = '%s' % 1\nimport numpy", ["numpy"]),
    ("'\\0'\nimport numpy\0", []),
]


@pytest.mark.parametrize(("cell", "expected"), CELLS)
def test_what_a_cell_imports_is_found_beside_its_magics(cell, expected):
    assert imports.worth_loading([cell]) == expected


def test_the_modules_of_every_chapter_are_found():
    used = imports.modules_used(["from malibook.analysis import breaks\nfrom malibook import exhibits as ex"])
    assert {"malibook", "malibook.analysis", "malibook.analysis.breaks", "malibook.exhibits.style"} <= set(used)
    assert "malibook.analysis.coups" not in used
    assert imports.modules_used(["import pandas as pd", "%matplotlib inline"]) == []
    assert "malibook.analysis.coups" in imports.modules_used(
        ["%matplotlib inline\nfrom malibook.analysis import coups"]
    )


def test_no_import_of_the_library_is_overlooked_by_reading_its_lines_alone():
    files = sorted(imports.HOME.rglob("*.py"))
    assert len(files) > 300
    for path in files:
        parts = path.relative_to(imports.HOME).with_suffix("").parts
        module = ".".join(["malibook", *(part for part in parts if part != "__init__")])
        inside = module if path.name == "__init__.py" else module.rpartition(".")[0]
        whole = set(imports._named(path.read_text(encoding="utf-8"), inside))
        assert whole == set(imports._imports_of(module)), module
