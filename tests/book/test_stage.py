"""The stage is laid in two parts: Jupyter Book reads the first while the second is still being written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from malibook.press.chapters import _ledger
from malibook.press.due import wanted
from malibook.press.provenance import provenance
from malibook.press.stage import lay_ahead, lay_early, lay_extras, lay_pages
from malibook.press.staging import Stage

pytestmark = pytest.mark.slow
# Downloads, figures, pictures: whatever a page takes from the folder of exhibits.
_ASKED = re.compile(r"_exhibits/[\w./-]+\.\w+")


def test_what_pages_ask_for_is_laid_before_they_are_read(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MALIBOOK_ROOT", str(built))
    ledgers, origin, stage = [_ledger(name) for name in wanted()], provenance(), Stage(tmp_path / "stage")
    lay_pages(stage, ledgers, origin)
    first = stage.digest()
    texts = [p.read_text(encoding="utf-8") for p in stage.written if p.suffix in (".md", ".ipynb")]
    asked = {found for text in texts for found in _ASKED.findall(text)}
    assert len(asked) > 100
    assert sorted(found for found in asked if not (stage.folder / found).is_file()) == []
    lay_extras(stage, ledgers, origin)
    assert stage.digest() != first
    left = {p.relative_to(stage.folder).as_posix() for p in stage.folder.rglob("*") if p.is_file()}
    assert left == {p.relative_to(stage.folder).as_posix() for p in stage.written}


def test_chapters_laid_out_early_make_the_same_stage(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MALIBOOK_ROOT", str(built))
    ledgers, origin = [_ledger(name) for name in wanted()], provenance()
    late, early = Stage(tmp_path / "late"), Stage(tmp_path / "early")
    lay_ahead(early)
    for ledger in reversed(ledgers):
        lay_early(early, ledger, origin)
    assert len(early.laid) == 2 * len(ledgers) + 1  # each with its data, and what asks for no chapter
    for stage in (late, early):
        lay_pages(stage, ledgers, origin)
        lay_extras(stage, ledgers, origin)
    assert early.digest() == late.digest()
    assert len(early.written) == len(late.written) > 100


def test_a_chapter_that_cannot_be_laid_out_early_says_so_when_all_have_run(built: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MALIBOOK_ROOT", str(built))
    ledgers, origin, stage = [_ledger(name) for name in wanted()], provenance(), Stage(tmp_path / "stage")
    with monkeypatch.context() as broken:
        broken.setattr("malibook.press.stage.with_exercises", lambda *_: 1 / 0)
        lay_early(stage, ledgers[0], origin)
        assert stage.laid == set()
        with pytest.raises(ZeroDivisionError):
            lay_pages(stage, ledgers, origin)
    lay_pages(stage, ledgers, origin)
    assert (stage.folder / "notebooks" / f"{ledgers[0].chapter}.ipynb").is_file()
