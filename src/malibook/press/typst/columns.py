"""The width of table columns: which fit, which wrap, and when a table needs smaller type or a turned page."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Advance widths of Libertinus Serif in thousandths of an em, in classes; anything else counts as 500.
WIDTHS = {
    **dict.fromkeys(".,'|", 220), **dict.fromkeys("ijl;: ’", 260), **dict.fromkeys("ftIJ!(){}/\\", 320),
    **dict.fromkeys('r"[]-*', 360), **dict.fromkeys("sz", 410), **dict.fromkeys("ace0123456789?~éèêàç", 470),
    **dict.fromkeys("hnuELP–+=<>É«»×≥≤±", 560), **dict.fromkeys("BRTYZ", 610), **dict.fromkeys("CKUVX%", 660),
    **dict.fromkeys("ADGNOQ&", 710), **dict.fromkeys("wH—…", 760), **dict.fromkeys("mMW@№", 880),
}  # fmt: skip
PADDING = 0.9  # em of white between two columns
CODE = 0.52  # em a character in the monospaced font
COMFORT = 11.0  # em: below this a column of running text is hard to read
LABEL = 7.0  # em: the same for a column of names and other short texts
SLUG = 9.0  # em: a slug or address is kept whole up to this width
SLACK = 1.04  # the widths are estimates: a little more keeps a line from breaking
LONG_TEXT = 24.0  # em: a column with longer lines is running text
TALL = 9  # lines: a row higher than this asks for a wider table
UNIT = r"(?:%|‰|pp|k|m|M|bn|mm|cm|km|kg|t)?"
NUMBER = re.compile(rf"[<>≤≥~≈+−–-]?\s*[$€£]?\d[\d\s.,]*{UNIT}(?:\s?–\s?\d[\d\s.,]*{UNIT})?[*†‡]?")
TURNS = (("text", 8.8), ("wide", 8.8), ("wide", 8.0), ("turned", 8.8), ("turned", 7.5))  # what is tried, in order
COMPACT = (("text", 8.0), ("text", 7.5), ("turned", 8.8), ("turned", 7.5))  # on a page to look things up, which is wide
BOXED = (("text", 8.8), ("text", 8.0), ("text", 7.5))  # the same inside a card or note
EMPTY = {"", "–", "—", "-", "…", "n/a", "NA", "?"}
LONG_WORD = re.compile(r"\S{15,}")
BREAK_AFTER = re.compile(r"(?<=[_/.\-–])(?=\w)")


@dataclass(frozen=True)
class Column:
    """A column's needs, in em: to hold every line whole, to be read with ease, and to hold what cannot be broken."""

    natural: float
    least: float
    word: float


@dataclass(frozen=True)
class Plan:
    """How to set a table: width of each column in em, type size in pt, and how far the table reaches."""

    columns: tuple[float, ...]
    size: float
    span: str
    stretched: bool = False  # the columns share all the room
    fits: bool = True  # false: even the last resort is too narrow for the longest words


def width(text: str, code: bool = False) -> float:
    """Return the approximate width of a text in em."""
    return CODE * len(text) if code else sum(WIDTHS.get(char, 500) for char in text) / 1000


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number or a range of numbers, with sign, unit or note mark."""
    return bool(NUMBER.fullmatch(text.strip()))


def is_numeric(cells: Sequence[str]) -> bool:
    """Tell whether a column holds numbers only, blanks and dashes aside."""
    filled = [cell.strip() for cell in cells if cell.strip() not in EMPTY]
    return bool(filled) and all(is_number(cell) for cell in filled)


def plan(columns: Sequence[Column], room: Mapping[str, float], turns: Sequence[tuple[str, float]] = TURNS) -> Plan:
    """Return the setting that reads best: no wrapping, then wrapped text, then smaller type, then a turned page.

    `room` gives the width in pt of each reach: "text", "wide" (into the margins) and "turned" (landscape); `turns`
    what is tried, in order: reach and type size in pt.
    """
    for nth, (span, size) in enumerate(turns):
        em = room[span] / size - PADDING * len(columns)
        if sum(column.natural for column in columns) <= em:
            return Plan(tuple(column.natural for column in columns), size, span)
        if reads_well(columns, em, patient=nth > 0 or turns is BOXED):
            return Plan(shares(columns, em), size, span, stretched=True)
    return Plan(shares(columns, em), size, span, True, fits=sum(column.word for column in columns) <= em)


def reads_well(columns: Sequence[Column], em: float, patient: bool) -> bool:
    """Tell whether every column gets a readable width; the impatient also refuse very tall rows."""
    if sum(column.least for column in columns) > em:
        return False
    widths = shares(columns, em)
    return patient or max(lines(column.natural, width) for column, width in zip(columns, widths, strict=True)) <= TALL


def shares(columns: Sequence[Column], em: float) -> tuple[float, ...]:
    """Divide the room: each column its least, short ones all they need, long ones a share of what is left.

    The share grows with the square root of the text, so that one long column does not starve the others. If even
    the least is too much, all give up the same part of it.
    """
    spare = em - sum(column.least for column in columns)
    if spare <= 0:
        return tuple(max(0.1, column.least * em / (em - spare)) for column in columns)
    wants = {i: column.natural - column.least for i, column in enumerate(columns)}
    given = dict.fromkeys(wants, 0.0)
    while small := [i for i, want in wants.items() if want <= spare / len(wants)]:
        given |= {i: wants.pop(i) for i in small}
        spare = max(0.0, em - sum(column.least for column in columns) - sum(given.values()))
    weight = sum(math.sqrt(columns[i].natural) for i in wants)
    given |= {i: min(want, spare * math.sqrt(columns[i].natural) / weight) for i, want in wants.items()}
    return tuple(column.least + given[i] for i, column in enumerate(columns))


def lines(natural: float, width: float) -> int:
    """Return about how many lines a text takes in a column: a little more than the quotient, for ragged ends."""
    return 1 if natural <= width else math.ceil(natural * 1.08 / width)


def breakable(text: str) -> str:
    """Return a text whose long words may be broken within, so that a slug or address cannot burst its column."""
    return LONG_WORD.sub(lambda word: BREAK_AFTER.sub("\u200b", word[0]), text)
