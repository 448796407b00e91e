"""How an upstream file is described: its needed columns, and what sets it apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One needed column: our name, what its cells are, other spellings, bounds; whether column or cell may be lacking."""

    name: str
    kind: str = "text"  # text, code, whole, number, day, month
    spellings: tuple[str, ...] = ()
    low: float | str | None = None
    high: float | str | None = None
    optional: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Format:
    """One upstream file: the option that takes it, its name, needed columns, and where to get it."""

    option: str
    title: str
    columns: tuple[Column, ...]
    source: str
    missing: tuple[str, ...] = ("",)
    layout: tuple[str, ...] = ()  # of a file published without header
    years: bool = False  # one column a year
    footer: tuple[str, ...] = ()
    separators: str = ","  # those the publisher has used
    strict: bool = True  # quotation marks must be doubled within quotation marks
    not_named: tuple[tuple[str, str], ...] = ()  # sister files with the same columns: part of the name, what it is
