"""What stands before the pages of the EPUB: cover, title page, contents, lists of figures and tables."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element

from malibook.press.epub.clean import words
from malibook.press.epub.contents import Facts, Page
from malibook.press.epub.write import element, xhtml

ABOUT = (
    "This edition holds every chapter, figure, table, number and source of the book. A number in the text leads to its "
    "entry in “Every number”, which says how it was computed and from which rows.",
    "The code of the chapters is left out. The notebooks that hold it, and the files that are named under figures and "
    "tables, are in the HTML edition and in the book’s repository.",
)
# Documents that reading systems offer by what they are.
LANDMARKS = {"glossary": ("book/glossary", "Glossary"), "bibliography": ("book/sources", "Sources")}


def cover_page(facts: Facts, alt: str) -> bytes:
    """Return the page that shows the cover."""
    picture = element("img", src="images/cover.png", alt=alt)
    return xhtml("cover", facts.title, facts.language, [element("div", picture, class_="cover")], "cover")


def title_page(facts: Facts) -> bytes:
    """Return the title page: title, authors, what the book was made from, its licence, what this edition is."""
    origin = facts.origin
    rows = {"Commit": origin.commit, "Data": f"{origin.data_version} ({origin.data_hash})", "Date": facts.modified[:10]}
    made = element("dl", class_="facts")
    for name, value in rows.items():
        made.extend([element("dt", name), element("dd", value)])
    inside = [
        element("h1", facts.title, class_="title"),
        element("p", facts.subtitle, class_="subtitle"),
        element("p", facts.author, class_="author"),
        made,
        element("p", facts.notice, class_="notice"),
        element("h2", "This edition"),
        *(element("p", text) for text in ABOUT),
    ]
    inside = [node for node in inside if len(node) or node.text]
    return xhtml("title", facts.title, facts.language, inside, "titlepage")


def contents_page(facts: Facts, pages: list[Page]) -> bytes:
    """Return the navigation document: contents with parts and sections, landmarks, lists of figures and tables."""
    figures, tables = captions(pages, "figure"), captions(pages, "table")
    inside = [
        _nav("toc", "Contents", _contents(pages)),
        _nav("landmarks", "Landmarks", _landmarks(pages), hidden="hidden"),
    ]
    inside += [_nav("loi", "Figures", _entries(figures))] if figures else []
    inside += [_nav("lot", "Tables", _entries(tables))] if tables else []
    return xhtml("nav", "Contents", facts.language, inside)


def captions(pages: list[Page], tag: str) -> list[tuple[str, str]]:
    """Return where each captioned figure or table is, and its caption, in reading order."""
    out = []
    for page in pages:
        for node in page.tree.iter(tag):
            caption = node.find("figcaption/p" if tag == "figure" else "caption")
            if caption is not None and "id" in node.attrib:
                out.append((f"{page.name}.xhtml#{node.get('id')}", words(caption)))
    return out


def _nav(kind: str, heading: str, entries: Element, **attributes: str) -> Element:
    return element("nav", element("h1" if kind == "toc" else "h2", heading), entries, epub_type=kind, **attributes)


def _contents(pages: list[Page]) -> Element:
    """Return the contents: pages below the part that holds them, sections below chapters."""
    top = element("ol")
    into = top
    for page in (p for p in pages if p.opens):
        if page.part:
            into = element("ol")
            top.append(element("li", element("span", page.part), into))
        item = element("li", element("a", page.title, href=quote(f"{page.name}.xhtml")))
        sections = _sections(page) if page.document.startswith("notebooks/") else []
        if sections:
            item.append(_entries(sections))
        into.append(item)
    return top


def _sections(page: Page) -> list[tuple[str, str]]:
    found = [(node.get("id"), node.find("h2")) for node in page.tree.iter("section")]
    return [(f"{page.name}.xhtml#{i}", words(heading)) for i, heading in found if i and heading is not None]


def _entries(entries: list[tuple[str, str]]) -> Element:
    return element("ol", *(element("li", element("a", text, href=quote(place, safe="/#"))) for place, text in entries))


def _landmarks(pages: list[Page]) -> Element:
    names = {page.name for page in pages}
    first = next((p.name for p in pages if p.document.startswith("notebooks/")), pages[0].name)
    rows = [("cover", "cover", "Cover"), ("titlepage", "title", "Title page"), ("toc", "nav", "Contents")]
    rows += [("bodymatter", first, "First chapter")]
    rows += [(kind, name, text) for kind, (name, text) in LANDMARKS.items() if name in names]
    return element(
        "ol", *(element("li", element("a", text, href=f"{name}.xhtml", epub_type=kind)) for kind, name, text in rows)
    )
