"""What turns a stage into a book is hashed whole: no room of the library that the press passes pages through may be left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from malibook.press import publish
from malibook.press.furniture import lay
from malibook.press.imports import HOME, modules_used

IN_STAGE = {"evidence", "analysis", "coursework"}  # what they make is written into the stage, whose bytes are hashed


def rooms(*modules: str) -> set[str]:
    """Return the rooms of the library that these modules reach by their imports."""
    reached = modules_used(f"import {module}" for module in modules)
    return {part[1] for part in (name.split(".") for name in reached) if len(part) > 1 and (HOME / part[1]).is_dir()}


def test_every_room_that_pages_pass_through_counts():
    reached = rooms("malibook.press.binding", "malibook.press.compiler", "malibook.press.sphinxext")
    assert {"press", "house"} <= reached <= {*publish.ROOMS, *IN_STAGE}


def test_every_room_that_downloads_pass_through_counts():
    assert {"press", "house", "evidence"} <= rooms("malibook.press.furniture.lay") <= {*lay.ROOMS, "analysis"}


@pytest.mark.parametrize("room", publish.ROOMS)
def test_a_change_in_any_of_them_makes_pages_due(room, tmp_path: Path, monkeypatch):
    for name in publish.ROOMS:
        shutil.copytree(HOME / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(publish, "HOME", tmp_path)
    before = publish.press_hash.__wrapped__()
    assert publish.press_hash.__wrapped__() == before
    (tmp_path / room / "__init__.py").write_text("# changed\n", encoding="utf-8")
    assert publish.press_hash.__wrapped__() != before
