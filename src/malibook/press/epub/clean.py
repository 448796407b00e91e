"""Turn a page's tree into what an e-book shows: no theme, no code, no controls; meaning said in EPUB's own words."""

from __future__ import annotations

from xml.etree.ElementTree import Element

DROPPED_TAGS = {"script", "style", "button", "input", "select", "textarea", "form", "iframe", "nav", "template"} | {
    "noscript", "object", "embed", "video", "audio", "canvas", "dialog", "link", "meta"
}  # fmt: skip
# Links to headings, tips of the glossary (their links stay), code of the chapters, and what a page says is for HTML.
DROPPED_CLASSES = {"headerlink", "gloss-tip", "toctree-wrapper", "above-input", "cell_input", "html-only", "tocdepth"}
RENAMED = {"details": "div", "summary": "div", "label": "p", "main": "div", "article": "div"}
LISTS = {"citation-list": "ul", "citation": "li"}
KEPT_ATTRIBUTES = {"id", "href", "src", "alt", "lang", "dir", "colspan", "rowspan", "scope", "start", "value"}
# Class in the HTML -> class in the EPUB; all others go.
CLASSES = {
    "bound-number": "bound",
    "admonition": "admonition",
    "admonition-title": "admonition-title",
    "caption-number": "caption-number",
    "legend": "legend",
    "source-line": "legend",
    "text-right": "right",
    "section-number": "section-number",
    "sd-card": "card",
    "sd-card-title": "card-title",
    "every-number": "numbers",
    "citation-list": "citations",
    "label": "label",
    "highlight": "highlight",
    "run-panel": "run-panel",
}
# Element and class in the HTML -> what it is, for reading systems and screen readers.
MEANINGS = {
    ("a", "footnote-reference"): {"epub:type": "noteref", "role": "doc-noteref"},
    ("aside", "footnote"): {"epub:type": "footnote", "role": "doc-footnote"},
    ("dl", "glossary"): {"epub:type": "glossary"},
    ("div", "citation"): {"epub:type": "biblioentry"},
}
MANY_COLUMNS = 5


def clean(tree: Element) -> Element:
    """Return the tree, changed in place, as an e-book's reader is to see it; links still lead to HTML pages."""
    _prune(tree)
    for node in tree.iter():
        _settle(node)
    _frame_tables(tree)
    for glossary in (node for node in tree.iter("dl") if node.get("epub:type") == "glossary"):
        for child in glossary:
            child.set("epub:type", "glossterm" if child.tag == "dt" else "glossdef")
    return tree


def words(node: Element) -> str:
    """Return the text of an element, blanks squeezed."""
    return " ".join("".join(node.itertext()).split())


def remove(parent: Element, child: Element) -> None:
    """Take an element out of its parent; the text behind it stays."""
    at = list(parent).index(child)
    if child.tail and at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _prune(node: Element) -> None:
    for child in list(node):
        classes = set(child.get("class", "").split())
        if child.tag in DROPPED_TAGS or classes & DROPPED_CLASSES or "hidden" in child.keys():  # noqa: SIM118
            remove(node, child)
            continue
        _prune(child)
        if child.tag == "div" and "cell" in classes and not len(child) and not (child.text or "").strip():
            remove(node, child)


def _settle(node: Element) -> None:
    """Give one element the name and the attributes that it has in the EPUB."""
    classes = node.get("class", "").split()
    meanings = [m for (tag, name), m in MEANINGS.items() if tag == node.tag and name in classes]
    kept = {name: value for name, value in node.attrib.items() if name in KEPT_ATTRIBUTES}
    if node.tag == "abbr":
        kept |= {name: value for name, value in node.attrib.items() if name == "title"}
    if "download" in node.attrib or "download" in classes:
        kept["download"] = ""  # read, and taken off, where links are settled
    ours = dict.fromkeys([CLASSES[name] for name in classes if name in CLASSES])
    if node.tag == "summary":
        ours["summary"] = None
    if ours:
        kept["class"] = " ".join(ours)
    if "lang" in kept:
        kept["xml:lang"] = kept["lang"]
    for meaning in meanings:
        kept |= meaning
    node.tag = next((LISTS[name] for name in classes if name in LISTS), RENAMED.get(node.tag, node.tag))
    node.attrib.clear()
    node.attrib.update(kept)


def _frame_tables(node: Element) -> None:
    """Give each table a frame of its own, in which one that is too wide can be moved sideways."""
    for place, child in enumerate(node):
        if child.tag == "table":
            _label_cells(child)
            node[place] = frame = Element("div", {"class": "scroll"})
            frame.append(child)
            child.tail, frame.tail = None, child.tail
        else:
            _frame_tables(child)


def _label_cells(table: Element) -> None:
    """Say which cells are heads; name the column in each cell of a wide table, which small screens show as cards."""
    heads = [words(cell) for cell in table.findall("thead/tr/th")]
    for cell in table.findall("thead/tr/th"):
        cell.set("scope", "col")
    if len(heads) < MANY_COLUMNS or len(table.findall("thead/tr")) != 1:
        return
    table.set("class", "many")
    for row in table.findall("tbody/tr"):
        for name, cell in zip(heads, row, strict=False):
            if name:
                cell.set("data-label", name)
