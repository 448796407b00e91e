"""Tables into Typst: columns sized to their content, headings repeated on every page, numbers to the right."""

from __future__ import annotations

from collections.abc import Mapping

from docutils import nodes
from sphinx.util import logging

from .blocks import SOURCE_LINE
from .columns import BOXED, COMPACT, PADDING, TURNS, Plan, lines, plan
from .escape import array, content
from .figures import exhibit
from .grid import Row, alignment, lines_of, needs, rows
from .render import Scope, anchors, handles, render_all

logger = logging.getLogger(__name__)
ROOM: Mapping[str, float] = {"text": 402.0, "wide": 459.0, "turned": 677.0}  # pt, as the template's measures
LONG = 600.0  # pt: a longer table reaches into the margins, to be shorter
SHORT = 250.0  # pt: a lower table is kept in one piece
TALL_ROW = 12  # lines: a higher row may break across pages


@handles("table", own_targets=True)
def table(node: nodes.Element, scope: Scope) -> str:
    """Return a table; one with a title is numbered and listed."""
    group = node.next_node(nodes.tgroup)
    count = sum(isinstance(child, nodes.colspec) for child in group)
    head = [row for part in group if isinstance(part, nodes.thead) for row in rows(part, count)]
    body = [row for part in group if isinstance(part, nodes.tbody) for row in rows(part, count)]
    columns = needs(head, body, count)
    turns = BOXED if scope.boxed else COMPACT if scope.compact else TURNS
    room = {**ROOM, "text": ROOM["wide"]} if scope.compact and not scope.boxed else ROOM
    setting = plan(columns, room, turns)
    if turns is TURNS and setting.span == "text" and setting.stretched and height(body, setting) > LONG:
        setting = plan(columns, room, TURNS[1:])
    if not setting.fits:
        logger.warning("typst: table too wide even for a turned page: split it or drop columns", location=node)
    aligns = [alignment(head, body, column) for column in range(count)]
    arguments = options(setting, aligns, len(head), body)
    return exhibit("tabular", node, scope, arguments, cells(head, body, setting, scope), source_line(node, scope))


def source_line(node: nodes.Element, scope: Scope) -> str:
    """Return the paragraph of sources below a table, which must not part from it; "none" if there is none."""
    after = node.next_node(descend=False, siblings=True)
    if not isinstance(after, nodes.paragraph) or SOURCE_LINE not in after.get("classes", []):
        return "none"
    return content(anchors(after, scope) + render_all(after.children, scope.inside(plain=True)))


def options(setting: Plan, aligns: list[str], heads: int, body: list[Row]) -> str:
    """Return the template's arguments for a table: columns, alignment, size, reach, whether it may break."""
    sizes = array(f"{share + PADDING:.2f}{'fr' if setting.stretched else 'em'}" for share in setting.columns)
    whole = str(height(body, setting) < SHORT).lower()
    return f'columns: {sizes}, align: {array(aligns)}, heads: {heads}, size: {setting.size:g}pt, span: "{setting.span}", whole: {whole}'


def height(body: list[Row], setting: Plan) -> float:
    """Return about how high the table will be, in pt."""
    return sum(row_lines(row, setting) * setting.size * 1.25 + 6.0 for row in body) + 3 * setting.size


def row_lines(row: Row, setting: Plan) -> int:
    """Return about how many lines a row takes: those of its tallest cell."""
    single = [cell for cell in row if cell.across == 1]
    return max((sum(lines(line.width, setting.columns[c.column]) for line in lines_of(c)) for c in single), default=1)


def cells(head: list[Row], body: list[Row], setting: Plan, scope: Scope) -> str:
    """Return the cells as further Typst arguments, one source line a row."""
    inner = scope.inside(boxed=True, tabular=True)
    parts = []
    if head:
        titles = ", ".join(row_code(row, inner.inside(titling=True), "th") for row in head)
        parts.append(f"table.header(table.hline(stroke: strong-rule), {titles}, table.hline(stroke: middle-rule))")
    for row in body:
        parts.append(row_code(row, inner, breakable=row_lines(row, setting) > TALL_ROW))
    return ",\n  ".join(parts)


def row_code(row: Row, scope: Scope, style: str = "", breakable: bool = False) -> str:
    """Return the cells of one row."""
    found = []
    for cell in row:
        body = style + content(anchors(cell.entry, scope) + render_all(cell.entry.children, scope))
        extent = [f"colspan: {cell.across}"] * (cell.across > 1) + [f"rowspan: {cell.down}"] * (cell.down > 1)
        extent += ["align: center"] * (cell.across > 1) + ["breakable: true"] * breakable
        found.append(f"table.cell({', '.join(extent)}, {body})" if extent else body)
    return ", ".join(found)
