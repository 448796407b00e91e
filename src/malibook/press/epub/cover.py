"""The cover: the book's title over the deaths of each month, drawn from the data; raster, as shops and shelves want it."""

from __future__ import annotations

import csv
import io
import textwrap
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from malibook.evidence import describe, home_country, resources, root
from malibook.press.epub.contents import Facts
from malibook.press.sayings import country_name

SIZE = (1200, 1800)
MARGIN, FOOT, TALL = 96, 1500, 760
PAPER, INK, QUIET, BAR, PEAK = "#F7F4EC", "#222222", "#5F5F5F", "#BB5566", "#882255"
TABLE, FIRST = "violence_month", "2012"


def cover(facts: Facts) -> tuple[bytes, str]:
    """Return the cover as PNG, and what it shows in words."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    y = _write(draw, facts.title, 150, 112, "DejaVuSerif-Bold", INK, 16)
    _write(draw, facts.subtitle, y + 24, 52, "DejaVuSerif", QUIET, 36)
    _write(draw, facts.author, SIZE[1] - 150, 40, "DejaVuSans", INK, 48)
    months = deaths()
    alt = f"Cover: {facts.whole_title}."
    if months:
        _bars(draw, list(months.values()))
        span = f"{min(months)[:4]} to {max(months)[:4]}"
        _write(draw, f"Deaths in organised violence by month, {span} (UCDP)", FOOT + 24, 30, "DejaVuSans", QUIET, 70)
        alt += (
            f" Bars show the deaths in organised violence in {country_name(home_country())} in each month from {span}."
        )
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue(), alt


def deaths() -> dict[str, int]:
    """Return the deaths in the book's country by month, UCDP's best estimate; nothing where the data hold no such table."""
    if TABLE not in resources():
        return {}
    home = home_country()
    with (root() / "data" / describe(TABLE).path).open(encoding="utf-8", newline="") as table:
        rows = [r for r in csv.DictReader(table) if r["iso3"] == home and r["month"] >= FIRST and r["deaths_best"]]
    return {r["month"]: int(float(r["deaths_best"])) for r in rows}


def _bars(draw: ImageDraw.ImageDraw, values: list[int]) -> None:
    top, width = max(values) or 1, (SIZE[0] - 2 * MARGIN) / len(values)
    for n, value in enumerate(values):
        left = MARGIN + round(n * width)
        right = max(left, MARGIN + round((n + 1) * width) - 2)
        draw.rectangle((left, FOOT - round(TALL * value / top), right, FOOT), PEAK if value == top else BAR)


def _write(draw: ImageDraw.ImageDraw, text: str, y: int, size: int, font: str, colour: str, width: int) -> int:
    """Write lines of at most `width` letters and return where the next may begin."""
    face = ImageFont.truetype(str(_fonts() / f"{font}.ttf"), size, layout_engine=ImageFont.Layout.BASIC)
    for line in textwrap.wrap(text, width):
        draw.text((MARGIN, y), line, colour, face)
        y += round(size * 1.25)
    return y


def _fonts() -> Path:
    """Return the folder of the fonts that come with matplotlib: the same on every machine."""
    spec = find_spec("matplotlib")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
