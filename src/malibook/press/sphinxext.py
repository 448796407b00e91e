"""What Sphinx must know of this book: the role of bound numbers and the page that lists them all.

``{n}`deaths-2022` `` prints a bound number and links it to its entry; in another document the chapter comes first:
``{n}`01-french-intervention/deaths-2022` ``. A key that no run bound is a warning, and so, in this press, an error.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from malibook.press import glossary, mutual
from malibook.press.compile import WRITERS
from malibook.press.curly import curly
from malibook.press.explore import hooks as explore_hooks
from malibook.press.site import language
from malibook.press.sphinxspeed import hasten

log = logging.getLogger(__name__)


def ledger_file(app: Sphinx) -> str:
    """Return where the stage's ledger lies: a page that prints its numbers is read anew when it changes."""
    return str(Path(app.srcdir) / "_generated" / "ledger.json")


def ledger(app: Sphinx) -> dict[str, dict[str, Any]]:
    """Return the numbers of the stage's ledger by `chapter/key`."""
    path = Path(ledger_file(app))
    stamp = path.stat().st_mtime_ns
    cached = getattr(app, "_malibook_ledger", None)
    if cached is None or cached[0] != stamp:
        entries = json.loads(path.read_text(encoding="utf-8"))
        cached = (stamp, {f"{e['chapter']}/{e['key']}": e for e in entries if e["kind"] == "number"})
        app._malibook_ledger = cached
    return cached[1]


class NumberRole(SphinxRole):
    """Prints a bound number as a link to its entry on the page of all numbers."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the reference; warn where the key is unknown."""
        key = self.text if "/" in self.text else f"{Path(self.env.docname).name}/{self.text}"
        entry = ledger(self.env.app).get(key)
        self.env.note_dependency(ledger_file(self.env.app))
        if entry is None:
            log.warning("no run bound the number %r", key, location=self.get_location())
            return [nodes.problematic("", f"[{key}]")], []
        return [_link(entry["text"], anchor(key))], []


class EveryNumber(SphinxDirective):
    """Lists every bound number: its value, how it was made, the rows and the documents that it rests on."""

    def run(self) -> list[nodes.Node]:
        """Return one section a chapter, one definition a number."""
        by_chapter: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for key, entry in ledger(self.env.app).items():
            by_chapter.setdefault(entry["chapter"], []).append((key, entry))
        self.env.note_dependency(ledger_file(self.env.app))
        return [self._section(name, entries) for name, entries in by_chapter.items()]

    def _section(self, name: str, entries: list[tuple[str, dict[str, Any]]]) -> nodes.section:
        section = nodes.section(ids=[f"numbers-{name}"])
        title = nodes.title("", "")
        title += pending_xref(
            "", nodes.inline("", name), refdomain="std", reftype="doc", reftarget=f"/notebooks/{name}", refexplicit=True
        )
        section += title
        rows = nodes.definition_list(classes=["every-number"])
        rows += [self._item(key, entry) for key, entry in entries]
        section += rows
        return section

    def _item(self, key: str, entry: dict[str, Any]) -> nodes.definition_list_item:
        target = anchor(key)
        domain = self.env.domains["std"]
        domain.note_hyperlink_target(target, self.env.docname, target, entry["text"])
        term = nodes.term("", "", ids=[target])
        self.state.document.note_explicit_target(term)
        term += [
            nodes.strong("", entry["text"]),
            nodes.Text(f" {entry['unit']} ".rstrip() + " "),
            nodes.literal("", entry["key"]),
        ]
        body = nodes.definition()
        if entry["how"]:
            body += nodes.paragraph("", curly(entry["how"]))
        for rows in entry["rows"]:
            body += self._rows(rows)
        return nodes.definition_list_item("", term, body)

    def _rows(self, rows: dict[str, Any]) -> nodes.paragraph:
        keys, count = rows["keys"], rows["count"]
        named = ", ".join(keys[:3]) if count <= 3 else f"{keys[0]}, {keys[1]} … {rows['last']}"
        text = nodes.Text(f": {count:,} row{'s' * (count != 1)} ({named})")
        out = nodes.paragraph("", "", _link(rows["table"], f"table-{rows['table']}"), text)
        if 0 < len(rows["cites"]) <= 8:
            cited, _ = self.state.inline_text(f" {{cite:p}}`{','.join(rows['cites'])}`", self.lineno)
            out += [nodes.Text(" "), *cited]
        return out


def _link(text: str, target: str) -> pending_xref:
    inner = nodes.inline("", text)
    return pending_xref("", inner, refdomain="std", reftype="ref", reftarget=target, refexplicit=True, refwarn=True)


def mark_numbers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give links to number entries their class, so that each output can set them as plain text that leads on."""
    for link in doctree.findall(nodes.reference):
        target = link.get("refid") or link.get("refuri", "").rpartition("#")[2]
        if target.startswith("n-") and target[2:4].isdigit():
            link["classes"].append("bound-number")


def restyle(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return every document where a style sheet or a script changed: Sphinx alone would keep the old ones."""
    digest = hashlib.sha256()
    for folder in app.config.html_static_path:
        for path in sorted(p for p in (Path(app.srcdir) / folder).rglob("*") if p.is_file()):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    before, env.malibook_static = getattr(env, "malibook_static", ""), digest.hexdigest()
    return [] if before == env.malibook_static else sorted(env.found_docs)


def anchor(key: str) -> str:
    """Return the target of a number's entry."""
    return "n-" + key.replace("/", "-").replace("_", "-")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role and the directive."""
    if WRITERS in os.environ:  # in a compiler of the press: whoever runs Jupyter Book by hand gets Sphinx as it is
        hasten(app, int(os.environ[WRITERS]))
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, whether comments are loaded or not
    app.add_html_theme("malibook", str(Path(__file__).parent / "theme"))
    app.add_role("n", NumberRole())
    app.add_directive("every-number", EveryNumber)
    app.connect("doctree-resolved", mark_numbers)
    glossary.setup(app)
    explore_hooks.setup(app)
    language.setup(app)
    mutual.setup(app)
    app.connect("env-get-outdated", restyle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
