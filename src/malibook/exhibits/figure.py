"""`figure`: a numbered, captioned chart with alt text, a source line and its data."""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from malibook.errors import BookError
from malibook.exhibits.ledger import record, resolve_sources
from malibook.exhibits.style import QUIET
from malibook.house.svg import slim

ALT_LENGTH = (60, 600)
FOOT_LETTERS = 112
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")  # how a spreadsheet knows a formula; a negative number is none


def figure(
    key: str, fig: Figure, *, caption: str, alt: str, data: pd.DataFrame, sources: list[str], note: str = ""
) -> None:
    """Show a chart and enter it in the ledger.

    `key` names it for cross-references (`fig-…`); `alt` says, from the plotted data, what the chart shows;
    `data` is what was plotted, offered to the reader as CSV; `sources` are tables or source ids; `note` is added to
    the caption's small print. Raises `BookError` where any of these is missing or empty.
    """
    _require(key, caption=caption, alt=alt)
    if data is None or data.empty:
        raise BookError("has no data to offer", where=f"figure {key}", remedy="pass the plotted frame as data=")
    found = resolve_sources(sources, [], key)
    _write_source(fig, found)
    entry = {
        "kind": "figure",
        "key": key,
        "caption": caption,
        "alt": " ".join(alt.split()),
        "note": note,
        "sources": found,
        "rows": len(data),
        "csv": to_csv(data),
        "svg": to_svg(fig),
    }
    plt.close(fig)
    record(entry, {"image/svg+xml": entry["svg"], "text/plain": f"Figure {key}: {caption}"})


def to_svg(fig: Figure) -> str:
    """Return a figure as SVG text that is the same in every run and as light as can be."""
    buffer = io.StringIO()
    FigureCanvasSVG(fig)  # whoever lays out must measure letters as the drawing will have them
    if engine := fig.get_layout_engine():
        # matplotlib draws a figure with an engine twice, the first time only to have it laid out: this is that, once.
        engine.execute(fig)
        fig.set_layout_engine(None)
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return slim(buffer.getvalue())


def to_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV text: ISO dates, ten significant digits, no index unless it is named.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    keep_index = frame.index.name is not None or isinstance(frame.index, pd.MultiIndex)
    frame = frame.map(_inert)
    return frame.to_csv(index=keep_index, float_format="%.10g", date_format="%Y-%m-%d", lineterminator="\n")


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _write_source(fig: Figure, sources: list[dict[str, str]]) -> None:
    """Write the longest account of the sources that fits one line at the foot of the chart."""
    versions = ["; ".join(dict.fromkeys(s[form] for s in sources)) for form in ("text", "short")]
    fitting = [v for v in versions if len(v) <= FOOT_LETTERS] or ["see the tables named in the caption"]
    fig.text(0.012, 0.012, f"Source: {fitting[0]}", fontsize=7, color=QUIET, va="bottom")


def _require(key: str, *, caption: str, alt: str) -> None:
    if not key.startswith("fig-"):
        raise BookError("a figure's key begins with fig-", where=f"figure {key}", remedy=f"call it fig-{key}")
    if len(caption.strip()) < 20:
        raise BookError(
            "the caption is missing or too short", where=f"figure {key}", remedy="say what is shown, where and when"
        )
    low, high = ALT_LENGTH
    if not low <= len(" ".join(alt.split())) <= high:
        raise BookError(
            f"the alt text has {len(alt)} characters",
            where=f"figure {key}",
            remedy=f"say what the chart shows in {low} to {high}",
        )
    if not any(c.isdigit() for c in alt):
        raise BookError(
            "the alt text holds no figure", where=f"figure {key}", remedy="compute it from the plotted data"
        )
