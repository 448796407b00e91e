"""A table as rows of placed cells, and what its columns hold: how wide, numbers or text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes

from .columns import COMFORT, SLACK, Column, breakable, is_numeric, width

HEAD_SCALE = 1.15  # headings are set in a bold sans, smaller in size but wider
HEAD_LIMIT = 9.0  # em: beyond this a heading wraps rather than widening its column
ALIGNMENTS = {"text-left": "left", "text-right": "right", "text-center": "center"}


@dataclass(frozen=True)
class Cell:
    """One cell: its node, its first column, how many columns and rows it covers."""

    entry: nodes.Element
    column: int
    across: int = 1
    down: int = 1


Row = list[Cell]


def rows(part: nodes.Element, count: int) -> Iterator[Row]:
    """Yield the rows of a table's head or body; a cell from above may occupy places in the rows below it."""
    busy = [0] * count
    for row in (child for child in part if isinstance(child, nodes.row)):
        busy = [max(0, left - 1) for left in busy]
        yield place(row, busy)


def place(row: nodes.Element, busy: list[int]) -> Row:
    """Return the cells of one row with their columns; mark in `busy` the places that they take."""
    found, column = [], 0
    for entry in row.children:
        while column < len(busy) - 1 and busy[column]:
            column += 1
        cell = Cell(entry, column, entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1)
        busy[column : column + cell.across] = [cell.down] * cell.across
        column += cell.across
        found.append(cell)
    return found


def lines_of(cell: Cell) -> list[str]:
    """Return the cell's text, one string for each paragraph or list entry."""
    blocks = [node for node in cell.entry.findall(nodes.TextElement) if not isinstance(node.parent, nodes.TextElement)]
    return [" ".join(block.astext().split()) for block in blocks if block.astext().strip()]


def column_lines(table: Iterable[Row], column: int) -> list[str]:
    """Return the texts of one column; cells over several columns do not count."""
    return [
        line for row in table for cell in row if (cell.column, cell.across) == (column, 1) for line in lines_of(cell)
    ]


def needs(head: list[Row], body: list[Row], count: int) -> list[Column]:
    """Return what each column needs, in em."""
    return [column_needs(column_lines(head, index), column_lines(body, index)) for index in range(count)]


def column_needs(titles: list[str], texts: list[str]) -> Column:
    """Return the needs of one column: its heading may wrap between words, its text as the plan decides."""
    longest_title = HEAD_SCALE * max((width(word) for word in words(titles)), default=0.0)
    word = SLACK * max([longest_title, 1.0, *(width(word) for word in words(texts))])
    title = min(HEAD_LIMIT, HEAD_SCALE * max(map(width, titles), default=0.0))
    text = SLACK * max(map(width, texts), default=0.0)
    return Column(max(word, title, text), max(word, min(text, COMFORT)), word)


def words(texts: list[str]) -> Iterator[str]:
    """Yield the pieces that a line break cannot part."""
    for text in texts:
        yield from breakable(text).replace("\u200b", " ").split()


def alignment(head: list[Row], body: list[Row], column: int) -> str:
    """Return "left", "center" or "right": as the author said, else right for a column of numbers."""
    for cell in (cell for row in [*body, *head] for cell in row if cell.column == column):
        for name in cell.entry.get("classes", []):
            if name in ALIGNMENTS:
                return ALIGNMENTS[name]
    return "right" if is_numeric(column_lines(body, column)) else "left"
