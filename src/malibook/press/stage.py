"""Lay out the tree that Jupyter Book compiles: prose, executed chapters, exhibits as files, generated pages.

Nothing here is committed. A chapter may be laid out as soon as its run has ended, the rest when all have.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from functools import partial

import nbformat
from nbformat import NotebookNode

from malibook.evidence import file_stem, root
from malibook.press import places
from malibook.press.applies import applicable
from malibook.press.cells import code_cell, markdown_cell, numbered
from malibook.press.colophon import colophon, counted
from malibook.press.degrade import Present, degraded
from malibook.press.downloads import chapter_zip, package_zip
from malibook.press.edition_stage import lay_edition, present
from malibook.press.exercises import student_text, wants, with_exercises
from malibook.press.furniture import lay_furniture, notice, run_panel
from malibook.press.furniture.book import published_book
from malibook.press.ledger import Ledger, code_cells
from malibook.press.notebooks import path_of, read
from malibook.press.pages import generated_pages, tables_of_files
from malibook.press.provenance import Provenance
from malibook.press.receipt import receipt, receipt_text
from malibook.press.staging import Stage
from malibook.press.static import STATIC, static_folder
from malibook.press.subject import with_country

OWN = "This book’s fact base"
COPIED = ("_config.yml", "_toc.yml", "book")
FIRST = "what comes before all chapters"
ASIDE = ("_exhibits", "_generated")  # what Jupyter Book does not take for pages


def lay_pages(stage: Stage, ledgers: list[Ledger], provenance: Provenance, published: Sequence[Ledger] = ()) -> None:
    """Fill the stage with all that Jupyter Book reads, what its pages offer for download included.

    `published` is what an edition is held against.
    """
    edition = places.current()
    if edition is None:
        stage.once(FIRST, lambda: lay_first(stage))
    else:
        lay_edition(stage, edition, published, ledgers, *published_book(provenance))
    for ledger in ledgers:
        holds = None if edition is None else present(edition, ledgers)
        stage.once(ledger.chapter, partial(lay_chapter, stage, ledger, provenance, holds))
    stage.write(
        "_generated/ledger.json", json.dumps([e for x in ledgers for e in _slim(x)], sort_keys=True, ensure_ascii=False)
    )
    if edition is not None:
        stage.write(f"_exhibits/{file_stem()}-data-package.zip", package_zip())
    stage.write("_exhibits/receipt.json", receipt_text(receipt(ledgers, provenance)))
    stage.write("_generated/colophon.md", colophon(ledgers, provenance))
    for relative, text in generated_pages(ledgers, provenance).items():
        stage.write(relative, text)
    stage.sweep(besides=ASIDE)


def lay_first(stage: Stage) -> None:
    """Fill the stage of the published book with what asks for no chapter, and work out the pages that tables alone write."""
    for name in COPIED:
        stage.copy(root() / name, name)
    stage.copy(static_folder(), STATIC)
    stage.write(f"_exhibits/{file_stem()}-data-package.zip", package_zip())
    tables_of_files()


def lay_ahead(stage: Stage) -> None:
    """Lay out what asks for no chapter while chapters run; where that fails nothing is said, as in `lay_early`."""
    with contextlib.suppress(Exception):
        stage.once(FIRST, lambda: lay_first(stage))


def lay_early(stage: Stage, ledger: Ledger, provenance: Provenance) -> None:
    """Lay out a chapter while others still run, with what is set into its finished page and asks for no other chapter.

    Where that fails nothing is said: it is done once more when all chapters have run, and fails there in its turn.
    """
    with contextlib.suppress(Exception):
        stage.once(ledger.chapter, partial(lay_chapter, stage, ledger, provenance))
        stage.once(f"data of {ledger.chapter}", partial(_lay_data, stage, ledger))
        counted(ledger)


def lay_chapter(stage: Stage, ledger: Ledger, provenance: Provenance, holds: Present | None = None) -> None:
    """Fill the stage with one chapter's page and its exhibits; of an edition, `holds` says what there is to point to."""
    source = read(path_of(ledger.chapter))
    if wants(source):
        stage.write(f"_exhibits/{ledger.chapter}/{ledger.chapter}-exercises.ipynb", student_text(ledger.chapter))
    prose = applicable(with_exercises(source, ledger.chapter), ledger.parameters)
    chapter = staged(with_country(prose, ledger.parameters), ledger, provenance)
    if holds is not None:
        _without_dead_ends(chapter, ledger.chapter, holds)
    stage.write(f"notebooks/{ledger.chapter}.ipynb", _dumps(chapter))
    for entry in ledger.exhibits:
        _write_files(stage, ledger.chapter, entry)


