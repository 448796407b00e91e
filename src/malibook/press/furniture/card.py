"""The picture that a link to the book shows elsewhere: a title over the months of the conflict, 1200 by 630 pixels."""

from __future__ import annotations

import importlib.util
import io
import textwrap
from functools import cache
from pathlib import Path

import pandas as pd
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from malibook.analysis.series import DATASETS, monthly
from malibook.evidence import Parameters, has, home_country, load
from malibook.house.palette import colour

WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT = 66, 1134
TOP, BASE, TALLEST = 56, 540, 208  # where the title begins; where the skyline stands, and how high it may reach
LARGE, LESS, BOOK, BELOW, BELOW_AT = 64, 53, 28, 19, 596  # sizes of letters; where the last line stands
SHADES = 15  # from the ground to a text's own colour: enough for smooth letters, few enough for a small file
GROUND, LETTERS, SOFT, SKYLINE = "#14202B", "#FFFFFF", "#B9C4CE", colour("non-state")


def card(title: str, book: str, below: str, country: str = "", dataset: str = "") -> bytes:
    """Return the card of a page as PNG: its title, the book's, and the deaths of each month as a skyline.

    The deaths are those of `country`, without one of the book's own, by the `dataset` of an edition that chooses one.
    """
    strong, soft, bars = (Image.new("L", (WIDTH, HEIGHT)) for _ in range(3))
    months = _months(country or home_country(), dataset or Parameters().dataset)
    if months is not None:
        _skyline(ImageDraw.Draw(bars), months)
    lines = textwrap.wrap(title, 25)[:3]
    y = _write(strong, TOP, lines, LARGE if len(lines) < 3 else LESS, bold=True)
    _write(soft, y + BOOK // 2 + 8, textwrap.wrap(book, 60), BOOK)
    _write(soft, BELOW_AT - BELOW, [below], BELOW)
    return _png(strong, soft, bars)


def _write(layer: Image.Image, top: float, lines: list[str], size: int, *, bold: bool = False) -> float:
    """Write lines of text below each other from `top` on; return where the next one would begin."""
    for line in lines:
        ImageDraw.Draw(layer).text((LEFT, top + size), line, fill=255, font=_font(size, bold=bold), anchor="ls")
        top += size * 1.2
    return top


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Return the book's letters, which matplotlib brings along; to load it for that alone would take longer than all cards."""
    found = importlib.util.find_spec("matplotlib")
    folder = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    path = folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _months(country: str, dataset: str) -> pd.DataFrame | None:
    """Return the deaths of each month in a country, None where the package holds none of it."""
    if not has("violence_month"):
        return None
    usual = Parameters()
    violence = load("violence_month")
    if not (violence["iso3"].eq(country) & violence["dataset"].isin(DATASETS[dataset])).any():
        return None
    rows = monthly(violence, country, usual.start, usual.end, dataset)
    return rows[rows["deaths_best"].notna()]


def _skyline(draw: ImageDraw.ImageDraw, months: pd.DataFrame) -> None:
    """Draw a bar a month, side by side, the worst month as high as there is room."""
    deaths = months["deaths_best"].astype(float)
    step, most = (RIGHT - LEFT) / len(deaths), max(deaths.max(), 1.0)
    for number, value in enumerate(deaths):
        left, right = round(LEFT + number * step), round(LEFT + (number + 1) * step) - 1
        if height := round(TALLEST * value / most):
            draw.rectangle((left, BASE - height, right, BASE - 1), fill=255)


def _png(strong: Image.Image, soft: Image.Image, bars: Image.Image) -> bytes:
    """Return the layers as a small PNG of few colours that carries no date and no name of a program."""
    shade = [round(value * SHADES / 255) for value in range(256)]
    softer = [n and n + SHADES for n in shade]
    bar = [2 * SHADES + 1 if n else 0 for n in shade]
    picture = strong.point(shade)
    for layer, numbers in ((soft, softer), (bars, bar)):
        picture = ImageChops.lighter(picture, layer.point(numbers))
    picture.putpalette(
        [part for ink in (*_shades(LETTERS), *_shades(SOFT)[1:], SKYLINE) for part in ImageColor.getrgb(ink)]
    )
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _shades(ink: str) -> list[str]:
    """Return the colours from the ground to an ink, both included."""
    ends = list(zip(ImageColor.getrgb(GROUND), ImageColor.getrgb(ink), strict=True))
    parts = [[round(low + (high - low) * n / SHADES) for low, high in ends] for n in range(SHADES + 1)]
    return ["#" + "".join(f"{part:02X}" for part in one) for one in parts]
