"""What many tests share: where things lie, a copy of the book to break, one built book for all who only look."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"
PARTS = (
    "_config.yml",
    "_toc.yml",
    "editions.toml",
    "sweeps.toml",
    "requirements.txt",
    "book",
    "notebooks",
    "data",
    "coursework",
)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference copies of upstream data, which lie beside the repository where the book is made."""
    if not REFERENCE.is_dir():
        pytest.skip("the upstream reference copies are not beside this repository (they may not be redistributed)")
    return REFERENCE


def copy_of_the_book(target: Path, executed: Path | None = None) -> Path:
    """Copy what a build reads, and the executed chapters where given, so that only what is broken runs again."""
    target.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target / name)
    if executed is not None:
        shutil.copytree(executed, target / "_build" / "executed")
    return target


def malibook(book: Path, *words: str, timeout: int = 600) -> subprocess.CompletedProcess[str]:
    """Run the command line on a book, as a user would."""
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book)}
    command = [sys.executable, "-m", "malibook", *words]
    return subprocess.run(command, cwd=book, env=env, capture_output=True, text=True, timeout=timeout)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book built once, in a folder whose name has a space and an accent; test workers share it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    book, verdict = base / "le livre élargi" / "book", base / "built.txt"
    try:
        (base / "building").mkdir()
    except FileExistsError:
        while not verdict.exists():  # another worker builds it
            time.sleep(0.5)
    else:
        done = malibook(copy_of_the_book(book), "build")
        verdict.with_suffix(".part").write_text("" if done.returncode == 0 else done.stdout + done.stderr)
        verdict.with_suffix(".part").rename(verdict)
    assert verdict.read_text() == "", verdict.read_text()
    return book
