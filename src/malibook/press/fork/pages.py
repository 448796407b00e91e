"""The prose of a fork: skeletons with visible placeholders, and the glossary's terms of method."""

from __future__ import annotations

from pathlib import Path

from malibook.evidence import root
from malibook.press.fork.chapters import FIRST, called
from malibook.press.fork.request import Request
from malibook.press.fork.templates import HERE, filled
from malibook.press.fork.terms import glossary

AS_THEY_ARE = ("numbers", "data-dictionary", "corrections", "how-built", "sources")


def lay_pages(folder: Path, request: Request, taken: list[str]) -> None:
    """Write the pages and the table of contents of a fork with the chapters `taken`."""
    book = folder / "book"
    book.mkdir()
    names = [FIRST, *sorted(called(name) for name in taken)]
    links = "\n".join(f"- [](../notebooks/{name}.ipynb)" for name in names)
    for path in sorted(HERE.glob("page-*.md")):
        name = path.name.removeprefix("page-")
        (book / name).write_text(filled(path.name, request, chapters=links), encoding="utf-8")
    for name in AS_THEY_ARE:
        text = (root() / "book" / f"{name}.md").read_text(encoding="utf-8")
        (book / f"{name}.md").write_text(text, encoding="utf-8")
    (book / "glossary.md").write_text(glossary(taken), encoding="utf-8")
    lines = "\n".join(f"      - file: notebooks/{name}" for name in names)
    (folder / "_toc.yml").write_text(filled("toc.yml", request, chapters=lines), encoding="utf-8")
