"""What every notebook does for the first time, done once before kernels are forked: a table shown, a figure drawn.

The first table loads pandas' formatters, the first figure finds the fonts and loads the writers of PNG and SVG. Nothing
of it stays but modules and look-up tables: the figure is known to no pyplot, and no setting is touched.
"""

from __future__ import annotations

import io
import sys


def rehearse() -> None:
    """Show a table and draw a figure, each only where its package is loaded, and throw both away."""
    if "matplotlib" in sys.modules:
        _figure()
    if "pandas" in sys.modules:
        _table()


def _figure() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], label="a")
    axes.bar([0, 1], [1, 2])
    axes.legend()
    axes.set_title("a", fontweight="bold")
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind, bbox_inches="tight")


def _table() -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"n": [1, 2], "x": [0.5, 1.5], "s": ["a", "b"], "t": pd.to_datetime(["2020-01-01", "2020-02-01"])}
    )
    frame.describe()._repr_html_()
    repr(frame.groupby("s").sum(numeric_only=True))