def lay_extras(stage: Stage, ledgers: list[Ledger], provenance: Provenance) -> None:
    """Fill the stage with what is set into finished pages: downloads and cards. Jupyter Book may read its pages meanwhile."""
    for ledger in ledgers:
        stage.once(f"data of {ledger.chapter}", partial(_lay_data, stage, ledger))
    lay_furniture(stage, ledgers, provenance)
    stage.sweep()


def staged(source: NotebookNode, ledger: Ledger, provenance: Provenance) -> NotebookNode:
    """Return a chapter as it is compiled: its prose, its code hidden, its exhibits as figures and tables."""
    out = nbformat.v4.new_notebook(metadata=source.metadata)
    order = {id(cell): n for n, cell in enumerate(code_cells(source))}
    for cell in source.cells:
        if cell.cell_type == "markdown":
            out.cells.append(markdown_cell(cell.source))
            if len(out.cells) == 1 and (box := notice(ledger)):
                out.cells.append(markdown_cell(box))
        elif "parameters" not in cell.metadata.get("tags", []):
            _add_code(out.cells, cell.source)
            shown = [e for e in ledger.by_cell.get(order[id(cell)], []) if e["kind"] != "number"]
            out.cells += [markdown_cell(exhibit_markdown(e)) for e in shown]
    out.cells.append(markdown_cell(run_panel(ledger, provenance)))
    numbered(out.cells)
    return out


def _without_dead_ends(chapter: NotebookNode, name: str, holds: Present) -> None:
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            cell["source"] = degraded(cell["source"], f"notebooks/{name}", holds)


def _add_code(cells: list[NotebookNode], source: str) -> None:
    """Add code to be hidden; code that follows code with nothing to see between goes behind the same switch."""
    if cells and cells[-1].cell_type == "code":
        cells[-1]["source"] += "\n\n" + source
    else:
        cells.append(code_cell(source, tags=["hide-input"]))


def exhibit_markdown(entry: dict) -> str:
    """Return the MyST that shows one figure or table, with its source line and its data, or one remark."""
    if entry["kind"] == "remark":
        text, title = entry["text"], entry["title"]
        return f":::{{admonition}} {title}\n:class: note\n\n{text}\n:::" if title else text
    base = f"../_exhibits/{entry['chapter']}/{entry['key']}"
    small = source_line(entry, f"{base}.csv")
    if entry["kind"] == "figure":
        options = f":name: {entry['key']}\n:alt: {json.dumps(entry['alt'], ensure_ascii=False)}\n:class: exhibit"
        return f"::::{{figure}} {base}.svg\n{options}\n\n{entry['caption']}\n\n{small}\n::::"
    return f"::::{{table}} {entry['caption']}\n:name: {entry['key']}\n:class: exhibit\n\n{entry['markdown']}\n::::\n\n{{.source-line}}\n{small}"


def source_line(entry: dict, csv: str) -> str:
    """Return the small print under an exhibit: its sources, each a link, its note, and its data."""
    parts = [_own_tables(entry["sources"])]
    for source in entry["sources"]:
        if source["kind"] == "document":
            parts.append(f"{{cite:t}}`{source['id']}`")
        elif not source["text"].startswith(OWN):
            parts.append(f"[{source['text']}](#table-{source['id']})")
    note = entry["note"].strip()
    note = f" {note}" + ("" if not note or note.endswith(".") else ".") if note else ""
    return f"Source: {'; '.join(p for p in parts if p)}.{note} {{download}}`Data (CSV) <{csv}>`"


def _own_tables(sources: list[dict]) -> str:
    """Return the fact base's tables as one source with several links, so that its name stands only once."""
    own = [s["id"] for s in sources if s["kind"] == "table" and s["text"].startswith(OWN)]
    links = ", ".join(f"[{name.replace('_', ' ')}](#table-{name})" for name in own)
    return f"{OWN} ({links}), from the documents named in each row (CC BY 4.0)" if own else ""


def _lay_data(stage: Stage, ledger: Ledger) -> None:
    stage.write(f"_exhibits/{ledger.chapter}/{ledger.chapter}-data.zip", chapter_zip(ledger))


def _write_files(stage: Stage, chapter: str, entry: dict) -> None:
    for kind in ("svg", "csv"):
        if kind in entry:
            stage.write(f"_exhibits/{chapter}/{entry['key']}.{kind}", entry[kind])


def _slim(ledger: Ledger) -> list[dict]:
    return [{k: v for k, v in e.items() if k not in ("svg", "csv", "markdown", "opened")} for e in ledger.exhibits]


def _dumps(nb: NotebookNode) -> str:
    return json.dumps(nb, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
