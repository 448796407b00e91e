"""Two things that Sphinx and its citations do over and over, done once: they were a third of a compilation."""

from __future__ import annotations

import functools
from typing import Any

import pybtex.plugin
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


def ask_once_for_plugins() -> None:
    """Let pybtex look its plug-ins up once each: it searches every installed package anew for every citation."""
    plugin = pybtex.plugin
    if not hasattr(plugin._load_entry_point, "cache_info"):
        plugin._load_entry_point = functools.cache(plugin._load_entry_point)


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
