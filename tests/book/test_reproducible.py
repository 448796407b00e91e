"""The same book built twice — elsewhere, later, one chapter at a time, in another time zone — is the same, byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import copy_of_the_book

pytestmark = pytest.mark.slow
OUTPUTS = ("html", "pdf", "epub", "executed", "ledger.json", "receipt.json")


def hashes(book: Path) -> dict[str, str]:
    """Return a hash of every file that a build leaves, its records of other folders apart."""
    files = [
        p
        for name in OUTPUTS
        for p in sorted((book / "_build").glob(name)) + sorted((book / "_build" / name).rglob("*"))
    ]
    return {
        p.relative_to(book / "_build").as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in files
        if p.is_file()
    }


@pytest.fixture(scope="module")
def twice(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """The shared book, and the same book built anew under other circumstances."""
    other = copy_of_the_book(tmp_path_factory.mktemp("other") / "b")
    home = tmp_path_factory.mktemp("home")
    env = dict(os.environ) | {
        "MALIBOOK_ROOT": str(other),
        "TZ": "Asia/Tokyo",
        "LANG": "fr_FR.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "PYTHONHASHSEED": "4242",
        "COLUMNS": "40",
        "USER": "somebody",
    }
    command = [sys.executable, "-m", "malibook", "build", "--jobs", "1"]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, umask=0o077)
    assert done.returncode == 0, done.stdout + done.stderr
    found = hashes(other)
    shutil.rmtree(other)
    return hashes(built), found


def test_every_file_is_the_same(twice):
    first, second = twice
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_what_was_compared_is_the_whole_book(twice):
    names = list(twice[0])
    for suffix in (".html", ".svg", ".csv", ".zip", ".ipynb", ".pdf", ".epub", ".js"):
        assert any(name.endswith(suffix) for name in names), suffix
    assert len(names) > 200


def test_no_path_and_no_user_reaches_the_output(built):
    words = {str(built), str(Path.home()), os.environ.get("USER", "root-is-too-common")} - {
        "/root",
        "root",
        "root-is-too-common",
    }
    for path in (p for kind in ("html", "pdf", "executed") for p in (built / "_build" / kind).rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            for word in words:
                assert word.encode() not in content, (path.name, word)
