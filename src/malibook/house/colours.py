"""Colours by how light they look: contrast as WCAG 2 counts it, and OKLCH, in which equal steps look equal.

Text in a chart is held to a contrast of 4.5 with the paper and with the tints of the phases; the colours of marks stay
what the palette says, for a mark that is large is seen at less.
"""

from __future__ import annotations

import math
from functools import cache

ENOUGH = 5.3  # on white; 4.5 on the darkest tint of the ground


@cache
def readable(colour: str) -> str:
    """Return a text's colour, darkened until it reads on the paper; white text stands on marks and is left alone."""
    if contrast(colour, "#ffffff") < 1.5:
        return colour
    lightness, chroma, hue = oklch(colour)
    while contrast(colour, "#ffffff") < ENOUGH:
        lightness -= 0.01
        colour = hex_of(lightness, chroma, hue)
    return colour


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1, as WCAG 2 counts it."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def oklch(colour: str) -> tuple[float, float, float]:
    """Return a colour's lightness (0 to 1), chroma and hue (radians)."""
    r, g, b = _linear(colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def hex_of(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour as `#rrggbb`; one that no screen can show loses chroma, not lightness."""
    for step in range(20):
        parts = _rgb(lightness, chroma * (1 - step / 20), hue)
        if all(-1e-6 <= p <= 1 + 1e-6 for p in parts):
            break
    shown = (12.92 * p if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in (max(0.0, p) for p in parts))
    return "#" + "".join(f"{round(min(1.0, p) * 255):02x}" for p in shown)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
