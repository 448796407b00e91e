"""A book of one short chapter, on the real data: small enough to be built and broken many times."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malibook.press import notebooks
from tests.conftest import ROOT

TOC = """format: jb-book
root: book/welcome
parts:
  - caption: All
    chapters:
      - file: notebooks/01-small
      - file: book/glossary
      - file: book/numbers
      - file: book/data-dictionary
      - file: book/sources
"""
CONTRACT = """["01-small"]
figures = ["fig-1-deaths"]
tables = ["tbl-1-losses"]
numbers = ["peak"]
"""
SETUP = """from malibook import exhibits as ex
from malibook.analysis.series import monthly
from malibook.evidence import Parameters, load"""
PARAMETERS = """start: str = "2012-01-01"  # first day
end: str = "2024-12-31"  # last day
estimate: str = "best"  # low, best or high"""
RUN = """P = Parameters(start=start, end=end, estimate=estimate)
ex.open_chapter("01-small", P)
violence = load("violence_month")
mali = monthly(violence, "MLI", P.start, P.end)
ex.number("peak", mali[f"deaths_{P.estimate}"].max(), unit="deaths", rows=mali, how="largest month")"""
SHOW = """fig, ax = ex.canvas("Deaths by month", "Mali, organised violence, UCDP")
ax.plot(mali["month"], mali["deaths_best"].astype(float))
peak = mali["deaths_best"].max()
ex.figure("fig-1-deaths", fig, caption="Deaths in organised violence in Mali by month.", data=mali[["month", "deaths_best"]],
          alt=f"Line of monthly deaths in Mali; the highest month has {peak:,.0f} deaths by the best estimate.", sources=["violence_month"])
losses = load("losses")[["measure", "value"]].head(3)
ex.table("tbl-1-losses", losses, caption="Three losses, as reported by somebody.", sources=["losses"])"""
PROSE = "# A small chapter\n\nThe peak was {n}`peak` ({numref}`fig-1-deaths`, {numref}`tbl-1-losses`)."


def declare_readers(path: Path) -> None:
    """Say in the descriptor who reads each table in the small book."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    for raw in whole["resources"]:
        raw["malibook:chapters"] = ["01-small"] if raw["name"] in ("losses", "violence_month") else []
        raw["malibook:pages"] = ["sources"] if raw["name"] == "sources" else []
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_small_book(book: Path) -> Path:
    """Write the small book to a folder and return it."""
    book.mkdir(parents=True)
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy2(ROOT / name, book / name)
    shutil.copytree(ROOT / "data", book / "data")
    declare_readers(book / "data" / "datapackage.json")
    shutil.copytree(ROOT / "book" / "static", book / "book" / "static")
    for page in ("numbers", "data-dictionary", "sources"):
        shutil.copy2(ROOT / "book" / f"{page}.md", book / "book")
    (book / "book" / "glossary.md").write_text("# Glossary\n\n:::{glossary}\nClaim\n  What somebody says.\n:::\n")
    (book / "book" / "welcome.md").write_text("# Welcome\n\nThe peak was {n}`01-small/peak`. See {term}`Claim`.\n")
    (book / "_toc.yml").write_text(TOC)
    (book / "notebooks").mkdir()
    (book / "notebooks" / "contracts.toml").write_text(CONTRACT)
    cells = [
        new_markdown_cell(PROSE),
        new_code_cell(SETUP),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(RUN),
        new_code_cell(SHOW),
        new_markdown_cell("## How this could be wrong\n\nIn every way."),
    ]
    text = notebooks.dumps(notebooks.tidy(nbformat.from_dict(new_notebook(cells=cells))))
    (book / "notebooks" / "01-small.ipynb").write_text(text, encoding="utf-8")
    return book
