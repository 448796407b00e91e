"""Chapters' prose as plain Markdown and HTML, for readers that know nothing of MyST: roles become text and links.

Numbers of figures and tables are known only once Sphinx has numbered them: until then they stand as `⟦key⟧`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from malibook.evidence.sources import credit

_ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
_TARGET = re.compile(r"^\([\w-]+\)=\n", re.M)
_LOCAL = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)\s]+)\)")
_SPAN = re.compile(r"\[([^\]]+)\]\{([^}]*)\}")
_BOX = re.compile(r"^(:{3,})\{admonition\} ([^\n]*)\n(?::[\w-]+:[^\n]*\n)*\n?(.*?)^\1$", re.M | re.S)
_LANGUAGE = re.compile(r"lang=[\"']?([\w-]+)")
MARK = "⟦{}⟧"


@dataclass
class Names:
    """What roles stand for: numbers by `chapter/key`, exhibits of this chapter, documents as rows of `sources` with a `label`.

    `cited` fills while it reads.
    """

    chapter: str
    numbers: dict[str, str]
    exhibits: set[str]
    documents: dict[str, dict[str, str]]
    cited: dict[str, None] = field(default_factory=dict)


def plain(text: str, names: Names) -> str:
    """Return MyST as Markdown with a little HTML in it; an unknown role keeps its text, a box becomes a quotation."""
    text = _BOX.sub(lambda box: _quoted(f"**{box[2]}**\n\n{box[3].strip()}"), text)
    text = _SPAN.sub(_span, _TARGET.sub("", text))
    text = _LOCAL.sub(lambda found: found[1] or _named(found[2]), text)
    return _ROLE.sub(lambda found: ROLES.get(found[1], _text)(found[2], names), text)


def document(row: dict[str, Any]) -> str:
    """Return one entry of a list of sources, as HTML: first as it is cited, then what it is, where it stood and when."""
    parts = [row["label"], row["title"], ", ".join(part for part in (credit(row)[1], row["date"]) if part)]
    line = escape(" ".join(f"{part}." for part in parts if part).replace("..", "."), quote=False)
    url = escape(row["url"])
    return f'{line} <a href="{url}">{url}</a>' if url else line


def _number(text: str, names: Names) -> str:
    key = text if "/" in text else f"{names.chapter}/{text}"
    return names.numbers.get(key, f"[{key}]")


def _numref(text: str, names: Names) -> str:
    key = _target(text)
    return f"[{MARK.format(key)}](#{key})" if key in names.exhibits else MARK.format(key)


def _text(text: str, names: Names) -> str:
    return text.partition(" <")[0]


def _beside(text: str, names: Names) -> str:
    return f'<span class="cited">[{"; ".join(_cites(text, names))}]</span>'


def _within(text: str, names: Names) -> str:
    return ", ".join(_cites(text, names))


def _cites(text: str, names: Names) -> list[str]:
    out = []
    for key in (part.strip() for part in text.split(",")):
        names.cited[key] = None
        label = names.documents[key]["label"] if key in names.documents else key
        out.append(f'<a href="#source-{escape(key)}">{escape(label, quote=False)}</a>')
    return out


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _span(found: re.Match[str]) -> str:
    language = _LANGUAGE.search(found[2])
    return f'<span lang="{language[1]}">{found[1]}</span>' if language else found[1]


def _named(target: str) -> str:
    """Return a page or a section of the book in words, for a link that had none."""
    words = re.split(r"[/#]", target)[-1].rpartition(".")
    return (words[0] or words[2]).replace("-", " ")


def _target(text: str) -> str:
    found = re.search(r"<([^>]+)>$", text)
    return found[1] if found else text


ROLES: dict[str, Callable[[str, Names], str]] = {
    "n": _number,
    "numref": _numref,
    "cite:p": _beside,
    "cite:t": _within,
    "cite": _beside,
}
