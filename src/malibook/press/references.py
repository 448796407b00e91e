"""The bibliography holds what the book cites, and nothing else: ids named by a row, by prose or by a notebook's exhibits."""

from __future__ import annotations

import re
from functools import lru_cache

from malibook.evidence import bibliography, data_version, load, resources, root, source_ids, split_list, untraced
from malibook.evidence.sources import cited_years, credit
from malibook.press.notebooks import chapters, path_of, read

CITATION = re.compile(r"\{cite:\w+\}`([^`]+)`")
QUOTED = re.compile(r"""["']([\w-]+)["']""")
LISTS = ("sources", "source")  # the columns that hold ids of documents


def cited_bibliography() -> str:
    """Return the documents that the book cites, as BibTeX."""
    sources = load("sources")
    return bibliography(sources[sources["id"].isin(cited_ids())])


def labels() -> dict[str, str]:
    """Return how each document of `sources` is cited, by id: who it is by and its year, with a letter where that is not enough.

    The letters are those of the bibliography; what the book does not cite stands in none, and has no letter.
    """
    rows = load("sources").fillna("").to_dict("records")
    cited = cited_ids()
    years = cited_years(row for row in rows if row["id"] in cited)
    return {row["id"]: f"{credit(row)[0]}, {years.get(row['id'], row['date'][:4] or 'n.d.')}" for row in rows}


def cited_ids() -> frozenset[str]:
    """Return the ids of `sources` that a row of a table, a sentence or an exhibit of a chapter names."""
    files = [*sorted((root() / "book").glob("*.md")), *(path_of(name) for name in chapters())]
    return _cited_ids(str(root()), data_version(), tuple(path.read_bytes() for path in files))


@lru_cache(4)
def _cited_ids(book: str, version: tuple[str, str], prose: tuple[bytes, ...]) -> frozenset[str]:
    with untraced():  # an id in a row is a name: who lists documents has read none of these tables
        return frozenset((cited_in_rows() | cited_in_prose() | named_in_code()) & source_ids())


def cited_in_rows() -> set[str]:
    """Return the ids that the tables name in their columns of documents."""
    cells = (
        cell
        for name, resource in resources().items()
        if name != "sources"
        for field in resource.fields
        if field.name in LISTS
        for cell in load(name)[field.name].dropna()
    )
    return {source for cell in cells for source in split_list(cell)}


def cited_in_prose() -> set[str]:
    """Return the ids that pages and chapters cite in their text."""
    pages = [path.read_text(encoding="utf-8") for path in sorted((root() / "book").glob("*.md"))]
    cells = [c.source for name in chapters() for c in read(path_of(name)).cells]
    return {key.strip() for text in pages + cells for keys in CITATION.findall(text) for key in keys.split(",")}


def named_in_code() -> set[str]:
    """Return what stands in quotes in the chapters' code: an exhibit names its documents there, among much else."""
    cells = [c.source for name in chapters() for c in read(path_of(name)).cells if c.cell_type == "code"]
    return {word for cell in cells for word in QUOTED.findall(cell)}


def sources_by_kind() -> str:
    """Return how many documents of each kind the book cites, and how many of them were read, as a MyST table."""
    sources = load("sources")
    cited = sources[sources["id"].isin(cited_ids())]
    out = ["| kind of document | cited | of which read |", "|:---|---:|---:|"]
    for kind, group in sorted(cited.groupby("kind"), key=lambda pair: (-len(pair[1]), pair[0])):
        out.append(f"| {_kind(kind)} | {len(group):,} | {(group['text_read'] != 'no').sum():,} |")
    idle = len(sources) - len(cited)
    return "\n".join([*out, "", _idle(idle)])


def _kind(slug: str) -> str:
    words = {"un": "UN", "ngo": "NGO", "seed": "source"}
    return " ".join(words.get(word, word) for word in slug.split("-"))


def _idle(count: int) -> str:
    if not count:
        return "Every document of the table `sources` is cited."
    return (
        f"The table `sources` names {count} more that were looked at and carry nothing here; they are left out below."
    )
