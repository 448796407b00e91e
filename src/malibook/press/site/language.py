"""French words say that they are French, so that a screen reader speaks them, and print breaks them, by French rules.

Marked are titles of French documents in the bibliography and the French names that the text spells out in italics.
Names alone (Serval, Ségou) are names in any language and are left as they are.
"""

from __future__ import annotations

import re
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx

from malibook.evidence.documents import source_titles
from malibook.press.typst.render import Scope, handles, render_all

# Words that French titles are made of, none of them English; a title with two of them and no English one is French.
_FRENCH = re.compile(
    r"(?<![\w’'])(?:l[ea]s?|d[eu]s?|et|aux?|une?|en|pour|sur|dans|par|après|avec|qui|que|est|sont|plus|moins|depuis|contre"
    r"|il|y|ans?|a|bataille|deuxième|troisième|sommet|dossier|bilan|sondage|attaques?|soldats?|casques|bleus|tués?|déjà"
    r"|français|maliens?|bio|force|quitte|approuvent|procède|déplore|remaniement|désengage|mission|meurtrière"
    r"|chronologie|contributrice|décoiffant|réorganisation)(?![\w’'])|(?<![\w’'])[ldsn][’'](?=\w)",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|to|for|on|at|with|from|is|are|by|as|its|it|after|over|says|how|what|who|why|near|into|has|was"
    r"|renews|reacts|shut|killed|dead|leaves|exercises|mandate|coup|airstrike|requests|report|urges)\b",
    re.IGNORECASE,
)
_ITALIAN = re.compile(r"\b(?:sono|vittime|dell)\b", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?:title approximate)\)$")
TERMS = (
    "Alliance des États du Sahel",
    "Cadre harmonisé",
    "Cadre stratégique permanent",
    "Forces armées maliennes",
    "Front de libération de l’Azawad",
    "Mouvement national de libération de l’Azawad",
)


class Foreign(nodes.inline):
    """Words in another language than the book's; docutils turns the class `language-fr` into `lang="fr"`."""


def is_french(title: str) -> bool:
    """Return whether a title is French, judged by the small words in it."""
    if re.search(r"\bUN\b", title) or _ITALIAN.search(title):
        return False
    return len(_FRENCH.findall(title)) >= 2 and not _ENGLISH.search(title)


def mark_french(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the French titles of a page's bibliography and the French terms in its text."""
    for entry in doctree.findall(nodes.citation):
        for text in list(entry.findall(nodes.Text)):
            title = next((t for t in french_titles() if t in text), None)
            if title:
                _split(text, title)
    for words in doctree.findall(nodes.emphasis):
        if words.astext().replace("'", "’") in TERMS and len(words.children) == 1:
            _split(words.children[0], words.astext())


@cache
def french_titles() -> tuple[str, ...]:
    """Return the titles of the French documents, the longest first, so that none is found inside another."""
    titles = {_REMARK.sub("", title) for title in source_titles()}
    return tuple(sorted(filter(is_french, titles), key=lambda title: (-len(title), title)))


def _split(text: nodes.Text, words: str) -> None:
    """Put the words of a text into a node of their own."""
    before, _, after = text.partition(words)
    parts = [nodes.Text(before), Foreign("", words, classes=["language-fr"]), nodes.Text(after)]
    text.parent.replace(text, [part for part in parts if part.astext()])


@handles("Foreign")
def in_print(node: Foreign, scope: Scope) -> str:
    """Return the words with their language, which tells the reader's software and the hyphenation."""
    return f'#text(lang: "fr")[{render_all(node.children, scope)}]'


def setup(app: Sphinx) -> None:
    """Mark French words when a page's references are resolved."""
    app.connect("doctree-resolved", mark_french)
