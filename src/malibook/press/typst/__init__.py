"""A Sphinx builder that prints the whole book with Typst: one tagged PDF, the same bytes on every machine.

Use it as the extension "malibook.press.typst" and the builder "typst". Config values, all optional:

=====================  ==============================================================================
typst_pdf_name         file name in the output folder (mali.pdf)
typst_paper            a4, us-letter, or both: a second PDF, mali-letter.pdf (a4; the environment's
                       MALIBOOK_PAPER goes before it)
typst_title            title on the first page (the project's name)
typst_subtitle         line below it
typst_authors          list of names (the project's author)
typst_version          version on the first page (release, then version)
typst_commit           code revision on the first page (the environment's MALIBOOK_COMMIT)
typst_data_version     data version on the first page (the environment's MALIBOOK_DATA)
typst_date             date on the first page (the day of SOURCE_DATE_EPOCH, in UTC; else none)
typst_notice           lines at the foot of the first page, such as the licence
typst_keywords         list of words for the PDF's metadata
typst_description      sentence for the PDF's metadata
typst_toc_depth        levels in the contents: 1 chapters, 2 sections (2); front matter may say it for one page
typst_index            whether to print an index, if there are entries (True)
typst_findings         titles of the sections that are framed: they hold a chapter's short answer ([])
typst_fine             titles of the sections that are set in smaller type ([])
typst_compact          documents to look things up in, set in smaller type ([])
typst_code_note        list of paragraphs of an appendix that says where the code is; {commit} stands for the
                       revision; the files of all notebooks follow ([]: no appendix)
typst_words            dict that replaces words of the template: contents, figures, tables, index, …
=====================  ==============================================================================
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from . import blocks, design, figures, headings, inline, maths, notes, tables  # noqa: F401  (they register renderers)
from .builder import TypstBuilder
from .compile import PAPERS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

OUTPUT_ORDER = ("text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain")
SETTINGS: dict[str, tuple[object, tuple[type, ...]]] = {
    "typst_pdf_name": ("mali.pdf", (str,)),
    "typst_paper": ("a4", (str,)),
    "typst_title": ("", (str,)),
    "typst_subtitle": ("", (str,)),
    "typst_authors": ([], (list, tuple)),
    "typst_version": ("", (str,)),
    "typst_commit": ("", (str,)),
    "typst_data_version": ("", (str,)),
    "typst_date": ("", (str,)),
    "typst_notice": ("", (str,)),
    "typst_keywords": ([], (list, tuple)),
    "typst_description": ("", (str,)),
    "typst_toc_depth": (2, (int,)),
    "typst_index": (True, (bool,)),
    "typst_findings": ([], (list, tuple)),
    "typst_fine": ([], (list, tuple)),
    "typst_compact": ([], (list, tuple)),
    "typst_code_note": ([], (list, tuple)),
    "typst_words": ({}, (dict,)),
}


def setup(app: Sphinx) -> dict[str, object]:
    """Register the builder and its config values; return what Sphinx wants to know."""
    for name, (default, types) in SETTINGS.items():
        app.add_config_value(name, default, "", types)
    app.add_builder(TypstBuilder)
    app.connect("config-inited", check_settings)
    app.connect("config-inited", choose_outputs, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def check_settings(app: Sphinx, config: Config) -> None:
    """Refuse settings that the template cannot use. Raises ConfigError."""
    for name, (_, types) in SETTINGS.items():
        given = config[name]
        if not isinstance(given, types):
            hint = "; put it in quotes" if types == (str,) else ""
            raise ConfigError(f"{name} is {given!r}, it must be of type {types[0].__name__}{hint}")
    for name, paper in (("typst_paper", config.typst_paper), ("MALIBOOK_PAPER", os.environ.get("MALIBOOK_PAPER"))):
        if paper and paper not in PAPERS:
            raise ConfigError(f"{name} is {paper!r}; choose one of {', '.join(PAPERS)}")
    name = config.typst_pdf_name
    if not name.endswith(".pdf") or "/" in name or "\\" in name:
        raise ConfigError(f"typst_pdf_name is {name!r}; it must be a file name that ends in .pdf")


def choose_outputs(app: Sphinx, config: Config) -> None:
    """Tell myst-nb which form of a cell's output to print; it knows no order for builders other than its own."""
    if "nb_mime_priority_overrides" not in config:
        return
    given = [tuple(item) for item in config.nb_mime_priority_overrides]
    known = {mime for builder, mime, _ in given if builder == TypstBuilder.name}
    ours = [(TypstBuilder.name, mime, 10 * n) for n, mime in enumerate(OUTPUT_ORDER, 1) if mime not in known]
    config.nb_mime_priority_overrides = [*given, *ours]
