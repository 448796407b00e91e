"""The dark palette: each colour of a chart turned over in lightness, in its own hue.

The mapping is one curve in OKLCH, a space in which equal steps look equal (Ottosson 2020), so that what was darker is
lighter and no two colours meet. Greys turn over fully: paper becomes the page's dark ground, ink becomes light. Colours
keep to the upper half, where they stand out from that ground.
"""

from __future__ import annotations

from functools import cache

from malibook.house.colours import contrast, hex_of, oklch

PAPER, INK = "#15181c", "#e7e5e0"
_LOW, _HIGH = 0.21, 0.925  # lightness of PAPER and INK
_TINT = 0.055  # chroma under which a colour counts as grey or as a tint of the ground


@cache
def dark(colour: str) -> str:
    """Return a colour `#rrggbb` as it is in dark mode."""
    lightness, chroma, hue = oklch(colour)
    if colour.lower() == "#ffffff":
        return PAPER
    turned = _HIGH - (lightness - 0.25) / 0.75 * (_HIGH - _LOW)
    strong = max(0.56, 0.82 - max(0.0, lightness - 0.4))  # on what carried dark text, light text reads as well
    share = min(1.0, max(0.0, (chroma - _TINT) / 0.05))
    return hex_of(min(0.94, share * strong + (1 - share) * turned), chroma * (0.3 + 0.55 * share), hue)


@cache
def dark_text(colour: str) -> str:
    """Return a text's colour in dark mode, lightened until it reads on the ground; what was white stands on marks."""
    if contrast(colour, "#ffffff") < 1.5:
        return dark(colour)
    lightness, chroma, hue = oklch(dark(colour))
    text = dark(colour)
    while contrast(text, PAPER) < 5:
        lightness += 0.01
        text = hex_of(lightness, chroma, hue)
    return text
