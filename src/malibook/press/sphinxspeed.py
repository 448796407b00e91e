"""What Sphinx, docutils and the citations do over and over, done once: together half of a compilation.

Each function puts a faster equal in the place of a library's own; a test compares the trees and texts that come out.
"""

from __future__ import annotations

import ast
import functools
import re
from typing import Any

import pybtex.plugin
from pybtex.richtext import Protected, Text
from pybtex.style.formatting import BaseStyle
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinxcontrib.bibtex.domain import BibtexDomain

from malibook.press.sphinxshare import work_side_by_side
from malibook.press.sphinxwalk import walk_without_recursion

EVERYTHING = ast.dump(ast.parse("True"))  # the filter of a bibliography with the option `:all:`
# A field of a bibliography in which LaTeX sees letters only: no command, no ligature, no blank that it would drop.
NO_LATEX = re.compile(
    r"(?!.*(?:--|  |''|\?`|!`))[^\\{}$~%#&_^`\"\s](?:[^\\{}$~%#&_^`\"\x00-\x1f]*[^\\{}$~%#&_^`\"\s])?"
)
ALWAYS_ASKED = ("std", "math", "citation", "cite")


def hasten(app: Sphinx, writers: int = 1) -> None:
    """Put all of them in place, once in a process; `writers` is how many processes may read and write pages."""
    ask_once_for_plugins()
    walk_without_recursion()
    read_latex_once()
    format_entries_once()
    take_all_at_once()
    read_once_for_numrefs(app)
    leave_search_to_the_book(app)
    ask_whom_there_is(app)
    number_what_has_numbers()
    work_side_by_side(app, writers)


def ask_once_for_plugins() -> None:
    """Let pybtex look its plug-ins up once each: it searches every installed package anew for every citation."""
    plugin = pybtex.plugin
    if not hasattr(plugin._load_entry_point, "cache_info"):
        plugin._load_entry_point = functools.cache(plugin._load_entry_point)


def read_latex_once() -> None:
    """Let pybtex read each field's LaTeX once, and only where there is some: it reads an author's name for every citation of it."""
    slow = Text.from_latex
    if hasattr(slow, "cache_info"):
        return

    def from_latex(latex: str) -> Text:
        if NO_LATEX.fullmatch(latex):
            return Text(latex)
        if latex[:1] == "{" and latex[-1:] == "}" and NO_LATEX.fullmatch(latex[1:-1]):
            return Text(Protected(latex[1:-1]))
        return slow(latex)

    Text.from_latex = functools.cache(from_latex)


def format_entries_once() -> None:
    """Let the bibliography format each entry once: it does so a second time for the tooltips, in the same style."""
    slow = BaseStyle.format_entry
    if hasattr(slow, "kept"):
        return
    kept: dict[tuple, Any] = {}

    @functools.wraps(slow)
    def format_entry(self: BaseStyle, label: str, entry: Any, bib_data: Any = None) -> Any:
        key = (type(self), label, id(entry), id(bib_data))
        if key not in kept:
            kept[key] = (slow(self, label, entry, bib_data), entry)  # the entry is held, so that its id stays its own
        return kept[key][0]

    format_entry.kept = kept
    BaseStyle.format_entry = format_entry


def take_all_at_once() -> None:
    """Let a bibliography of everything take everything: it asks of each document, in vain, who cites it."""
    slow = BibtexDomain.get_filtered_entries
    if hasattr(slow, "slow"):
        return

    @functools.wraps(slow)
    def get_filtered_entries(self: BibtexDomain, bibliography_key: Any) -> Any:
        bibliography = self.bibliographies[bibliography_key]
        if ast.dump(bibliography.filter_) != EVERYTHING:
            return slow(self, bibliography_key)
        return ((bibliography.keyprefix + entry.key, entry) for entry in self.get_entries(bibliography.bibfiles))

    get_filtered_entries.slow = slow
    BibtexDomain.get_filtered_entries = get_filtered_entries


def read_once_for_numrefs(app: Sphinx) -> None:
    """Let numbered references read a document's tree once: Sphinx unpickles it anew for each of them.

    The trees kept here are only looked at, never resolved or written, so that sharing them is safe.
    """
    resolve, kept = StandardDomain._resolve_numref_xref, {}

    def with_kept_trees(domain: StandardDomain, env: BuildEnvironment, *args: Any) -> Any:
        fresh = env.get_doctree
        env.get_doctree = lambda name: kept[name] if name in kept else kept.setdefault(name, fresh(name))
        try:
            return resolve(domain, env, *args)
        finally:
            del env.get_doctree

    app.connect("env-updated", lambda *_: kept.clear())
    app.connect("builder-inited", lambda _: setattr(StandardDomain, "_resolve_numref_xref", with_kept_trees))


def leave_search_to_the_book(app: Sphinx) -> None:
    """Let Sphinx index no words: the book's own search (`furniture.find`) takes the index's place."""

    def unindexed(app: Sphinx) -> None:
        if hasattr(app.builder, "index_page"):
            for part in ("load_indexer", "index_page", "dump_search_index"):
                setattr(app.builder, part, lambda *_: None)

    app.connect("builder-inited", unindexed)


def ask_whom_there_is(app: Sphinx) -> None:
    """Let MyST look for a link's target only where there are some: else it parses each as C, C++, JavaScript, Python, …

    Set when all pages have been read and the environment lies on disk: there the setting stays what the book says, so that
    Sphinx does not take it for changed next time.
    """

    def asked(app: Sphinx, env: BuildEnvironment) -> None:
        if env.config.myst_ref_domains is None:
            found = [name for name, domain in env.domains.items() if any(True for _ in domain.get_objects())]
            env.config.myst_ref_domains = sorted({*found, *ALWAYS_ASKED})

    app.connect("env-check-consistency", asked)


def number_what_has_numbers() -> None:
    """Let numbering ask for each node only the domains that number anything: it asks C, C++, Python, … about every word."""
    slow = TocTreeCollector.assign_figure_numbers
    if hasattr(slow, "slow"):
        return

    @functools.wraps(slow)
    def assign_figure_numbers(self: TocTreeCollector, env: BuildEnvironment) -> list[str]:
        every = env.domains
        env.domains = {name: domain for name, domain in every.items() if _numbers(domain)}
        try:
            return slow(self, env)
        finally:
            env.domains = every

    assign_figure_numbers.slow = slow
    TocTreeCollector.assign_figure_numbers = assign_figure_numbers


def _numbers(domain: Domain) -> bool:
    own = type(domain).get_enumerable_node_type is not Domain.get_enumerable_node_type
    return own or bool(domain.enumerable_nodes) or domain.name == "std"
