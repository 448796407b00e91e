"""How tables are laid out: what wraps, what shrinks, what turns, which columns are numbers."""

from __future__ import annotations

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from malibook.press.typst import columns as layout
from malibook.press.typst.columns import Column
from malibook.press.typst.grid import Cell, alignment, lines_of, needs, rows
from malibook.press.typst.tables import ROOM

NUMBERS = Column(natural=4, least=4, word=4)
PROSE = Column(natural=200, least=11, word=7)
COLUMNS = st.lists(
    st.tuples(st.floats(1, 8), st.floats(0, 11), st.floats(0, 400)).map(lambda t: Column(sum(t), t[0] + t[1], t[0])),
    min_size=1,
    max_size=25,
)


def entry(*blocks: nodes.Node | str, **attributes: object) -> nodes.entry:
    return nodes.entry("", *[nodes.paragraph("", b) if isinstance(b, str) else b for b in blocks], **attributes)


def body(*lines: list[nodes.entry]) -> nodes.tbody:
    return nodes.tbody("", *[nodes.row("", *line) for line in lines])


def test_a_small_table_keeps_its_natural_width():
    plan = layout.plan([NUMBERS] * 4, ROOM)
    assert (plan.span, plan.size, plan.stretched, plan.columns) == ("text", 8.8, False, (4, 4, 4, 4))


def test_long_text_wraps_in_the_text_measure():
    plan = layout.plan([NUMBERS, PROSE, NUMBERS], ROOM)
    assert (plan.span, plan.stretched) == ("text", True)
    assert plan.columns[0] == plan.columns[2] == 4
    assert plan.columns[1] > 25


def test_more_columns_reach_into_the_margins_then_shrink_then_turn():
    spans = [(plan.span, plan.size) for n in range(1, 22) if (plan := layout.plan([NUMBERS] * n, ROOM))]
    order = list(dict.fromkeys(spans))
    assert order == list(layout.TURNS)


def test_a_table_in_a_box_never_turns():
    plan = layout.plan([NUMBERS] * 11, ROOM, layout.BOXED)
    assert (plan.span, plan.size) == ("text", 7.5)


def test_no_table_is_set_smaller_than_can_be_read():
    assert min(size for turns in (layout.TURNS, layout.COMPACT, layout.BOXED) for _, size in turns) >= 7.5


def test_a_hopeless_table_says_so():
    assert not layout.plan([NUMBERS] * 40, ROOM).fits


@given(COLUMNS)
def test_columns_never_need_more_than_the_room(columns):
    plan = layout.plan(columns, ROOM)
    assert len(plan.columns) == len(columns)
    assert all(width > 0 for width in plan.columns)
    assert sum(plan.columns) <= room(plan, columns) + 1e-6


@given(COLUMNS)
def test_no_column_is_starved_where_all_can_be_fed(columns):
    plan = layout.plan(columns, ROOM)
    if sum(column.least for column in columns) <= room(plan, columns):
        assert all(width >= column.least - 1e-6 for width, column in zip(plan.columns, columns, strict=True))
        assert all(width <= column.natural + 1e-6 for width, column in zip(plan.columns, columns, strict=True))


def room(plan, columns):
    return ROOM[plan.span] / plan.size - layout.PADDING * len(columns)


@pytest.mark.parametrize("text", ["1,365", "−11%", "+4%", "50–84", "≥ 12.5", "12 km", "1 012,5", "47*", "$3.2bn"])
def test_numbers_and_ranges_are_numbers(text):
    assert layout.is_number(text)


@pytest.mark.parametrize("text", ["2024-07-27", "27 July", "N 5", "Gao", "12 May", "two"])
def test_dates_and_words_are_not_numbers(text):
    assert not layout.is_number(text)


def test_dashes_do_not_make_a_number_column_text_nor_a_blank_column_numbers():
    assert layout.is_numeric(["1", "–", "", "1,000"])
    assert not layout.is_numeric(["–", ""])


def test_long_words_get_places_to_break_and_short_ones_none():
    assert layout.breakable("violence_region_quarter") == "violence_\u200bregion_\u200bquarter"
    assert layout.breakable("Anéfis 2012–2026") == "Anéfis 2012–2026"


def test_cells_below_a_tall_cell_move_to_the_free_column():
    part = body(
        [entry("a", morerows=1), entry("b", morecols=1)], [entry("c"), entry("d")], [entry("e"), entry("f"), entry("g")]
    )
    places = [[(cell.column, cell.across, cell.down) for cell in row] for row in rows(part, 3)]
    assert places == [[(0, 1, 2), (1, 2, 1)], [(1, 1, 1), (2, 1, 1)], [(0, 1, 1), (1, 1, 1), (2, 1, 1)]]


def test_a_cell_with_a_list_counts_line_by_line():
    items = nodes.bullet_list("", *[nodes.list_item("", nodes.paragraph("", text)) for text in ("one", "two three")])
    assert [line.text for line in lines_of(Cell(entry("above", items), 0))] == ["above", "one", "two three"]


def test_a_long_heading_does_not_widen_a_column_of_numbers():
    head = list(rows(body([entry("Change on the year before")]), 1))
    figures = list(rows(body([entry("1")], [entry("2")]), 1))
    column = needs(head, figures, 1)[0]
    assert column.natural < layout.width("Change on the year before") / 1.2
    assert column.least == column.word


def test_the_author_s_alignment_beats_ours():
    figures = list(rows(body([entry("1", classes=["text-center"]), entry("2"), entry("x")]), 3))
    assert [alignment([], figures, column) for column in range(3)] == ["center", "right", "left"]


def test_code_in_a_cell_is_measured_as_code():
    code = nodes.paragraph("", "", nodes.literal("", "illi_illi"))
    line = lines_of(Cell(nodes.entry("", code), 0))[0]
    assert line.width == pytest.approx(9 * layout.CODE)
    assert line.width > layout.width("illi_illi")
