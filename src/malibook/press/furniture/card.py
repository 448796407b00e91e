"""The picture that a link to the book shows elsewhere: a title over the months of the conflict, 1200 by 630 pixels."""

from __future__ import annotations

import io
import textwrap

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from malibook.analysis.series import DATASETS, monthly
from malibook.evidence import Parameters, has, home_country, load
from malibook.exhibits.style import colour

WIDTH, HEIGHT, DOTS = 1200, 630, 100
COLOURS = 32  # of the palette: enough for smooth letters, few enough for a small file
GROUND, LETTERS, SOFT = "#14202B", "#FFFFFF", "#B9C4CE"


def card(title: str, book: str, below: str, country: str = "", dataset: str = "") -> bytes:
    """Return the card of a page as PNG: its title, the book's, and the deaths of each month as a skyline.

    The deaths are those of `country`, without one of the book's own, by the `dataset` of an edition that chooses one.
    """
    fig = Figure(figsize=(WIDTH / DOTS, HEIGHT / DOTS), dpi=DOTS, facecolor=GROUND)
    months = _months(country or home_country(), dataset or Parameters().dataset)
    if months is not None:
        _skyline(fig, months)
    lines = textwrap.wrap(title, 25)[:3]
    size = 46 if len(lines) < 3 else 38
    style = {"ha": "left", "va": "top", "family": "DejaVu Sans"}
    fig.text(0.055, 0.90, "\n".join(lines), color=LETTERS, fontsize=size, fontweight="bold", linespacing=1.15, **style)
    fig.text(
        0.055,
        0.875 - (0.135 if len(lines) < 3 else 0.112) * len(lines),
        "\n".join(textwrap.wrap(book, 60)),
        color=SOFT,
        fontsize=20,
        linespacing=1.3,
        **style,
    )
    fig.text(0.055, 0.075, below, color=SOFT, fontsize=14, **style)
    return _png(fig)


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


def _skyline(fig: Figure, months: pd.DataFrame) -> None:
    ax = fig.add_axes((0.055, 0.13, 0.89, 0.33))
    ax.fill_between(
        range(len(months)), months["deaths_best"].astype(float), step="mid", color=colour("non-state"), lw=0
    )
    ax.set_axis_off()
    ax.margins(x=0)


def _png(fig: Figure) -> bytes:
    """Return a drawing as a small PNG that carries no date and no name of a program."""
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    out = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()
