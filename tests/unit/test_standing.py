"""What lets a build do nothing or less: the state after the last good one, a data check that passed, a folder left by a crash."""

from __future__ import annotations

import http.server
import socket
from pathlib import Path

import pytest

import malibook
from malibook.errors import BookError
from malibook.press import checked, swap, unchanged
from malibook.press.serve import serve
from tests.faults.small import write_small_book

LEFT = {"html/index.html": "<p>", "pdf/mali.pdf": "%PDF", "receipt.json": "{}", "ledger.json": "[]", "executed/a.ipynb": "{}"}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """The small book as a good build leaves it, with a sheet and a library of two files."""
    book = write_small_book(tmp_path_factory.mktemp("standing") / "book")
    files = {f"_build/{name}": text for name, text in LEFT.items()}
    files |= {"coursework/01.ipynb": "{}", "library/__init__.py": "", "library/evidence/rule.py": "LEAST = 1"}
    for name, text in files.items():
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text(text, encoding="utf-8")
    return book


@pytest.fixture
def book(whole, monkeypatch) -> Path:
    monkeypatch.setenv("MALIBOOK_ROOT", str(whole))
    monkeypatch.setattr(malibook, "__file__", str(whole / "library" / "__init__.py"))
    return whole


@pytest.mark.parametrize(
    "name",
    [
        "book/welcome.md",
        "notebooks/01-small.ipynb",
        "data/tables/losses.csv",
        "coursework/01.ipynb",
        "_config.yml",
        "_toc.yml",
        "requirements.txt",
        "library/evidence/rule.py",
        *(f"_build/{name}" for name in LEFT),
    ],
)
def test_a_build_is_due_where_anything_changed_that_it_reads_or_left(book, name):
    kinds = ("html", "pdf")
    unchanged.remember_standing(kinds, unchanged.inputs())
    stands = unchanged.standing(kinds)
    assert stands.outputs == {"html": "stands", "pdf": "stands"} and [run.chapter for run in stands.runs] == [
        "01-small"
    ]
    before = (book / name).read_bytes()
    (book / name).write_bytes(before + b" ")
    assert unchanged.standing(kinds) is None
    (book / name).write_bytes(before)
    assert unchanged.standing(kinds) is not None and unchanged.standing((*kinds, "epub")) is None


def test_what_was_edited_while_a_build_ran_is_not_taken_for_built(book):
    (book / "_build" / "standing.json").unlink(missing_ok=True)
    unchanged.remember_standing(("html",), began="before the edit")
    assert unchanged.standing(("html",)) is None


@pytest.mark.parametrize("name", ["data/tables/losses.csv", "requirements.txt", "library/evidence/rule.py"])
def test_data_that_passed_are_checked_again_where_they_or_the_rules_changed(book, monkeypatch, name):
    asked: list[Path] = []
    monkeypatch.setattr(checked, "validate", lambda folder, each: asked.append(folder) or [])
    (book / "_build" / "checked").unlink(missing_ok=True)
    assert checked.data_problems() == checked.data_problems() == [] and len(asked) == 1
    (book / name).write_bytes((book / name).read_bytes() + b" ")
    assert checked.data_problems() == [] and len(asked) == 2


def test_data_that_failed_are_checked_each_time(book, monkeypatch):
    (book / "_build" / "checked").unlink(missing_ok=True)
    monkeypatch.setattr(checked, "validate", lambda folder, each: ["a problem"])
    assert checked.data_problems() == checked.data_problems() == ["a problem"]
    assert not (book / "_build" / "checked").exists()


def folders(top: Path) -> dict[str, str]:
    return {path.name: (path / "a").read_text(encoding="utf-8") for path in top.iterdir()}


def lay(top: Path, name: str, text: str) -> None:
    (top / name).mkdir()
    (top / name / "a").write_text(text, encoding="utf-8")


def test_the_last_good_folder_comes_back_where_a_build_was_killed_between_two_moves(tmp_path):
    lay(tmp_path, ".html-0123abcd", "good")
    swap.restore_folder(tmp_path / "html")
    assert folders(tmp_path) == {"html": "good"}


def test_what_a_killed_build_left_beside_a_whole_folder_is_swept_away(tmp_path):
    lay(tmp_path, ".html-0123abcd", "old")
    lay(tmp_path, "html", "new")
    swap.restore_folder(tmp_path / "html")
    assert folders(tmp_path) == {"html": "new"}


def test_the_old_folder_stays_where_the_new_one_cannot_be_moved(tmp_path):
    lay(tmp_path, "html", "old")
    with pytest.raises(OSError, match="No such file"):
        swap.replace_folder(tmp_path / "none", tmp_path / "html")
    assert folders(tmp_path) == {"html": "old"}


class Deaf(http.server.ThreadingHTTPServer):
    """A server that is bound as any other and ends at once."""

    bound: tuple[str, int]

    def serve_forever(self, *_: object) -> None:
        Deaf.bound = self.server_address


def test_the_book_is_served_to_this_machine_alone(book, monkeypatch):
    monkeypatch.setattr(http.server, "ThreadingHTTPServer", Deaf)
    serve(0)
    assert Deaf.bound[0] == "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BookError, match="cannot be used"):
        serve(taken.getsockname()[1])


def test_a_book_that_is_not_built_is_not_served(tmp_path, monkeypatch):
    monkeypatch.setattr("malibook.press.places.root", lambda: tmp_path)
    with pytest.raises(BookError, match="no book yet"):
        serve(0)
