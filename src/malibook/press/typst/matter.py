"""What stands before and after the chapters: title page, contents and lists, index, in the book's language."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sphinx.environment.adapters.indexentries import IndexEntries

from .assemble import sequence
from .escape import array, content, escape, label, string, value

if TYPE_CHECKING:
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from .builder import TypstBuilder

WORDS = {
    "en": {
        "contents": "Contents", "figures": "Figures", "tables": "Tables", "index": "Index",
        "version": "Version", "commit": "Commit", "data": "Data", "date": "Date",
        "code": "Where the code is", "chapter": "chapter", "notebook": "notebook", "page": "page on the screen",
    },
    "fr": {
        "contents": "Sommaire", "figures": "Figures", "tables": "Tableaux", "index": "Index",
        "version": "Version", "commit": "Révision", "data": "Données", "date": "Date",
        "code": "Où se trouve le code", "chapter": "chapitre", "notebook": "carnet", "page": "page à l’écran",
    },
}  # fmt: skip


def main_source(config: Config, documents: Iterable[str], index: str) -> str:
    """Return the main Typst file: the book's data, then its documents in order, then the index."""
    includes = "".join(f'#include "documents/{name}"\n' for name in documents)
    settings = ",\n  ".join(f"{name}: {value(item)}" for name, item in book_data(config).items())
    return f'#import "template.typ": *\n#show: book.with(\n  {settings},\n)\n{includes}{index}'


def book_data(config: Config) -> dict[str, object]:
    """Return what the template prints about the book, from the config values or their defaults."""
    words = book_words(config)
    facts = {
        words["version"]: config.typst_version or config.release or config.version,
        words["commit"]: config.typst_commit or os.environ.get("MALIBOOK_COMMIT"),
        words["data"]: config.typst_data_version or os.environ.get("MALIBOOK_DATA"),
        words["date"]: config.typst_date or day(),
    }
    return {
        "title": config.typst_title or config.project,
        "subtitle": config.typst_subtitle,
        "authors": list(config.typst_authors or [config.author]),
        "facts": {name: fact for name, fact in facts.items() if fact},
        "notice": config.typst_notice,
        "keywords": list(config.typst_keywords),
        "description": config.typst_description,
        "date": day_parts(),
        "language": language(config),
        "words": words,
    }


def language(config: Config) -> str:
    """Return the two-letter code of the book's language."""
    return (config.language or "en").replace("_", "-").split("-")[0]


def book_words(config: Config) -> dict[str, str]:
    """Return the template's own words in the book's language (English if we lack it), as the config changes them."""
    return {**WORDS.get(language(config), WORDS["en"]), **config.typst_words}


def day() -> str:
    """Return the date of SOURCE_DATE_EPOCH as 2026-10-07, or nothing: today would make every build differ."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch else ""


def day_parts() -> list[int] | None:
    """Return the same date as year, month and day, or None."""
    return [int(part) for part in day().split("-")] if day() else None


def code_source(builder: TypstBuilder) -> str:
    """Return the appendix that says where the code is, with the files of every notebook; nothing without a note."""
    config, env = builder.config, builder.env
    if not config.typst_code_note:
        return ""
    words = book_words(config)
    commit = config.typst_commit or os.environ.get("MALIBOOK_COMMIT") or ""
    note = "\n\n".join(escape(text.replace("{commit}", commit)) for text in config.typst_code_note)
    names = [name for name in (chapter.docname for chapter in sequence(env)) if env.doc2path(name).endswith(".ipynb")]
    rows = array(code_row(env, name) for name in names)
    heads = array(content(escape(words[word])) for word in ("chapter", "notebook", "page"))
    return f"#code-appendix({content(escape(words['code']))}, {content(note)}, {heads}, {rows})\n"


def code_row(env: BuildEnvironment, docname: str) -> str:
    """Return one notebook's line of the appendix: its name, its file, its page."""
    link = f"#xref({string(label(docname))})[{escape(chapter_name(env, docname))}]"
    return array([content(link), string(f"{docname}.ipynb"), string(f"{docname}.html")])


def chapter_name(env: BuildEnvironment, docname: str) -> str:
    """Return a document's number and title."""
    number = ".".join(map(str, env.toc_secnumbers.get(docname, {}).get("", ())))
    return f"{number} {env.titles[docname].astext()}".strip()


def index_source(builder: TypstBuilder, emitted: set[str]) -> str:
    """Return the Typst source of the index, or nothing if it is not wanted or no document has an entry.

    Sphinx numbers index targets afresh in each document (`index-0`), so an entry is found by document and id.
    """
    groups = []
    if not builder.config.typst_index:
        return ""
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        lines = []
        for term, (links, subentries, _) in entries:
            lines.append(entry(0, term, links, emitted))
            lines += [entry(1, subterm, sublinks, emitted) for subterm, sublinks in subentries]
        groups.append(f"  ({content(escape(letter))}, {array(lines)})")
    body = ",\n".join(groups)
    return f"#index({content(escape(book_words(builder.config)['index']))}, (\n{body},\n))\n" if groups else ""


def entry(level: int, term: str, links: list[tuple[str, str]], emitted: set[str]) -> str:
    """Return one entry: its depth, its words and the labels of the places it points to, the main one first."""
    names = [label(*uri.removeprefix("%").split("#", 1)) for _, uri in links if uri]
    return f"({level}, {content(escape(term))}, {array(string(name) for name in names if name in emitted)})"
