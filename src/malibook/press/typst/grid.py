"""A table as rows of placed cells, and what its columns hold: how wide, numbers or text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes

from .columns import COMFORT, LABEL, LONG_TEXT, SLACK, SLUG, Column, breakable, is_numeric, width

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


@dataclass(frozen=True)
class Line:
    """A line of a cell: its text, and the widths in em of the whole, of its longest word, of what cannot be broken."""

    text: str
    width: float
    word: float
    piece: float


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


def lines_of(cell: Cell) -> list[Line]:
    """Return the cell's lines, one for each paragraph or list entry."""
    blocks = [node for node in cell.entry.findall(nodes.TextElement) if not isinstance(node.parent, nodes.TextElement)]
    return [line_of(block) for block in blocks if block.astext().strip()]


def line_of(block: nodes.TextElement) -> Line:
    """Return a block as one line, its code measured as code."""
    runs = [(text.astext(), isinstance(text.parent, nodes.literal)) for text in block.findall(nodes.Text)]
    words = [(word, code) for text, code in runs for word in text.split()]
    pieces = [(piece, code) for word, code in words for piece in breakable(word).split("\u200b")]
    widths = (sum(width(*run) for run in runs), longest(words), longest(pieces))
    return Line(" ".join(block.astext().split()), *widths)


def longest(words: list[tuple[str, bool]]) -> float:
    """Return the width of the longest word."""
    return max((width(*word) for word in words), default=0.0)


def column_lines(table: Iterable[Row], column: int) -> list[Line]:
    """Return the lines of one column; cells over several columns do not count."""
    return [
        line for row in table for cell in row if (cell.column, cell.across) == (column, 1) for line in lines_of(cell)
    ]


def needs(head: list[Row], body: list[Row], count: int) -> list[Column]:
    """Return what each column needs, in em."""
    return [column_needs(column_lines(head, index), column_lines(body, index)) for index in range(count)]


def column_needs(titles: list[Line], texts: list[Line]) -> Column:
    """Return the needs of one column: its heading may wrap between words, its text as the plan decides."""
    hard = SLACK * max([1.0, *(HEAD_SCALE * line.piece for line in titles), *(line.piece for line in texts)])
    title = min(HEAD_LIMIT, HEAD_SCALE * max((line.width for line in titles), default=0.0))
    text = SLACK * max((line.width for line in texts), default=0.0)
    word = SLACK * max((line.word for line in texts), default=0.0)
    soft = max(min(text, COMFORT if text > LONG_TEXT else LABEL), min(word, SLUG))
    return Column(max(hard, title, text), max(hard, soft), hard)


def alignment(head: list[Row], body: list[Row], column: int) -> str:
    """Return "left", "center" or "right": as the author said, else right for a column of numbers."""
    for cell in (cell for row in [*body, *head] for cell in row if cell.column == column):
        for name in cell.entry.get("classes", []):
            if name in ALIGNMENTS:
                return ALIGNMENTS[name]
    return "right" if is_numeric([line.text for line in column_lines(body, column)]) else "left"
