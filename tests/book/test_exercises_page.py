"""The exercises on the chapters' pages: all of them, and nothing of what is for instructors."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from malibook.coursework.secret import secrets
from malibook.coursework.sheet import read_sheet, sheets, squeezed
from malibook.errors import BookError
from malibook.evidence import root
from malibook.press import exercises

pytestmark = pytest.mark.slow
READ = (".html", ".py", ".ipynb", ".js", ".txt", ".json", ".csv")


def sheet(name: str):
    return read_sheet(root() / "coursework" / f"{name}.ipynb")


@pytest.mark.parametrize("name", sheets())
def test_every_exercise_stands_on_its_page_and_its_mark_nowhere(built: Path, name: str) -> None:
    page = (built / "_build" / "html" / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
    assert exercises.MARK not in page
    text = squeezed(html.unescape(re.sub(r"<[^>]+>", "", page)))
    tasks = [c.metadata["malibook"] for c in sheet(name).cells if "kind" in c.metadata.get("malibook", {})]
    assert len(tasks) >= 5
    for task in tasks:
        assert f"{task['exercise']} {task['title'].replace('`', '')}" in text, task["exercise"]


def test_no_file_of_the_site_holds_what_is_for_instructors(built: Path) -> None:
    files = [p for p in (built / "_build" / "html").rglob("*") if p.suffix in READ]
    whole = {}
    for path in files:
        raw = path.read_text(encoding="utf-8")
        whole[path] = squeezed(html.unescape(re.sub(r"<[^>]+>", "", raw)).replace("\\n", " ").replace('\\"', '"'))
    assert any(path.name.endswith("-exercises.ipynb") for path in files)
    # a phrase that the data or the chapter itself has is no secret; whole sentences of answers and lines of code are
    told = {s: (n, e) for n in sheets() for s, e in secrets(sheet(n)).items() if s.startswith("answer_") or len(s) > 60}
    assert len(told) > 300
    known = squeezed(" ".join(p.read_text(encoding="utf-8") for p in (root() / "notebooks").glob("*.ipynb")))
    found = [(told[s], p.name) for p, text in whole.items() for s in told if s in text and s not in known]
    assert found == []


def test_a_chapter_without_its_sheet_is_refused() -> None:
    with pytest.raises(BookError, match="no sheet"):
        exercises.section("99-nowhere")
