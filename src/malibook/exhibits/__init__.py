"""What a chapter shows — figure, table, number, and the remark that depends on the data — and the house style."""

from malibook.exhibits.data import data
from malibook.exhibits.figure import figure
from malibook.exhibits.ledger import Chapter, open_chapter
from malibook.exhibits.maps import DISCLAIMER, base_map, name_place, name_regions
from malibook.exhibits.number import number
from malibook.exhibits.periods import mark_day, shade_phases
from malibook.exhibits.remark import MISSING, remark
from malibook.exhibits.style import (
    ACTOR_COLOURS,
    COUNTRY_COLOURS,
    INK,
    QUIET,
    TYPE_COLOURS,
    canvas,
    colour,
    label_line,
    note,
)
from malibook.exhibits.table import table
from malibook.house.wording import escape
from malibook.mime import MIME

__all__ = [
    "ACTOR_COLOURS",
    "COUNTRY_COLOURS",
    "DISCLAIMER",
    "INK",
    "MIME",
    "MISSING",
    "QUIET",
    "TYPE_COLOURS",
    "Chapter",
    "base_map",
    "canvas",
    "colour",
    "data",
    "escape",
    "figure",
    "label_line",
    "mark_day",
    "name_place",
    "name_regions",
    "note",
    "number",
    "open_chapter",
    "remark",
    "shade_phases",
    "table",
]
