"""Text into Typst source: markup, string literals and plain Python values, safe for any input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
BREAKS = re.compile(r"[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")  # not the no-break spaces, which French needs
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def clean(text: str) -> str:
    """Return the text on one line, without control characters."""
    return BREAKS.sub(" ", CONTROL.sub("", text))


def escape(text: str) -> str:
    """Return Typst markup that prints the text as it is.

    Every ASCII punctuation mark is escaped, so that no text can start a list, a label, a comment or a call:
    after `#emph[x]` even a bracket or a full stop would be read as code.
    """
    return PUNCTUATION.sub(r"\\\g<0>", clean(text))


def string(text: str) -> str:
    """Return a Typst string literal; line breaks are kept, other control characters are dropped."""
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "    ")
    return f'"{text}"'


def content(markup: str) -> str:
    """Return the markup as a Typst content block, its outer white space trimmed."""
    return f"[{markup.strip()}]"


def array(items: Iterable[str]) -> str:
    """Return a Typst array of the given code fragments, right for none and for one."""
    inner = ", ".join(items)
    return f"({inner},)" if inner else "()"


def value(item: object) -> str:
    """Return a Python value (None, bool, number, str, list, mapping) as Typst code.

    Raises TypeError for anything else.
    """
    if item is None or isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, int | float):
        return repr(item)
    if isinstance(item, str):
        return string(item)
    if isinstance(item, Mapping):
        return "(" + ", ".join(f"{string(str(k))}: {value(v)}" for k, v in item.items()) + ")" if item else "(:)"
    if isinstance(item, Iterable):
        return array(value(part) for part in item)
    raise TypeError(f"no Typst form for {type(item).__name__}: {item!r}")


def label(docname: str, anchor: str = "") -> str:
    """Return the name of a link target: unique in the book, because the document's name is part of it."""
    return f"{docname}#{anchor}"


def anchor(name: str) -> str:
    """Return markup that puts an invisible link target at this place."""
    return f"#metadata(none)#label({string(name)})"
