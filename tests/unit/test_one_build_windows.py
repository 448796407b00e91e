"""One build at a time on Windows, where a locked byte can be read by nobody else: with a stand-in for its `msvcrt`."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest

from malibook.errors import BookError
from malibook.press import swap


@pytest.fixture
def windows(monkeypatch):
    """Locks by position as Windows keeps them: a second lock on the same byte is refused."""
    held: set[int] = set()

    def locking(descriptor: int, mode: int, count: int) -> None:
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        if at in held or (mode, count) != (2, 1):
            raise PermissionError(13, "Permission denied")
        held.add(at)

    monkeypatch.setattr(swap, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    return held


def test_a_second_build_is_told_who_holds_the_folder(windows, tmp_path):
    with swap.only_one_build(tmp_path):
        written = (tmp_path / ".building").read_text(encoding="utf-8")
        assert written == str(os.getpid()) and min(windows) >= len(written)
        with pytest.raises(BookError, match="another build is running") as refused, swap.only_one_build(tmp_path):
            pass
    assert f"process {os.getpid()}" in refused.value.where
