"""The chapters that a fork takes along, by what their contracts say, and the first chapter of its own."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from malibook.evidence import root
from malibook.press.degrade import Present, degraded
from malibook.press.exercises import MARK
from malibook.press.fork.request import Request
from malibook.press.fork.templates import filled, template
from malibook.press.fork.terms import glossary, unmarked, wanted
from malibook.press.ledger import CONTRACTS, contract
from malibook.press.notebooks import dumps, every_chapter, path_of, read, tidy
from malibook.press.references import CITATION, QUOTED
from malibook.press.sayings import country_name, listed

# A chapter without a number has one where the book is about its country.
RENAMED = {"country-profile": "02-country-profile"}
FIRST, FIRST_READS = "01-first-look", ("displacement", "population", "violence_month", "violence_year")
PAGES = tuple(
    f"book/{name}"
    for name in (
        "welcome",
        "how-we-know",
        "editorial-policy",
        "glossary",
        "numbers",
        "data-dictionary",
        "corrections",
        "how-built",
        "sources",
    )
)
_HEAD = re.compile(r"^\[\"([\w-]+)\"", re.M)
_COUNTRY = re.compile(r'^(country: str = )"[A-Z]{3}"', re.M)
_OTHER = re.compile(r"\bChapters? [1-9](?: and [1-9])?(?=\W)(?!\]\()")
_EXERCISES = re.compile(rf"^## Exercises\n+{re.escape(MARK)}\n*", re.M)


def chapters_taken(request: Request, years: bool = True) -> tuple[list[str], dict[str, str]]:
    """Return the chapters that apply to a fork, and the others with the reason why each is left out.

    `years` is whether the fork will have deaths by year of its country.
    """
    reasons = {name: _against(name, request, years) for name in every_chapter() if name != FIRST}
    return [name for name, why in reasons.items() if not why], {name: why for name, why in reasons.items() if why}


def _against(name: str, request: Request, years: bool) -> str:
    if name in RENAMED and not years:
        return "it needs deaths by year: give --ucdp-ged or --ucdp-country-year"
    promised = contract(name)
    about, needs = promised.get("countries", []), promised.get("needs", [])
    if about and request.country not in about:
        return f"it is about {listed([country_name(code) for code in about])} alone"
    lacking = [code for code in needs if code not in request.countries]
    return f"it compares countries that this fork does not hold: {listed(lacking)}" if lacking else ""


def named_ids(taken: list[str]) -> set[str]:
    """Return all that the code of chapters quotes and their prose cites: rows of these ids go along."""
    cells = [cell for name in taken for cell in read(path_of(name)).cells]
    quoted = {word for c in cells if c.cell_type == "code" for word in QUOTED.findall(c.source)}
    cited = {key.strip() for c in cells for keys in CITATION.findall(c.source) for key in keys.split(",")}
    pages = CITATION.findall(template("pages") + template("first-look.txt") + glossary(taken))
    return quoted | cited | {key.strip() for keys in pages for key in keys.split(",")}


def lay_chapters(folder: Path, request: Request, taken: list[str]) -> None:
    """Write the notebooks and their contracts: those taken, with the fork's country as default, and the first own one."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for name in taken:
        (notebooks / f"{called(name)}.ipynb").write_text(_for(name, request, taken), encoding="utf-8")
    first = tidy(_notebook(filled("first-look.txt", request)))
    (notebooks / f"{FIRST}.ipynb").write_text(dumps(first), encoding="utf-8")
    whole = (root() / CONTRACTS).read_text(encoding="utf-8")
    parts = [template("first-look.toml").strip(), *(_section(whole, name) for name in sorted(taken, key=called))]
    head = whole[: _HEAD.search(whole).start()].strip()
    (folder / CONTRACTS).write_text("\n\n".join([head, *parts]) + "\n", encoding="utf-8")


def called(name: str) -> str:
    """Return what a chapter is called in a fork."""
    return RENAMED.get(name, name)


def _for(name: str, request: Request, taken: list[str]) -> str:
    """Return a chapter's text: the fork's country as its default, what stays behind (chapters, terms, sheets) as words."""
    nb, terms = read(path_of(name)), wanted(taken)
    numbers = [f"{chapter}/{key}" for chapter in taken for key in contract(chapter).get("numbers", [])]
    exhibits = [key for chapter in taken for kind in ("figures", "tables") for key in contract(chapter).get(kind, [])]
    holds = Present([*PAGES, *(f"notebooks/{called(chapter)}" for chapter in taken)], numbers, exhibits)
    for cell in nb.cells:
        text = degraded(_OTHER.sub(r"\g<0> of the original book", cell.source), f"notebooks/{name}", holds)
        if "parameters" in cell.metadata.get("tags", []):
            text = _COUNTRY.sub(rf'\1"{request.country}"', text)
        elif cell.cell_type == "code":
            text = text.replace(f'"{name}"', f'"{called(name)}"')
        elif cell.cell_type == "markdown":
            text = _EXERCISES.sub("", unmarked(text, terms)).strip()
        cell["source"] = text
    nb["cells"] = [cell for cell in nb.cells if cell["source"]]
    if contract(name).get("needs"):
        nb.cells[0]["source"] = nb.cells[0]["source"].replace("# ", "# From the original book: ", 1)
        nb["cells"].insert(1, nbformat.v4.new_markdown_cell(filled("kept-chapter.txt", request)))
    return dumps(tidy(nb))


def _notebook(text: str) -> NotebookNode:
    """Return a notebook written as text: each cell begins with a line `%% markdown`, `%% code` or `%% parameters`."""
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    cells = []
    for part in re.split(r"^%% ", text, flags=re.M)[1:]:
        kind, _, source = part.partition("\n")
        tags = {"metadata": {"tags": ["parameters"]}} if kind == "parameters" else {}
        cells.append(make.get(kind, nbformat.v4.new_code_cell)(source.strip(), **tags))
    return nbformat.v4.new_notebook(cells=cells)


def _section(whole: str, name: str) -> str:
    """Return one chapter's part of the contracts file, with every table of it, under the name that it has in a fork."""
    heads = [*_HEAD.finditer(whole)]
    ends = [*(head.start() for head in heads[1:]), len(whole)]
    found = (whole[h.start() : end].strip() for h, end in zip(heads, ends, strict=True) if h[1] == name)
    return "\n".join(found).replace(f'["{name}"', f'["{called(name)}"')
