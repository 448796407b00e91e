"""What surrounds the book of a fork: commands, configuration, licences, papers, tests, the library's wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from malibook.evidence import root
from malibook.press.contents import configuration
from malibook.press.fork.request import Request
from malibook.press.fork.templates import filled, template
from malibook.press.fork.wheel import wheel

COPIED = ("run.py", "requirements.txt", "Makefile", ".gitignore", ".gitattributes", ".ci/run")
PAPERS = {
    "README.md": "paper-readme.md",
    "CONTRIBUTING.md": "paper-contributing.md",
    "CHANGELOG.md": "paper-changelog.md",
    "CITATION.cff": "citation.txt",
    "LICENSE": "licence-code.txt",
    "data/README.md": "paper-data.md",
    "tests/test_book.py": "test-book.txt",
    "pytest.ini": "pytest.txt",
}
NOWHERE = {"repository_url": "", "baseurl": ""}  # a fork has no address before its authors give it one
COMPACT = [f"book/{name}" for name in ("glossary", "numbers", "data-dictionary", "corrections", "how-built", "sources")]


def lay_kit(folder: Path, request: Request) -> None:
    """Write everything but data, chapters and pages."""
    for name in COPIED:
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((root() / name).read_bytes())
        target.chmod((root() / name).stat().st_mode & 0o755)
    origin = configuration()
    facts = {"origin": str(origin["title"]), "origin_author": str(origin["author"]), "year": str(origin["copyright"])}
    for name, source in PAPERS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(filled(source, request, **facts), encoding="utf-8")
    licence = (root() / "LICENSE-text").read_text(encoding="utf-8")
    (folder / "LICENSE-text").write_text(
        f"{filled('licence-text.txt', request, **facts)}\n{_deed(licence)}", encoding="utf-8"
    )
    config = template("config-head.txt") + _yaml(configured(origin, request))
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    (folder / "vendor").mkdir()
    name, content = wheel()
    (folder / "vendor" / name).write_bytes(content)
    (folder / "vendor" / "README.md").write_text(filled("paper-vendor.md", request, wheel=name), encoding="utf-8")


def configured(origin: dict[str, Any], request: Request) -> dict[str, Any]:
    """Return the configuration of the book that is forked, with the fork's own names in it."""
    sphinx = origin["sphinx"]
    own = {
        "project": request.short_title,
        "typst_pdf_name": f"{request.stem}.pdf",
        "typst_title": request.short_title,
        "typst_subtitle": request.subtitle,
        "typst_keywords": [request.name, "conflict data", "reproducible research"],
        "typst_compact": COMPACT,
        "typst_code_note": [template("code-note.txt").strip()],
        "html_favicon": "book/static/favicon.svg",
    }
    config = sphinx["config"] | own
    author = request.author.removeprefix("To write: ")
    where = {"repository": origin.get("repository", {}) | {"url": ""}, "html": origin.get("html", {}) | NOWHERE}
    return origin | where | {"title": request.title, "author": author, "sphinx": sphinx | {"config": config}}


def _deed(text: str) -> str:
    """Return the licence itself, without the lines that say what of the forked book it covers."""
    return text[text.index("Creative Commons Attribution 4.0 International\n\n") :]


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
