"""What a build says that it was made from: the commit and whether anything differs from it, its time, data and lock."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from malibook.press.provenance import UNKNOWN, provenance

DAY = 1_732_000_000  # of the commit
WHO = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.fixture
def book(tmp_path, monkeypatch) -> Path:
    """As much of a book as has an origin."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text('{"version": "2.0", "resources": []}', encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    monkeypatch.setenv("MALIBOOK_ROOT", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return tmp_path


def git(book: Path, *words: str) -> str:
    env = os.environ | WHO | {"GIT_COMMITTER_DATE": f"{DAY} +0000"}
    return subprocess.run(["git", *words], cwd=book, env=env, check=True, capture_output=True, text=True).stdout.strip()


def test_a_commit_is_named_and_marked_where_a_file_differs_from_it(book):
    git(book, "init", "-q")
    git(book, "add", "-A")
    git(book, "commit", "-qm", "book")
    clean = provenance()
    assert (clean.commit, clean.epoch) == (git(book, "rev-parse", "--short=10", "HEAD"), DAY)
    (book / "new.txt").write_text("not of the repository", encoding="utf-8")
    assert provenance() == clean
    (book / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    changed = provenance()
    assert changed.commit == clean.commit + "+" and changed.data_hash == clean.data_hash
    assert changed.lock_hash == hashlib.sha256(b"a==2\n").hexdigest()[:12] != clean.lock_hash


def test_other_line_ends_are_no_other_book(book):
    (book / ".gitattributes").write_text("* text=auto eol=lf\n", encoding="utf-8")
    (book / "data" / "datapackage.json").write_text('{"version": "2.0",\n"resources": []}\n', encoding="utf-8")
    git(book, "init", "-q")
    git(book, "add", "-A")
    git(book, "commit", "-qm", "book")
    clean = provenance()
    for name in ("requirements.txt", "data/datapackage.json"):
        (book / name).write_bytes((book / name).read_bytes().replace(b"\n", b"\r\n"))
    assert git(book, "status", "--porcelain"), "git sees other sizes"
    assert provenance() == clean


def test_outside_of_git_there_is_an_origin_too(book):
    found = provenance()
    assert (found.commit, found.epoch, found.data_version) == ("no commit", UNKNOWN, "2.0")


def test_the_commit_of_a_repository_around_the_book_is_not_its_own(book):
    (book / "data").rename(book / "kept")
    git(book, "init", "-q")
    git(book, "add", "requirements.txt")
    git(book, "commit", "-qm", "something else")
    (book / "kept").rename(book / "data")
    found = provenance()
    assert (found.commit, found.epoch) == ("no commit", UNKNOWN)


def test_what_a_user_has_git_say_more_does_not_matter(book, monkeypatch, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[log]\nshowSignature = true\ndate = iso\n[status]\nshort = true\nbranch = true\n")
    git(book, "init", "-q")
    git(book, "add", "-A")
    git(book, "commit", "-qm", "book")
    plain = provenance()
    monkeypatch.setenv("HOME", str(home))
    assert provenance() == plain and plain.epoch == DAY
