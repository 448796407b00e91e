"""What the pages of a book say of one another: where any of it changed, Sphinx writes them all anew, not the edited ones alone.

Sphinx knows which pages were edited, but not that the others show their titles in menus and links, the numbers of their
figures, their citations, the definitions of their terms. It would leave these as they were.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# What Sphinx reads beside the pages and shows on them: order and captions, bound numbers, documents, terms.
READ = ("_toc.yml", "_generated/ledger.json", "book/references.bib", "book/glossary.md")
LATE = 900  # after those who number sections and figures


def rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return every page where anything changed that pages say of one another, else none."""
    now = said(env)
    before, env.malibook_said = getattr(env, "malibook_said", ""), now
    return [] if before == now else sorted(env.found_docs)


def said(env: BuildEnvironment) -> str:
    """Return a hash of what pages say of one another."""
    files = [path.read_bytes() for name in READ if (path := Path(env.srcdir) / name).is_file()]
    std, cite = env.domaindata.get("std", {}), env.domaindata.get("cite", {})
    parts = [
        {name: [_words(of.get(name)) for of in (env.titles, env.longtitles, env.tocs)] for name in env.found_docs},
        {name: [place[1:] for place in _slugs(env, name)] for name in env.found_docs},
        [env.toctree_includes, env.toc_secnumbers, env.toc_fignumbers],
        [std.get(name) for name in ("labels", "anonlabels", "terms", "objects")],
        env.domaindata.get("math", {}).get("objects"),
        [(c.citation_id, c.key) for c in cite.get("citations", ())],
    ]
    digest = hashlib.sha256(json.dumps([_plain(part) for part in parts]).encode())
    for content in files:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _words(node: Any) -> str:
    return node.pformat() if node is not None else ""


def _slugs(env: BuildEnvironment, name: str) -> list[Any]:
    """Return where MyST's links into a page lead: line, id and text of each heading; the line says nothing to a reader."""
    found = env.metadata.get(name, {}).get("myst_slugs", {})
    return [(0, slug, *place[1:]) for slug, place in sorted(found.items())]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, dictionaries in one order: pages are read in several processes."""
    if isinstance(value, dict):
        return sorted((str(key), _plain(of)) for key, of in value.items())
    if isinstance(value, (list, tuple)):
        return [_plain(of) for of in value]
    return str(value)


def setup(app: Sphinx) -> None:
    """Connect it to the moment when all pages have been read."""
    app.connect("env-get-updated", rewrite, priority=LATE)
