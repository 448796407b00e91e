"""`malibook run` and plain papermill: the same notebook under the same parameters, the same refusal in the same words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from malibook.press.execute import normalise
from malibook.press.notebooks import path_of
from tests.conftest import ROOT, malibook
from tests.faults.small import write_small_book

HOSTILE = "high'; open('stolen', 'w'); '"


def papermill(book: Path, notebook: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book)}
    command = [sys.executable, "-m", "papermill", str(notebook), str(out), *words, "--no-progress-bar", "-k", "python3"]
    return subprocess.run(command, cwd=out.parent, env=env, capture_output=True, text=True, timeout=600)


def outputs(path: Path) -> list[list[dict]]:
    nb = normalise(json.loads(path.read_text(encoding="utf-8")))
    return [cell.get("outputs", []) for cell in nb["cells"]]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_book(tmp_path_factory.mktemp("alike") / "book")


def alike(book: Path, chapter: str, notebook: Path, folder: Path) -> None:
    done = malibook(book, "run", chapter[:2], "--estimate", "high", "-o", str(folder / "ours"))
    assert done.returncode == 0, done.stderr
    plain = papermill(book, notebook, folder / "theirs.ipynb", "-p", "estimate", "high")
    assert plain.returncode == 0, plain.stderr
    ours = outputs(folder / "ours" / f"{chapter}.ipynb")
    assert ours == outputs(folder / "theirs.ipynb") and any(ours)


def test_both_run_a_chapter_alike(book, tmp_path):
    alike(book, "01-small", book / "notebooks" / "01-small.ipynb", tmp_path)


@pytest.mark.slow
def test_both_run_the_chapter_on_wagner_alike(tmp_path):
    alike(ROOT, "02-wagner-arrival", path_of("02-wagner-arrival"), tmp_path)


@pytest.mark.parametrize("value", ["hihg", HOSTILE])
def test_both_refuse_alike_and_run_nothing_that_was_given(book, tmp_path, value):
    ours = malibook(book, "run", "01", "--estimate", value)
    theirs = papermill(book, book / "notebooks" / "01-small.ipynb", tmp_path / "out.ipynb", "-p", "estimate", value)
    assert ours.returncode == 1 and theirs.returncode != 0
    said = ours.stderr.removeprefix("malibook: ").strip()
    assert "'low', 'best' or 'high'" in said and "remedy: estimate may be low, best, high" in said
    failed = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))
    [error] = [o for c in failed["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert error["evalue"] == said
    assert error["traceback"] == ["Cell In[4], line 1", f"BookError: {said}"], "no traceback of a user's mistake"
    assert not list(tmp_path.rglob("stolen")) and not list(book.rglob("stolen"))
